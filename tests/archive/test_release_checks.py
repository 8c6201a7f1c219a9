"""A release runs every check that `chapbook check` runs, EPUBCheck among them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chapbook.archive.editions import editions_of
from chapbook.checks.reading_systems import Fault
from chapbook.model.errors import Code, Severity
from tests.archive.memory import MemoryArchive
from tests.archive.shelf import ORDER, WORK, Desk


@pytest.mark.epubcheck
def test_a_release_is_checked_by_epubcheck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chapbook.checks import any_epub, epubcheck

    real, asked = epubcheck.ask_epubcheck, []

    def ask(content: bytes, book: object) -> object:
        asked.append(len(content))
        return real(content, book)  # type: ignore[arg-type]

    monkeypatch.setattr(any_epub, "ask_epubcheck", ask)
    desk, archive = Desk(tmp_path), MemoryArchive()
    desk.write("1.0.0")
    outcome = desk.release(archive, ORDER)
    assert outcome.is_new
    assert len(asked) == 1
    assert not {Code.EPUBCHECK, Code.EPUBCHECK_ABSENT} & {each.code for each in outcome.findings}


def test_what_epubcheck_finds_stops_a_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault(Code.EPUBCHECK, Severity.ERROR, "RSC-005: made up by a test")
    monkeypatch.setattr("chapbook.checks.any_epub.ask_epubcheck", lambda _content, _book: [fault])
    desk, archive = Desk(tmp_path), MemoryArchive()
    desk.write("1.0.0")
    outcome = desk.release(archive, ORDER)
    assert outcome.edition is None
    assert "RSC-005" in " ".join(finding.message for finding in outcome.findings)
    assert list(archive.works()) == []
    assert json.dumps([each.code.value for each in outcome.findings]).count("epubcheck") == 1
    assert WORK not in archive.works()
    assert not [each for work in archive.works() for each in editions_of(archive, work)]
