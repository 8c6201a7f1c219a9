import re
from collections import Counter
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapbook.checks.outline import Outline, Passage
from chapbook.diff.align import common, heaviest
from chapbook.diff.compare import compare
from chapbook.diff.rewording import parts_of
from chapbook.diff.values import Act
from chapbook.diff.words import sentences, tokens, word_count

SMALL = st.lists(st.sampled_from("abcdefgh"), max_size=14)
TEXT = st.text(st.sampled_from("ab cd. e-f, ’‘“”!? 3.5 世界。مرحبا\u0301\u00a0ß"), max_size=60)
PARAGRAPH = st.lists(
    st.lists(
        st.sampled_from("ape bear cat dog emu fox gnu hen".split()), min_size=1, max_size=6
    ).map(lambda words: " ".join(words).capitalize() + "."),
    min_size=1,
    max_size=4,
).map(" ".join)
WORK = st.lists(PARAGRAPH, max_size=6).map(
    lambda blocks: Outline("", "", "en", "ltr", {}, Passage(tuple(blocks)))
)


@settings(deadline=None)
@given(SMALL, SMALL)
def test_common_items_are_equal_and_in_order(old: list[str], new: list[str]) -> None:
    pairs = common(old, new)
    assert all(old[at] == new[other] for at, other in pairs)
    assert pairs == sorted(pairs)
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs))


@settings(deadline=None)
@given(SMALL)
def test_all_of_a_sequence_is_common_to_itself(items: list[str]) -> None:
    assert common(items, items) == [(at, at) for at in range(len(items))]


@settings(deadline=None)
@given(st.permutations(range(7)), st.lists(st.integers(1, 9), min_size=7, max_size=7))
def test_the_heaviest_increasing_pairs_are_found(order: list[int], weights: list[int]) -> None:
    pairs = list(enumerate(order))
    result = heaviest(pairs, weights.__getitem__)
    best = max(
        sum(weights[at] for at, _ in chosen)
        for size in range(8)
        for chosen in combinations(pairs, size)
        if all(one[1] < two[1] for one, two in pairwise(chosen))
    )
    assert sum(weights[at] for at, _ in result) == best
    assert all(one[1] < two[1] for one, two in pairwise(result))


@settings(deadline=None)
@given(TEXT)
def test_tokens_are_the_whole_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@settings(deadline=None)
@given(TEXT, st.sampled_from(["en", "fr", "de", "tr", "ar", "zh", "x-none", "en-GB", ""]))
def test_sentences_hold_every_word(text: str, language: str) -> None:
    assert "".join("".join(sentences(text, language)).split()) == "".join(text.split())


@settings(deadline=None)
@given(TEXT, TEXT)
def test_parts_are_both_texts(old: str, new: str) -> None:
    parts = parts_of(old, new)
    mine = "".join(part.text for part in parts if part.act is not Act.ADDED)
    theirs = "".join(part.text for part in parts if part.act is not Act.REMOVED)
    # Words of both states have the newer state's form, so only their spaces may differ.
    assert re.sub(r"\s+", " ", mine) == re.sub(r"\s+", " ", old)
    assert theirs == new


@settings(deadline=None)
@given(WORK, WORK)
def test_every_unit_of_both_states_is_paired_once(old: Outline, new: Outline) -> None:
    stream = compare(old, new).text
    mine = Counter(at for pair in stream.pairs for at in range(pair.old, pair.old + pair.old_count))
    theirs = Counter(
        at for pair in stream.pairs for at in range(pair.new, pair.new + pair.new_count)
    )
    assert mine == Counter(range(len(stream.old)))
    assert theirs == Counter(range(len(stream.new)))


@settings(deadline=None)
@given(WORK, WORK)
def test_the_reported_words_are_the_difference(old: Outline, new: Outline) -> None:
    """The older state without the removed words and with the added words is the newer state."""
    counts: Counter[str] = Counter()
    for text in old.text.blocks:
        counts.update(text.lower().replace(".", "").split())
    for change in compare(old, new).changes:
        if change.what == "paragraph break":
            continue
        for part in change.parts:
            words = Counter(part.text.lower().replace(".", "").split())
            if part.act is Act.REMOVED:
                counts.subtract(words)
            elif part.act is Act.ADDED:
                counts.update(words)
    wanted: Counter[str] = Counter()
    for text in new.text.blocks:
        wanted.update(text.lower().replace(".", "").split())
    assert +counts == +wanted


@settings(deadline=None)
@given(WORK, WORK)
def test_changes_come_in_the_order_of_the_older_text(old: Outline, new: Outline) -> None:
    offsets = [change.anchors[0].offset for change in compare(old, new).changes]
    assert offsets == sorted(offsets)


@pytest.mark.parametrize(
    ("text", "count"), [("It’s 3.5 million, isn’t it?", 5), ("…", 0), ("世界", 2), ("e-mail", 1)]
)
def test_words_are_counted_as_people_count_them(text: str, count: int) -> None:
    assert word_count(text) == count
