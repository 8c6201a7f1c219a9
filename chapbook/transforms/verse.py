"""Verse: makes every line a block, so that the rest of a long line is indented."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import add_class, append, classes, contents, element, walk, wrap_loose_words


def set_verse(document: Document) -> Document:
    """Split line blocks, and the paragraphs of `::: verse`, into stanzas and lines."""
    for tree in (document.body, *(note.body for note in document.notes)):
        for _, node in list(walk(tree)):
            if node.tag == "div" and vocabulary.LINE_BLOCK in classes(node):
                _fill(node, [_stanza(lines) for lines in _stanzas(_lines(node))])
            elif node.tag == "div" and "verse" in classes(node):
                wrap_loose_words(node)
                _split_paragraphs(node)
    return document


def _split_paragraphs(verse: Element) -> None:
    """Make a stanza of each paragraph of *verse* that has line breaks."""
    for child in verse:
        if child.tag == "p" and any(inner.tag == "br" for inner in child):
            _fill(child, _stanza(_lines(child)))
            child.tag = "div"
            add_class(child, vocabulary.STANZA)


Line = list[Element | str]


def _lines(node: Element) -> list[Line]:
    """Return the lines of *node*, without the line feeds that pandoc adds."""
    lines: list[Line] = [[]]
    for part in (node.text or "", *contents(node)):
        if isinstance(part, Element) and part.tag == "br":
            lines.append([])
        elif isinstance(part, Element):
            lines[-1].append(part)
        else:
            text = part if lines[-1] else part.lstrip("\n")
            lines[-1] += [text] if text else []
    return lines


def _stanzas(lines: list[Line]) -> list[list[Line]]:
    """Return *lines* in groups, split at empty lines."""
    stanzas: list[list[Line]] = [[]]
    for line in lines:
        if any(isinstance(part, Element) or part.strip(" \n") for part in line):
            stanzas[-1].append(line)
        elif stanzas[-1]:
            stanzas.append([])
    return [stanza for stanza in stanzas if stanza]


def _stanza(lines: list[Line]) -> list[Element]:
    return [element("div", *line, class_=vocabulary.LINE) for line in lines]


def _fill(node: Element, lines: list[Element] | list[list[Element]]) -> None:
    node.text = None
    for child in list(node):
        node.remove(child)
    for part in lines:
        append(
            node,
            element("div", *part, class_=vocabulary.STANZA) if isinstance(part, list) else part,
        )
