"""EPUBCheck is asked by the test that is about it: it takes four seconds a release."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def without_epubcheck(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """EPUBCheck finds nothing, unless a test bears the mark `epubcheck`."""
    if request.node.get_closest_marker("epubcheck") is None:
        monkeypatch.setattr("chapbook.checks.any_epub.ask_epubcheck", lambda _content, _book: [])
