"""Reads a PDF for preflight: its boxes, fonts and claims, and the content and ink of its pages.

The file is untrusted: there are limits on decoding and counting, and nothing in it is fetched or
run.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from chapbook.checks.reading import Unreadable
from chapbook.pdf.facts import MM_PER_PT, Box, Face, File, Ink, Page
from chapbook.pdf.file import open_pdf
from chapbook.pdf.images import Pictures
from chapbook.pdf.painted_content import read_content
from chapbook.preflight.ink import drawing

MOST_PAGES = 2_000  # more than any printer here binds
_BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)


def read_pdf(content: bytes) -> File:
    """Read all that the rules need from the PDF in *content*.

    Raises Unreadable if it is locked with a password, damaged, or has no or too many pages.
    """
    import pikepdf

    try:
        with open_pdf(io.BytesIO(content)) as pdf:
            return _file(pdf, content)
    except pikepdf.PasswordError as error:
        raise Unreadable("it is locked with a password, and no printer can open it") from error
    except (pikepdf.PikepdfError, *_BROKEN) as error:
        raise Unreadable(f"it is damaged: {error}") from error


def _file(pdf: Any, content: bytes) -> File:
    count = len(pdf.pages)
    if not 0 < count <= MOST_PAGES:
        raise Unreadable(f"it has {count:,} pages; a printed file has 1 to {MOST_PAGES:,}")
    bookmarks = pdf.Root.get("/Outlines", {})
    preferences = pdf.Root.get("/ViewerPreferences", {})
    return File(
        size_bytes=len(content),
        version=str(pdf.pdf_version),
        is_encrypted=bool(pdf.is_encrypted),
        has_bookmarks="/First" in bookmarks,
        is_bound_right=str(preferences.get("/Direction", "")) == "/R2L",
        pdf_x=_claimed_pdf_x(pdf),
        output_intents=tuple(_output_intents(pdf)),
        has_layers="/OCProperties" in pdf.Root,
        faces=tuple(sorted(set(_faces(pdf)), key=lambda face: face.name)),
        pages=tuple(_pages(pdf, content)),
    )


def _pages(pdf: Any, content: bytes) -> Iterator[Page]:
    pictures = Pictures()
    with drawing(content) as draw:
        for index, page in enumerate(pdf.pages):
            unit = float(page.obj.get("/UserUnit", 1))
            media = _corners(page.mediabox)
            painted = read_content(page, pictures)
            yield Page(
                number=index + 1,
                media=_box(media, media, unit),
                crop=_box(_corners(page.cropbox), media, unit),
                bleed=_own_box(page, "/BleedBox", media, unit),
                trim=_own_box(page, "/TrimBox", media, unit),
                rotation=int(page.obj.get("/Rotate", 0)) % 360,
                user_unit=unit,
                annotations=tuple(_annotations(page)),
                painted=painted,
                # If our limits stopped the reading, PDFium does not get the page: it has no
                # limits, and could follow forms that multiply for years.
                ink=Ink(why_unread=painted.why_unread) if painted.why_unread else draw(index, unit),
            )


def _annotations(page: Any) -> Iterator[str]:
    for annotation in page.obj.get("/Annots", ()):
        yield str(annotation.get("/Subtype", "/?"))[1:]


# Boxes -----------------------------------------------------------------------------------------

_Corners = tuple[float, float, float, float]


def _corners(box: Any) -> _Corners:
    x0, y0, x1, y1 = (float(side) for side in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _box(corners: _Corners, media: _Corners, unit: float) -> Box:
    left, bottom = media[0], media[1]
    x0, y0, x1, y1 = corners
    sides = (x0 - left, y0 - bottom, x1 - left, y1 - bottom)
    return Box(*(side * unit * MM_PER_PT for side in sides))


def _own_box(page: Any, name: str, media: _Corners, unit: float) -> Box | None:
    """Return the page's own box: these two are not inherited (ISO 32000-2, 14.11.2)."""
    box = page.obj.get(name)
    return None if box is None else _box(_corners(box), media, unit)


# Claims -----------------------------------------------------------------------------------------


def _claimed_pdf_x(pdf: Any) -> str:
    """Return the PDF/X that the file claims in Info (X-1a, X-3) or in its metadata (X-4)."""
    if (version := pdf.trailer.get("/Info", {}).get("/GTS_PDFXVersion")) is not None:
        conformance = pdf.trailer.Info.get("/GTS_PDFXConformance")
        return str(conformance if conformance is not None else version)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        return str(metadata.get("pdfxid:GTS_PDFXVersion", ""))


def _output_intents(pdf: Any) -> Iterator[str]:
    for intent in pdf.Root.get("/OutputIntents", ()):
        if str(intent.get("/S", "")) == "/GTS_PDFX":
            yield str(intent.get("/OutputConditionIdentifier", "unnamed"))


# Fonts -----------------------------------------------------------------------------------------


def _faces(pdf: Any) -> Iterator[Face]:
    """Yield every font in the file."""
    for candidate in pdf.objects:
        font = _as_font(candidate)
        if font is None:
            continue
        kind = str(font.get("/Subtype", ""))
        name = str(font.get("/BaseFont", font.get("/Name", "/unnamed")))[1:]
        parts = [font, *font.get("/DescendantFonts", ())]
        descriptors = [part["/FontDescriptor"] for part in parts if "/FontDescriptor" in part]
        files = ("/FontFile", "/FontFile2", "/FontFile3")
        is_embedded = kind == "/Type3" or any(
            name in descriptor for descriptor in descriptors for name in files
        )
        yield Face(name, is_embedded)


def _as_font(candidate: Any) -> Any:
    """Return *candidate* if it is a font for text; None for a part of a font and anything else."""
    import pikepdf

    if not isinstance(candidate, pikepdf.Dictionary) or "/Subtype" not in candidate:
        return None
    kind = str(candidate.Subtype)
    if kind in ("/Type0", "/Type1", "/MMType1", "/TrueType", "/Type3"):
        return candidate if str(candidate.get("/Type", "")) == "/Font" else None
    return None
