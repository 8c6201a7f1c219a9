"""Every golden manuscript comes to what was accepted, in every format.

A new case is a new folder in `tests/golden`; `pytest tests/test_golden.py --accept` writes its
`outline.json`, which a person reads before it is committed.
"""

from __future__ import annotations

import pytest

from chapbook.checks import check_files
from tests import golden_cases as cases


# A worker keeps what it has made: the manual is asked for elsewhere, too.
@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=pytest.mark.xdist_group(case)) for case in cases.CASES]
)
def test_case(case: str, accepting: bool) -> None:
    result = cases.make(case)
    assert [str(finding) for finding in check_files(result.job, result.files)] == []
    if accepting:
        cases.accept(case)
    assert cases.golden(case) == cases.accepted(case)
