"""Reads the fonts of a PDF: the characters that their codes show, and the widths of the codes.

ISO 32000-1, 9.7 (composite fonts) and 9.10 (extraction of text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any


class Font:
    """A font: the characters that its codes show, and their widths in thousandths of its size."""

    def __init__(self, dictionary: Any) -> None:
        self._dictionary = dictionary
        self.name = str(dictionary.get("/BaseFont", "")).removeprefix("/")
        self.is_composite = dictionary.get("/Subtype") == "/Type0"

    @cached_property
    def characters(self) -> Mapping[int, str]:
        """The characters that each code shows, as far as the font states them."""
        if "/ToUnicode" not in self._dictionary:
            return {}
        return read_cmap(self._dictionary.ToUnicode.read_bytes().decode("latin-1"))

    @cached_property
    def widths(self) -> Mapping[int, float]:
        """The width of each code in thousandths of the font size."""
        if not self.is_composite:
            first = int(self._dictionary.get("/FirstChar", 0))
            widths = self._dictionary.get("/Widths", ())
            return {first + index: float(width) for index, width in enumerate(widths)}
        return dict(_cid_widths(list(self._dictionary.DescendantFonts[0].get("/W", ()))))

    @cached_property
    def default_width(self) -> float:
        """The width of the codes that are not in `widths`."""
        if not self.is_composite:
            return 0.0
        return float(self._dictionary.DescendantFonts[0].get("/DW", 1000))

    def read(self, string: bytes) -> tuple[list[str], float]:
        """Return the characters of each glyph of *string*, and the width of all in thousandths.

        A code whose characters are not known gives U+FFFD.
        """
        codes = (
            [high << 8 | low for high, low in zip(string[::2], string[1::2], strict=False)]
            if self.is_composite
            else list(string)
        )
        shown = [self.characters.get(code, "\ufffd") for code in codes]
        return shown, sum(self.widths.get(code, self.default_width) for code in codes)


def _cid_widths(entries: list[Any]) -> Iterator[tuple[int, float]]:
    """Yield each code and width in the W array of a CID font (ISO 32000-1, 9.7.4.3)."""
    import pikepdf

    index = 0
    while index + 1 < len(entries):
        first, following = int(entries[index]), entries[index + 1]
        if isinstance(following, pikepdf.Array):
            for offset, width in enumerate(list(following)):
                yield first + offset, float(width)
            index += 2
        else:
            for code in range(first, int(following) + 1):
                yield code, float(entries[index + 2])
            index += 3


_HEX = r"<\s*([0-9A-Fa-f\s]*)>"


def read_cmap(source: str) -> dict[int, str]:
    """Return the characters for each code in a ToUnicode CMap (ISO 32000-1, 9.10.3).

    >>> read_cmap("1 beginbfchar <0003> <00660069> endbfchar")
    {3: 'fi'}
    """
    characters = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        for code, text in re.findall(_HEX + r"\s*" + _HEX, section):
            characters[int(code, 16)] = _utf16(text)
    for section in re.findall(r"beginbfrange(.*?)endbfrange", source, re.DOTALL):
        for low, high, text, listed in re.findall(
            rf"{_HEX}\s*{_HEX}\s*(?:{_HEX}|\[(.*?)\])", section, re.DOTALL
        ):
            texts = re.findall(_HEX, listed)
            for offset, code in enumerate(range(int(low, 16), int(high, 16) + 1)):
                if texts:
                    characters[code] = _utf16(texts[offset])
                else:
                    base = _utf16(text)
                    characters[code] = base[:-1] + chr(ord(base[-1]) + offset)
    return characters


def _utf16(digits: str) -> str:
    return bytes.fromhex(re.sub(r"\s", "", digits)).decode("utf-16-be", "replace")


class Fonts:
    """The fonts of a file, each read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], Font] = {}

    def of(self, resources: Any, name: str) -> Font:
        """Return the font with the name *name* in *resources*."""
        dictionary = resources.Font[name]
        return self._known.setdefault(dictionary.objgen, Font(dictionary))
