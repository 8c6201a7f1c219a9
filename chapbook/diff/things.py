"""Changes besides the words: figures and formulas, addresses of links, emphasis, metadata."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from chapbook.checks.outline import Emphasis, Link, Outline, Passage, Picture
from chapbook.diff.align import common, heaviest
from chapbook.diff.places import Finder, OlderPlaces, last_words
from chapbook.diff.rewording import parts_of
from chapbook.diff.values import Act, Anchor, Change, Part, Stream

_TASKS = ("open", "done")
_EMPHASIS = {
    "em": "italics",
    "strong": "bold",
    "del": "struck through",
    "sup": "superscript",
    "sub": "subscript",
    "mark": "marked",
    "code": "code",
    "underline": "underlined",
}


def metadata_changes(old: Outline, new: Outline) -> Iterator[Change]:
    """Yield the changes of the metadata, key by key."""
    mine, theirs = _metadata(old), _metadata(new)
    for key in dict.fromkeys([*mine, *theirs]):
        was, is_now = mine.get(key, ""), theirs.get(key, "")
        if was == is_now:
            continue
        act = Act.CHANGED if was and is_now else Act.REMOVED if was else Act.ADDED
        yield Change(act, key, parts_of(was, is_now))


def _metadata(outline: Outline) -> dict[str, str]:
    metadata = {"title": outline.title, "subtitle": outline.subtitle}
    for key, value in outline.metadata.items():
        if key != "title":  # it is title and subtitle in one
            metadata[key] = value if isinstance(value, str) else "; ".join(value)
    return metadata


def things_changed(old: Passage, new: Passage, stream: Stream) -> Iterator[Change]:
    """Yield all changes in a text, or in the notes, besides those of the words."""
    for changes in (picture_changes, task_changes, link_changes, emphasis_changes):
        yield from changes(old, new, stream)


def all_notes(outline: Outline) -> Passage:
    """Return the contents of all notes, one after another, as one passage."""
    notes = [note.text for note in outline.notes if note.text]
    return Passage(
        links=tuple(each for note in notes for each in note.links),
        pictures=tuple(each for note in notes for each in note.pictures),
        items=tuple(each for note in notes for each in note.items),
        emphasis=tuple(each for note in notes for each in note.emphasis),
    )


# Figures and formulas --------------------------------------------------------------------------


def picture_changes(old: Passage, new: Passage, stream: Stream) -> Iterator[Change]:
    """Yield the changes of figures and formulas.

    They are added, removed or moved, or have another image or wording.
    """
    mine, theirs = old.pictures, new.pictures
    here, there = _all_behind(mine, Finder(stream.old)), _all_behind(theirs, Finder(stream.new))
    older = OlderPlaces(stream)
    pairs = _paired(mine, theirs)
    for at, other in pairs:
        yield from _picture_change(mine[at], theirs[other], here[at])
    stayed = heaviest(pairs, lambda _: 1)
    for at, other in pairs:
        if (at, other) not in stayed:
            yield _picture(Act.MOVED, mine[at], here[at], Anchor(older.offset(there[other])))
    gone, come = _unpaired(pairs, len(mine), len(theirs))
    for at in gone:
        yield _picture(Act.REMOVED, mine[at], here[at])
    for at in come:
        yield _picture(Act.ADDED, theirs[at], older.offset(there[at]))


def _all_behind(pictures: Sequence[Picture], finder: Finder) -> list[int]:
    return [finder.behind(picture.after) for picture in pictures]


def _paired(old: Sequence[Picture], new: Sequence[Picture]) -> list[tuple[int, int]]:
    """Return pairs of corresponding pictures.

    They are equal, or have the same file, the same words or the same place; tried in this order.
    """
    pairs: list[tuple[int, int]] = []
    for key in (_look, _digest, _wording):
        here, there = _unpaired(pairs, len(old), len(new))
        in_order = common([key(old[at], at) for at in here], [key(new[at], ~at) for at in there])
        pairs += [(here[at], there[other]) for at, other in in_order]
        here, there = _unpaired(pairs, len(old), len(new))
        for at in here:  # in another place
            other = next(
                (each for each in there if key(old[at], at) == key(new[each], ~each)), None
            )
            if other is not None:
                there.remove(other)
                pairs.append((at, other))
    here, there = _unpaired(pairs, len(old), len(new))
    kinds = [old[at].kind for at in here], [new[at].kind for at in there]
    if len(here) == len(there):
        pairs += [(here[at], there[other]) for at, other in common(*kinds)]
    return sorted(pairs)


def _unpaired(pairs: Sequence[tuple[int, int]], old: int, new: int) -> tuple[list[int], list[int]]:
    taken, others = {at for at, _ in pairs}, {other for _, other in pairs}
    return (
        [at for at in range(old) if at not in taken],
        [at for at in range(new) if at not in others],
    )


def _look(picture: Picture, _: int) -> Hashable:
    return (picture.kind, picture.digest, picture.alt, picture.caption)


def _digest(picture: Picture, alone: int) -> Hashable:
    return picture.digest or alone


def _wording(picture: Picture, alone: int) -> Hashable:
    return picture.caption or (picture.kind == "image" and picture.alt) or alone


def _name(picture: Picture) -> str:
    return "formula" if picture.kind == "math" else "figure"


def _picture(act: Act, picture: Picture, offset: int, goal: Anchor | None = None) -> Change:
    parts = (Part(_words(picture), None if act is Act.MOVED else act),)
    before = last_words(picture.after)
    return Change(act, _name(picture), parts, (Anchor(offset),), before, goal=goal)


def _words(picture: Picture) -> str:
    return picture.caption or picture.alt or "without description"


def _picture_change(old: Picture, new: Picture, offset: int) -> Iterator[Change]:
    details = []
    if old.digest != new.digest and None not in (old.digest, new.digest):
        details.append("another image")
    # A changed caption is reported as a change of the words.
    are_captions = (old.alt, new.alt) == (old.caption, new.caption)
    if old.kind != "math" and old.alt != new.alt and not are_captions:
        details.append(f"description: “{old.alt}” → “{new.alt}”")
    if details:
        shown = (Part(_words(new)),)
        detail = "; ".join(details)
        yield Change(Act.CHANGED, "figure", shown, (Anchor(offset),), old.after, detail)
    elif old.kind == "math" and old.alt != new.alt:
        parts = parts_of(old.alt, new.alt)
        yield Change(Act.CHANGED, "formula", parts, (Anchor(offset),), old.after)


# Tasks, links and emphasis ---------------------------------------------------------------------


def task_changes(old: Passage, new: Passage, stream: Stream) -> Iterator[Change]:
    """Yield the tasks that were done or opened again."""
    mine, theirs = ([each for each in side.items if each.label in _TASKS] for side in (old, new))
    finder = Finder(stream.old)
    offsets = [finder.find(item.text) for item in mine]
    for at, other in common([item.text for item in mine], [item.text for item in theirs]):
        if mine[at].label != theirs[other].label:
            detail = f"{mine[at].label} → {theirs[other].label}"
            parts = (Part(mine[at].text),)
            yield Change(Act.CHANGED, "task", parts, (Anchor(offsets[at]),), detail=detail)


def link_changes(old: Passage, new: Passage, stream: Stream) -> Iterator[Change]:
    """Yield the links with the same words and another address.

    A link within the text whose target moved has not changed.
    """
    mine, theirs = old.links, new.links
    finder = Finder(stream.old)
    offsets = [finder.find(link.text) for link in mine]
    for at, other in common([link.text for link in mine], [link.text for link in theirs]):
        if _address(mine[at]) != _address(theirs[other]):
            detail = f"{mine[at].target} → {theirs[other].target}"
            parts = (Part(mine[at].text),)
            yield Change(Act.CHANGED, "link", parts, (Anchor(offsets[at]),), detail=detail)


def _address(link: Link) -> str:
    return "" if link.target.startswith("→") else link.target


def emphasis_changes(old: Passage, new: Passage, stream: Stream) -> Iterator[Change]:
    """Yield the words that both states have, but only one emphasizes."""
    mine, theirs = old.emphasis, new.emphasis
    here, there = Finder(stream.old), Finder(stream.new)
    offsets = [here.find(each.text) for each in mine]
    others = [there.find(each.text) for each in theirs]
    pairs = common(mine, theirs)
    older = OlderPlaces(stream)
    stays, stayed = {at for at, _ in pairs}, {other for _, other in pairs}
    for at, each in enumerate(mine):
        if at not in stays and each.text in there:
            yield _emphasis(Act.REMOVED, each, offsets[at])
    for at, each in enumerate(theirs):
        if at not in stayed and each.text in here:
            yield _emphasis(Act.ADDED, each, older.offset(others[at]))


def _emphasis(act: Act, emphasis: Emphasis, offset: int) -> Change:
    detail = _EMPHASIS.get(emphasis.kind, emphasis.kind)
    return Change(act, "emphasis", (Part(emphasis.text),), (Anchor(offset),), detail=detail)
