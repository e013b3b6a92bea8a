"""Files so damaged that whatever looks into them fails: a sentence each, never a server error."""

from __future__ import annotations

import io
import random
import struct
import zipfile

import pytest

from tests.services import media_files as files
from tests.services import odd_pictures as odd
from tests.services.test_media import made, mutated
from webapp.errors import Invalid
from webapp.services import office_files
from webapp.services.media import probe
from webapp.services.sniff import Sniffed, sniff


def packed(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("[Content_Types].xml", files.DOCX_TYPES * 20)
        archive.writestr("word/document.xml", "<a/>")
    return out.getvalue()


def member_changed(content: bytes, offset: int = 0) -> bytes:
    """Overwrite what the first member packs, from so many bytes on."""
    start = 30 + len("[Content_Types].xml") + offset
    return content[:start] + b"\xff\x13\x07" * 8 + content[start + 24 :]


def directory_changed(content: bytes, offset: int, form: str, value: int) -> bytes:
    damaged = bytearray(content)
    struct.pack_into(form, damaged, content.index(b"PK\x01\x02") + offset, value)
    return bytes(damaged)


def damaged_zips() -> dict[str, bytes]:
    plain = packed(zipfile.ZIP_DEFLATED)
    return {
        "LZMA": member_changed(packed(zipfile.ZIP_LZMA), 9),
        "LZMA with other properties": member_changed(packed(zipfile.ZIP_LZMA)),
        "BZIP2": member_changed(packed(zipfile.ZIP_BZIP2)),
        "deflate": member_changed(plain),
        "stored, another checksum": member_changed(packed(zipfile.ZIP_STORED)),
        "a method nobody has": directory_changed(plain, 10, "<H", 77),
        "implode": directory_changed(plain, 10, "<H", 6),
        "a version of the future": directory_changed(plain, 6, "<H", 99),
        "encrypted": directory_changed(plain, 8, "<H", 1),
        "a member outside": directory_changed(plain, 42, "<I", 0x7FFFFFFF),
        "a member of 4 GB": directory_changed(plain, 20, "<I", 0xFFFFFFFE),
        "no directory": plain.replace(b"PK\x01\x02", b"PK\x09\x09"),
        "a directory elsewhere": plain[:-6] + b"\xff\xff\xff\x7f\0\0",
        "zip64 of nothing": plain[:-12] + b"\xff" * 10 + b"\0\0",
        "half an OLE file": files.ole()[:600],
        "an OLE file with huge sectors": files.ole()[:30] + b"\xff\xff" + files.ole()[32:],
    }


def told(content: bytes) -> Sniffed | Invalid:
    """Tell what a file is, or how it was refused; anything else is a failure."""
    try:
        return sniff(content[:4096], io.BytesIO(content))
    except Invalid as refusal:
        return refusal


@pytest.mark.parametrize("name", sorted(damaged_zips()))
def test_a_damaged_container_is_a_sentence(name):
    outcome = told(damaged_zips()[name])
    if isinstance(outcome, Invalid):
        assert outcome.message.endswith(".")
        assert outcome.hint
    else:
        assert outcome.format in ("docx", "doc")  # what is damaged was not looked at


def test_without_the_boundary_each_would_be_another_error():
    """The control: what zipfile and struct raise for them is of many kinds."""
    raised = set()
    for name, content in damaged_zips().items():
        if "OLE" not in name:
            try:
                office_files.refuse_other_zips(io.BytesIO(content))
            except Invalid:
                pass
            except Exception as error:  # noqa: BLE001  that is the point
                raised.add(type(error).__name__)
    assert len(raised) >= 4, raised
    assert "LZMAError" in raised


def test_whatever_is_raised_while_a_file_is_read_becomes_a_sentence():
    """A disk that fails, too: the kind of file cannot be told."""

    class Failing(io.BytesIO):
        def seek(self, *_: int) -> int:
            raise RecursionError

    with pytest.raises(Invalid, match="damaged"):
        sniff(b"PK\x03\x04" + bytes(60), Failing())


def samples() -> dict[str, bytes]:
    odd_ones = {f"png {name}": content for name, content in odd.pngs().items() if len(content) < 20_000}
    return {form: made(form) for form in files.MAKERS} | odd_ones | damaged_zips() | {
        "UTF-16": "Grüße aus Wien".encode("utf-16-le"), "GBK": "清晨的第一杯咖啡".encode("gbk"),
        "locked": files.locked_pdf(), "tagged": b"ID3\x03\x00\x00\x00\x00\x02\x00" + bytes(256) + made("aac"),
    }  # fmt: skip


def test_mutated_files_are_told_or_refused():
    outcomes = [told(mutated(content, seed) or b"x") for content in samples().values() for seed in range(6)]
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Invalid)]
    assert 30 < len(refusals) < len(outcomes) - 60
    assert all(refusal.message.endswith(".") for refusal in refusals)


@pytest.mark.prove
def test_a_thousand_mutated_files_are_told_and_read_or_refused(tmp_path, record_property):
    chance = random.Random(8)
    counts = {"read": 0, "refused when told": 0, "refused when read": 0}
    path = tmp_path / "file"
    everything = [*samples().values()]
    for seed in range(1500):
        path.write_bytes(mutated(chance.choice(everything), seed) or b"x")
        sniffed = told(path.read_bytes())
        if isinstance(sniffed, Invalid):
            counts["refused when told"] += 1
            continue
        try:
            probe(path, sniffed)
            counts["read"] += 1
        except Invalid:
            counts["refused when read"] += 1
    for what, value in counts.items():
        record_property(what, value)
    assert sum(counts.values()) == 1500  # anything but a refusal ends the test
