"""The words of a sentence that were changed, and what they became."""

from __future__ import annotations

from collections.abc import Iterator

from chapbook.diff.align import common
from chapbook.diff.values import Act, Part
from chapbook.diff.words import is_word, tokens

_LEAST_KEPT = 0.25  # share of the words; with less the whole sentence counts as replaced


def parts_of(old: str, new: str) -> tuple[Part, ...]:
    """Return the words of both texts, and those of only one, in the order of reading."""
    mine, theirs = tokens(old), tokens(new)
    pairs = common([_key(token) for token in mine], [_key(token) for token in theirs])
    kept = sum(is_word(mine[at]) for at, _ in pairs)
    words = max(1, *(sum(map(is_word, each)) for each in (mine, theirs)))
    if kept / words < _LEAST_KEPT:
        pairs = []
    if len(pairs) == len(mine) == len(theirs):
        pairs = []  # only spaces differ
    return tuple(_parts(mine, theirs, _without_crumbs(pairs, mine, theirs)))


def _key(token: str) -> str:
    """Return the key by which two tokens are equal. All kinds of spaces are equal."""
    return " " if token.isspace() else token


def _without_crumbs(
    pairs: list[tuple[int, int]], old: list[str], new: list[str]
) -> list[tuple[int, int]]:
    """Return *pairs* without single signs or short words between two changes.

    Those count as changed too.
    """
    kept: list[tuple[int, int]] = []
    runs: list[list[tuple[int, int]]] = []
    for pair in pairs:
        if runs and runs[-1][-1] == (pair[0] - 1, pair[1] - 1):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    for run in runs:
        (first, other), (last, end) = run[0], run[-1]
        is_inside = first > 0 and other > 0 and last + 1 < len(old) and end + 1 < len(new)
        text = "".join(old[first : last + 1])
        words = sum(is_word(old[at]) for at, _ in run)
        if not (is_inside and (words == 0 or (words == 1 and len(text.strip()) <= 3))):
            kept += run
    return kept


def _parts(old: list[str], new: list[str], pairs: list[tuple[int, int]]) -> Iterator[Part]:
    at = other = 0
    same = ""
    for here, there in [*pairs, (len(old), len(new))]:
        if (at, other) != (here, there):
            if same:
                yield Part(same)
                same = ""
            yield from _changed("".join(old[at:here]), "".join(new[other:there]))
        same += new[there] if there < len(new) else ""
        at, other = here + 1, there + 1
    if same:
        yield Part(same)


def _changed(old: str, new: str) -> Iterator[Part]:
    if old:
        yield Part(old, Act.REMOVED)
    if new:
        yield Part(new, Act.ADDED)
