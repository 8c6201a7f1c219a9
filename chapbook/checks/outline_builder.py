"""Makes an outline of the common tree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from chapbook.checks.labels import heading_label
from chapbook.checks.outline import Emphasis, Heading, Item, Link, Note, Passage, Picture, Table
from chapbook.checks.text_positions import BLOCK, PAGE, Taken, take, take_children
from chapbook.checks.tree import Node

_CONTEXT = 4  # words before a note's call
_REACH = 400  # characters in which they are searched
_LANDING = 6  # words that identify the target of a link


def collapsed(raw: str) -> str:
    """Return raw text as words separated by one space, or by a line feed for a line end."""
    raw = re.sub(rf"[{BLOCK}\n]*{PAGE}[{BLOCK}{PAGE}\n]*", "\n", raw)
    raw = raw.replace(BLOCK, " ")
    return re.sub(r"\s+", lambda match: "\n" if match[0] == "\n" else " ", raw).strip()


def outline_parts(root: Node) -> tuple[Passage, tuple[Note, ...]]:
    """Return the text of *root* and its notes, in the order of their calls; uncalled ones last."""
    main = Taken()
    take(root, main)
    notes = [(node, _taken_note(node)) for node in root.walk() if node.kind == "note"]
    landings = _landings([main, *(taken for _, taken in notes)])
    by_name = {}
    for node, taken in notes:
        for name in node.ids:
            by_name[f"#{name}"] = taken
            landings.setdefault(name, _first_words(taken.text))
    called = [_called(call, main, offset, by_name, landings) for call, offset in main.calls]
    targets = {call.get("target") for call, _ in main.calls}
    uncalled = [
        Note(None, _passage(taken, landings), returns=False)
        for node, taken in notes
        if not targets & {f"#{name}" for name in node.ids}
    ]
    return _passage(main, landings), (*called, *uncalled)


def _taken_note(node: Node) -> Taken:
    taken = Taken()
    take_children(node, taken)
    return taken


def _called(
    call: Node, main: Taken, offset: int, notes: Mapping[str, Taken], landings: Mapping[str, str]
) -> Note:
    after = _last_words(main.text[:offset])
    note = notes.get(call.get("target"))
    if note is None:
        return Note(after, None, returns=False)
    returns = any(back in call.ids for back in note.backs)
    return Note(after, _passage(note, landings), returns)


def _last_words(raw: str) -> str:
    words = re.findall(r"\s?\S+", collapsed(raw[-_REACH:]))
    return "".join(words[-_CONTEXT:]).strip()


def _first_words(raw: str) -> str:
    """Return the first words of the first block with words."""
    first = next(filter(None, map(collapsed, _blocks(raw[:2000]))), "")
    return "".join(re.findall(r"\s?\S+", first)[:_LANDING])


def _landings(passages: Sequence[Taken]) -> dict[str, str]:
    """Return the words at each id. If an id occurs twice, the first counts, as in browsers."""
    landings: dict[str, str] = {}
    for taken in passages:
        raw = taken.text
        for name, offset in taken.anchors.items():
            landings.setdefault(name, _first_words(raw[offset:]))
    return landings


# Writing ---------------------------------------------------------------------------------------


def _passage(taken: Taken, landings: Mapping[str, str]) -> Passage:
    raw = taken.text

    def text(start: int, end: int | None = None) -> str:
        return collapsed(raw[start:end])

    def target(address: str) -> str:
        return f"→ {landings.get(address[1:], '')}" if address.startswith("#") else address

    return Passage(
        blocks=tuple(filter(None, map(collapsed, _blocks(raw)))),
        headings=tuple(
            Heading(
                int(node.get("depth", "1")),
                text(start, end),
                is_inner=bool(node.get("inner")),
                has_picture=any(start <= at < end for _, _, at in taken.pictures),
                label=heading_label(node),
            )
            for node, start, end in taken.headings
        ),
        links=tuple(
            Link(text(start, end), target(node.get("target")), node.get("page"))
            for node, start, end in _joined_links(taken, raw)
        ),
        pictures=tuple(
            _picture(
                node,
                text(*taken.captions[id(figure)]) if id(figure) in taken.captions else "",
                _last_words(raw[max(0, at - _REACH) : at]),
            )
            for node, figure, at in taken.pictures
        ),
        tables=tuple(
            Table(
                text(*taken.captions[id(node)]) if id(node) in taken.captions else "",
                tuple(
                    tuple(f"{'# ' if head else ''}{text(*span)}" for head, *span in row)
                    for row in rows
                    if any(text(*span) or not head for head, *span in row)
                ),
            )
            for node, rows in taken.tables
        ),
        code=tuple(taken.code),
        items=tuple(
            Item(depth, label, _first_words(raw[span.start : span.end]))
            for depth, label, span in taken.items
        ),
        quotes=tuple(text(*span) for span in sorted(taken.quotes)),
        emphasis=tuple(
            Emphasis(kind, text(*span))
            for kind, *span in sorted(taken.emphasis, key=lambda part: (part[1], -part[2]))
            if text(*span)
        ),
    )


def _blocks(raw: str) -> list[str]:
    """Split the raw text into blocks, but not at page ends, where a block may continue."""
    joined = re.sub(rf"[{BLOCK}\n]*{PAGE}[{BLOCK}{PAGE}\n]*", PAGE, raw)
    return joined.split(BLOCK)


def _joined_links(taken: Taken, raw: str) -> list[tuple[Node, int, int]]:
    """Return the links in order, with the parts of a link joined that a line or page end splits.

    A page reference is never such a part. In a list of figures it may begin the line after a
    caption with the same target; its text is only the page.
    """
    joined: list[tuple[Node, int, int]] = []
    for node, start, end in sorted(taken.links, key=lambda link: (link[1], -link[2])):
        is_same = joined and joined[-1][0].get("target") == node.get("target")
        is_rest = is_same and collapsed(raw[start:end]) != node.get("page")
        if is_rest and _is_cut(raw[joined[-1][2] : start + 1]):
            joined[-1] = (joined[-1][0], joined[-1][1], end)
        else:
            joined.append((node, start, end))
    return joined


def _is_cut(between: str) -> bool:
    """Return whether only the end of a line or page is between two parts of a link.

    *between* ends with the second part's first character, which is the line feed.
    """
    return between == "\n" or (PAGE in between and not between.strip(f"{BLOCK}{PAGE}\n"))


def _picture(node: Node, caption: str, after: str) -> Picture:
    width, height = (
        int(node.get(side)) if node.get(side).isdecimal() else None for side in ("width", "height")
    )
    alt = collapsed(node.get("alt"))
    return Picture(
        node.get("kind"),
        alt,
        caption,
        width,
        height,
        node.get("digest") or None,
        after,
        node.get("look") or None,
        node.attributes.get("symbols"),
    )
