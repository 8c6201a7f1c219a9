"""References to pages in a row, as at the end of an index's entry: "3, 12"."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from chapbook.dom import element


def page_refs(names: Iterable[str]) -> Element:
    """The pages of what bears *names*, parted by commas, as a `span` of the class `page-refs`.

    Once it is known which of them are the same as the one before, layout leaves those out: hence
    each but the first stands with its comma in a `span` of the class `again`.
    """
    group = element("span", class_="page-refs")
    for number, name in enumerate(names):
        link = element("a", class_="page-ref", href=f"#{name}")
        group.append(element("span", ", ", link, class_="again") if number else link)
    return group
