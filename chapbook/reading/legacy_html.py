"""HTML of other days, and of other media, in the words of the one DOM.

Elements that HTML has dropped or that lay out a whole page stand for others (HTML, 16.2); films,
sounds and frames, which play in no book, become links to what they show.
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
"""What shows another file, and the attribute that names it."""
_BETWEEN_BLOCKS = frozenset("article aside blockquote body details div figure section".split())
_BESIDE = re.compile(r"(?!\s*(?:[a-z][a-z0-9+.-]*:|//|#|$))", re.IGNORECASE)
_ALIGNED = frozenset("caption div h1 h2 h3 h4 h5 h6 p table td th".split())
_ALIGNMENTS = frozenset({"left", "right", "center"})


def modernize(root: Element) -> list[tuple[str | None, Element]]:
    """Change what *root*, a parsed document, holds of old elements and attributes.

    Returns the links that were made, each with the name of the element for which it stands; with
    none where pandoc made the element of an image.
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
        node.tag = "img"  # pandoc's for a PDF in an image's place
        caption = parent.find("figcaption")
        node.set("alt", "" if caption is None else text_of(caption))
    if node.tag == "center":
        _align(node, "center")
    # pandoc, which reads divs itself, makes data of what it does not know.
    side = node.attrib.pop("data-align", "") or node.get("align", "")
    if node.tag in _ALIGNED and side.strip().lower() in _ALIGNMENTS:
        node.attrib.pop("align", None)
        if node.tag != "table" or side != "center":  # as every table is
            _align(node, side.strip().lower())
    if node.tag == "a" and (name := node.attrib.pop("name", "")):
        node.attrib.setdefault("id", name)
    node.tag = RENAMED.get(node.tag, node.tag)


def _align(node: Element, side: str) -> None:
    node.set("style", f"text-align: {side}; {node.get('style', '')}")


def _keep_the_picture(parent: Element, node: Element) -> None:
    """Keep the `img` for those who choose no other."""
    for source in node.findall("source"):
        node.remove(source)
    unwrap(parent, node)


def _is_pandocs(node: Element) -> bool:
    """Whether pandoc wrote *node*, with a link in it to the same file."""
    return [child.get("href", "") for child in node] == [node.get("src")]


def _link_to(parent: Element, node: Element) -> Element | None:
    """Put a link where *node* stands, one of EMBEDDED: in a paragraph of its own between blocks.

    Its words are the title, or those for readers who cannot play it, unless the caption says them,
    or the address. What shows nothing and says nothing stays, to be refused: None.
    """
    tag = str(node.tag)
    sources = (each.get("src", "") for each in node.iter("source"))
    address = (node.get(EMBEDDED[tag]) or next(sources, "")).strip()
    address = f"https:{address}" if address.startswith("//") else address
    caption = parent.find("figcaption")
    words = "" if tag == "iframe" else text_of(node)  # an iframe's are for browsers of 1996
    words = "" if caption is not None and words == text_of(caption) else words
    said = node.get("title", "").strip() or words or address
    if not said:
        return None
    link = element("a", said, href=address or None)
    replace(parent, node, element("p", link) if parent.tag in _BETWEEN_BLOCKS else link)
    return link
