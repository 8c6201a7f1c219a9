"""Images in a PDF's structure tree, as ISO 14289-1 requires them.

WeasyPrint tags each image as a Figure. A Figure needs a description (7.3), and an image that only
decorates is an artifact (7.1). WeasyPrint also writes a Figure's position, which screen magnifiers
use, in CSS pixels from the top; it must be in points from the bottom (ISO 32000-1, 14.8.5.4.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PT_PER_PX = 0.75


def settle_figures(pdf: Any, elements: Mapping[Any, Any]) -> None:
    """Write the positions of images, and take those without a description out of the structure.

    They no longer contain areas of links, since `chapbook.weasy.areas` has moved these.
    """
    figures = [element for element in elements.values() if element["S"] == "/Figure"]
    if not figures:
        return
    by_reference = {item.reference: item for item in pdf.objects}
    root = by_reference[pdf.catalog["StructTreeRoot"]]
    numbers = by_reference[root["ParentTree"]]["Nums"]
    for figure in figures:
        parent = elements[figure["P"]]
        page = by_reference[figure["Pg"]]
        _place(figure["A"]["BBox"], height_pt=page["TrimBox"][3])
        stream = by_reference[page["Contents"]]
        if "Alt" not in figure and all(_mark_as_artifact(stream, mark) for mark in figure["K"]):
            _leave_out(figure, parent, numbers)


def leave_as_they_are(pdf: Any) -> None:
    """Switch off the interpolation of images, also of those in drawings (ISO 19005-3, 6.2.8)."""
    for item in pdf.objects:
        extra = getattr(item, "extra", {})
        if extra.get("Subtype") == "/Image":
            extra["Interpolate"] = "false"


def _place(box: Any, height_pt: float) -> None:
    left, top, right, bottom = (side * _PT_PER_PX for side in box)
    box[:] = [left, height_pt - bottom, right, height_pt - top]


def _leave_out(figure: Any, parent: Any, numbers: Any) -> None:
    parent["K"].remove(figure.reference)
    for marks in numbers[1::2]:
        if isinstance(marks, list):  # of a page
            marks[:] = ["null" if mark == figure.reference else mark for mark in marks]
    figure.free = "f"


def _mark_as_artifact(stream: Any, mark: int) -> bool:
    """Mark the image *mark* as an artifact; return False if it is not in the page's *stream*."""
    written = stream.stream
    for at, operator in enumerate(written):
        if operator == b"BDC" and written[at - 1].get("MCID") == mark:
            written[at - 2 : at + 1] = ["/Artifact", b"BMC"]
            return True
    return False
