"""Word documents among zip and OLE files, and what to say of the other files of that make."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import BinaryIO

from webapp.errors import Invalid
from webapp.services.file_formats import not_accepted

MAX_DIRECTORY_BYTES = 1024 * 1024
MAX_ENTRIES = 10_000
MAX_TYPES_BYTES = 256 * 1024
_ARCHIVE = "an archive: unpack it and add the files one by one"
_OTHER_OFFICE = "an office file of another kind: save it as docx or PDF"
_WORD_TYPES = {  # what [Content_Types].xml calls the main part (ECMA-376 part 1 §11.3.10)
    "wordprocessingml.document.main+xml": "",
    "wordprocessingml.template.main+xml": "a Word template: save it as docx or PDF",
    "ms-word.document.macroenabled.main+xml": "a Word document with macros: save it as docx without them, or as PDF",
    "ms-word.template.macroenabledtemplate.main+xml": "a Word template with macros: save it as docx or PDF",
}
_MIME_TYPES = {  # the first member of OpenDocument files and e-books, stored as it is
    b"application/vnd.oasis.opendocument.text": "an OpenDocument text: save it as docx or PDF",
    b"application/vnd.oasis.opendocument": _OTHER_OFFICE,
    b"application/epub": "an e-book: save it as PDF",
}


def refuse_other_zips(file: BinaryIO) -> None:
    """Return for a Word document; raise Invalid with its name for any other zip file.

    Whatever the zip library raises for a damaged one is left to the caller.
    """
    _check_directory(file)
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" in names:
            with archive.open("[Content_Types].xml") as member:
                content = member.read(MAX_TYPES_BYTES)
            # letters only: the part may be written in UTF-16, and types are compared without case
            types = content.replace(b"\0", b"").decode("ascii", "ignore").lower()
            refusals = [refusal for name, refusal in _WORD_TYPES.items() if name in types]
            if refusals:
                if refusals[0]:
                    raise not_accepted(refusals[0])
                return
            raise not_accepted(_OTHER_OFFICE)
        if "mimetype" in names:
            with archive.open("mimetype") as member:
                declared = member.read(100)
            for mime_type, name in _MIME_TYPES.items():
                if declared.startswith(mime_type):
                    raise not_accepted(name)
        if any(name.startswith("Index/") and name.endswith(".iwa") for name in names) or "Index.zip" in names:
            raise not_accepted("a Pages, Numbers or Keynote file: export it as docx or PDF")
    raise not_accepted(_ARCHIVE)


def _check_directory(file: BinaryIO) -> None:
    """Refuse a zip whose directory is too large to be a document's, before it is read into memory."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 65_557))  # the end record (22 bytes) with the longest comment
    tail = file.read()
    position = tail.rfind(b"PK\x05\x06")
    if position < 0 or len(tail) - position < 22:
        raise Invalid(
            "This is a part of an archive or of a Word document: its end is missing.",
            hint="Get the whole file once more and add that.",
        )
    entries, directory_bytes = struct.unpack_from("<HI", tail, position + 10)
    if entries > MAX_ENTRIES or directory_bytes > MAX_DIRECTORY_BYTES:
        raise not_accepted(_ARCHIVE)
    file.seek(0)


def refuse_other_ole(file: BinaryIO) -> None:
    """Return for a Word document of the old format; raise Invalid with its name for any other compound file."""
    names = _stream_names(file)
    if "WordDocument" in names:
        return
    if "EncryptedPackage" in names:
        raise not_accepted("an office file with a password: save it without one")
    if names & {"Workbook", "Book", "PowerPoint Document"}:
        raise not_accepted(_OTHER_OFFICE)
    raise not_accepted("an old Windows container that is no Word document")


def _stream_names(file: BinaryIO) -> set[str]:
    """Read the stream names of a compound file's directory ([MS-CFB] §2.2, §2.6); at most 256 sectors of it.

    What was read before the file turned out to be cut off counts.
    """
    file.seek(0)
    header = file.read(512)
    if len(header) < 512:
        return set()
    sector_bytes = 1 << min(struct.unpack_from("<H", header, 30)[0], 32)
    if sector_bytes not in (512, 4096):
        return set()
    sector = struct.unpack_from("<I", header, 48)[0]
    fat_sectors = struct.unpack_from("<109I", header, 76)
    names: set[str] = set()
    for _ in range(256):
        if sector >= 0xFFFFFFFA:
            break
        file.seek((sector + 1) * sector_bytes)
        entries = file.read(sector_bytes)
        for start in range(0, len(entries) - 127, 128):
            length = struct.unpack_from("<H", entries, start + 64)[0]
            names.add(entries[start : start + min(max(length - 2, 0), 62)].decode("utf-16-le", "replace"))
        index, offset = divmod(sector, sector_bytes // 4)
        if index >= len(fat_sectors) or fat_sectors[index] >= 0xFFFFFFFA:
            break
        file.seek((fat_sectors[index] + 1) * sector_bytes + offset * 4)
        link = file.read(4)
        if len(link) < 4:
            break
        sector = struct.unpack("<I", link)[0]
    return names
