"""The tree that a layout hands on is the one that was laid out."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapbook import weasy
from chapbook.cli import inputs
from chapbook.design.templates import Design
from chapbook.layout.page_layout import lay_out
from chapbook.pipeline import publish

ROOT = Path(__file__).parents[2]
FAULTY = "tests/golden/long/manuscript.md"  # a ladder of hyphens, which spacing mends


@pytest.mark.parametrize(("layouts", "is_mended"), [(1, False), (2, True)])
def test_nothing_is_changed_after_the_last_layout(
    layouts: int, is_mended: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a press prints is laid out anew from this tree, and must come to the same pages."""
    monkeypatch.setattr(weasy, "MOST_LAYOUTS", layouts)
    job = inputs.job(str(ROOT / FAULTY))
    publication = publish(job)
    layout = lay_out(publication, Design(job.templates, publication.metadata.theme))
    assert layout.tree is not None
    spaced = [node for node in layout.tree.iter("p") if "spacing" in node.get("style", "")]
    assert bool(spaced) is is_mended
