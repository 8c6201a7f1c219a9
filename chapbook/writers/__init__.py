"""The formats, one module and one row each. A writer turns a publication into bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from chapbook.design.templates import Design
from chapbook.model.document import Artefact, Publication

Writer = Callable[[Publication, Design], Artefact]


def _write_pdf(publication: Publication, design: Design) -> Artefact:
    from chapbook.writers.pdf import write_pdf

    return write_pdf(publication, design)


def _write_epub(publication: Publication, design: Design) -> Artefact:
    from chapbook.writers.epub.writer import write_epub

    return write_epub(publication, design)


def _write_html(publication: Publication, design: Design) -> Artefact:
    from chapbook.writers.html.writer import write_html

    return write_html(publication, design)


def _write_cover(publication: Publication, design: Design) -> Artefact:
    from chapbook.writers.print.cover_wrap import write_cover

    return write_cover(publication, design)


def _write_booklet(publication: Publication, design: Design) -> Artefact:
    from chapbook.writers.print.booklet import write_booklet

    return write_booklet(publication, design)


def _write_press(publication: Publication, design: Design) -> Artefact:
    from chapbook.writers.print.interior import write_press

    return write_press(publication, design)


WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "pdf": _write_pdf,
        "epub": _write_epub,
        "html": _write_html,
        "press": _write_press,
        "cover": _write_cover,
        "booklet": _write_booklet,
    }
)
"""Each is imported when it is first used: the web page needs no WeasyPrint."""

READING_FORMATS = ("pdf", "epub", "html")
"""What a reader takes: built when no format is named, and proved to say the same."""


def released_formats(printer: str) -> tuple[str, ...]:
    """What an edition consists of: the reading formats, and what its *printer* takes."""
    return READING_FORMATS if printer == "home" else (*READING_FORMATS, "press", "cover")
