"""A snapshot is all that a build reads: built from it, every manuscript gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from chapbook.archive.rebuild import rebuild
from chapbook.archive.release import release
from chapbook.archive.snapshot import opened, safe, take
from chapbook.cli.inputs import job
from chapbook.model.errors import ArchiveError
from chapbook.pipeline import Job, build
from chapbook.writers.registry import FORMATS
from tests import golden_cases
from tests.archive.memory import MemoryArchive
from tests.archive.shelf import ORDER, Desk

QUICK = ("epub", "html")  # what print takes is no more, and takes longer


def outputs_of(by: Job, formats: tuple[str, ...]) -> dict[str, bytes]:
    return {each.format: each.content for each in build(by, formats).artefacts}


# The manual is proved the same way where it is released: it is large. The others share what the
# golden tests have built.
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=pytest.mark.xdist_group(case))
        for case in golden_cases.CASES
        if case != "manual"
    ],
)
def test_a_golden_manuscript_built_from_its_snapshot_gives_the_same_bytes(case: str) -> None:
    snapshot, *_ = take(str(golden_cases.manuscript(case)))
    with opened(snapshot) as from_snapshot:
        again = outputs_of(from_snapshot, golden_cases.FORMATS)
    known = golden_cases.make(case).files
    assert {f"{case}{FORMATS[name].suffix}": each for name, each in again.items()} == {
        path.name: content for path, content in known.items()
    }


EVERYTHING = """\
---
title: All That a Build Reads
lang: en
identifier: urn:uuid:0b8a9a44-7f0e-4a86-8a3e-52d0c2b0f002
edition: "1.0.0"
cover-image: art/the front.png
bibliography: [works.bib, more/others.bib]
csl: style.csl
chapters: [one.md]
---

Words [@hale].
"""
STYLE = """\
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>Names</title><id>names</id><updated>2026-11-22T00:00:00Z</updated></info>
<citation><layout prefix="(" suffix=")"><names variable="author"/></layout></citation>
<bibliography><layout><names variable="author"/><text variable="title"/></layout></bibliography>
</style>
"""
BESIDE = {
    "works.bib": "@book{hale, author={Hale, Ruth}, title={Rope}, date={1999}}",
    "more/others.bib": "@book{orme, author={Orme, Paul}, title={Salt}, date={2001}}",
    "style.csl": STYLE,
    "one.md": "# One\n\n{{< include parts/two.md >}}\n",
    "parts/two.md": "More words [@orme].\n\n![A seal](art/seal.png)\n",
    "templates/web.css": "body { color: teal }",
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A manuscript that names a file of each kind; its settings lie above its folder."""
    above = tmp_path_factory.mktemp("project")
    folder = above / "book"
    for name, text in {"main.md": EVERYTHING, **BESIDE}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "art").mkdir()
    Image.new("RGB", (400, 640), "teal").save(folder / "art" / "the front.png")
    Image.new("RGB", (40, 30), "navy").save(folder / "art" / "seal.png")
    (above / "chapbook.toml").write_text('publisher = "A Small Press"\n', "utf-8")
    return folder / "main.md"


def test_a_release_takes_every_file_that_a_build_reads(
    everything: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(everything.parents[1])
    snapshot, *_ = take("book/main.md")
    images = {"art/the front.png", "art/seal.png"}
    kept = {f"manuscript/{name}" for name in {"main.md", "chapbook.toml", *BESIDE, *images}}
    assert {name for name in snapshot.files if name.startswith("manuscript/")} == kept
    with opened(snapshot) as from_snapshot:
        assert outputs_of(from_snapshot, QUICK) == outputs_of(job("book/main.md"), QUICK)


def test_an_edition_with_a_cover_and_a_bibliography_is_rebuilt_to_the_same_bytes(
    everything: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(everything.parents[1])
    archive = MemoryArchive()
    outcome = release(archive, "book/main.md", ORDER)
    assert outcome.edition is not None, outcome.findings
    assert rebuild(archive, outcome.edition).is_equal


def test_what_is_saved_after_the_snapshot_has_no_part_in_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("1.0.0")
    before = outputs_of(job(str(desk.manuscript)), QUICK)
    snapshot, *_ = take(str(desk.manuscript))
    desk.write("2.0.0", words="twice")
    (tmp_path / "images" / "the seal.png").unlink()
    (tmp_path / "chapbook.toml").unlink()
    with opened(snapshot) as from_snapshot:
        assert outputs_of(from_snapshot, QUICK) == before


def test_a_snapshot_leaves_no_folder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path / "desk")
    desk.write("1.0.0")
    snapshot, *_ = take(str(desk.manuscript))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    seen: list[Path] = []

    def stop() -> None:
        with opened(snapshot):
            seen.extend(temporary.iterdir())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert len(seen) == 1
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("path", ["a", "a/b.png", "a b/ü.svg", "..a/b..", "a/.hidden"])
def test_a_path_within_the_folder_is_safe(path: str) -> None:
    assert safe(path) == path


@pytest.mark.parametrize(
    "path", ["", "/a", "a/", "a//b", "..", "../a", "a/../../b", ".", "./a", "a\\b", "a\0b"]
)
def test_a_path_that_is_not_within_the_folder_is_refused(path: str) -> None:
    with pytest.raises(ArchiveError):
        safe(path)
