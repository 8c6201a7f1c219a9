"""A comparison in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from chapbook.diff.values import Act, Change, Comparison, Part, Spot

_LONGEST = 60  # words of a moved, added or removed passage; the middle of a longer one is left out


def spot_text(spot: Spot | None) -> str:
    """Return *spot* in words, such as "p. 3, line 12"."""
    if spot is None:
        return ""
    note = f", note {spot.note}" if spot.note is not None else ""
    return f"p. {spot.folio}{note}, line {spot.line}"


def headline(change: Change) -> str:
    """Return what happened, in a phrase."""
    phrase = f"{change.what} {change.act.value}"
    if change.what == "paragraph break":
        phrase = "paragraph parted" if change.act is Act.ADDED else "paragraphs joined"
    if change.act is Act.MOVED:
        goal = spot_text(change.goal_spot)
        phrase += f" to {goal}" if goal else ""
    if change.detail:
        phrase += f": {change.detail}"
    behind = change.act in (Act.ADDED, Act.MOVED) and change.what != "emphasis"
    if behind and change.anchors:
        phrase += f", after “{change.before}”" if change.before else ", at the beginning"
    return phrase


def shown_parts(change: Change) -> tuple[Part, ...]:
    """Return the words of *change*, without the middle of a long passage."""
    if len(change.parts) > 1:
        return change.parts
    return tuple(Part(_shortened(part.text), part.act) for part in change.parts)


def _shortened(text: str) -> str:
    words = text.split(" ")
    if len(words) <= _LONGEST:
        return text
    half = _LONGEST // 2
    left_out = len(words) - 2 * half
    return " ".join([*words[:half], f"[… {left_out} words …]", *words[-half:]])


def summary(comparison: Comparison) -> str:
    """Return in words how many changes of each kind there are."""
    counts = Counter(change.act for change in comparison.changes)
    kinds = ", ".join(f"{counts[act]} {act.value}" for act in Act if counts[act])
    total = len(comparison.changes)
    if not total:
        return "no change"
    return f"{total:,} change{'' if total == 1 else 's'}: {kinds}"


def as_json(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the changes as rows for scripts. Unknown and empty values are left out."""
    return [dict(_row(change)) for change in comparison.changes]


def _row(change: Change) -> Iterator[tuple[str, Any]]:
    yield "change", change.act.value
    yield "what", change.what
    if change.spots:
        yield from _spot_row(change.spots[0]).items()
    if len(change.spots) > 1:
        yield "places", list(map(_spot_row, change.spots))
    if change.goal_spot:
        yield "to", _spot_row(change.goal_spot)
    if change.before:
        yield "after", change.before
    if change.detail:
        yield "detail", change.detail
    if change.act is not Act.ADDED:
        yield "old", change.old
    if change.act in (Act.ADDED, Act.CHANGED):
        yield "new", change.new
    if len(change.parts) > 1:
        yield (
            "parts",
            [
                {"words": part.text, "in": "both" if part.act is None else _STATES[part.act]}
                for part in change.parts
            ],
        )


_STATES = {Act.ADDED: "new", Act.REMOVED: "old"}


def _spot_row(spot: Spot) -> dict[str, Any]:
    note = {"note": spot.note} if spot.note is not None else {}
    return {"page": spot.folio, **note, "line": spot.line}
