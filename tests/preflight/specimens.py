"""Makes small books and covers with pikepdf that are correct until one thing is changed."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from chapbook.design.faces import FAMILIES
from chapbook.design.fonts import cut

INCH = 72.0
EIGHTH = 0.125 * INCH


@dataclass(frozen=True)
class Layout:
    """The sizes of a book in points."""

    width: float = 5 * INCH
    height: float = 8 * INCH
    pages: int = 24
    inner: float = 0.6 * INCH
    outer: float = 0.4 * INCH
    top: float = 0.5 * INCH
    bottom: float = 0.5 * INCH
    bleed: float = 0.0  # at the top, the bottom and outside
    inner_bleed: float = 0.0
    slug: float = 0.0  # paper around the bleed
    has_trim_box: bool = True
    color: bytes = b"0 g 0 G"
    blank_last: bool = False


Change = Callable[[pikepdf.Pdf], None]


@dataclass(frozen=True)
class Placed:
    """Return the trim of one page in points from the corner of its MediaBox."""

    left: float
    bottom: float
    inner_left: bool
    media: tuple[float, float]


def placed(layout: Layout, number: int) -> Placed:
    inner_left = number % 2 == 1
    before = layout.inner_bleed if inner_left else layout.bleed
    width = layout.width + layout.bleed + layout.inner_bleed + 2 * layout.slug
    height = layout.height + 2 * (layout.bleed + layout.slug)
    return Placed(before + layout.slug, layout.bleed + layout.slug, inner_left, (width, height))


def interior(layout: Layout, *changes: Change) -> bytes:
    """Return a book of *layout*: each page has a bar at the head and the foot, and text lines."""
    pdf = pikepdf.new()
    font = embedded_font(pdf)
    for number in range(1, layout.pages + 1):
        at = placed(layout, number)
        page = pdf.add_blank_page(page_size=at.media)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        if layout.has_trim_box:
            right, top = at.left + layout.width, at.bottom + layout.height
            page.obj.TrimBox = Array([at.left, at.bottom, right, top])
        is_blank = layout.blank_last and number == layout.pages
        page.obj.Contents = pdf.make_stream(b"" if is_blank else _text_page(layout, at))
    return finished(pdf, changes)


def _text_page(layout: Layout, at: Placed) -> bytes:
    left = at.left + (layout.inner if at.inner_left else layout.outer)
    right = at.left + layout.width - (layout.outer if at.inner_left else layout.inner)
    foot, head = at.bottom + layout.bottom, at.bottom + layout.height - layout.top - 4
    bars = "".join(f"{left:.3f} {y:.3f} {right - left:.3f} 4 re f\n" for y in (foot, head))
    lines = "".join(
        f"BT /F1 10 Tf {left + 4:.3f} {head - 30 - 14 * line:.3f} Td (A line of the text.) Tj ET\n"
        for line in range(12)
    )
    return layout.color + b"\n" + (bars + lines).encode()


@dataclass(frozen=True)
class Wrap:
    """The sizes of a cover in points."""

    width: float = 5 * INCH
    height: float = 8 * INCH
    spine: float = 100 * 0.002252 * INCH
    bleed: float = EIGHTH
    text: tuple[tuple[float, float], ...] = ((40, 300), (480, 300))  # from the cut corner
    spine_text: float | None = None  # the baseline's distance from the spine's left edge


def cover(wrap: Wrap, *changes: Change) -> bytes:
    """Return a cover of *wrap*: a tint all over, and words on the back, the front and the spine."""
    pdf = pikepdf.new()
    width = 2 * wrap.width + wrap.spine + 2 * wrap.bleed
    height = wrap.height + 2 * wrap.bleed
    page = pdf.add_blank_page(page_size=(width, height))
    page.obj.Resources = Dictionary(Font=Dictionary(F1=embedded_font(pdf)))
    trim = [wrap.bleed, wrap.bleed, width - wrap.bleed, height - wrap.bleed]
    page.obj.TrimBox = Array(trim)
    words = "".join(
        f"BT /F1 12 Tf {x + wrap.bleed:.3f} {y + wrap.bleed:.3f} Td (A title) Tj ET\n"
        for x, y in wrap.text
    )
    if wrap.spine_text is not None:
        x = wrap.bleed + wrap.width + wrap.spine_text
        words += f"BT /F1 9 Tf 0 -1 1 0 {x:.3f} {height / 2:.3f} Tm (Title) Tj ET\n"
    tint = f"0.1 g 0.85 g 0 0 {width:.3f} {height:.3f} re f 0 g\n"
    page.obj.Contents = pdf.make_stream((tint + words).encode())
    return finished(pdf, changes)


def finished(pdf: pikepdf.Pdf, changes: tuple[Change, ...] = (), **saved: Any) -> bytes:
    for change in changes:
        change(pdf)
    written = io.BytesIO()
    pdf.save(written, deterministic_id=not saved, **saved)
    return written.getvalue()


# Fonts -----------------------------------------------------------------------------------------


@cache
def _truetype() -> bytes:
    return cut(FAMILIES["Source Serif 4"][0], map(chr, range(0x20, 0x7F))).truetype


def embedded_font(pdf: pikepdf.Pdf) -> Any:
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/ABCDEF+SourceSerif4"),
        Flags=32,
        FontBBox=Array([-200, -250, 1200, 950]),
        ItalicAngle=0,
        Ascent=950,
        Descent=-250,
        CapHeight=670,
        StemV=80,
        FontFile2=pdf.make_indirect(Stream(pdf, _truetype())),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/ABCDEF+SourceSerif4"),
            FirstChar=32,
            LastChar=126,
            Widths=Array([500] * 95),
            Encoding=Name.WinAnsiEncoding,
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )


# Changes ---------------------------------------------------------------------------------------


def painting(content: str, page: int = 5, **resources: dict[str, Any]) -> Change:
    """Add *content* to one page, with *resources* such as XObject={"X1": stream}."""

    def change(pdf: pikepdf.Pdf) -> None:
        target = pdf.pages[min(page, len(pdf.pages)) - 1]
        for kind, entries in resources.items():
            known = target.obj.Resources.get(f"/{kind}", Dictionary())
            for name, make in entries.items():
                known[f"/{name}"] = make(pdf) if callable(make) else make
            target.obj.Resources[f"/{kind}"] = known
        target.contents_add(f"q\n{content}\nQ".encode())

    return change


def image(
    side: int, space: str = "/DeviceGray", value: bytes = b"\x80", **more: Any
) -> Callable[[pikepdf.Pdf], Any]:
    """Return a square image, *side* pixels wide, in which every pixel has *value*."""

    def make(pdf: pikepdf.Pdf) -> Any:
        stream = pdf.make_stream(zlib.compress(value * (side * side)))
        stream.stream_dict = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=side,
            Height=side,
            BitsPerComponent=8,
            ColorSpace=Name(space),
            Filter=Name.FlateDecode,
            **{key: part(pdf) if callable(part) else part for key, part in more.items()},
        )
        stream.write(zlib.compress(value * (side * side)), filter=Name.FlateDecode)
        return stream

    return make


def cmyk_jpeg(side: int, ink: tuple[int, int, int, int]) -> Callable[[pikepdf.Pdf], Any]:
    """Return a CMYK JPEG as Adobe's programs write it: inverted, with a Decode array."""

    def make(pdf: pikepdf.Pdf) -> Any:
        from PIL import Image

        written = io.BytesIO()
        Image.new("CMYK", (side, side), ink).save(written, "JPEG", quality=95)
        stream = pdf.make_stream(b"")
        stream.stream_dict = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=side,
            Height=side,
            BitsPerComponent=8,
            ColorSpace=Name.DeviceCMYK,
            Decode=Array([1, 0] * 4),
        )
        stream.write(written.getvalue(), filter=Name.DCTDecode)
        return stream

    return make


def form(content: str, **resources: dict[str, Any]) -> Callable[[pikepdf.Pdf], Any]:
    """A form XObject with its own resources."""

    def make(pdf: pikepdf.Pdf) -> Any:
        stream = pdf.make_stream(content.encode())
        stream.stream_dict = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([-1000, -1000, 1000, 1000]),
            Resources=Dictionary(
                {
                    f"/{kind}": Dictionary(
                        {
                            f"/{name}": each(pdf) if callable(each) else each
                            for name, each in entries.items()
                        }
                    )
                    for kind, entries in resources.items()
                }
            ),
        )
        return stream

    return make


def on_page(page: int, key: str, value: Any) -> Change:
    """Set one entry of one page."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[page - 1].obj[f"/{key}"] = value

    return change


def claims_pdf_x(label: str, *, with_intent: bool = True) -> Change:
    """Let the file claim to be the PDF/X *label*."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/GTS_PDFXVersion"] = label.replace("1a", "1")
        if "1a" in label:
            pdf.docinfo["/GTS_PDFXConformance"] = label
        if with_intent:
            intent = Dictionary(
                Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier="CGATS TR 001"
            )
            pdf.Root.OutputIntents = Array([intent])

    return change


def annotated(kind: str) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([50, 50, 90, 60]))
        pdf.pages[2].obj.Annots = Array([pdf.make_indirect(note)])

    return change


def bookmarked(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("A chapter", 3))


def layered(pdf: pikepdf.Pdf) -> None:
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Sketches"))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))
