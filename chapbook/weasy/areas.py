"""The areas of links: each once, and in the structure tree within the Link that it belongs to.

WeasyPrint makes an area of every box in a link, of an emphasis too, and puts it below that box's
own element; ISO 14289-1, 7.18.5, has link annotations stand right in a Link.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SAME_PX = 0.01  # rounding


def drop_inner_areas(document: Any) -> None:
    """Take from WeasyPrint's *document* each area of a link that lies in another of the same."""
    for page in document.pages:
        kept: list[Any] = []
        for link in page.links:  # that of a box comes before those of the boxes in it
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
    """Put the link annotations below *elements* that are no Link into the Link around them."""
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
            # An annotation's value is its element, a page's a list of them.
            item["Nums"] = pydyf.Array(
                lifted.get(value, value) if isinstance(value, bytes) else value
                for value in item["Nums"]
            )


def _link_around(element: Any, elements: Mapping[Any, Any]) -> Any:
    """The nearest Link from *element* upwards; None where there is none."""
    while element is not None and element["S"] != "/Link":
        element = elements.get(element["P"])
    return element
