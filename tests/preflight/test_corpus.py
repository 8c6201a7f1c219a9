"""Preflight finds each defect, and reports nothing in files without one."""

from __future__ import annotations

from chapbook.preflight.rules import RULES
from tests.preflight.corpus import DOCUMENT, measure_all, rules_table, table

TOO_HARD = {
    "print-invisible: text behind a white box",
    "print-type: 4 pt, as outlines",
    "print-ink: 280 % by overprinting",
}


def test_every_defect_is_found_and_the_documented_table_is_the_measurement() -> None:
    results = measure_all()
    assert {str(each.pair) for each in results if not each.is_seen} == TOO_HARD
    assert [(str(each.pair), each.false_alarms) for each in results if each.false_alarms] == []
    assert table(results) in DOCUMENT.read_text("utf-8"), (
        "python -m tests.preflight.corpus --accept"
    )
    assert {rule.code for rule in RULES} == {each.pair.code for each in results}


def test_the_documented_rules_are_those_of_the_code() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert rules_table() in text, "python -m tests.preflight.corpus --accept"
