"""Broken manuscripts, as authors break them: each is told its file, its line and what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults import CASES, tell


def test_every_broken_manuscript_is_told_its_file_line_and_advice(
    record_property: Callable[[str, object], None],
) -> None:
    told = [tell(case) for case in CASES]
    right = sum(one.is_right for one in told)
    # `tests/conftest.py` prints it, so that every run shows the count.
    record_property("measured", f"{right} of {len(told)} broken manuscripts: file, line, advice")
    wrong = "\n".join(str(one) for one in told if not one.is_right)
    assert not wrong, f"{right} of {len(told)} are right\n{wrong}"
    assert len(told) >= 50


@pytest.mark.parametrize("case", ["note-missing"])
def test_the_measure_counts_what_is_wrong(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.reading.reader.unread", lambda *_: iter(()))
    told = tell(case)
    assert (told.is_right, told.told) == (False, ())
