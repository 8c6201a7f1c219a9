"""The small tools for the tree."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring, tostring

import pytest

from chapbook.model.dom import element, strip_between_blocks, walk


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


def test_what_is_nested_deeply_is_walked() -> None:
    root = node = element("div")
    for _ in range(5000):
        node.append(element("div"))
        node = node[0]
    assert sum(1 for _ in walk(root)) == 5000


def test_children_that_are_put_in_meanwhile_are_walked_and_siblings_in_order() -> None:
    root = element("div")
    root.extend([element("a"), element("b")])
    met = []
    for _, node in walk(root):
        met.append(node.tag)
        if node.tag == "a":
            node.append(element("i"))
    assert met == ["a", "i", "b"]
