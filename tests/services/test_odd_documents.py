"""The words of Word documents and texts: all of them, once, and whatever program or encoding they come from."""

# ruff: noqa: E501  tables read better with a line each

from __future__ import annotations

import io

import pytest

from tests.services import media_files as files
from tests.services.media_batch import read_all
from webapp.errors import Invalid
from webapp.services import text_files
from webapp.services.media import probe
from webapp.services.sniff import FORMATS, sniff, sniff_file

W = files.WORD
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def run(inner: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr>{inner}</w:r>"


def words(text: str, properties: str = "") -> str:
    return run(f"<w:t>{text}</w:t>", properties)


def box(text: str) -> str:
    return f"<w:txbxContent><w:p>{words(text)}</w:p></w:txbxContent>"


def relations(*pairs: tuple[str, str], office: str = OFFICE) -> str:
    inner = "".join(f'<Relationship Type="{office}/{kind}" Target="{target}"/>' for kind, target in pairs)
    return f'<Relationships xmlns="{RELATIONS}">{inner}</Relationships>'


def document(
    body: str,
    *,
    name: str = "word/document.xml",
    namespace: str = W,
    root: str | None = None,
    types: str | None = None,
    parts: dict[str, str] | None = None,
) -> bytes:
    """Write a Word document; `root` and `types` replace the parts that say which part is the main one."""
    types = types or f'<Types><Override PartName="/{name}" ContentType="{MAIN}"/></Types>'
    xml = (
        f'<w:document xmlns:w="{namespace}" xmlns:mc="{MC}" xmlns:v="urn:schemas-microsoft-com:vml">{body}</w:document>'
    )
    members = {"[Content_Types].xml": types, name: xml} | (parts or {})
    if root is not None:
        members["_rels/.rels"] = root
    return files.zipped(members)


def part(kind: str, inner: str) -> str:
    return f'<w:{kind} xmlns:w="{W}">{inner}</w:{kind}>'


def alternatives(*choices: str, fallback: str = "") -> str:
    inner = "".join(f'<mc:Choice Requires="x">{choice}</mc:Choice>' for choice in choices)
    return run(f"<mc:AlternateContent>{inner}<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>")


def paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def cell(*texts: str) -> str:
    return "<w:tc>" + "".join(paragraph(words(text)) for text in texts) + "</w:tc>"


STYLES = part(
    "styles",
    '<w:style w:type="character" w:styleId="Note"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Later"><w:basedOn w:val="Note"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Aside"><w:rPr><w:vanish w:val="1"/></w:rPr></w:style>',
)
HIDING = {"word/styles.xml": STYLES, "word/_rels/document.xml.rels": relations(("styles", "styles.xml"))}
BESIDE = {
    "word/_rels/document.xml.rels": relations(
        ("header", "header1.xml"), ("header", "/word/header2.xml"), ("footnotes", "notes/foot.xml"), ("image", "a.png")
    ),
    "word/header1.xml": part("hdr", paragraph(words("Nordlicht"))),
    "word/header2.xml": part("hdr", paragraph(words("Nordlicht"))),
    "word/notes/foot.xml": part("footnotes", "<w:footnote>" + paragraph(words("As of May.")) + "</w:footnote>"),
}

DOCUMENTS: dict[str, tuple[bytes, str]] = {
    "a main part of another name": (
        document(paragraph(words("Hello")), name="word/document2.xml", root=relations(("officeDocument", "word/document2.xml"))),
        "Hello",
    ),
    "a main part named from the root": (
        document(paragraph(words("Hello")), name="text/main.xml", root=relations(("officeDocument", "/text/main.xml"))),
        "Hello",
    ),
    "a main part that only the types name": (document(paragraph(words("Hello")), name="main.xml"), "Hello"),
    "a main part that the types name wrongly": (
        document(
            paragraph(words("Hello")),
            name="word/doc.xml",
            types=f'<Types><Override PartName="/gone.xml" ContentType="{MAIN}"/></Types>',
            root=relations(("officeDocument", "word/doc.xml")),
        ),
        "Hello",
    ),
    "a main part by its extension": (
        document(paragraph(words("Hello")), types=f'<Types><Default Extension="xml" ContentType="{MAIN}"/></Types>'),
        "Hello",
    ),
    "names with backslashes and capitals": (
        document(paragraph(words("Hello")), name="Word\\Document.xml", root=relations(("officeDocument", "word/document.xml"))),
        "Hello",
    ),
    "strict": (
        document(
            paragraph(words("Hello")),
            namespace=STRICT,
            root=relations(("officeDocument", "word/document.xml"), office="http://purl.oclc.org/ooxml/officeDocument/relationships"),
        ),
        "Hello",
    ),
    "a text box": (document(paragraph(words("Before") + alternatives(box("Once"), fallback=box("Once")))), "Before\nOnce"),
    "a text box for two programs": (document(paragraph(alternatives(box("Once"), box("Once"), fallback=box("Once")))), "\nOnce"),
    "a box with words only for old programs": (document(paragraph(alternatives("", fallback=box("Old")))), "\nOld"),
    "letters as a picture": (document(paragraph(run('<v:textpath string="Sale"/>'))), "Sale"),
    "a hyphen that holds": (document(paragraph(run("<w:t>non</w:t><w:noBreakHyphen/><w:t>stop</w:t>"))), "non-stop"),
    "a hyphen that may break": (document(paragraph(run("<w:t>exam</w:t><w:softHyphen/><w:t>ple</w:t>"))), "example"),
    "breaks": (document(paragraph(run("<w:t>a</w:t><w:br/><w:t>b</w:t><w:cr/><w:t>c</w:t><w:tab/><w:t>d</w:t>"))), "a\nb\nc d"),
    "a tab stop is no tab": (document(paragraph("<w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>" + words("a"))), "a"),
    "symbols": (
        document(paragraph(run('<w:t>go </w:t><w:sym w:font="Wingdings" w:char="F0E0"/><w:sym w:char="2022"/><w:sym w:char="F001"/>'))),
        "go →•□",
    ),
    "hidden text": (document(paragraph(words("a") + words("b", "<w:vanish/>") + words("c", '<w:vanish w:val="0"/>'))), "ac"),
    "text hidden by styles": (
        document(
            paragraph(words("a") + words("b", '<w:rStyle w:val="Note"/>') + words("c", '<w:rStyle w:val="Later"/>'))
            + paragraph('<w:pPr><w:pStyle w:val="Aside"/></w:pPr>' + words("d") + words("e", '<w:vanish w:val="false"/>')),
            parts=HIDING,
            root=relations(("officeDocument", "word/document.xml")),
        ),
        "a\ne",
    ),
    "changes": (
        document(
            paragraph(
                words("a") + "<w:del>" + run("<w:delText>b</w:delText>") + "</w:del><w:ins>" + words("c") + "</w:ins><w:moveFrom>"
                + words("d") + "</w:moveFrom><w:moveTo>" + words("e") + "</w:moveTo>"
            )
        ),
        "ace",
    ),
    "a paragraph whose end was deleted": (document(paragraph("<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + words("a"))), "a"),
    "a field": (document(paragraph(run("<w:instrText>PAGE</w:instrText>") + words("7"))), "7"),
    "a table": (
        document(f"<w:tbl><w:tr>{cell('Scene', 'one')}{cell('')}{cell('Words')}</w:tr><w:tr>{cell('1')}{cell('2')}{cell('3')}</w:tr></w:tbl>"),
        "Scene one |  | Words\n1 | 2 | 3",
    ),
    "a content control": (document(f"<w:sdt><w:sdtContent>{paragraph(words('In a field'))}</w:sdtContent></w:sdt>"), "In a field"),
    "notes and headers": (
        document(paragraph(words("Text")), parts=BESIDE, root=relations(("officeDocument", "word/document.xml"))),
        "Text\nAs of May.\nNordlicht",
    ),
    "a part in another format": (document('<w:altChunk r="x"/>' + paragraph(words("a"))), "[A part in another format, which Slate does not read.]\na"),
}  # fmt: skip


def test_the_words_of_a_word_document_are_those_that_word_shows():
    assert {name: sniff(content).format for name, (content, _) in DOCUMENTS.items()} == dict.fromkeys(DOCUMENTS, "docx")
    found = read_all({name: ("document", "docx", content) for name, (content, _) in DOCUMENTS.items()})
    read = {name: outcome.excerpt + outcome.refused for name, outcome in found.items()}
    assert read == {name: expected.strip() for name, (_, expected) in DOCUMENTS.items()}


TEXTS = {
    "German": ("Größe zählt: „Der Kaffee“ – für 5 € im Café…", ("cp1252",)),
    "French": ("Le café des habitués : déjà prêt à sept heures, même l’été.", ("cp1252",)),
    "Spanish": ("El café de siempre, ahora más rápido. ¿Mañana? ¡Ya!", ("cp1252",)),
    "English with a pound": ("Coffee for £3 only", ("cp1252",)),
    "one word": ("Café", ("cp1252",)),
    "Polish": ("Zażółć gęślą jaźń. Świeża kawa dla dojeżdżających co rano.", ("cp1250", "iso8859_2")),
    "Turkish": ("Her sabah işe gidenler için taze kahve, şimdi daha güçlü. Ağır değil!", ("cp1254",)),
    "Greek": ("Φρέσκος καφές για όσους πηγαίνουν στη δουλειά κάθε πρωί.", ("cp1253",)),
    "Russian": ("Свежий кофе для тех, кто едет на работу каждое утро.", ("cp1251", "koi8_r", "cp866", "utf-16-le", "utf-16-be")),
    "Hebrew": ("קפה טרי לנוסעים בכל בוקר בתחנה", ("cp1255",)),
    "Arabic": ("قهوة طازجة للمسافرين كل صباح في المحطة", ("cp1256",)),
    "Thai": ("กาแฟสดสำหรับผู้เดินทางทุกเช้าที่สถานี", ("cp874",)),
    "Japanese": ("シーン1：朝のキッチン。\r\nナレーション：毎日の最初の一杯。", ("cp932", "euc_jp", "iso2022_jp", "utf-16-le")),
    "Chinese": ("清晨的第一杯咖啡，唤醒你的每一天", ("gbk", "gb18030", "utf-16-le", "utf-16-be")),
    "Chinese in Taiwan": ("清晨的第一杯咖啡，喚醒你的每一天。", ("big5",)),
    "Korean": ("신선한 커피", ("euc_kr",)),
    "English": ("Fresh coffee for commuters", ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "utf-32", "utf-8-sig")),
}  # fmt: skip


@pytest.mark.parametrize(("language", "encoding"), [(name, each) for name, (_, all_) in TEXTS.items() for each in all_])
def test_texts_are_read_in_the_encoding_they_were_saved_in(language, encoding):
    text = TEXTS[language][0]
    content = text.encode(encoding)
    sniffed = sniff(content)
    assert sniffed.format == "txt"
    assert text_files.decoded(content, sniffed.encoding) == text


def test_the_encoding_that_was_told_is_the_one_that_is_read_in(tmp_path):
    path = tmp_path / "brief.txt"
    path.write_bytes("Größe zählt: für 5 € im Café…".encode("cp1252"))
    assert probe(path, sniff_file(path)).excerpt == "Größe zählt: für 5 € im Café…"


@pytest.mark.parametrize(("content", "excerpt"), [
    (b"old dos text\r\n\x1a", "old dos text"),
    (b"line one\x0bline two\x0cpage two", "line one\nline two\npage two"),
    (b"<b>Brief</b> for the ad", "<b>Brief</b> for the ad"),
    (b"<p>One</p>", "<p>One</p>"),
    (b"<a href='x'>link</a> first", "<a href='x'>link</a> first"),
    (b"<script> goes into the head", "<script> goes into the head"),
    (b"Put the <script> and the <svg> tag, or an <iframe>, there.", "Put the <script> and the <svg> tag, or an <iframe>, there."),
])  # fmt: skip
def test_signs_of_old_programs_and_tags_make_no_text_another_kind(tmp_path, content, excerpt):
    path = tmp_path / "brief.txt"
    path.write_bytes(content)
    assert sniff_file(path) == FORMATS["txt"]
    assert read_all({"a": ("document", "txt", content)})["a"].excerpt == excerpt


@pytest.mark.parametrize(("content", "words"), [
    ("Größe ".encode() * 20 + b"\n\xe9\n", "line 2"),
    (b"\xef\xbb\xbfcaf\xe9", "its mark"),
    (bytes(range(128, 256)) * 4, "encoding that cannot be told"),
    (b"plain\x01text", "not a kind of file"),
    (b"<script>alert(1)</script>", "web page"),
    (b"notes\n<script>alert(1)</script>", "parts of a web page"),
    (b"notes\n<svg onload=alert(1)>", "parts of a web page"),
    (b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><w/>", "office file in XML"),
])  # fmt: skip
def test_what_is_no_text_that_can_be_read_says_why(content, words):
    with pytest.raises(Invalid) as caught:
        sniff(content[:4096], io.BytesIO(content))
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(("before", "form"), [
    (b"\xef\xbb\xbf", "pdf"), (b"\r\n", "pdf"), (b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n", "pdf"),
    (b"\x00" * 700, "pdf"), (b"x" * 1000, "pdf"),
])  # fmt: skip
def test_a_pdf_may_have_bytes_before_its_mark(before, form):
    content = before + files.pdf()
    assert sniff(content[:4096], io.BytesIO(content)) == FORMATS[form]
    facts = read_all({"a": ("document", "pdf", content)})["a"].facts
    assert (facts["page_count"], facts["excerpt"]) == (2, "Sommer bei Nordlicht")


def test_a_text_about_pdf_is_a_text():
    assert sniff(b"Every such file begins with %PDF-1.7 and a line feed.") == FORMATS["txt"]
    with pytest.raises(Invalid, match="web page"):
        sniff(b"<!doctype html><p>%PDF-1.7 1 0 obj startxref")


def test_a_pdf_that_goes_on_says_so():
    read = read_all({"a": ("document", "pdf", files.pdf(9)), "b": ("document", "pdf", files.pdf(5))})
    assert read["a"].excerpt == "Sommer bei Nordlicht…"  # four pages were not looked at
    assert read["b"].excerpt == "Sommer bei Nordlicht"
