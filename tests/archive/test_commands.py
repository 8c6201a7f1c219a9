"""Show, verify, rebuild, restore, export: the commands for five editions."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import bagit
import pytest

from chapbook.archive import rebuild as rebuilding
from chapbook.archive import release as releasing
from chapbook.archive.editions import editions_of, read_edition
from chapbook.archive.export import author_files, export
from chapbook.archive.naming import find_edition
from chapbook.archive.rebuild import rebuild
from chapbook.archive.store import Stamp, open_archive
from chapbook.archive.toolchain import toolchain
from chapbook.model.errors import ArchiveError, DesignError
from chapbook.pipeline import Built, build
from tests.archive.memory import MemoryArchive
from tests.archive.shelf import ORDER, WORK, Desk, run, run_as_json

ROOT = Path(__file__).parents[2]
LABELS = ("1.0.0", "10.0.0", "2.0.0", "1.1.0", "1.0.0-rc.1")  # in the order of their release
DC = "{http://purl.org/dc/elements/1.1/}"


STAMP = Stamp(ORDER.moment, "Edition 1", ORDER.user)


def edition_record(work: str, manuscript: str = "t.md") -> dict[str, Any]:
    """An `edition.json` of the form that Chapbook writes."""
    return {
        "work": work,
        "title": "T",
        "label": "1",
        "printing": 1,
        "date": None,
        "manuscript": {"name": manuscript, "sha256": "0" * 64},
        "outputs": [],
        "metadata": {},
        "released": ORDER.moment,
        "released-by": {},
        "chapbook": "0.1.0",
    }


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with five editions of one work, whose manuscript is gone, and one of another."""
    folder = tmp_path_factory.mktemp("library")
    archive = open_archive(str(folder / "editions"), create=True)
    desk = Desk(folder / "desk")
    for number, label in enumerate(LABELS):
        desk.write(label, words=f"{number + 1} times", date=f"2026-11-{10 + number}")
        if number == 3:
            desk.restyle("p { color: #333 }")
        moment = f"2026-12-0{number + 1}T00:00:00Z"
        assert desk.release(archive, replace(ORDER, moment=moment)).is_new
    shutil.copytree(folder / "desk", folder / "as last released")
    shutil.rmtree(folder / "desk")
    essay = folder / "essay.md"
    shutil.copy(ROOT / "source" / "security-assistance.md", essay)
    assert run("release", essay, "--archive", folder / "editions").exit_code == 0
    return folder


@pytest.fixture
def root(library: Path) -> Path:
    return library / "editions"


# Look ------------------------------------------------------------------------------------------


def test_editions_are_listed_in_the_order_of_their_labels(root: Path) -> None:
    rows = run_as_json("editions", "many", "--archive", root)["editions"]
    assert [row["edition"] for row in rows] == ["1.0.0-rc.1", "1.0.0", "1.1.0", "2.0.0", "10.0.0"]
    lines = run("editions", "--archive", root).stdout.splitlines()
    assert sum(not line.startswith(" ") for line in lines) == 2, "two works"
    assert any("A Work of Many Editions" in line and WORK in line for line in lines)
    assert any(line.split()[:3] == ["1.1.0", "2026-11-13", "released"] for line in lines)


@pytest.mark.parametrize(
    "name",
    [
        WORK,
        "3c5c1d1e",
        "urn:uuid:3c5c",
        "many",
        "many.md",
        "somewhere/many.md",
        "A Work of Many Editions",
        "a-work-of-many-editions",
    ],
)
def test_a_work_is_found_by_whatever_is_unambiguous(root: Path, name: str) -> None:
    shown = run_as_json("show", f"{name}@2.0.0", "--archive", root)
    assert (shown["work"], shown["edition"]) == (WORK, "2.0.0")


def test_what_means_two_works_or_none_is_refused_with_names(root: Path) -> None:
    both = run("show", "urn:uuid:@1.0.0", "--archive", root)
    assert both.exit_code == 7
    assert "means 2 works" in both.stderr
    none = run("show", "mny@1.0.0", "--archive", root)
    assert none.exit_code == 7
    assert "did you mean “many”?" in none.stderr
    label = run("show", "many@3.0.0", "--archive", root)
    assert label.exit_code == 7
    assert "1.0.0-rc.1, 1.0.0, 1.1.0, 2.0.0, 10.0.0" in label.stderr
    unsaid = run("show", "many", "--archive", root)
    assert unsaid.exit_code == 7
    assert "many@10.0.0" in unsaid.stderr


def test_a_name_that_is_also_the_beginning_of_another_identifier_is_refused() -> None:
    archive = MemoryArchive()
    for work, manuscript in (("urn:uuid:bed0", "essay.md"), ("urn:uuid:0815", "bed.md")):
        record = edition_record(work, manuscript=manuscript)
        archive.add(work, {"edition.json": json.dumps(record).encode()}, STAMP, after=0)
    assert find_edition(archive, "bed.md").work == "urn:uuid:0815"
    assert find_edition(archive, "bed0").work == "urn:uuid:bed0"
    with pytest.raises(ArchiveError, match="means 2 works"):
        find_edition(archive, "bed")


@pytest.mark.parametrize(
    "change",
    [
        {"printing": "two"},
        {"manuscript": "t.md"},
        {"outputs": [{"path": "outputs/t.pdf"}]},
        {"metadata": {"authors": [7]}},
        {"title": "A \x1b[31mred\x1b[0m title"},
        {"label": None},
    ],
)
def test_a_record_of_another_form_is_taken_for_another_tools(change: dict[str, Any]) -> None:
    archive = MemoryArchive()
    record = {**edition_record(WORK), **change}
    archive.add(WORK, {"edition.json": json.dumps(record).encode()}, STAMP, after=0)
    (edition,) = editions_of(archive, WORK)
    assert (edition.record, edition.label, edition.title) == ({}, "v1", WORK)


def test_a_record_that_is_no_json_is_an_error_and_no_defect(tmp_path: Path) -> None:
    root = tmp_path / "editions"
    archive = open_archive(str(root), create=True)
    archive.add(WORK, {"edition.json": b"{"}, STAMP, after=0)
    done = run("editions", "--archive", root)
    assert done.exit_code == 7
    assert "edition.json of version 1" in done.stderr
    assert "is not JSON" in done.stderr


@pytest.mark.parametrize("name", ["\udcff", "\udcff@1", "", "@", "a\0b", "../..", "/", "x" * 5000])
def test_a_name_that_no_work_can_have_is_an_error_and_no_defect(root: Path, name: str) -> None:
    done = run("show", name, "--archive", root)
    assert done.exit_code == 7
    assert "no work is called" in done.stderr


def test_show_shows_all_about_an_edition(root: Path) -> None:
    shown = run_as_json("show", "many@1.0.0", "--archive", root)
    assert shown["record"]["released-by"]["name"] == "Ada"
    assert shown["findings"] == {"accepted": None, "build": [], "checks": []}
    assert "weasyprint" in shown["toolchain"]["packages"]
    assert {"outline.json", "provenance.json", "manuscript/many.md"} <= set(shown["files"])
    text = run("show", "many@1.0.0", "--archive", root).stdout
    for expected in (WORK, "2026-11-10", "Ada Example", "pdf", "pango", shown["edition"]):
        assert expected in text


def test_every_command_prints_json(root: Path, tmp_path: Path) -> None:
    at = ("--archive", root)
    assert run_as_json("verify", *at) == {"checked": "the archive", "findings": []}
    assert run_as_json("verify", "many@1.1.0", *at)["findings"] == []
    assert run_as_json("rebuild", "essay@1.0.0", *at)["equal"] is True
    assert run_as_json("restore", "many@1.0.0", tmp_path / "back", *at)["files"] == [
        "chapbook.toml",
        "images/the seal.png",
        "many.md",
    ]
    assert run_as_json("export", "many@1.0.0", "--as", "zip", "--out", tmp_path, *at)["as"] == "zip"


# Prove -----------------------------------------------------------------------------------------


def test_verify_names_what_was_altered_and_which_edition_still_holds(
    root: Path, tmp_path: Path
) -> None:
    harmed = tmp_path / "editions"
    shutil.copytree(root, harmed)
    (victim,) = harmed.rglob("v3/content/outputs/many.html")
    victim.chmod(0o644)
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    done = run("verify", "--archive", harmed)
    assert done.exit_code == 8
    assert "many.html" in done.stderr
    assert run("verify", "many@2.0.0", "--archive", harmed).exit_code == 8, "version 3"
    assert run("verify", "many@1.0.0", "--archive", harmed).exit_code == 0
    assert run("verify", "essay", "--archive", harmed).exit_code == 0
    broken = run("rebuild", "many@2.0.0", "--archive", harmed)
    assert broken.exit_code in {0, 7, 8}
    assert "Traceback" not in broken.output


# Trace -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def loose(library: Path) -> Path:
    """The finished files of the second edition, with meaningless names."""
    archive = open_archive(str(library / "editions"))
    edition = find_edition(archive, "many@10.0.0")
    folder = library / "loose"
    folder.mkdir()
    for path in edition.outputs:
        (folder / f"file-{Path(path).suffix[1:]}").write_bytes(archive.read(edition.version, path))
    return folder


@pytest.mark.parametrize("kind", ["pdf", "epub", "html"])
def test_a_loose_file_is_traced_to_its_edition(root: Path, loose: Path, kind: str) -> None:
    (row,) = run_as_json("which", loose / f"file-{kind}", "--archive", root)["files"]
    assert row["state"] == "unaltered"
    assert row["path"] == f"outputs/many.{kind}"
    assert row["edition"]["work"] == WORK
    assert row["edition"]["edition"] == row["says"]["edition"] == "10.0.0"
    assert row["says"]["date"] == "2026-11-11"
    archive = open_archive(str(root))
    record = find_edition(archive, "many@10.0.0").record
    assert row["says"]["manuscript-sha256"] == record["manuscript"]["sha256"]


@pytest.mark.parametrize("kind", ["pdf", "epub", "html"])
def test_an_altered_file_is_distinguished_from_the_one_that_was_released(
    root: Path, loose: Path, tmp_path: Path, kind: str
) -> None:
    content = bytearray((loose / f"file-{kind}").read_bytes())
    altered = tmp_path / "altered"
    dice = random.Random(kind)
    for _ in range(20):
        place = dice.randrange(len(content))
        content[place] ^= 1
        altered.write_bytes(content)
        (row,) = run_as_json("which", altered, "--archive", root, exit_code=8)["files"]
        assert row["state"] in {"altered", "unknown"}
        content[place] ^= 1
    altered.write_bytes(content + b"\n")
    (row,) = run_as_json("which", altered, "--archive", root, exit_code=8)["files"]
    if row["state"] == "altered":
        assert row["edition"]["edition"] == "10.0.0"
    altered.write_bytes(content)
    assert run_as_json("which", altered, "--archive", root)["files"][0]["state"] == "unaltered"


def test_a_page_with_another_word_is_called_altered_and_traced(
    root: Path, loose: Path, tmp_path: Path
) -> None:
    page = (loose / "file-html").read_bytes().replace(b"It has been said", b"It had been said")
    (tmp_path / "page").write_bytes(page)
    done = run("which", tmp_path / "page", "--archive", root)
    assert done.exit_code == 8
    assert "altered: its metadata says edition 10.0.0 of “A Work of Many Editions" in done.stdout


def test_a_manuscript_and_a_picture_are_traced_by_their_bytes(root: Path, library: Path) -> None:
    folder = library / "as last released"
    rows = run_as_json(
        "which", folder / "many.md", folder / "images" / "the seal.png", "--archive", root
    )["files"]
    assert [row["state"] for row in rows] == ["unaltered", "unaltered"]
    assert rows[0]["edition"]["edition"] == "1.0.0-rc.1"


def test_a_manuscript_that_was_changed_since_is_called_altered(
    root: Path, library: Path, tmp_path: Path
) -> None:
    text = (library / "as last released" / "many.md").read_text("utf-8")
    (tmp_path / "mine.md").write_text(text.replace("Perhaps", "Surely"), "utf-8")
    (row,) = run_as_json("which", tmp_path / "mine.md", "--archive", root, exit_code=8)["files"]
    assert (row["state"], row["edition"]["edition"]) == ("altered", "1.0.0-rc.1")
    assert row["says"]["title"] == "A Work of Many Editions"


def test_a_file_of_no_edition_is_unknown_and_without_an_archive_shows_its_metadata(
    root: Path, loose: Path, tmp_path: Path
) -> None:
    (tmp_path / "note.txt").write_text("Nothing.", "utf-8")
    done = run("which", tmp_path / "note.txt", "--archive", root)
    assert (done.exit_code, "unknown" in done.stdout) == (8, True)
    alone = run("which", loose / "file-epub", "--archive", tmp_path / "none")
    assert alone.exit_code == 8
    assert "its metadata says edition 10.0.0 of “A Work of Many Editions" in alone.stdout
    assert "there is no archive" in alone.stderr


# Rebuild ---------------------------------------------------------------------------------------


def test_the_first_of_five_editions_is_rebuilt_to_equal_bytes_elsewhere(
    root: Path, tmp_path: Path
) -> None:
    """In another folder, zone and locale, by a process that sees nothing but the archive."""
    here = tmp_path / "à part"
    here.mkdir()
    shutil.copytree(root, tmp_path / "moved")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(here),
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "de_DE.ISO-8859-1",
        "PYTHONHASHSEED": "4242",
        "PYTHONPATH": str(ROOT),
        "SOURCE_DATE_EPOCH": "86400",
        "USER": "someone else",
    }
    words = ["rebuild", "many@1.0.0", "--archive", str(tmp_path / "moved"), "--out", "again"]
    done = subprocess.run(
        [sys.executable, "-m", "chapbook", *words],
        cwd=here,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    archive = open_archive(str(root))
    edition = find_edition(archive, "many@1.0.0")
    for path in edition.outputs:
        assert (here / "again" / Path(path).name).read_bytes() == archive.read(
            edition.version, path
        )


def test_every_edition_is_rebuilt_to_equal_bytes(root: Path) -> None:
    archive = open_archive(str(root))
    for edition in editions_of(archive, WORK):
        rebuilt = rebuild(archive, edition)
        assert rebuilt.is_equal, (edition.label, rebuilt.differing)
        others = [each for each in rebuilt.toolchain if each.component != "Chapbook"]
        assert others == [], "only our own code may be edited while tests run"


def test_where_bytes_differ_the_component_and_the_install_command_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if it had been released by an older WeasyPrint that wrote another page."""

    def older_build(*arguments: Any) -> Built:
        built = build(*arguments)
        changed = [
            replace(artefact, content=artefact.content + b"\n")
            if artefact.format == "html"
            else artefact
            for artefact in built.artefacts
        ]
        return replace(built, artefacts=tuple(changed))

    def older_toolchain() -> dict[str, Any]:
        lock = toolchain()
        lock["packages"]["weasyprint"]["version"] = "69.0"
        lock["libraries"]["pango"] = "1.48.0"
        return lock

    monkeypatch.setattr(releasing, "build", older_build)
    monkeypatch.setattr(releasing, "toolchain", older_toolchain)
    desk, archive = Desk(tmp_path / "desk"), open_archive(str(tmp_path / "editions"), create=True)
    desk.write("1.0.0")
    assert desk.release(archive).is_new
    done = run("rebuild", "many", "--archive", tmp_path / "editions")
    assert done.exit_code == 8
    assert "outputs/many.html  differs" in done.stdout
    assert "outputs/many.pdf  equal" in done.stdout
    assert "pango: 1.48.0 in the lock" in done.stdout
    assert "weasyprint: 69.0" in done.stdout
    assert "python -m pip install " in done.stdout
    assert " weasyprint==69.0 " in done.stdout
    assert " chapbook==" not in done.stdout, "which is the same"
    assert "From the system, or an older one in a container: pango 1.48.0\n" in done.stdout
    row = run_as_json("rebuild", "many", "--archive", tmp_path / "editions", exit_code=8)
    assert {each["component"] for each in row["toolchain"]} == {"weasyprint", "pango"}


def test_an_edition_that_cannot_be_built_any_more_says_so(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Built:
        raise DesignError("“imprint” is undefined")

    monkeypatch.setattr(rebuilding, "build", fail)
    done = run("rebuild", "many@1.0.0", "--archive", root)
    assert done.exit_code == 8
    assert "was not made" in done.stdout
    assert "“imprint” is undefined" in done.stdout


# Restore ---------------------------------------------------------------------------------------


def test_restore_gives_every_byte_back(root: Path, library: Path, tmp_path: Path) -> None:
    done = run("restore", "many@1.0.0-rc.1", tmp_path / "back", "--archive", root)
    assert done.exit_code == 0, done.output
    before = library / "as last released"
    names = sorted(path.relative_to(before) for path in before.rglob("*") if path.is_file())
    back = tmp_path / "back"
    assert names == sorted(path.relative_to(back) for path in back.rglob("*") if path.is_file())
    for name in names:
        assert (back / name).read_bytes() == (before / name).read_bytes(), name
    assert "templates/print.css" in {name.as_posix() for name in names}


def test_what_was_restored_is_released_already(root: Path, tmp_path: Path) -> None:
    run("restore", "many@2.0.0", tmp_path / "back", "--archive", root)
    done = run("release", tmp_path / "back" / "many.md", "--archive", root)
    assert "nothing to do" in done.stdout


def test_odd_bytes_of_a_manuscript_survive(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk")
    desk.write("1.0.0")
    odd = b"\xef\xbb\xbf" + desk.manuscript.read_bytes().replace(b"\n", b"\r\n") + b"  \r\n\r\n"
    desk.manuscript.write_bytes(odd)
    archive = MemoryArchive()
    desk.release(archive)
    edition = find_edition(archive, WORK)
    assert author_files(archive, edition)["many.md"] == odd
    assert rebuild(archive, edition).is_equal


def test_restore_writes_nothing_over(root: Path, tmp_path: Path) -> None:
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "many.md").write_text("mine", "utf-8")
    done = run("restore", "many@1.0.0", tmp_path / "back", "--archive", root)
    assert done.exit_code == 6
    assert (tmp_path / "back" / "many.md").read_text("utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["back"]


def test_restore_fills_an_empty_folder_that_somebody_stands_in(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    done = run("restore", "many@1.0.0", ".", "--archive", root)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in here.iterdir()) == ["chapbook.toml", "images", "many.md"]
    assert Path.cwd().samefile(here), "it is the same folder still"


@pytest.mark.parametrize(
    "path",
    ["manuscript/../../escaped.md", "manuscript//etc/x", "manuscript/a\\b", "manuscript/./x"],
)
def test_a_path_that_leads_out_of_the_folder_is_refused(path: str, tmp_path: Path) -> None:
    archive = MemoryArchive()
    files = {
        "edition.json": json.dumps(edition_record(WORK)).encode(),
        "manuscript/t.md": b"# T\n\nText.\n",
        path: b"evil",
    }
    archive.add(WORK, files, STAMP, after=0)
    edition = find_edition(archive, WORK)
    for attempt in (
        lambda: author_files(archive, edition),
        lambda: export(archive, edition, "zip"),
        lambda: export(archive, edition, "bagit"),
        lambda: rebuild(archive, edition),
    ):
        with pytest.raises(ArchiveError, match="leads out of its folder"):
            attempt()


# Export ----------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::DeprecationWarning:bagit")
def test_a_bag_is_valid_by_the_library_of_congress(root: Path, tmp_path: Path) -> None:
    done = run("export", "many@1.0.0", "--as", "bagit", "--out", tmp_path, "--archive", root)
    assert done.exit_code == 0, done.output
    folder = tmp_path / "a-work-of-many-editions-1.0.0"
    bag = bagit.Bag(str(folder))
    bag.validate(completeness_only=False)
    assert (folder / "bagit.txt").read_text("ascii").startswith("BagIt-Version: 1.0\n")
    assert bag.info["External-Identifier"] == WORK
    assert bag.info["Source-Organization"] == "A Small Press"
    assert bag.info["Bagging-Date"] == "2026-12-01"
    assert set(bag.payload_files()) == {
        f"data/{path}" for path in run_as_json("show", "many@1.0.0", "--archive", root)["files"]
    }
    metadata = folder / "metadata" / "dc.xml"
    metadata.write_text(metadata.read_text("utf-8") + "\n", "utf-8")
    assert not bagit.Bag(str(folder)).is_valid(), "the tag manifests hold the metadata too"


def test_the_dublin_core_of_a_bag_says_what_the_edition_says(root: Path) -> None:
    archive = open_archive(str(root))
    edition = find_edition(archive, "many@1.0.0")
    (metadata,) = [
        content
        for path, content in export(archive, edition, "bagit").items()
        if path.endswith("metadata/dc.xml")
    ]
    texts: dict[str, list[str | None]] = {}
    for node in ET.fromstring(metadata):
        texts.setdefault(node.tag.removeprefix(DC), []).append(node.text)
    assert texts["title"] == ["A Work of Many Editions: And One Picture"]
    assert texts["creator"] == ["Ada Example"]
    assert texts["identifier"] == [WORK]
    assert texts["date"] == ["2026-11-10"]
    assert texts["language"] == ["en"]
    assert texts["rights"] == ["CC BY 4.0"]
    assert texts["publisher"] == ["A Small Press"]
    assert texts["format"] == ["application/pdf", "application/epub+zip", "text/html"]
    assert texts["description"] == ["Edition 1.0.0"]
    assert texts["source"] == [f"nih:sha-256;{edition.record['manuscript']['sha256']}"]


@pytest.mark.parametrize("form", ["bagit", "zip"])
def test_an_export_gives_the_same_bytes_each_time(root: Path, form: str) -> None:
    archive = open_archive(str(root))
    edition = find_edition(archive, "many@1.0.0")
    assert export(archive, edition, form) == export(archive, edition, form)


def test_a_zip_holds_every_file_of_the_edition(root: Path) -> None:
    archive = open_archive(str(root))
    edition = find_edition(archive, "many@1.0.0")
    ((name, content),) = export(archive, edition, "zip").items()
    assert name == "a-work-of-many-editions-1.0.0.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        held = {
            entry.removeprefix("a-work-of-many-editions-1.0.0/"): hashlib.sha512(
                packed.read(entry)
            ).hexdigest()
            for entry in packed.namelist()
        }
    assert held == dict(edition.version.files)


# What other tools stored -----------------------------------------------------------------------


def test_a_version_by_another_tool_is_shown_by_its_number(tmp_path: Path) -> None:
    root = str(tmp_path / "editions")
    archive = open_archive(root, create=True)
    stamp = Stamp("2020-01-01T00:00:00Z", "Deposit", {})
    archive.add("info:a/1", {"thesis.pdf": b"%PDF-1.4"}, stamp, after=0)
    rows = run_as_json("editions", "--archive", root)["editions"]
    assert [(row["edition"], row["title"]) for row in rows] == [("v1", "info:a/1")]
    assert run("show", "info:a/1@v1", "--archive", root).exit_code == 0
    exported = run("export", "info:a/1", "--as", "zip", "--out", tmp_path, "--archive", root)
    assert exported.exit_code == 0, exported.output
    for command in (["restore", "info:a/1", tmp_path / "out"], ["rebuild", "info:a/1"]):
        done = run(*command, "--archive", root)
        assert done.exit_code == 7
        assert "has no manuscript" in done.stderr
    assert read_edition(archive, archive.versions("info:a/1")[0]).record == {}


def test_a_label_that_looks_like_a_number_of_another_tools_version_can_be_released(
    tmp_path: Path,
) -> None:
    root = str(tmp_path / "editions")
    archive = open_archive(root, create=True)
    archive.add(WORK, {"thesis.pdf": b"%PDF-1.4"}, STAMP, after=0)
    desk = Desk(tmp_path / "desk")
    desk.write("v1")
    assert desk.release(archive).is_new
    rows = run_as_json("editions", "--archive", root)["editions"]
    assert [(row["edition"], row["version"]) for row in rows] == [("v1", 1), ("v1", 2)]


def test_what_would_command_a_terminal_is_not_printed(tmp_path: Path) -> None:
    root = str(tmp_path / "editions")
    archive = open_archive(root, create=True)
    stamp = Stamp("2020-01-01T00:00:00Z", "Deposit", {"name": "\x1b]0;owned\x07"})
    archive.add("info:a\x1b[2J", {"thesis.pdf": b"%PDF-1.4"}, stamp, after=0)
    (tmp_path / "page").write_text(
        '<!doctype html><title>\x1b[2J</title><meta name="DC.identifier" content="\x1b[2J">'
        "<main>Text.</main>",
        "utf-8",
    )
    for words, exit_code in (
        (["editions"], 0),
        (["show", "info:a"], 0),
        (["restore", "info:a", str(tmp_path / "out")], 7),
        (["which", str(tmp_path / "page")], 8),
    ):
        done = run(*words, "--archive", root)
        assert done.exit_code == exit_code
        assert "\x1b" not in done.output
        assert "\x07" not in done.output


def test_every_form_of_export_can_be_asked_for() -> None:
    """The command names them itself, so that its help imports nothing."""
    from chapbook.archive.export import FORMS
    from chapbook.cli import export as command

    assert set(command.FORMS) == set(FORMS)
