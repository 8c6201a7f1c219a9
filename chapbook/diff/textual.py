"""Changes of the words of a stream: added, removed, reworded and moved passages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chapbook.diff.places import anchor, end_of, last_words
from chapbook.diff.values import Act, Anchor, Change, Pair, Part, Stream, Unit

_WHOLE = {"text": "paragraph", "code": "listing", "row": "table row"}
_PART = {"text": "sentence", "code": "line of code", "row": "table row"}


def textual_changes(stream: Stream) -> Iterator[Change]:
    """Yield the changes of *stream*, in the order of reading."""
    runs = _runs(stream)
    old_of = {
        pair.new + pair.new_count - 1: pair.old + pair.old_count - 1
        for pair in stream.pairs
        if pair.old_count and pair.new_count
    }
    last_old: Unit | None = None
    for run in runs:
        pair = run[0]
        if not pair.new_count:
            yield _gone(stream, run)
        elif not pair.old_count:
            yield _come(stream, run, last_old, _before(stream, run[0], old_of))
        elif pair.is_moved:
            yield _moved(stream, run, last_old, _before(stream, run[0], old_of))
        if pair.old_count and pair.parts:
            yield _reworded(stream, pair)
        if pair.old_count and not pair.is_moved:
            last_old = stream.old[run[-1].old + run[-1].old_count - 1]
    yield from _recast(stream)


def _runs(stream: Stream) -> list[list[Pair]]:
    """Return the pairs in groups, one for each change.

    A removed paragraph or a moved section is one change.
    """
    runs: list[list[Pair]] = []
    for pair in stream.pairs:
        if runs and _goes_on(stream, runs[-1][-1], pair):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs


def _goes_on(stream: Stream, last: Pair, pair: Pair) -> bool:
    if last.parts or pair.parts or last.is_moved != pair.is_moved:
        return False
    follows_old = pair.old == last.old + last.old_count
    follows_new = pair.new == last.new + last.new_count
    if pair.is_moved:
        return follows_old and follows_new
    if not pair.new_count and not last.new_count:
        return follows_old and _is_one(stream.old[last.old], stream.old[pair.old])
    if not pair.old_count and not last.old_count:
        return follows_new and _is_one(stream.new[last.new], stream.new[pair.new])
    return False


def _is_one(unit: Unit, following: Unit) -> bool:
    """Return whether two units are of the same paragraph or note, so that they change together."""
    return unit.note == following.note and (unit.note is not None or unit.block == following.block)


def _before(stream: Stream, pair: Pair, old_of: Mapping[int, int]) -> str:
    """Return the words before *pair*, in the older state's wording where it has them."""
    if not pair.new:
        return ""
    at = old_of.get(pair.new - 1)
    unit = stream.new[pair.new - 1] if at is None else stream.old[at]
    return last_words(unit.text)


def _gone(stream: Stream, run: Sequence[Pair]) -> Change:
    units = stream.old[run[0].old : run[-1].old + 1]
    parts = (Part(_text(units), Act.REMOVED),)
    before = last_words(stream.old[run[0].old - 1].text) if run[0].old else ""
    name, places = _name(units, stream.old), (anchor(units[0]),)
    return Change(Act.REMOVED, name, parts, places, before, at=_at(run[0]))


def _come(stream: Stream, run: Sequence[Pair], last_old: Unit | None, before: str) -> Change:
    units = stream.new[run[0].new : run[-1].new + 1]
    parts = (Part(_text(units), Act.ADDED),)
    name, places = _name(units, stream.new), (_behind(last_old),)
    note = units[0].note if name == "note" else None
    return Change(Act.ADDED, name, parts, places, before, note=note, at=_at(run[0]))


def _moved(stream: Stream, run: Sequence[Pair], last_old: Unit | None, before: str) -> Change:
    units = stream.old[run[0].old : run[-1].old + run[-1].old_count]
    name, parts = _name(units, stream.old), (Part(_text(units)),)
    places, goal = (anchor(units[0]),), _behind(last_old)
    return Change(Act.MOVED, name, parts, places, before, goal=goal, at=_at(run[0]))


def _at(pair: Pair) -> tuple[int, int]:
    return pair.old, pair.new


def _behind(unit: Unit | None) -> Anchor:
    """Return the place of the last letter of *unit*, for something that comes after it."""
    return Anchor(max(0, end_of(unit) - 1), unit.note) if unit else Anchor(0)


def _reworded(stream: Stream, pair: Pair) -> Change:
    units = stream.old[pair.old : pair.old + pair.old_count]
    what = _PART.get(units[0].kind, units[0].kind)
    before = last_words(stream.old[pair.old - 1].text) if pair.old else ""
    places = tuple(_places(units, pair.parts))
    return Change(Act.CHANGED, what, pair.parts, places, before, at=_at(pair))


def _places(units: Sequence[Unit], parts: Sequence[Part]) -> Iterator[Anchor]:
    """Yield an anchor for each run of changed words. For added words it is the word before."""
    text = ""
    after_change = False
    for part in parts:
        if part.act is not None and not after_change:
            yield _within(units, text if part.act is Act.REMOVED else text.rstrip()[:-1])
        after_change = part.act is not None
        text += part.text if part.act is not Act.ADDED else ""


def _within(units: Sequence[Unit], prefix: str) -> Anchor:
    for unit in units[:-1]:
        if len(prefix) <= len(unit.text):
            return anchor(unit, prefix)
        prefix = prefix[len(unit.text) + 1 :]
    return anchor(units[-1], prefix)


def _text(units: Sequence[Unit]) -> str:
    """Return the words of *units*, one line for each paragraph."""
    text = ""
    for unit, following in zip(units, [*units[1:], None], strict=False):
        ends = following is None or following.block != unit.block or unit.kind == "code"
        text += unit.text + ("\n" if ends else " ")
    return text.strip()


def _name(units: Sequence[Unit], everything: Sequence[Unit]) -> str:
    """Return a reader's name for *units*, such as "note", "section", "2 paragraphs", "sentence"."""
    first = units[0]
    if first.note is not None:
        whole = [unit for unit in everything if unit.note == first.note]
        if len(whole) == len(units):
            return "note"
    blocks = {unit.block for unit in units}
    if first.kind == "heading":
        return "heading" if len(blocks) == 1 else "section"
    of_blocks = sum(unit.block in blocks for unit in everything)
    name = _WHOLE if of_blocks == len(units) else _PART
    if first.label and name is _WHOLE:
        return "list item" if len(blocks) == 1 else f"{len(blocks)} list items"
    noun = name.get(first.kind, first.kind)
    count = len(blocks) if name is _WHOLE else len(units)
    return noun if count == 1 else f"{count} {noun}s".replace("line of codes", "lines of code")


# Recast ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Both:
    """Corresponding units of both states."""

    old: Unit
    new: Unit


def _recast(stream: Stream) -> Iterator[Change]:
    """Yield changes of shape with the same words: joined or split paragraphs, heading levels."""
    last: Pair | None = None
    for pair in stream.pairs:
        if not (pair.old_count and pair.new_count):
            continue
        old, new = stream.old[pair.old], stream.new[pair.new]
        if old.kind == "heading" and old.depth != new.depth:
            detail = f"level {old.depth} → {new.depth}"
            yield Change(Act.CHANGED, "heading", (Part(old.text),), (anchor(old),), detail=detail)
        if last is not None and _follow(last, pair) and not pair.is_moved:
            yield from _split_or_joined(_last_of(stream, last), _Both(old, new))
        last = pair


def _follow(last: Pair, pair: Pair) -> bool:
    return (last.old + last.old_count, last.new + last.new_count) == (pair.old, pair.new)


def _last_of(stream: Stream, pair: Pair) -> _Both:
    return _Both(
        stream.old[pair.old + pair.old_count - 1], stream.new[pair.new + pair.new_count - 1]
    )


def _split_or_joined(last: _Both, here: _Both) -> Iterator[Change]:
    if {last.old.kind, last.new.kind, here.old.kind, here.new.kind} != {"text"}:
        return
    was_one, is_one = last.old.block == here.old.block, last.new.block == here.new.block
    if was_one != is_one and last.old.note == here.old.note and last.new.note == here.new.note:
        act = Act.ADDED if was_one else Act.REMOVED
        before = last_words(last.old.text)
        yield Change(act, "paragraph break", (Part(here.old.text),), (anchor(here.old),), before)
