"""Listings: highlights code, numbers its lines if wanted, and adds file names and captions.

A line that is too long for a small screen is a block of its own, so that the stylesheets can indent
its continuation and mark it. All others are plain text with few spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document, Manuscript
from chapbook.model.dom import add_class, append, classes, element, replace, walk
from chapbook.model.errors import Code, Finding, Place, note
from chapbook.reading.source_positions import Places
from chapbook.transforms.highlighting import Piece, highlighted, nearest

LONGEST_KEPT_WHOLE = 16  # lines: an unbroken longer listing would leave half a page empty
LONGEST_LINE_IN_VIEW = 30  # characters of code that a screen of 320 px shows
NUMBERED = frozenset({"numberLines", "number-lines", "numbered"})
MOST_DIGITS = 6  # of a line's number
_FILE_NAME, _START, _CAPTIONS = "data-filename", "data-startfrom", ("data-caption", "data-lst-cap")


def frame_listings(document: Document) -> Document:
    """Make a figure of every listing with a file name or a caption, so that it can be numbered."""
    for parent, node in list(walk(document.body)):
        if node.tag == "pre":
            _frame(parent, node)
        for name in (_FILE_NAME, *_CAPTIONS):
            node.attrib.pop(name, None)
    return document


def set_listings(document: Document) -> Document:
    """Give every listing its markup."""
    findings: list[Finding] = []
    for tree in (document.body, *(item.body for item in document.notes)):
        for _, node in list(walk(tree)):
            if node.tag == "pre":
                findings += _set(node, document.manuscript)
            node.attrib.pop(_START, None)
    return with_changes(document, findings=(*document.findings, *findings))


def _set(listing: Element, manuscript: Manuscript) -> Iterator[Finding]:
    text = "".join(listing.itertext())
    if text.count("\n") >= LONGEST_KEPT_WHOLE:
        add_class(listing, vocabulary.LONG)
    code = listing[0] if len(listing) == 1 and listing[0].tag == "code" else listing
    if len(code) or not text or code.text != text:
        return  # raw HTML with markup of its own
    language = next((name for name in classes(listing) if name not in NUMBERED), "")
    pieces = highlighted(text, language) if language else None
    if pieces is None and (meant := nearest(language)):
        message = (
            f"no language is called “{language}”: the listing is not highlighted; write {meant}?"
        )
        yield note(Code.LANGUAGE_UNKNOWN, message, _place(language, manuscript))
    start = _first_number(listing)
    if start is not None:
        add_class(listing, vocabulary.NUMBERED)
    code.text = None
    _fill(code, list(_lines(pieces or ((text, ""),))), start)


def _first_number(listing: Element) -> int | None:
    """Return the number of a listing's first line; None if its lines have no numbers."""
    if NUMBERED.isdisjoint(classes(listing)):
        return None
    start = listing.get(_START, "").strip()
    return int(start) if re.fullmatch(rf"[0-9]{{1,{MOST_DIGITS}}}", start) else 1


def _lines(pieces: tuple[Piece, ...]) -> Iterator[list[Piece]]:
    line: list[Piece] = []
    for text, kind in pieces:
        for number, part in enumerate(text.split("\n")):
            if number:
                yield line
                line = []
            if part:
                line.append((part, kind))
    yield line


def _fill(code: Element, lines: list[list[Piece]], start: int | None) -> None:
    digits = len(str((start or 0) + len(lines) - 1))
    for number, line in enumerate(lines):
        end = "\n" if number < len(lines) - 1 else ""
        is_wide = sum(len(text) for text, _ in line) > LONGEST_LINE_IN_VIEW
        target = element("span", class_=vocabulary.WIDE_LINE) if is_wide else code
        if start is not None:
            # As wide as the widest number, so that the code is aligned.
            shown = f"{str(start + number).rjust(digits)}  "
            append(target, element("span", shown, class_=vocabulary.LINE_NUMBER))
        for text, kind in line:
            append(target, element("span", text, class_=vocabulary.CODE[kind]) if kind else text)
        append(target, end)
        if is_wide:
            code.append(target)
    if start is not None:
        add_class(code, f"{vocabulary.DIGITS}{min(digits, MOST_DIGITS)}")


def _frame(parent: Element, listing: Element) -> None:
    """Put a listing that has a file name or a caption into a figure with both."""
    name = listing.get(_FILE_NAME, "").strip()
    words = next(
        (caption_text for key in _CAPTIONS if (caption_text := listing.get(key, "").strip())), ""
    )
    if (not name and not words) or parent.tag == "figure":
        return
    caption = element("figcaption")
    if name:
        append(caption, element("code", name, class_=vocabulary.FILE_NAME))
    if words:
        append(caption, f" {words}" if name else words)
    figure = element(
        "figure", caption, class_=vocabulary.LISTING, id=listing.attrib.pop("id", None)
    )
    replace(parent, listing, figure)
    figure.append(listing)


def _place(language: str, manuscript: Manuscript) -> Place:
    """Return the place of a fence with *language*, since `Places` does not search code."""
    fence = re.compile(
        rf"^[ >\t]*(?:`{{3,}}|~{{3,}})[ {{.]*{re.escape(language)}(?!\w)", re.MULTILINE
    )
    match = fence.search(manuscript.text)
    return Places(manuscript).at(match.start()) if match else Place(manuscript.name)
