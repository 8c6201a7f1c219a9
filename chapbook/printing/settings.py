"""How the author wants a work printed: `print:` in the metadata block."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chapbook.printing.isbn import ISBN_REMEDY, is_isbn13
from chapbook.printing.trims import TRIMS, TrimSize, parse_trim
from chapbook.printing.vendors import PRINTERS

LAYOUTS = ("article", "chapbook", "book")
SHEETS = ("a4", "letter")
PRINT_KEYS = frozenset("layout trim printer paper paper-size isbn price spine-width marks".split())
_WIDTH = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*(mm|in)")
_PRICE = re.compile(r"(?:[A-Z]{3}|[$€£])\s?\d{1,4}[.,]\d\d|\d{1,4}[.,]\d\d\s?(?:[A-Z]{3}|[$€£])")


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """What a printed copy shall be.

    `layout` is one of LAYOUTS; `trim` is None for the design's own page; `printer` and `paper` name
    rows of `chapbook.printing.vendors`; `sheet`, of SHEETS, is what booklets are printed on.
    """

    layout: str = "article"
    trim: TrimSize | None = None
    printer: str = "home"
    paper: str = "white"
    sheet: str = "a4"
    isbn: str | None = None  # the printed edition's own, where it differs from the e-book's
    price: str | None = None
    spine_width_mm: float | None = None  # as the printer's own template gives it
    marks: bool = False


def read_print(value: object, layout: str) -> tuple[PrintSettings, tuple[tuple[str, str], ...]]:
    """What *value*, the object below `print:`, asks for, and what is wrong with it, key by key.

    *layout* is what the document's class suggests. What is wrong is as if it were not said.
    """
    if not isinstance(value, dict):
        told = f"“print” must be an object with {', '.join(sorted(PRINT_KEYS))}"
        return PrintSettings(layout=layout), (("print", told),)
    faults: list[tuple[str, str]] = []
    said: dict[str, Any] = {"layout": layout}
    for key, field, take in _TAKERS:
        if (written := value.get(key)) in (None, ""):
            continue
        try:
            said[field] = take(str(written) if isinstance(written, str) else "")
        except ValueError as wrong:
            faults.append((key, f"“{key}”: {wrong}"))
    printer = PRINTERS[said.get("printer", "home")]
    paper = value.get("paper")
    if paper and str(paper) not in printer.papers:
        known = ", ".join(printer.papers)
        faults.append(("paper", f"“paper”: {printer.title} has no paper “{paper}”; it has {known}"))
    elif paper:
        said["paper"] = paper
    trim = said.get("trim")
    if trim is not None and not printer.trims.has(trim):
        cut = ", ".join(name for name, size in TRIMS.items() if printer.trims.has(size))
        faults.append(("trim", f"“trim”: {printer.title} does not cut {trim}; it cuts {cut}"))
    return PrintSettings(**said), tuple(faults)


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def take(text: str) -> str:
        if text not in choices:
            raise ValueError(f"it is “{text}”, and can be {', '.join(choices)}")
        return text

    return take


def _isbn(text: str) -> str:
    if not is_isbn13(text):
        raise ValueError(f"“{text}” is no ISBN-13: {ISBN_REMEDY}")
    return text


def _price(text: str) -> str:
    if not _PRICE.fullmatch(text):
        raise ValueError(f"“{text}” is no price: write it as EUR 12.00")
    return text


def _width_mm(text: str) -> float:
    found = _WIDTH.fullmatch(text)
    if not found:
        raise ValueError(f"“{text}” is no width: write it as 12.5 mm")
    return float(found[1]) * (25.4 if found[2] == "in" else 1.0)


def _yes(text: str) -> bool:
    if text.lower() not in {"yes", "no", "true", "false"}:
        raise ValueError(f"it is “{text}”, and can be yes or no")
    return text.lower() in {"yes", "true"}


_TAKERS: tuple[tuple[str, str, Callable[[str], object]], ...] = (
    ("layout", "layout", _one_of(LAYOUTS)),
    ("trim", "trim", parse_trim),
    ("printer", "printer", _one_of(tuple(PRINTERS))),
    ("paper-size", "sheet", _one_of(SHEETS)),
    ("isbn", "isbn", _isbn),
    ("price", "price", _price),
    ("spine-width", "spine_width_mm", _width_mm),
    ("marks", "marks", _yes),
)
