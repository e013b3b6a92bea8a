"""The kinds of file that Slate takes, each with the content type it is served with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from webapp.errors import Invalid

Kind = Literal["image", "video", "audio", "document"]

ACCEPTED = (
    "Pictures (jpg, png, webp, avif, gif, svg), videos (mp4, webm, mov, avi, mkv), sound (mp3, wav, ogg, aac, m4a) "
    "and documents (pdf, doc, docx, txt) are welcome."
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """Say what a file is: its kind, its format (a usual file extension) and the content type to serve it with.

    `encoding` is Python's name of a text file's encoding; it says nothing about the kind and is not compared.
    """

    kind: Kind
    format: str
    content_type: str
    encoding: str = field(default="", compare=False)


FORMATS: dict[str, Sniffed] = {
    each.format: each
    for each in (
        Sniffed("image", "jpg", "image/jpeg"),
        Sniffed("image", "png", "image/png"),
        Sniffed("image", "webp", "image/webp"),
        Sniffed("image", "avif", "image/avif"),
        Sniffed("image", "heic", "image/heic"),
        Sniffed("image", "gif", "image/gif"),
        Sniffed("image", "svg", "image/svg+xml"),
        Sniffed("video", "mp4", "video/mp4"),
        Sniffed("video", "webm", "video/webm"),
        Sniffed("video", "mov", "video/quicktime"),
        Sniffed("video", "avi", "video/x-msvideo"),
        Sniffed("video", "mkv", "video/x-matroska"),
        Sniffed("audio", "mp3", "audio/mpeg"),
        Sniffed("audio", "wav", "audio/wav"),
        Sniffed("audio", "ogg", "audio/ogg"),
        Sniffed("audio", "aac", "audio/aac"),
        Sniffed("audio", "m4a", "audio/mp4"),
        Sniffed("document", "pdf", "application/pdf"),
        Sniffed("document", "doc", "application/msword"),
        Sniffed("document", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        Sniffed("document", "txt", "text/plain; charset=utf-8"),
    )
}


def not_accepted(name: str) -> Invalid:
    """Build the refusal of a file whose kind is known ("a TIFF picture: save it as PNG or JPEG") but not taken."""
    return Invalid(f"This is {name}.", hint=ACCEPTED)
