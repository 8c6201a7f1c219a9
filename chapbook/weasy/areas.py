"""The areas of links: keeps each area once, directly in its Link of the structure tree.

WeasyPrint makes an area for every box in a link, such as an emphasis, and puts it below that box's
own element. ISO 14289-1, 7.18.5, requires link annotations directly in a Link.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SAME_PX = 0.01  # rounding


def drop_inner_areas(document: Any) -> None:
    """Remove from WeasyPrint's *document* each area that is inside another area of its link."""
    for page in document.pages:
        kept: list[Any] = []
        for link in page.links:  # the area of a box comes before those of its inner boxes
            if not any(_holds(other, link) for other in kept):
                kept.append(link)
        page.links = kept


def _holds(outer: Any, inner: Any) -> bool:
    if outer[:2] != inner[:2]:  # kind and target
        return False
    left, top, right, bottom = outer[2]
    inner_left, inner_top, inner_right, inner_bottom = inner[2]
    return bool(
        left <= inner_left + _SAME_PX
        and top <= inner_top + _SAME_PX
        and inner_right <= right + _SAME_PX
        and inner_bottom <= bottom + _SAME_PX
    )


def lift_areas(pdf: Any, elements: Mapping[Any, Any]) -> None:
    """Move the link annotations below *elements* into the Link around them."""
    import pydyf

    references = {
        getattr(item, "reference", b"")
        for item in pdf.objects
        if isinstance(item, dict) and item.get("Type") == "/OBJR"
    }
    lifted: dict[Any, Any] = {}
    for element in elements.values():
        areas = [kid for kid in element["K"] if kid in references]
        link = _link_around(element, elements) if areas else None
        if link is None or link is element:
            continue
        element["K"] = pydyf.Array([kid for kid in element["K"] if kid not in areas])
        link["K"].extend(areas)
        lifted[element.reference] = link.reference
    for item in pdf.objects:
        if isinstance(item, dict) and "Nums" in item:  # the parent tree, ISO 32000-1, 14.7.4.4
            # The value of an annotation is its element, that of a page a list of elements.
            item["Nums"] = pydyf.Array(
                lifted.get(value, value) if isinstance(value, bytes) else value
                for value in item["Nums"]
            )


def _link_around(element: Any, elements: Mapping[Any, Any]) -> Any:
    """Return the nearest Link, *element* itself or above it; None if there is none."""
    while element is not None and element["S"] != "/Link":
        element = elements.get(element["P"])
    return element
