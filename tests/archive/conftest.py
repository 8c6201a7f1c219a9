"""EPUBCheck runs only in its own test, since it takes four seconds for each release."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def without_epubcheck(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make EPUBCheck return nothing, unless a test has the mark `epubcheck`."""
    if request.node.get_closest_marker("epubcheck") is None:
        monkeypatch.setattr("chapbook.checks.any_epub.ask_epubcheck", lambda _content, _book: [])
