"""Makes nodes of the common tree from HTML elements of web pages, EPUBs, or raw HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chapbook.checks.tree import Node
from chapbook.model import vocabulary
from chapbook.reading.tex_symbols import shown

HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form header hgroup hr li main menu nav ol p pre search section "
    "summary table tbody td tfoot th thead tr ul".split()
)
EMPHASIS = {
    "em": "em",
    "i": "em",
    "strong": "strong",
    "b": "strong",
    "del": "del",
    "s": "del",
    "strike": "del",
    "tt": "code",
    "sub": "sub",
    "sup": "sup",
    "code": "code",
    "u": "underline",
    "mark": "mark",
}
# Elements whose words a reader never sees (HTML 15.3.1, and those that need a script).
DROPPED = frozenset("head noscript script style svg template title".split())
VOID = frozenset(
    "area base br col embed frame hr img input link meta param source track wbr".split()
)
EMBEDDED = {"audio": "src", "embed": "src", "iframe": "src", "object": "data", "video": "src"}
"""The elements that cannot be played in a book, and the attribute with their address."""

_BESIDE = re.compile(r"(?!\s*(?:[a-z][a-z0-9+.-]*:|//|#|$))", re.IGNORECASE)

TASKS = ("open", "done")  # the labels of items of a task list
OF_INDEX = ("entry", "see", "see-also", "range", "sort")
"""The attributes of a term in the index; in HTML pandoc writes them as `data-`."""

_KINDS = (
    {
        "blockquote": "quote",
        "br": "break",
        "caption": "caption",
        "figcaption": "caption",
        "figure": "figure",
        "table": "table",
        "tr": "row",
        "td": "cell",
        "th": "cell",
        "ul": "list",
        "ol": "list",
        "dl": "list",
        "li": "item",
        "dt": "item",
        "dd": "item",
        "pre": "pre",
    }
    | dict.fromkeys(HEADINGS, "heading")
    | dict.fromkeys(DROPPED, "dropped")
)
_ATTRIBUTES = {
    "p": {"paragraph": "paragraph"},
    "th": {"head": "head"},
    "thead": {"part": "head"},
    "tbody": {"part": "body"},
    "tfoot": {"part": "foot"},
    "dt": {"label": "term"},
    "dd": {"label": "definition"},
} | {tag: {"level": str(level), "raw": "raw"} for tag, level in HEADINGS.items()}
_ATTRIBUTES |= {
    tag: {"container": "container"} for tag in ("article", "div", "hgroup", "main", "section")
}

_KEPT = (
    {"source": ("src",)}
    | dict.fromkeys(("td", "th"), ("colspan", "rowspan"))
    | dict.fromkeys(EMBEDDED, ("title",))
)


def node_of(tag: str, attributes: Mapping[str, str]) -> Node:
    """Return the node for the start tag of an HTML element, still without content."""
    if tag == "a" and attributes.get("href"):
        node = Node("link", attributes={"target": attributes["href"].strip()})
    elif tag == "img" or (tag == "embed" and _BESIDE.match(attributes.get("src", ""))):
        image = {"kind": "image", "alt": attributes.get("alt", "")}
        image |= {"src": attributes.get("src", "")}
        data = {name.removeprefix("data-"): value for name, value in attributes.items()}
        image |= image_attributes(attributes.get("class", "").split(), data)
        node = Node("picture", attributes=image)
    elif kind := _emphasis(tag, attributes):
        node = Node("emphasis", attributes={"kind": kind})
    else:
        kind = _KINDS.get(tag, "block" if tag in BLOCKS else "span")
        node = Node(kind, attributes=dict(_ATTRIBUTES.get(tag, {})))
    _describe(node, tag, attributes)
    return node


def _describe(node: Node, tag: str, attributes: Mapping[str, str]) -> None:
    """Give *node* the ids and the attributes that the house style uses."""
    if tag == "span":
        node.attributes |= {"classes": attributes.get("class", "")}
        terms = {name: attributes.get(f"data-{name}", "") for name in OF_INDEX}
        node.attributes |= {name: value for name, value in terms.items() if value}
    if tag in {"div", "section", "aside", "table"}:
        node.attributes |= {"classes": attributes.get("class", "")}
        node.attributes |= {"title": attributes.get("title", "")}
    if lang := attributes.get("lang"):
        node.attributes["lang"] = lang
    if name := attributes.get("id"):
        node.ids.append(name)
    if tag == "a" and not node.ids and attributes.get("name"):
        node.ids.append(attributes["name"])
    if tag in EMBEDDED and node.kind != "picture":
        node.attributes |= {"embeds": attributes.get(EMBEDDED[tag], ""), "tag": tag}
    node.attributes |= {key: attributes[key] for key in _KEPT.get(tag, ()) if attributes.get(key)}


def image_attributes(names: Sequence[str], attributes: Mapping[str, str]) -> dict[str, str]:
    """Return what the house style uses of an image's class *names* and attributes *attributes*."""
    is_decoration = "decorative" in names or attributes.get("role") in ("none", "presentation")
    used = {name: attributes[name] for name in ("alt", "fig-alt", "credit") if name in attributes}
    return used | ({"adorns": "adorns"} if is_decoration else {})


def _emphasis(tag: str, attributes: Mapping[str, str]) -> str | None:
    if tag == "span":
        names = attributes.get("class", "").split()
        return next((name for name in ("smallcaps", "underline") if name in names), None)
    return EMPHASIS.get(tag)


def label_items(lists: Node, *, start: int | None, style: str, step: int = 1) -> None:
    """Give the items of an ordered list, except tasks, their numbers; *style* is HTML's `type`."""
    number = start if start is not None else 1
    for item in lists.children:
        if isinstance(item, Node) and item.kind == "item":
            own = item.get("value")
            number = int(own) if own.lstrip("-").isdecimal() else number
            if item.get("label") not in TASKS:
                item.attributes["label"] = numeral(number, style)
            number += step


def numeral(number: int, style: str) -> str:
    """Return *number* in the *style* of a list: `1`, `a`, `A`, `i` or `I`.

    >>> numeral(4, "i"), numeral(28, "a"), numeral(3, "1")
    ('iv', 'ab', '3')
    """
    if number < 1 or style not in ("a", "A", "i", "I"):
        return str(number)
    written = _roman(number) if style in "iI" else _letters(number)
    return written.upper() if style in "AI" else written


def _letters(number: int) -> str:
    written = ""
    while number:
        number, rest = divmod(number - 1, 26)
        written = chr(ord("a") + rest) + written
    return written


def _roman(number: int) -> str:
    written = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    ):
        written += sign * (number // value)
        number %= value
    return written


# Whole documents -------------------------------------------------------------------------------

Special = Callable[[Any, Node], Node | None]
"""Takes an element and its node; returns the node to use, or None to leave it out."""


def tree_of(element: Any, special: Special) -> Node | None:
    """Return the common tree of the lxml *element*, with or without namespaces."""
    tag = local_name(element)
    if tag == "math":
        annotations = (child for child in element.iter() if local_name(child) == "annotation")
        tex = "".join(text for child in annotations for text in child.itertext())
        symbols = "".join(shown([element]).elements())
        return Node("picture", attributes={"kind": "math", "alt": tex, "symbols": symbols})
    node = special(element, node_of(tag, dict(element.attrib)))
    if node is None or node.kind == "dropped":
        return node
    if node.kind == "pre":
        node.attributes["text"] = "".join(_code(element))
    _fill(node, element, special)
    if tag == "ol":
        start = element.get("start", "")
        label_items(
            node,
            start=int(start) if start.lstrip("-").isdecimal() else None,
            style=element.get("type", "1"),
            step=-1 if element.get("reversed") is not None else 1,
        )
    if tag == "q":
        node.children = ["“", *node.children, "”"]
    return node


def _code(element: Any) -> Iterator[str]:
    """Yield the texts in *element*, without line numbers, which are not part of the code."""
    if element.get("class") != vocabulary.LINE_NUMBER:
        yield element.text or ""
        for child in element:
            yield from _code(child)
            yield child.tail or ""


def _fill(node: Node, element: Any, special: Special) -> None:
    if element.text:
        node.add(plain(element.text))
    for child in element:
        child_node = tree_of(child, special) if isinstance(child.tag, str) else None
        if child_node is not None:
            node.add(child_node)
        if child.tail:
            node.add(plain(child.tail))


def plain(text: str) -> str:
    """Return *text* with line ends replaced by spaces."""
    return text.translate({10: " ", 12: " ", 13: " ", 0x1E: " "})


def local_name(element: Any) -> str:
    """Return an element's name without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
