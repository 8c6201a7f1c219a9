"""Align two sequences: find the pairs of items that correspond, in order, with RapidFuzz.

Items that occur exactly once in both sequences are anchors ("patience diff"). Where anchors cross,
the heaviest increasing chain is kept, and the others have moved. Between anchors the longest common
subsequence decides.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence

_MOST_CELLS = 4_000_000  # cells in the table of the longest common subsequence


def common(
    old: Sequence[Hashable],
    new: Sequence[Hashable],
    weight: Callable[[int], int] = lambda _index: 1,
) -> list[tuple[int, int]]:
    """Return the pairs of indexes of equal items, in order.

    *weight* takes an old index and returns how much its item counts.
    """
    pairs: list[tuple[int, int]] = []
    open_ranges = [(0, len(old), 0, len(new))]
    while open_ranges:
        low, high, below, above = open_ranges.pop()
        while low < high and below < above and old[low] == new[below]:
            pairs.append((low, below))
            low, below = low + 1, below + 1
        while low < high and below < above and old[high - 1] == new[above - 1]:
            high, above = high - 1, above - 1
            pairs.append((high, above))
        if low == high or below == above:
            continue
        anchors = _anchors(old, new, (low, high, below, above), weight)
        if anchors:
            pairs += anchors
            ends = [*anchors, (high, above)]
            starts = [(low, below), *((here + 1, there + 1) for here, there in anchors)]
            for (first, other), (last, end) in zip(starts, ends, strict=True):
                open_ranges.append((first, last, other, end))
        elif (high - low) * (above - below) <= _MOST_CELLS:
            pairs += _longest(old[low:high], new[below:above], low, below)
    return sorted(pairs)


def _anchors(
    old: Sequence[Hashable],
    new: Sequence[Hashable],
    window: tuple[int, int, int, int],
    weight: Callable[[int], int],
) -> list[tuple[int, int]]:
    low, high, below, above = window
    counts, others = Counter(old[low:high]), Counter(new[below:above])
    places = {new[at]: at for at in range(below, above) if others[new[at]] == 1}
    pairs = [
        (at, places[old[at]])
        for at in range(low, high)
        if counts[old[at]] == 1 and old[at] in places
    ]
    return heaviest(pairs, weight)


def heaviest(
    pairs: Sequence[tuple[int, int]], weight: Callable[[int], int]
) -> list[tuple[int, int]]:
    """Return the heaviest chain of *pairs* in which both members increase.

    *pairs* are sorted by their first members.
    """
    ends: list[int] = []  # second members, in increasing order
    best: list[tuple[int, int]] = []  # for each of them, the best weight and the index of its pair
    previous: list[int] = []
    for index, (here, there) in enumerate(pairs):
        at = bisect_left(ends, there)
        total = weight(here) + (best[at - 1][0] if at else 0)
        previous.append(best[at - 1][1] if at else -1)
        end = at
        while end < len(ends) and best[end][0] <= total:
            end += 1
        ends[at:end], best[at:end] = [there], [(total, index)]
    chain: list[tuple[int, int]] = []
    index = best[-1][1] if best else -1
    while index >= 0:
        chain.append(pairs[index])
        index = previous[index]
    return chain[::-1]


def _longest(
    old: Sequence[Hashable], new: Sequence[Hashable], low: int, below: int
) -> Iterator[tuple[int, int]]:
    from rapidfuzz.distance import Indel

    for block in Indel.opcodes(old, new):
        if block.tag == "equal":
            yield from (
                (low + block.src_start + step, below + block.dest_start + step)
                for step in range(block.src_end - block.src_start)
            )


def likeness(old: Sequence[str], new: Sequence[str]) -> float:
    """Return how similar two sentences are, from 0 to 1.

    Words are compared, and also letters, for sentences in which a word is misspelled.
    """
    from rapidfuzz.distance import Indel

    by_words = Indel.normalized_similarity(old, new)
    by_letters = Indel.normalized_similarity(" ".join(old), " ".join(new))
    # Any two sentences of a language share half of their letters.
    return float(max(by_words, 2 * by_letters - 1))
