"""Small tools for the one tree: walk it, read it, copy it, write it down.

The tree's model is ElementTree's: an element's `text` stands before its first child, a child's
`tail` after that child.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import StringIO
from xml.etree.ElementTree import Element, tostring

from chapbook.model import vocabulary

VOID_ELEMENTS = frozenset("area base br col embed hr img input link meta source track wbr".split())
BLOCK_ELEMENTS = frozenset(
    "address article aside blockquote caption dd details div dl dt figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th "
    "thead tr ul".split()
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NOTE_CALLS = frozenset({vocabulary.FOOTNOTE_REF, vocabulary.NOTEREF})  # pandoc's and ours
MATHML = "http://www.w3.org/1998/Math/MathML"


def parse_html(markup: str) -> Element:
    """Return the `html` element of *markup*, parsed as HTML, with tags without a namespace."""
    from tinyhtml5 import parse

    # As a stream, since the parser would open a file if a short text is its name.
    root: Element = parse(StringIO(markup), namespace_html_elements=False)
    return root


def element(tag: str, *children: Element | str, **attributes: str | None) -> Element:
    """Build an element; `class_` writes `class`, underscores become hyphens, None is left out."""
    node = Element(tag)
    for name, value in attributes.items():
        if value is not None:
            node.set(name.rstrip("_").replace("_", "-"), value)
    for child in children:
        append(node, child)
    return node


def append(parent: Element, child: Element | str) -> None:
    """Add *child* as the last thing in *parent*."""
    if isinstance(child, str):
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + child
        else:
            parent.text = (parent.text or "") + child
    else:
        parent.append(child)


def classes(node: Element) -> list[str]:
    """Return the names in *node*'s class attribute."""
    return node.get("class", "").split()


def add_class(node: Element, name: str) -> None:
    """Add *name* to *node*'s classes, once."""
    if name not in classes(node):
        node.set("class", " ".join([*classes(node), name]))


def walk(node: Element) -> Iterator[tuple[Element, Element]]:
    """Yield every (parent, child) below *node* in document order; children may be replaced."""
    # Without recursion, since trees nested a thousand deep are walked before they are refused.
    waiting = [(node, child) for child in reversed(node)]
    while waiting:
        parent, child = waiting.pop()
        yield parent, child
        waiting += [(child, inner) for inner in reversed(child)]


def replace(parent: Element, child: Element, *others: Element | str) -> None:
    """Replace *child* by *others*; the text after it stays after them."""
    index = list(parent).index(child)
    tail, child.tail = child.tail, None
    parent.remove(child)
    for other in (*others, tail or ""):
        if isinstance(other, Element):
            parent.insert(index, other)
            index += 1
        elif index:
            before = parent[index - 1]
            before.tail = (before.tail or "") + other
        else:
            parent.text = (parent.text or "") + other


def unwrap(parent: Element, child: Element) -> None:
    """Replace *child* by its content."""
    replace(parent, child, child.text or "", *contents(child))


def contents(node: Element) -> list[Element | str]:
    """Return the children of *node* and the texts after them, without tails and without `text`."""
    parts: list[Element | str] = []
    for child in list(node):
        tail, child.tail = child.tail, None
        parts += [child, tail] if tail else [child]
    return parts


def wrap_loose_words(node: Element) -> None:
    """Put the words of *node* beside blocks into a paragraph, which pandoc does not always do."""
    parts: list[Element | str] = [node.text or "", *contents(node)]
    node.text = None
    for child in list(node):
        node.remove(child)
    paragraph: Element | None = None
    for part in parts:
        if isinstance(part, Element) and part.tag in BLOCK_ELEMENTS:
            paragraph = None
            append(node, part)
        elif paragraph is not None:
            append(paragraph, part)
        elif isinstance(part, str) and not part.strip():
            append(node, part)
        else:
            paragraph = element("p", part)
            node.append(paragraph)


def text_of(node: Element) -> str:
    """Return the words of *node* as a reader sees them: blocks and line breaks separate words.

    The number of a note that is called in it is left out.
    """
    return " ".join("".join(_texts(node)).split())


def _texts(node: Element) -> Iterator[str]:
    if node.tag == "annotation":
        return
    separates_words = node.tag in BLOCK_ELEMENTS or node.tag == "br"
    if separates_words:
        yield " "
    yield node.text or ""
    for child in node:
        if not is_note_call(child) and not is_line_number(child):
            yield from _texts(child)
        yield child.tail or ""
    if separates_words:
        yield " "


def strip_between_blocks(node: Element) -> None:
    """Remove the white space between the blocks in *node*, which only formats the markup.

    Between two inline elements, in an item that also has a list, it is a space of the text.
    """
    for parent in node.iter():
        if parent.tag == "pre" or not any(child.tag in BLOCK_ELEMENTS for child in parent):
            continue
        sides = [parent, *parent]  # the text of the first and the tails of the others are between
        for before, after in zip(sides, [*parent, None], strict=True):
            is_text = before is not parent and before.tag not in BLOCK_ELEMENTS
            is_text = is_text and after is not None and after.tag not in BLOCK_ELEMENTS
            if before is parent and not (parent.text or "").strip():
                parent.text = None
            elif before is not parent and not is_text and not (before.tail or "").strip():
                before.tail = None


def tex_of(math: Element) -> str:
    """Return the TeX of a formula, which pandoc writes as an annotation."""
    words = (node.text for node in math.iter() if str(node.tag).endswith("}annotation"))
    return next(words, None) or "".join(math.itertext())


def is_note_call(node: Element) -> bool:
    """Return whether *node* calls a note, in the form of pandoc or of the house style."""
    return node.tag == "a" and not _NOTE_CALLS.isdisjoint(classes(node))


def is_line_number(node: Element) -> bool:
    """Return whether *node* is the number of a line of code, which the author did not write."""
    return node.tag == "span" and node.get("class") == vocabulary.LINE_NUMBER


def is_wide_line(node: Element) -> bool:
    """Return whether *node* is a long line of code: a block that contains its line end."""
    return node.tag == "span" and node.get("class") == vocabulary.WIDE_LINE


def is_page_break(node: Element) -> bool:
    """Return whether *node* marks the beginning of a printed page (`document.Page`)."""
    return node.tag == "span" and vocabulary.PAGE_BREAK in classes(node)


def is_page_ref(node: Element) -> bool:
    """Return whether *node* is for the page number of its target; empty until that is known."""
    return node.tag == "a" and vocabulary.PAGE_REF in classes(node)


def count_words(node: Element) -> int:
    """Return the number of words in *node*: runs of characters with a letter or a digit."""
    return sum(any(map(str.isalnum, word)) for word in text_of(node).split())


def rewrite(node: Element, change: Callable[[Element], None]) -> None:
    """Apply *change* to *node* and to everything in it."""
    for inner in node.iter():
        change(inner)


def to_html(node: Element) -> str:
    """Return *node* in HTML syntax: void elements unclosed, no namespaces, without its tail."""
    tail, node.tail = node.tail, None
    try:
        return tostring(node, encoding="unicode", method="html")
    finally:
        node.tail = tail


def to_xhtml(node: Element) -> str:
    """Return *node* in XML syntax, with MathML in its namespace, for an EPUB's XHTML."""
    tail, node.tail = node.tail, None
    try:
        markup = tostring(node, encoding="unicode", short_empty_elements=True)
    finally:
        node.tail = tail
    # XHTML readers that fall back to an HTML parser read <p/> as an open <p>.
    return _EMPTY.sub(
        lambda m: m[0] if m["tag"] in VOID_ELEMENTS else f"<{m['tag']}{m['rest']}></{m['tag']}>",
        markup,
    )


_EMPTY = re.compile(r"<(?P<tag>[a-z][a-z0-9:]*)(?P<rest>(?:\s+[\w:.-]+=\"[^\"]*\")*)\s*/>")
