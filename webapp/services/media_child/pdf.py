"""Read PDF documents with PDFium: pages, the first page as a picture, the first words."""

from __future__ import annotations

import os
import re

import drawing
import pypdfium2
import texts
from answer import Answer, Refused

MAX_EXCERPT_PAGES = 5


def read(limits: dict) -> Answer:
    """Count the pages of the PDF on standard input, draw the first and read the first words."""
    try:
        document = pypdfium2.PdfDocument(os.fdopen(0, "rb", closefd=False))
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused("the PDF is protected by a password.") from None
        raise Refused("it is damaged or no PDF.") from None
    pages = len(document)
    if pages > limits["pdf_pages"]:
        raise Refused(f"the PDF has {pages} pages; at most {limits['pdf_pages']} are allowed.", too_large=True)
    if pages == 0:
        raise Refused("the PDF has no pages.")
    page = document[0]
    width, height = page.get_size()
    scale = min(limits["thumbnail_px"] * 2 / max(width, height, 1.0), 8.0)
    bitmap = page.render(scale=scale, fill_color=(255, 255, 255, 255), may_draw_forms=False)
    image = bitmap.to_pil().convert("RGB")
    facts = {"page_count": pages, "excerpt": _excerpt(document, pages, limits["excerpt_characters"])}
    return Answer(facts, {"thumbnail": drawing.webp(image, limits["thumbnail_px"], 80)})


def _excerpt(document: pypdfium2.PdfDocument, pages: int, length: int) -> str:
    """Read the first words; a … at the end says that there are more, also on pages that were not looked at."""
    text, read, is_cut = "", 0, False
    while read < min(pages, MAX_EXCERPT_PAGES) and len(text) <= length:
        words = document[read].get_textpage()
        characters = words.count_chars()
        text += words.get_text_range(0, min(characters, length + 1)).replace("\r\n", "\n") + "\n"
        is_cut = characters > length + 1
        read += 1
    text = re.sub("[\x02\ufffe]", "-", text).strip()  # PDFium's signs for a hyphen at the end of a line
    return texts.excerpt(text, length, goes_on=bool(text) and (is_cut or read < pages))
