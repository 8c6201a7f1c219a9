"""The structure tree: name what WeasyPrint leaves nameless, and mend what PDF/UA-1 asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TAGS = {"footnote": "Note", "code": "Code", "pre": "Code", "em": "Span", "strong": "Span"}
_ITEM_PARTS = ("/Lbl", "/LBody")


def extend_tags(tags: Any) -> None:
    """Teach WeasyPrint's module *tags* our names, once."""
    if tags._get_pdf_tag.__module__ == __name__:  # noqa: SLF001 - the one table it has
        return
    known = tags._get_pdf_tag  # noqa: SLF001

    def get_pdf_tag(tag: str | None) -> Any:
        return _TAGS.get(tag or "") or known(tag)

    tags._get_pdf_tag = get_pdf_tag  # noqa: SLF001


def finish(_document: Any, pdf: Any) -> None:
    """Mend the structure tree where PDF/UA asks for more than WeasyPrint writes."""
    import pydyf

    elements = {
        getattr(item, "reference", b""): item
        for item in pdf.objects
        if isinstance(item, dict) and item.get("Type") == "/StructElem"
    }
    notes = [item for item in elements.values() if item["S"] == "/Note"]
    for note in notes:
        if elements.get(note["P"], {}).get("S") == "/Note":
            note["S"] = "/NonStruct"  # the place of the marker that WeasyPrint would print
    notes = [note for note in notes if note["S"] == "/Note"]
    for number, note in enumerate(notes, 1):
        note["ID"] = pydyf.String(f"note-{number}")  # ISO 14289-1, 7.9
    for item in [item for item in elements.values() if item["S"] == "/LI"]:
        _wrap_item_body(pdf, item, elements)
    if "AF" in pdf.catalog:  # WeasyPrint lists each associated file twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _wrap_item_body(pdf: Any, item: Any, elements: Mapping[Any, Any]) -> None:
    """Put the paragraphs of a loose list's item into the LBody that ISO 32000-1, 14.8.4.3 asks for.

    WeasyPrint wraps only what stands in the item without a paragraph of its own.
    """
    import pydyf

    kids = list(item["K"])
    loose = [kid for kid in kids if kid in elements and elements[kid]["S"] not in _ITEM_PARTS]
    if not loose:
        return
    body = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(loose), "P": item.reference}
    )
    if "Pg" in item:
        body["Pg"] = item["Pg"]
    pdf.add_object(body)
    for kid in loose:
        elements[kid]["P"] = body.reference
    first = kids.index(loose[0])
    kids = [kid for kid in kids if kid not in loose]
    kids.insert(first, body.reference)
    item["K"] = pydyf.Array(kids)
