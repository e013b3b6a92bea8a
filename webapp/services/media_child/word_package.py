"""The parts of a Word document (ECMA-376 part 2): which one is the main part, and which belong to it."""

from __future__ import annotations

import os
import posixpath
import zipfile
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from answer import Refused

MAX_LIST_BYTES = 1024 * 1024
_MAIN_TYPE = "wordprocessingml.document.main+xml"


class Package:
    """Find and unpack parts, whatever their names: relationships lead from one to the next."""

    def __init__(self) -> None:
        self._archive = zipfile.ZipFile(os.fdopen(0, "rb", closefd=False))
        # names are compared without case, and some programs write them with backslashes
        self._members = {_plain(member.filename): member for member in self._archive.infolist()}
        self.main = self._main()

    def open(self, name: str) -> zipfile.ZipExtFile | None:
        """Open a part to be read; None when it is not there."""
        member = self._members.get(_plain(name))
        return self._archive.open(member) if member is not None else None

    def related(self, part: str, kind: str) -> list[str]:
        """List the parts that `part` ("" for the package) names as its `kind`, such as "footnotes", in their order."""
        folder, name = posixpath.split(part)
        targets = []
        for _, element in self._elements(f"{folder}/_rels/{name}.rels"):
            is_kind = element.get("Type", "").rpartition("/")[2].lower() == kind.lower()
            if is_kind and element.get("TargetMode") != "External":
                target = unquote(element.get("Target", "")).replace("\\", "/")
                targets.append(posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
        return targets

    def pages(self) -> int | None:
        """Return the number of pages that the program which wrote the document noted."""
        for part in self.related("", "extended-properties") or ["docProps/app.xml"]:
            for tag, element in self._elements(part):
                noted = (element.text or "").strip()
                if tag == "Pages" and noted.isascii() and noted.isdigit() and 0 < int(noted) < 100_000:
                    return int(noted)
        return None

    def _main(self) -> str:
        """Ask the package's relationships, then the list of content types; both may be wrong, but rarely are."""
        typed = [
            element.get("PartName", "")
            for _, element in self._elements("[Content_Types].xml")
            if element.get("ContentType", "").lower().endswith(_MAIN_TYPE)
        ]
        for name in (*self.related("", "officeDocument"), *typed, "word/document.xml"):
            if _plain(name) in self._members:
                return _plain(name)
        raise Refused("the Word document has no text part.")

    def _elements(self, name: str) -> list[tuple[str, ET.Element]]:
        """List all elements of a small part with their names, namespaces left out; none of a part that is broken."""
        member = self.open(name)
        if member is None:
            return []
        with member:
            content = member.read(MAX_LIST_BYTES)
        try:
            root = ET.fromstring(content)  # noqa: S314  expat bounds entities, the sandbox the rest
        except ET.ParseError:
            return []
        return [(element.tag.rpartition("}")[2], element) for element in root.iter() if isinstance(element.tag, str)]


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
