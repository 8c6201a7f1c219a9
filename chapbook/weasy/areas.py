"""The areas of links in the structure tree: each within the Link that it belongs to.

WeasyPrint makes an area of every box in a link, of an emphasis too, and puts it below that box's
own element; ISO 14289-1, 7.18.5, has link annotations stand right in a Link.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


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
