"""Pair the sentences of two states that correspond: unchanged, reworded or moved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chapbook.diff.align import common, likeness
from chapbook.diff.rewording import parts_of
from chapbook.diff.values import Pair, Unit
from chapbook.diff.words import is_word, tokens

# The least likeness, from 0 to 1, of a sentence and its reworded form.
_ALIKE = 0.5
_ALIKE_ALONE = 0.25  # where nothing else is between two unchanged sentences
_ALIKE_AFAR = 0.65  # where the sentence also moved
_MOST_PAIRS = 40_000  # pairs that are measured between two anchors
_HEADING = 40  # weight of a heading in words, so that paragraphs move past headings
_SHORTEST_MOVE = 3  # words; shorter sentences count as removed and added


@dataclass(frozen=True, slots=True)
class _Side:
    """The units of one state with their words."""

    units: Sequence[Unit]
    words: Sequence[list[str]]

    @classmethod
    def of(cls, units: Sequence[Unit]) -> _Side:
        return cls(units, [_words(unit.text) for unit in units])

    def weight(self, at: int) -> int:
        is_heading = self.units[at].kind == "heading"
        return len(self.words[at]) + (_HEADING if is_heading else 1)

    def text(self, at: int, count: int) -> str:
        return " ".join(unit.text for unit in self.units[at : at + count])


def _words(text: str) -> list[str]:
    parts = [token for token in tokens(text) if not token.isspace()]
    return [each for each in parts if is_word(each)] or parts


def pair_units(old: Sequence[Unit], new: Sequence[Unit]) -> tuple[Pair, ...]:
    """Return all units of both states, in pairs or alone, in the order of reading.

    A removed unit has its old place. An added or moved unit has its new place.
    """
    here, there = _Side.of(old), _Side.of(new)
    same = common([unit.key for unit in old], [unit.key for unit in new], here.weight)
    pairs = [Pair(*each) for each in same]
    pairs += _moved_whole(here, there, pairs)
    pairs += list(_reworded(here, there, pairs))
    pairs += list(_moved_and_reworded(here, there, pairs))
    return tuple(_in_order(here, there, pairs))


def _free(pairs: Sequence[Pair], old_size: int, new_size: int) -> tuple[list[int], list[int]]:
    """Return the indexes of the old and of the new units that are in no pair."""
    taken = {at for pair in pairs for at in range(pair.old, pair.old + pair.old_count)}
    others = {at for pair in pairs for at in range(pair.new, pair.new + pair.new_count)}
    return (
        [at for at in range(old_size) if at not in taken],
        [at for at in range(new_size) if at not in others],
    )


# Moved -----------------------------------------------------------------------------------------


def _moved_whole(old: _Side, new: _Side, pairs: Sequence[Pair]) -> list[Pair]:
    """Return pairs of units with the same words in different places."""
    here, there = _free(pairs, len(old.units), len(new.units))
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at in there:
        places[new.units[at].key].append(at)
    moved: list[Pair] = []
    for at in here:
        others = places[old.units[at].key]
        if not others:
            continue
        follows = [other for other in others if moved and moved[-1] == _before(at, other)]
        is_long = len(old.words[at]) >= _SHORTEST_MOVE or old.units[at].kind == "heading"
        if follows or is_long:
            other = (follows or others)[0]
            others.remove(other)
            moved.append(Pair(at, other, is_moved=True))
    return moved


def _before(at: int, other: int) -> Pair:
    return Pair(at - 1, other - 1, is_moved=True)


def _moved_and_reworded(old: _Side, new: _Side, pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield pairs of units that moved and were reworded.

    Only units that share a rare word are measured.
    """
    here, there = _free(pairs, len(old.units), len(new.units))
    holders: dict[str, list[int]] = defaultdict(list)
    for at in there:
        for word in set(new.words[at]):
            holders[word].append(at)
    measured = []
    for at in here:
        rare = sorted((len(holders[word]), word) for word in set(old.words[at]) if word in holders)
        for other in {each for _, word in rare[:4] for each in holders[word][:50]}:
            alike = _likeness(old, new, (at, 1, other, 1))
            if alike >= _ALIKE_AFAR and len(old.words[at]) > _SHORTEST_MOVE:
                measured.append((-alike, at, other))
    taken: set[int] = set()
    others: set[int] = set()
    for _, at, other in sorted(measured):
        if at not in taken and other not in others:
            taken.add(at)
            others.add(other)
            pair = _reworded_pair(old, new, (at, 1, other, 1))
            yield replace(pair, is_moved=True)


# Reworded --------------------------------------------------------------------------------------

_Step = tuple[int, int, int, int]  # old, how many, new, how many


def _reworded(old: _Side, new: _Side, pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield pairs of units that were reworded, between each two that stayed in place."""
    stayed = sorted((pair.old, pair.new) for pair in pairs if not pair.is_moved)
    here, there = _free(pairs, len(old.units), len(new.units))
    bounds = [*stayed, (len(old.units), len(new.units))]
    first = other = 0
    for end, last in bounds:
        gap, gap_new = [], []
        while first < len(here) and here[first] < end:
            gap.append(here[first])
            first += 1
        while other < len(there) and there[other] < last:
            gap_new.append(there[other])
            other += 1
        for step in _best_steps(old, new, gap, gap_new):
            yield _reworded_pair(old, new, step)


def _reworded_pair(old: _Side, new: _Side, step: _Step) -> Pair:
    at, count, other, others = step
    parts = parts_of(old.text(at, count), new.text(other, others))
    return Pair(at, other, count, others, parts=parts)


def _likeness(old: _Side, new: _Side, step: _Step) -> float:
    at, count, other, others = step
    mine = [word for words in old.words[at : at + count] for word in words]
    theirs = [word for words in new.words[other : other + others] for word in words]
    kinds = {unit.kind for unit in old.units[at : at + count]}
    if kinds != {unit.kind for unit in new.units[other : other + others]}:
        return -1.0
    return likeness(mine, theirs)


def _best_steps(old: _Side, new: _Side, gap: list[int], gap_new: list[int]) -> list[_Step]:
    """Return the pairs, in order, that keep the most words."""
    if not gap or not gap_new or len(gap) * len(gap_new) > _MOST_PAIRS:
        return []
    least = _least(old, new, gap, gap_new)
    rows, columns = len(gap) + 1, len(gap_new) + 1
    best = [[0.0] * columns for _ in range(rows)]
    came: dict[tuple[int, int], _Step] = {}
    for row in range(rows):
        for column in range(columns):
            arrivals = _arrivals(best, row, column)
            for step in _steps(old, new, gap[:row][-2:], gap_new[:column][-2:]):
                alike = _likeness(old, new, step)
                if alike >= (least[old.units[step[0]].kind] if step[1] == step[3] else _ALIKE):
                    gain = max(alike, _ALIKE_ALONE) * _weight(old, new, step) - (
                        step[1] + step[3] - 2
                    )
                    arrivals.append((best[row - step[1]][column - step[3]] + gain, step))
            best[row][column], step_taken = max(arrivals, key=lambda each: each[0])
            if step_taken is not None:
                came[row, column] = step_taken
    return _way_back(best, came, rows - 1, columns - 1)


def _least(old: _Side, new: _Side, gap: list[int], gap_new: list[int]) -> dict[str, float]:
    """Return for each kind how similar two units must be to count as a pair."""
    kinds, others = (
        Counter(side.units[at].kind for at in each) for side, each in ((old, gap), (new, gap_new))
    )
    # A single note may belong to another call.
    is_alone = len(gap) == len(gap_new) == 1 and old.units[gap[0]].note is None
    least = dict.fromkeys(kinds, _ALIKE_ALONE if is_alone else _ALIKE)
    if kinds["heading"] == others["heading"] == 1:
        least["heading"] = 0.0  # the headings of the same section
    return least


def _arrivals(best: list[list[float]], row: int, column: int) -> list[tuple[float, _Step | None]]:
    arrivals: list[tuple[float, _Step | None]] = []
    if row:
        arrivals.append((best[row - 1][column], None))
    if column:
        arrivals.append((best[row][column - 1], None))
    return arrivals or [(0.0, None)]


def _steps(old: _Side, new: _Side, ends: list[int], new_ends: list[int]) -> Iterator[_Step]:
    """Yield the possible steps: one to one, two to one, and one to two sentences."""
    if not ends or not new_ends:
        return
    yield ends[-1], 1, new_ends[-1], 1
    if _are_neighbors(old.units, ends):
        yield ends[0], 2, new_ends[-1], 1
    if _are_neighbors(new.units, new_ends):
        yield ends[-1], 1, new_ends[0], 2


def _are_neighbors(units: Sequence[Unit], ends: list[int]) -> bool:
    if len(ends) < 2 or ends[1] != ends[0] + 1:
        return False
    first, second = units[ends[0]], units[ends[1]]
    return first.kind == second.kind == "text" and first.block == second.block


def _weight(old: _Side, new: _Side, step: _Step) -> int:
    at, count, other, others = step
    return sum(old.weight(at + more) for more in range(count)) + sum(
        new.weight(other + more) for more in range(others)
    )


def _way_back(
    best: list[list[float]], came: dict[tuple[int, int], _Step], row: int, column: int
) -> list[_Step]:
    steps = []
    while row and column:
        if (step := came.get((row, column))) is not None:
            steps.append(step)
            row, column = row - step[1], column - step[3]
        elif best[row][column] == best[row - 1][column]:
            row -= 1
        else:
            column -= 1
    return steps[::-1]


# In order --------------------------------------------------------------------------------------


def _in_order(old: _Side, new: _Side, pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield all pairs and all single units in the order of reading.

    A removed unit comes at its old place.
    """
    here, there = _free(pairs, len(old.units), len(new.units))
    of_new = {pair.new: pair for pair in pairs} | {at: Pair(-1, at, 0, 1) for at in there}
    removed = list(here)
    for at in sorted(of_new):
        pair = of_new[at]
        if pair.old_count and not pair.is_moved:
            while removed and removed[0] < pair.old:
                yield Pair(removed.pop(0), -1, 1, 0)
        yield pair
    for at in removed:
        yield Pair(at, -1, 1, 0)
