"""Labels sort as people expect."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.archive.labels import label_key


@pytest.mark.parametrize(
    "ordered",
    [
        "1.0.0 1.1.0 1.2.0 1.10.0 2.0.0 10.0.0",
        "1.0.0-alpha 1.0.0-alpha.1 1.0.0-beta 1.0.0-rc.1 1.0.0-rc.2 1.0.0 1.0.1",
        "v1.9 v1.10 v2.0",
        "2024 2024-12 2025-01-31 2025-02 2025-02-01 2026",
        "1 2 2a 2b 3 11",
        "first second third fourth fifth eighth twelfth",
        "First Second Third",
        "1st 2nd 3rd 4th 10th 21st",
        "première deuxième neuvième",
        "Erste Zweite Zehnte",
        "I II III IV V IX X XIV XXI",
        "draft final",
    ],
)
def test_labels_stand_in_the_order_that_people_expect(ordered: str) -> None:
    labels = ordered.split()
    shuffled = random.Random(1).sample(labels, len(labels))
    assert sorted(shuffled, key=label_key) == labels


@pytest.mark.parametrize(
    "ordered",
    [
        ["first edition", "second edition", "3rd edition", "Tenth edition"],
        ["November 2025", "9 January 2026", "March 2026", "March 3, 2026", "22 November 2026"],
        ["31.12.2025", "1.2.2026", "22.11.2026"],
        ["Edition 2", "Edition 10"],
        ["الأولى", "الثانية", "العاشرة"],
    ],
)
def test_labels_of_several_words_stand_in_order_too(ordered: list[str]) -> None:
    reversed_order = ordered[::-1]
    assert sorted(reversed_order, key=label_key) == ordered


@given(st.text(max_size=20), st.text(max_size=20))
def test_every_text_can_be_compared_and_only_equal_ones_are_equal(one: str, other: str) -> None:
    assert (label_key(one) == label_key(other)) == (one == other)
    assert (label_key(one) < label_key(other)) or (label_key(other) <= label_key(one))
