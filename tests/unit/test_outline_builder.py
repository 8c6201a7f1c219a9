"""Links in laid-out pages: which parts of one are cut by a line's end, and which are two."""

from __future__ import annotations

import pytest

from chapbook.checks.outline_builder import outline_parts
from chapbook.checks.tree import Node


def link(words: str, page: str = "235") -> Node:
    return Node("link", [words], attributes={"target": "#fig", "page": page})


# The reader finds a line's end, and a page's, when it comes to the words after it: in their link.
@pytest.mark.parametrize(
    ("children", "message"),
    [
        ([link("A long"), link("\ncaption.")], ["A long\ncaption."]),
        ([link("A caption."), " ", link("235")], ["A caption.", "235"]),
        ([link("A caption."), link("\n235")], ["A caption.", "235"]),
        ([link("A long"), link("\ncaption."), link("\n235")], ["A long\ncaption.", "235"]),
        ([link("Since"), link("\n1999")], ["Since\n1999"]),
        ([link("A caption.", "xiv"), link("\f\nxiv", "xiv")], ["A caption.", "xiv"]),
    ],
)
def test_a_page_reference_that_begins_a_line_is_no_rest_of_the_link_before_it(
    children: list[Node | str], message: list[str]
) -> None:
    text, _ = outline_parts(Node("root", [Node("block", children)]))
    assert [each.text for each in text.links] == message
