"""The small tools for the tree."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring, tostring

import pytest

from chapbook.dom import strip_between_blocks


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<div> <p>a</p> <p>b</p> </div>", "<div><p>a</p><p>b</p></div>"),
        (
            "<li><em>a</em> <b>b</b> <ul> <li>c</li> </ul></li>",
            "<li><em>a</em> <b>b</b><ul><li>c</li></ul></li>",
        ),
        ("<p><em>a</em> <b>b</b> </p>", "<p><em>a</em> <b>b</b> </p>"),
        ("<li>x <em>a</em> y<p>z</p> </li>", "<li>x <em>a</em> y<p>z</p></li>"),
        ("<div><pre> <b>a</b> </pre> </div>", "<div><pre> <b>a</b> </pre></div>"),
    ],
)
def test_only_white_space_beside_blocks_is_dropped(before: str, after: str) -> None:
    tree = fromstring(before)
    strip_between_blocks(tree)
    assert tostring(tree, encoding="unicode") == after
