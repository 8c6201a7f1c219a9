"""Reads a finished PDF as a typesetter does: pages, lines, and their places.

It reads with PDFium, which shares no code with what wrote the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import pypdfium2

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Line:
    """A line of type: its text, its left and right ends and its baseline's region, in mm."""

    page: int
    text: str
    left_mm: float
    right_mm: float
    top_mm: float  # from the head of the page
    height_mm: float

    @property
    def letters(self) -> str:
        """The text without spaces and hyphens, which line breaks add and take."""
        return letters(self.text)


def letters(text: str) -> str:
    """*text* without spaces and hyphens of any kind."""
    return re.sub(r"[\s\u00ad\u2010\u2011-]", "", text)


def page_sizes_mm(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of every page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            (width / POINTS_PER_MM, height / POINTS_PER_MM)
            for width, height in (page.get_size() for page in document)
        ]


def read_lines(pdf: bytes) -> list[Line]:
    """Every line of every page, from the head to the foot."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [line for number, page in enumerate(document) for line in _lines(page, number)]


def _lines(page: pypdfium2.PdfPage, number: int) -> Iterator[Line]:
    height = page.get_height()
    text = page.get_textpage()
    everything = text.get_text_range()
    characters = []
    for index, character in enumerate(everything):
        left, bottom, right, top = text.get_charbox(index, loose=True)
        if character == " " or (character not in "\r\n" and right > left):
            characters.append((round(height - bottom, 0), left, right, top - bottom, character))
    characters.sort(key=lambda each: (each[0], each[1]))
    for bottom, group in groupby(characters, key=lambda each: each[0]):
        result = list(group)
        if not "".join(each[4] for each in result).strip():
            continue
        yield Line(
            page=number,
            text="".join(each[4] for each in result).replace("\ufffe", "-").strip(),
            left_mm=min(each[1] for each in result) / POINTS_PER_MM,
            right_mm=max(each[2] for each in result) / POINTS_PER_MM,
            top_mm=(bottom - result[0][3]) / POINTS_PER_MM,
            height_mm=result[0][3] / POINTS_PER_MM,
        )
