"""Layout: the tree that it returns is the one that was laid out, and it writes no file."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chapbook import pipeline, weasy
from chapbook.cli import inputs
from chapbook.design.templates import Design
from chapbook.layout.page_layout import lay_out
from chapbook.pipeline import Job, build, publish
from chapbook.writers import registry

ROOT = Path(__file__).parents[2]
FAULTY = "tests/golden/long/manuscript.md"  # a ladder of hyphens, which spacing mends


@pytest.mark.parametrize(("layouts", "is_mended"), [(1, False), (2, True)])
def test_nothing_is_changed_after_the_last_layout(
    layouts: int, is_mended: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A press file is laid out again from this tree, and must have the same pages."""
    monkeypatch.setattr(weasy, "MOST_LAYOUTS", layouts)
    job = inputs.job(str(ROOT / FAULTY))
    publication = publish(job)
    layout = lay_out(publication, Design(job.templates, publication.metadata.theme))
    assert layout.tree is not None
    spaced = [node for node in layout.tree.iter("p") if "spacing" in node.get("style", "")]
    assert bool(spaced) is is_mended


class Writings:
    """Count the layouts and the written files in WeasyPrint."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        weasy.load()
        from weasyprint.document import Document

        self.layouts = 0
        self.variants: list[str | None] = []
        real_lay_out, real_write = weasy.lay_out, Document.write_pdf

        def lay_out(*arguments: Any, **named: Any) -> weasy.Pages:
            self.layouts += 1
            return real_lay_out(*arguments, **named)

        def write_pdf(document: Any, *arguments: Any, **named: Any) -> Any:
            self.variants.append(named.get("pdf_variant"))
            return real_write(document, *arguments, **named)

        monkeypatch.setattr(weasy, "lay_out", lay_out)
        monkeypatch.setattr(Document, "write_pdf", write_pdf)


@pytest.fixture
def writings(monkeypatch: pytest.MonkeyPatch) -> Writings:
    return Writings(monkeypatch)


def essay(folder: Path, pages: int = 1, settings: str = "{}") -> Job:
    path = folder / "essay.md"
    text = "\n\n\\newpage\n\n".join(["Text."] * pages)
    path.write_text(f"---\ntitle: A\nlang: en\nprint: {settings}\n---\n\n{text}\n", "utf-8")
    return inputs.job(str(path))


def test_a_web_page_is_made_without_any_pdf(tmp_path: Path, writings: Writings) -> None:
    built = build(essay(tmp_path), ["html"])
    assert built.layout is not None
    assert built.layout.extent == "1 page"
    assert (writings.layouts, writings.variants) == (1, [])


def test_an_epub_is_made_without_the_reading_pdf(tmp_path: Path, writings: Writings) -> None:
    """Its cover is drawn as a plain PDF, and that alone."""
    build(essay(tmp_path), ["epub"])
    assert writings.variants == [None]


def test_a_pdf_is_written_once(tmp_path: Path, writings: Writings) -> None:
    build(essay(tmp_path), ["html", "pdf"])
    assert (writings.layouts, writings.variants) == (1, ["pdf/a-3a"])


def test_a_pdf_is_written_once_though_gutters_were_tried(
    tmp_path: Path, writings: Writings
) -> None:
    asked = essay(tmp_path, 151, "{layout: article, printer: kdp, trim: 4x6in}")
    build(asked, ["pdf"])
    assert (writings.layouts, writings.variants) == (2, ["pdf/a-3a"])


def test_what_needs_no_pages_is_not_laid_out(
    tmp_path: Path, writings: Writings, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = replace(registry.FORMATS["html"], name="words", needs_pages=False)
    monkeypatch.setattr(pipeline, "FORMATS", {"words": words})
    built = build(essay(tmp_path), ["words"])
    assert built.layout is None
    assert (writings.layouts, writings.variants) == (0, [])


@pytest.mark.parametrize("formats", [["html"], ["pdf"], ["pdf", "epub", "booklet"]])
def test_no_folder_of_fonts_is_left(
    formats: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    built = build(essay(tmp_path), formats)
    assert list(temporary.iterdir()) == []
    assert built.layout is not None  # it holds the pages still, which are closed


def test_pages_that_were_given_up_cannot_be_written(tmp_path: Path) -> None:
    job = essay(tmp_path)
    publication = publish(job)
    layout = lay_out(publication, Design(job.templates, publication.metadata.theme))
    assert layout.typeset is not None
    layout.close()
    layout.close()
    with pytest.raises(AttributeError):
        layout.typeset.write()
