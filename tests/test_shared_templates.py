"""The shared templates: one token changes all formats, one file can be replaced."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pikepdf
import pytest

from chapbook.design.templates import load_templates
from chapbook.model.errors import DesignError
from chapbook.pipeline import Job, build
from chapbook.reading.manuscript import read_manuscript

TEXT = """---
title: A title
lang: en
identifier: urn:uuid:0b7d7c1e-0000-4000-8000-000000000000
---

Words before, with `code` and **strong**.

A second paragraph, indented, with a [link](https://example.org/).

# A heading

## Below it
"""
FORMATS = ("pdf", "epub", "html")


@pytest.fixture
def manuscript(tmp_path: Path) -> Path:
    path = tmp_path / "text.md"
    path.write_text(TEXT, "utf-8")
    return path


def built(manuscript: Path) -> dict[str, bytes]:
    """Return the sources of the look: PDF pages and fonts, files of the EPUB and the page."""
    folder = manuscript.parent
    job = Job(read_manuscript(str(manuscript)), folder, {}, load_templates(folder))
    return {artefact.format: artefact.content for artefact in build(job, FORMATS).artefacts}


def replace_template(manuscript: Path, name: str, old: str, new: str) -> None:
    text = load_templates(None)[name]
    assert old in text
    path = manuscript.parent / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("token", "old", "new"),
    [
        ("--face-text", '"Source Serif 4", Georgia', '"Source Sans 3", Georgia'),
        ("--face-mono", '"Source Code Pro"', '"Source Serif 4"'),
        ("--size-h2", "1.2em", "1.7em"),
        ("--size-title", "2.7em", "3.1em"),
        ("--leading", "1.45", "1.8"),
        ("--indent", "1.45em", "4em"),
        ("--weight-strong", "600", "400"),
        ("--color-accent", "#7a2e1f", "#004488"),
    ],
)
def test_changing_one_token_changes_all_formats(
    manuscript: Path, token: str, old: str, new: str
) -> None:
    before = built(manuscript)
    replace_template(manuscript, "tokens.css", f"{token}: {old}", f"{token}: {new}")
    after = built(manuscript)
    assert [name for name in FORMATS if drawn(before[name]) == drawn(after[name])] == []


def drawn(content: bytes) -> list[bytes]:
    """Return what a reader sees of a file, without its metadata."""
    if content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            fonts = sorted(
                str(font.BaseFont).partition("+")[2].encode()
                for page in pdf.pages
                for font in page.resources.Font.values()
            )
            return [page.Contents.read_bytes() for page in pdf.pages] + fonts
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as epub:
            return [
                epub.read(name) for name in epub.namelist() if name.endswith((".css", "cover.jpg"))
            ]
    return re.findall(rb"<style>.*?</style>", content, re.DOTALL)


def test_a_folder_beside_the_manuscript_replaces_single_files(manuscript: Path) -> None:
    replace_template(manuscript, "words/en.toml", '"Contents"', '"What is in it"')
    page = built(manuscript)["html"].decode()
    assert "What is in it" in page
    assert "A heading" in page


@pytest.mark.parametrize("theme", ["serif", "plain"])
def test_a_theme_reaches_all_formats(manuscript: Path, theme: str) -> None:
    manuscript.write_text(TEXT.replace("lang: en", f"lang: en\ntheme: {theme}"), "utf-8")
    family = {"serif": "Source Serif 4", "plain": "Source Sans 3"}[theme]
    result = built(manuscript)
    assert f'font-family: "{family}"' in result["html"].decode()
    with zipfile.ZipFile(io.BytesIO(result["epub"])) as epub:
        (sheet,) = [name for name in epub.namelist() if name.endswith(".css")]
        assert family in epub.read(sheet).decode()
    with pikepdf.open(io.BytesIO(result["pdf"])) as pdf:
        names = [str(font.BaseFont) for font in pdf.pages[0].resources.Font.values()]
    assert any(family.replace(" ", "-") in name for name in names)


def test_a_token_that_is_not_set_is_reported_with_its_file(manuscript: Path) -> None:
    replace_template(manuscript, "print.css", "var(--page-width)", "var(--page-girth)")
    with pytest.raises(DesignError, match=r"--page-girth"):
        built(manuscript)


def test_a_face_that_does_not_ship_is_reported_with_those_that_do(manuscript: Path) -> None:
    replace_template(manuscript, "tokens.css", '"Source Code Pro"', '"Courier New"')
    with pytest.raises(DesignError, match=r"Courier New.*Source Code Pro"):
        built(manuscript)
