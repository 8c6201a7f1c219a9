"""Corrects the structure tree that WeasyPrint writes, as PDF/UA-1 requires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chapbook.weasy.areas import lift_areas
from chapbook.weasy.figures import leave_as_they_are, settle_figures


def finish(pdf: Any) -> None:
    """Correct the structure tree of *pdf* where PDF/UA requires more than WeasyPrint writes."""
    import pydyf

    elements = {
        getattr(item, "reference", b""): item
        for item in pdf.objects
        if isinstance(item, dict) and item.get("Type") == "/StructElem"
    }
    leave_as_they_are(pdf)
    lift_areas(pdf, elements)
    settle_figures(pdf, elements)
    for item in elements.values():
        if item["S"] == "/Caption" and elements.get(item["P"], {}).get("S") == "/Caption":
            item["S"] = "/NonStruct"  # the anonymous box around a caption's first lines
    notes = [item for item in elements.values() if item["S"] == "/Note"]
    for note in notes:
        if elements.get(note["P"], {}).get("S") == "/Note":
            note["S"] = "/NonStruct"  # the box of the marker that WeasyPrint would print
    notes = [note for note in notes if note["S"] == "/Note"]
    for number, note in enumerate(notes, 1):
        note["ID"] = pydyf.String(f"note-{number}")  # ISO 14289-1, 7.9
    for item in [item for item in elements.values() if item["S"] == "/L"]:
        _take_in_nested_lists(item, elements)
    for item in [item for item in elements.values() if item["S"] == "/LI"]:
        _wrap_item_body(pdf, item, elements)
    if "AF" in pdf.catalog:  # WeasyPrint lists each associated file twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def turn_pages(pdf: Any, direction: str) -> None:
    """Write into *pdf* that its pages turn from right to left (ISO 32000-1, 12.2)."""
    if direction == "rtl":
        import pydyf

        preferences = pdf.catalog.setdefault("ViewerPreferences", pydyf.Dictionary())
        preferences["Direction"] = "/R2L"


def number_pages(pdf: Any, labels: Sequence[tuple[int, str]]) -> None:
    """Write the printed folios into *pdf*, if they are not simply 1, 2, 3.

    Each of *labels* is the page, from 0, with which a numbering from 1 begins, and its style.
    """
    import pydyf

    if [style for _, style in labels] == ["D"]:
        return
    numbers: list[Any] = []
    for page, style in labels:
        numbers += [page, pydyf.Dictionary({"S": f"/{style}"})]
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": pydyf.Array(numbers)})


def _take_in_nested_lists(outer: Any, elements: Mapping[Any, Any]) -> None:
    """Move a nested list back into its item, in reading order.

    WeasyPrint puts it after the item, so that a paragraph below the list would be read before it.
    """
    import pydyf

    kept: list[Any] = []
    for kid in outer["K"]:
        is_nested = kid in elements and elements[kid]["S"] == "/L"
        item = elements.get(kept[-1]) if kept else None
        if not is_nested or item is None or item["S"] != "/LI":
            kept.append(kid)
            continue
        elements[kid]["P"] = item.reference
        # WeasyPrint numbers elements in the order of the text, except labels, which come first.
        labels = [child for child in item["K"] if _kind(child, elements) == "/Lbl"]
        others = [child for child in item["K"] if child not in labels]
        item["K"] = pydyf.Array([*labels, *sorted([*others, kid], key=_number)])
    outer["K"] = pydyf.Array(kept)


def _kind(kid: Any, elements: Mapping[Any, Any]) -> str:
    return str(elements[kid]["S"]) if kid in elements else ""


def _number(reference: Any) -> int:
    return int(reference.split()[0]) if isinstance(reference, bytes) else 0


def _wrap_item_body(pdf: Any, item: Any, elements: Mapping[Any, Any]) -> None:
    """Put an item, except its label, into one LBody, as ISO 32000-1, 14.8.4.3 requires.

    WeasyPrint wraps only the parts that are not paragraphs, each by itself.
    """
    import pydyf

    labels = [kid for kid in item["K"] if _kind(kid, elements) == "/Lbl"]
    parts = [kid for kid in item["K"] if kid not in labels]
    if not parts or [_kind(kid, elements) for kid in parts] == ["/LBody"]:
        return
    body = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(parts), "P": item.reference}
    )
    if "Pg" in item:
        body["Pg"] = item["Pg"]
    pdf.add_object(body)
    for kid in parts:
        if kid in elements:
            elements[kid]["P"] = body.reference
            if elements[kid]["S"] == "/LBody":
                elements[kid]["S"] = "/Div"
    item["K"] = pydyf.Array([*labels, body.reference])
