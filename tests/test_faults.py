"""Manuscripts with mistakes: each message has its file, its line and advice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults import CASES, report


def test_every_broken_manuscript_gets_its_file_line_and_advice(
    record_property: Callable[[str, object], None],
) -> None:
    reports = [report(case) for case in CASES]
    right = sum(each.is_right for each in reports)
    # `tests/conftest.py` prints it, so that every run shows the count.
    record_property("measured", f"{right} of {len(reports)} broken manuscripts: file, line, advice")
    wrong = "\n".join(str(each) for each in reports if not each.is_right)
    assert not wrong, f"{right} of {len(reports)} are right\n{wrong}"
    assert len(reports) >= 50


@pytest.mark.parametrize("case", ["note-missing"])
def test_the_measure_counts_what_is_wrong(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.reading.reader.unread", lambda *_: iter(()))
    reported = report(case)
    assert (reported.is_right, reported.messages) == (False, ())
