"""How the author wants a work printed: the key `print` of the front matter block."""

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
    """The settings of a printed copy.

    `layout` is one of LAYOUTS. `trim` is None for the page size of the design. `printer` and
    `paper` are names from `chapbook.printing.vendors`. `sheet` is the paper size for booklets, one
    of SHEETS.
    """

    layout: str = "article"
    trim: TrimSize | None = None
    printer: str = "home"
    paper: str = "white"
    sheet: str = "a4"
    isbn: str | None = None  # of the printed edition, if it differs from the e-book's
    price: str | None = None
    spine_width_mm: float | None = None  # from the printer's own template
    marks: bool = False


def read_print(value: object, layout: str) -> tuple[PrintSettings, tuple[tuple[str, str], ...]]:
    """Return the settings in *value*, the object under `print`, and its faults.

    A fault is a key and a message. A key with a fault is ignored. *layout* is the default, which
    the document class suggests.
    """
    if not isinstance(value, dict):
        message = f"“print” must be an object with {', '.join(sorted(PRINT_KEYS))}"
        return PrintSettings(layout=layout), (("print", message),)
    faults: list[tuple[str, str]] = []
    fields: dict[str, Any] = {"layout": layout}
    for key, field, parse in _PARSERS:
        if (text := value.get(key)) in (None, ""):
            continue
        try:
            fields[field] = parse(str(text) if isinstance(text, str) else "")
        except ValueError as error:
            faults.append((key, f"“{key}”: {error}"))
    printer = PRINTERS[fields.get("printer", "home")]
    paper = value.get("paper")
    if paper and str(paper) not in printer.papers:
        known = ", ".join(printer.papers)
        faults.append(("paper", f"“paper”: {printer.title} has no paper “{paper}”; it has {known}"))
    elif paper:
        fields["paper"] = paper
    trim = fields.get("trim")
    if trim is not None and not printer.trims.has(trim):
        cut = ", ".join(name for name, size in TRIMS.items() if printer.trims.has(size))
        faults.append(("trim", f"“trim”: {printer.title} does not cut {trim}; it cuts {cut}"))
    return PrintSettings(**fields), tuple(faults)


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"it is “{text}”, and can be {', '.join(choices)}")
        return text

    return parse


def _isbn(text: str) -> str:
    if not is_isbn13(text):
        raise ValueError(f"“{text}” is not an ISBN-13: {ISBN_REMEDY}")
    return text


def _price(text: str) -> str:
    if not _PRICE.fullmatch(text):
        raise ValueError(f"“{text}” is not a price: write it as EUR 12.00")
    return text


def _width_mm(text: str) -> float:
    match = _WIDTH.fullmatch(text)
    if not match:
        raise ValueError(f"“{text}” is not a width: write it as 12.5 mm")
    return float(match[1]) * (25.4 if match[2] == "in" else 1.0)


def _yes(text: str) -> bool:
    if text.lower() not in {"yes", "no", "true", "false"}:
        raise ValueError(f"it is “{text}”, and can be yes or no")
    return text.lower() in {"yes", "true"}


_PARSERS: tuple[tuple[str, str, Callable[[str], object]], ...] = (
    ("layout", "layout", _one_of(LAYOUTS)),
    ("trim", "trim", parse_trim),
    ("printer", "printer", _one_of(tuple(PRINTERS))),
    ("paper-size", "sheet", _one_of(SHEETS)),
    ("isbn", "isbn", _isbn),
    ("price", "price", _price),
    ("spine-width", "spine_width_mm", _width_mm),
    ("marks", "marks", _yes),
)
