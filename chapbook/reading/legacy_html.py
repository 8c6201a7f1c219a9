"""Replace old HTML elements and elements of other media by those of the one DOM.

Obsolete elements and page layout elements are renamed (HTML, 16.2). Videos, sounds and frames do
not work in a book, and become links to what they show.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from chapbook.model.dom import element, replace, text_of, unwrap, walk

RENAMED = {
    "acronym": "abbr",
    "strike": "s",
    "tt": "code",
    **dict.fromkeys("address center dialog nav search".split(), "div"),
}
EMBEDDED = {"audio": "src", "embed": "src", "iframe": "src", "object": "data", "video": "src"}
"""The elements that show another file, and the attribute that names the file."""
_BETWEEN_BLOCKS = frozenset("article aside blockquote body details div figure section".split())
_BESIDE = re.compile(r"(?!\s*(?:[a-z][a-z0-9+.-]*:|//|#|$))", re.IGNORECASE)
_ALIGNED = frozenset("caption div h1 h2 h3 h4 h5 h6 p table td th".split())
_ALIGNMENTS = frozenset({"left", "right", "center"})


def modernize(root: Element) -> list[tuple[str | None, Element]]:
    """Replace old elements and attributes in *root*, a parsed document.

    Returns the new links, each with the name of the element that it replaces. The name is None if
    pandoc had made the element from an image.
    """
    for parent, node in list(walk(root)):
        if isinstance(node.tag, str):  # else a comment
            _rename(parent, node)
    return [
        (None if _is_pandocs(node) else str(node.tag), link)
        for parent, node in list(walk(root))
        if node.tag in EMBEDDED and parent.tag not in EMBEDDED
        if (link := _link_to(parent, node)) is not None
    ]


def _rename(parent: Element, node: Element) -> None:
    if node.tag == "picture":
        _keep_the_picture(parent, node)
    if node.tag == "embed" and _BESIDE.match(node.get("src", "")):
        node.tag = "img"  # pandoc writes `embed` for an image that is a PDF
        caption = parent.find("figcaption")
        node.set("alt", "" if caption is None else text_of(caption))
    if node.tag == "center":
        _align(node, "center")
    # pandoc reads divs itself, and adds `data-` to attributes that it does not know.
    side = node.attrib.pop("data-align", "") or node.get("align", "")
    if node.tag in _ALIGNED and side.strip().lower() in _ALIGNMENTS:
        node.attrib.pop("align", None)
        if node.tag != "table" or side != "center":  # every table is centered already
            _align(node, side.strip().lower())
    if node.tag == "a" and (name := node.attrib.pop("name", "")):
        node.attrib.setdefault("id", name)
    node.tag = RENAMED.get(node.tag, node.tag)


def _align(node: Element, side: str) -> None:
    node.set("style", f"text-align: {side}; {node.get('style', '')}")


def _keep_the_picture(parent: Element, node: Element) -> None:
    """Keep the `img`, and remove its alternatives for browsers."""
    for source in node.findall("source"):
        node.remove(source)
    unwrap(parent, node)


def _is_pandocs(node: Element) -> bool:
    """Return whether pandoc wrote *node*: then it contains a link to the same file."""
    return [child.get("href", "") for child in node] == [node.get("src")]


def _link_to(parent: Element, node: Element) -> Element | None:
    """Replace *node*, one of EMBEDDED, by a link, and return the link.

    Between blocks the link gets its own paragraph. Its text is the title, or the fallback text if
    the caption does not repeat it, or the address. A node without any of them stays, to be refused
    later, and None is returned.
    """
    tag = str(node.tag)
    sources = (each.get("src", "") for each in node.iter("source"))
    address = (node.get(EMBEDDED[tag]) or next(sources, "")).strip()
    address = f"https:{address}" if address.startswith("//") else address
    caption = parent.find("figcaption")
    words = "" if tag == "iframe" else text_of(node)  # an iframe has words only for old browsers
    words = "" if caption is not None and words == text_of(caption) else words
    text = node.get("title", "").strip() or words or address
    if not text:
        return None
    link = element("a", text, href=address or None)
    replace(parent, node, element("p", link) if parent.tag in _BETWEEN_BLOCKS else link)
    return link
