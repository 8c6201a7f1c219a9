"""Images in a PDF's structure, as ISO 14289-1 has them.

WeasyPrint tags each image as a Figure. One without a description is forbidden (7.3): what only
adorns is an artifact (7.1). And a Figure's place, which screen magnifiers go by, is written in
CSS's pixels from the page's head, where points from its foot are meant (ISO 32000-1, 14.8.5.4.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PT_PER_PX = 0.75


def settle_figures(pdf: Any, elements: Mapping[Any, Any]) -> None:
    """Say where images are, and take undescribed ones out of the structure.

    They hold no areas of links any more: `chapbook.weasy.areas` lifted them.
    """
    figures = [each for each in elements.values() if each["S"] == "/Figure"]
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
    """Let viewers show images point by point, also those in drawings (ISO 19005-3, 6.2.8)."""
    for item in pdf.objects:
        extra = getattr(item, "extra", {})
        if extra.get("Subtype") == "/Image":
            extra["Interpolate"] = "false"


def _place(box: Any, height_pt: float) -> None:
    left, top, right, bottom = (each * _PT_PER_PX for each in box)
    box[:] = [left, height_pt - bottom, right, height_pt - top]


def _leave_out(figure: Any, parent: Any, numbers: Any) -> None:
    parent["K"].remove(figure.reference)
    for marks in numbers[1::2]:
        if isinstance(marks, list):  # of a page
            marks[:] = ["null" if each == figure.reference else each for each in marks]
    figure.free = "f"


def _mark_as_artifact(stream: Any, mark: int) -> bool:
    """Whether the image under *mark* stood in the page's own *stream*."""
    written = stream.stream
    for at, operator in enumerate(written):
        if operator == b"BDC" and written[at - 1].get("MCID") == mark:
            written[at - 2 : at + 1] = ["/Artifact", b"BMC"]
            return True
    return False
