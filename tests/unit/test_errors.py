"""Errors and findings: their text, and that they can be pickled."""

import pickle

import pytest

from chapbook.design.templates import UnsetToken
from chapbook.model import errors
from chapbook.model.errors import (
    ArchiveError,
    ChapbookError,
    Code,
    DesignError,
    OutputError,
    Place,
    Severity,
    SourceError,
    ToolchainError,
)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ChapbookError, 1),
        (SourceError, 3),
        (DesignError, 4),
        (ToolchainError, 5),
        (OutputError, 6),
        (ArchiveError, 7),
    ],
)
def test_each_kind_has_its_exit_code(kind: type[ChapbookError], code: int) -> None:
    assert kind("what").exit_code == code


def test_a_message_says_where_what_and_what_to_do() -> None:
    error = SourceError("it is broken", where=Place("essay.md", 7), remedy="mend it")
    assert str(error) == "essay.md:7: it is broken — mend it"
    assert str(SourceError("it is broken", where=Place("essay.md"))) == "essay.md: it is broken"
    assert str(SourceError("it is broken")) == "it is broken"


@pytest.mark.parametrize(
    "error",
    [
        SourceError("a", where=Place("b", 3), remedy="c"),
        ToolchainError("a"),
        UnsetToken.named("--x", Place("text.css", 2)),
    ],
)
def test_errors_cross_processes(error: ChapbookError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert (str(again), again.where, again.exit_code) == (str(error), error.where, error.exit_code)


def test_findings_say_how_much_they_weigh() -> None:
    place = Place("essay.md", 2)
    assert str(errors.warning(Code.LINK_BROKEN, "no such place", place)) == (
        "essay.md:2: warning: no such place [link-broken]"
    )
    assert errors.error(Code.STALE, "old").severity is Severity.ERROR
    assert errors.note(Code.TITLE_MISSING, "none").severity is Severity.NOTE
