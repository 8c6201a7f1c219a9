"""A release builds, checks and stores an edition: once, whole, and with all that proves it."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from chapbook.archive.editions import ArchivedEdition, editions_of
from chapbook.archive.store import Stamp, Version
from chapbook.checks import read_file
from chapbook.checks.expected import expect
from chapbook.checks.outline import as_json
from chapbook.cli.inputs import job
from chapbook.model.errors import ArchiveError, EditionExists, SourceError
from tests.archive.memory import MemoryArchive
from tests.archive.shelf import ORDER, WORK, Desk, run, run_as_json


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    result = Desk(tmp_path / "desk")
    result.write("1.0.0")
    return result


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, MemoryArchive]:
    """The first edition, for tests that only look."""
    result, archive = Desk(tmp_path_factory.mktemp("desk")), MemoryArchive()
    result.write("1.0.0")
    assert result.release(archive).is_new
    return result, archive


def first(archive: MemoryArchive) -> tuple[ArchivedEdition, Mapping[str, bytes]]:
    """The first edition of the one work, and its files."""
    edition = editions_of(archive, WORK)[0]
    paths = edition.version.files
    return edition, {path: archive.read(edition.version, path) for path in paths}


# What an edition holds -------------------------------------------------------------------------


def test_an_edition_holds_all_that_it_was_made_from_byte_for_byte(
    released: tuple[Desk, MemoryArchive],
) -> None:
    desk, archive = released
    _, files = first(archive)
    for name in ("many.md", "images/the seal.png", "chapbook.toml"):
        assert files[f"manuscript/{name}"] == (desk.folder / name).read_bytes()
    shipped = Path(__file__).parents[2] / "templates"
    for path in shipped.rglob("*.css"):
        assert files[f"templates/{path.relative_to(shipped).as_posix()}"] == path.read_bytes()


def test_the_record_says_what_the_manuscript_says(released: tuple[Desk, MemoryArchive]) -> None:
    desk, archive = released
    edition, files = first(archive)
    digest = hashlib.sha256(desk.manuscript.read_bytes()).hexdigest()
    assert (edition.work, edition.label, edition.printing) == (WORK, "1.0.0", 1)
    named = {"name": "many.md", "stem": "many", "sha256": digest}
    assert edition.record["manuscript"] == named
    assert edition.record["released-by"] == {"name": "Ada", "address": "mailto:ada@example.org"}
    assert edition.record["metadata"]["publisher"] == "A Small Press"
    assert edition.version.stamp == Stamp(ORDER.moment, "Edition 1.0.0", ORDER.user)
    assert json.loads(files["findings.json"]) == {"accepted": None, "build": [], "checks": []}


def test_the_outline_is_that_of_the_manuscript(released: tuple[Desk, MemoryArchive]) -> None:
    desk, archive = released
    _, files = first(archive)
    expected = as_json(expect(job(str(desk.manuscript))).outline())
    assert json.loads(files["outline.json"]) == json.loads(json.dumps(expected))


def test_each_output_shows_label_date_and_digest_to_an_independent_reader(
    released: tuple[Desk, MemoryArchive],
) -> None:
    desk, archive = released
    edition, files = first(archive)
    assert {Path(path).suffix for path in edition.outputs} == {".pdf", ".epub", ".html"}
    for path in edition.outputs:
        reading = read_file(Path(path).suffix, files[path])
        metadata = reading.outline.metadata
        assert metadata["identifier"] == WORK, path
        assert metadata["edition"] == "1.0.0", path
        assert metadata["date"] == "2026-11-22", path
        digest = hashlib.sha256(desk.manuscript.read_bytes()).hexdigest()
        assert reading.source_digest == digest, path


def test_each_output_shows_label_and_date_where_people_look(
    released: tuple[Desk, MemoryArchive],
) -> None:
    import pypdfium2

    _, archive = released
    _, files = first(archive)
    pdf = pypdfium2.PdfDocument(files["outputs/many.pdf"])
    page = pdf[0].get_textpage().get_text_bounded()
    with zipfile.ZipFile(io.BytesIO(files["outputs/many.epub"])) as epub:
        pages = "".join(
            epub.read(name).decode() for name in epub.namelist() if name.endswith(".xhtml")
        )
    for shown in (page, pages, files["outputs/many.html"].decode()):
        assert "1.0.0" in shown
        assert "November 22, 2026" in shown


def test_the_checksums_are_what_sha256sum_reads(
    released: tuple[Desk, MemoryArchive], tmp_path: Path
) -> None:
    _, archive = released
    _, files = first(archive)
    listed = files["SHA256SUMS"].decode().splitlines()
    assert {line[66:] for line in listed} == set(files) - {"SHA256SUMS"}
    for line in listed:
        assert hashlib.sha256(files[line[66:]]).hexdigest() == line[:64]
    if shutil.which("sha256sum") is None:
        pytest.skip("sha256sum is not installed: apt-get install coreutils")
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )


def test_the_provenance_names_outputs_materials_and_tools_in_the_public_forms(
    released: tuple[Desk, MemoryArchive],
) -> None:
    _, archive = released
    edition, files = first(archive)
    statement = json.loads(files["provenance.json"])
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://slsa.dev/provenance/v1"
    subjects = {each["name"]: each["digest"]["sha256"] for each in statement["subject"]}
    assert subjects == {path: hashlib.sha256(files[path]).hexdigest() for path in edition.outputs}
    definition = statement["predicate"]["buildDefinition"]
    materials = {each["name"]: each for each in definition["resolvedDependencies"]}
    inputs = [path for path in files if path.startswith(("manuscript/", "templates/"))]
    for path in inputs:
        assert materials[path]["digest"]["sha256"] == hashlib.sha256(files[path]).hexdigest()
    assert materials["weasyprint"]["uri"].startswith("pkg:pypi/weasyprint@")
    assert materials["pango"]["uri"].startswith("pkg:generic/pango@")
    run_details = statement["predicate"]["runDetails"]
    assert run_details["builder"]["id"].startswith("pkg:pypi/chapbook@")
    assert run_details["metadata"]["startedOn"] == ORDER.moment


def test_the_provenance_is_what_in_toto_defines(released: tuple[Desk, MemoryArchive]) -> None:
    """By in-toto's own messages, which know no other field and no other type."""
    from google.protobuf import json_format
    from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
    from in_toto_attestation.v1 import statement_pb2
    from in_toto_attestation.v1.statement import Statement

    _, archive = released
    content = first(archive)[1]["provenance.json"]
    message = json_format.Parse(content, statement_pb2.Statement())
    Statement.copy_from_pb(message).validate()
    predicate = json.loads(content)["predicate"]
    provenance = json_format.ParseDict(predicate, provenance_pb2.Provenance())
    assert len(provenance.build_definition.resolved_dependencies) > 90
    with pytest.raises(json_format.ParseError):
        json_format.ParseDict({**predicate, "unheard": "of"}, provenance_pb2.Provenance())


def test_the_lock_names_every_package_library_and_face(
    released: tuple[Desk, MemoryArchive],
) -> None:
    from importlib.metadata import version

    from chapbook.design import fonts

    _, archive = released
    _, files = first(archive)
    lock = json.loads(files["toolchain.json"])
    for package in ("weasyprint", "ebooklib", "jinja2", "fonttools", "pypandoc-binary"):
        assert lock["packages"][package]["version"] == version(package)
    assert {"pandoc", "pango", "harfbuzz", "fontconfig", "glib", "zlib"} <= set(lock["libraries"])
    assert "unknown" not in lock["libraries"].values()
    assert "pytest" not in lock["packages"], "the tools of tests have no part in the outputs"
    assert set(lock["faces"]) == set(fonts.files())
    assert sum(name.startswith("Source") for name in lock["faces"]) == 6
    assert lock["python"].startswith("CPython 3.")


def test_nothing_in_an_edition_shows_where_it_was_made(
    released: tuple[Desk, MemoryArchive],
) -> None:
    desk, archive = released
    for path, content in first(archive)[1].items():
        assert str(desk.folder).encode() not in content, path


def test_the_same_release_gives_the_same_bytes(desk: Desk) -> None:
    editions = []
    for _ in range(2):
        archive = MemoryArchive()
        desk.release(archive)
        editions.append(first(archive)[1])
    assert editions[0] == editions[1]


# Once ------------------------------------------------------------------------------------------


def test_the_same_content_under_the_same_label_is_nothing_to_do(desk: Desk) -> None:
    archive = MemoryArchive()
    desk.release(archive)
    later = replace(ORDER, moment="2027-01-01T00:00:00Z", user={"name": "Bo"})
    outcome = desk.release(archive, later)
    assert not outcome.is_new
    assert outcome.edition is not None
    assert outcome.edition.released == ORDER.moment
    assert len(archive.versions(WORK)) == 1


def test_other_words_under_the_same_label_are_refused_with_line_and_remedy(desk: Desk) -> None:
    archive = MemoryArchive()
    desk.release(archive)
    desk.write("1.0.0", words="twice")
    with pytest.raises(EditionExists) as refused:
        desk.release(archive)
    assert "many.md differs from line 14" in str(refused.value)
    assert 'edition: "1.0.1"' in refused.value.remedy
    assert refused.value.where is not None
    assert refused.value.where.line == 9, "where the label stands"
    assert len(archive.versions(WORK)) == 1


def test_other_pictures_and_settings_are_named_too(desk: Desk) -> None:
    archive = MemoryArchive()
    desk.release(archive)
    (desk.folder / "images" / "the seal.png").rename(desk.folder / "seal.png")
    desk.manuscript.write_text(
        desk.manuscript.read_text("utf-8").replace("images/the%20seal", "seal"), "utf-8"
    )
    (desk.folder / "chapbook.toml").unlink()
    with pytest.raises(EditionExists) as refused:
        desk.release(archive)
    text = str(refused.value)
    assert "many.md differs from line 16" in text
    assert "seal.png is new" in text
    assert "chapbook.toml is gone" in text
    assert "images/the seal.png is gone" in text


def test_a_new_look_is_refused_until_it_is_called_a_printing(desk: Desk) -> None:
    archive = MemoryArchive()
    desk.release(archive)
    desk.restyle("p { color: #222 }")
    with pytest.raises(EditionExists) as refused:
        desk.release(archive)
    assert "outputs/many.pdf" in str(refused.value)
    assert "outputs/many.html" not in str(refused.value), "print.css is for print"
    assert "templates/print.css differs" in str(refused.value)
    assert "--printing" in refused.value.remedy
    printed = desk.release(archive, replace(ORDER, is_printing=True))
    assert printed.is_new
    assert printed.edition is not None
    assert (printed.edition.label, printed.edition.printing) == ("1.0.0", 2)
    assert printed.edition.version.stamp.message == "Edition 1.0.0, printing 2"
    assert not desk.release(archive).is_new, "the second printing is there"
    shutil.rmtree(desk.folder / "templates")
    again = desk.release(archive)
    assert not again.is_new
    assert again.edition is not None
    assert again.edition.printing == 1, "and so is the first"


def test_a_printing_is_no_way_to_change_the_text(desk: Desk) -> None:
    archive = MemoryArchive()
    desk.release(archive)
    desk.write("1.0.0", words="twice")
    with pytest.raises(EditionExists):
        desk.release(archive, replace(ORDER, is_printing=True))


def test_a_first_printing_needs_an_edition(desk: Desk) -> None:
    with pytest.raises(ArchiveError, match="no edition 1\\.0\\.0 to print again"):
        desk.release(MemoryArchive(), replace(ORDER, is_printing=True))


# Two at once -----------------------------------------------------------------------------------


class Contested(MemoryArchive):
    """Another release comes in between, just before the first `add`."""

    def __init__(self, rival: Desk) -> None:
        super().__init__()
        self.rival: Desk | None = rival

    def add(self, work: str, files: Mapping[str, bytes], stamp: Stamp, *, after: int) -> Version:
        if self.rival is not None:
            rival, self.rival = self.rival, None
            rival.release(self)
        return super().add(work, files, stamp, after=after)


def test_two_editions_released_at_once_are_both_stored_in_order(desk: Desk, tmp_path: Path) -> None:
    rival = Desk(tmp_path / "rival")
    rival.write("1.1.0", words="twice")
    archive = Contested(rival)
    assert desk.release(archive).is_new
    labels = [edition.label for edition in editions_of(archive, WORK)]
    assert labels == ["1.0.0", "1.1.0"]


def test_of_two_texts_released_at_once_under_one_label_one_wins(desk: Desk, tmp_path: Path) -> None:
    rival = Desk(tmp_path / "rival")
    rival.write("1.0.0", words="twice")
    archive = Contested(rival)
    with pytest.raises(EditionExists):
        desk.release(archive)
    assert len(archive.versions(WORK)) == 1


def test_the_same_edition_released_twice_at_once_is_stored_once(desk: Desk, tmp_path: Path) -> None:
    rival = Desk(tmp_path / "rival")
    rival.write("1.0.0")
    archive = Contested(rival)
    assert not desk.release(archive).is_new
    assert len(archive.versions(WORK)) == 1


# What stops a release --------------------------------------------------------------------------


def test_errors_stop_a_release_and_nothing_is_stored(desk: Desk) -> None:
    archive = MemoryArchive()
    desk.write("1.0.0", words="𒀀𒀁")
    outcome = desk.release(archive)
    assert outcome.edition is None
    assert {finding.code.value for finding in outcome.findings} >= {"glyph-missing"}
    assert list(archive.works()) == []


def test_accepted_errors_are_recorded_with_the_reason(desk: Desk) -> None:
    archive = MemoryArchive()
    desk.write("1.0.0", words="𒀀𒀁")
    outcome = desk.release(archive, replace(ORDER, accepted="No face for them yet."))
    assert outcome.is_new
    recorded = json.loads(first(archive)[1]["findings.json"])
    assert recorded["accepted"] == "No face for them yet."
    (missing, *_) = [row for row in recorded["build"] if row["code"] == "glyph-missing"]
    assert (missing["file"], missing["severity"]) == ("many.md", "error")


@pytest.mark.parametrize("key", ["edition", "identifier"])
def test_without_a_label_or_an_identifier_nothing_is_released(desk: Desk, key: str) -> None:
    lines = desk.manuscript.read_text("utf-8").splitlines(keepends=True)
    desk.manuscript.write_text("".join(line for line in lines if not line.startswith(key)), "utf-8")
    with pytest.raises(SourceError) as refused:
        desk.release(MemoryArchive())
    assert f"{key}: " in refused.value.remedy


def test_settings_of_the_project_are_kept_with_the_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path / "source")
    desk.write("1.0.0")
    (desk.folder / "chapbook.toml").rename(tmp_path / "chapbook.toml")
    monkeypatch.chdir(tmp_path)
    archive = MemoryArchive()
    desk.release(archive)
    edition, files = first(archive)
    assert files["manuscript/chapbook.toml"] == (tmp_path / "chapbook.toml").read_bytes()
    assert edition.record["metadata"]["publisher"] == "A Small Press"


# The command -----------------------------------------------------------------------------------


def test_the_command_stops_with_8_and_says_how_to_go_on(desk: Desk, tmp_path: Path) -> None:
    desk.write("1.0.0", words="𒀀𒀁")
    done = run("release", desk.manuscript, "--archive", tmp_path / "editions")
    assert done.exit_code == 8
    assert "glyph-missing" in done.stderr
    assert "not released" in done.stderr
    assert "--accept-findings" in done.stderr
    assert not (tmp_path / "editions").exists()


def test_the_moment_and_the_releaser_can_be_set(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    root = tmp_path / "editions"
    done = run("release", desk.manuscript, "--archive", root, "--by", "Bo <bo@example.org>")
    assert done.exit_code == 0, done.output
    shown = run("show", "many@1.0.0", "--archive", root).stdout
    assert "1970-01-02T00:00:00Z by Bo <bo@example.org>" in shown


def test_a_senseless_moment_is_a_usage_error(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    done = run("release", desk.manuscript, "--archive", tmp_path / "editions")
    assert done.exit_code == 2
    assert "SOURCE_DATE_EPOCH" in done.stderr


def test_standard_input_is_no_edition(tmp_path: Path) -> None:
    done = run("release", "-", "--archive", tmp_path / "editions")
    assert done.exit_code == 3
    assert "Traceback" not in done.output


def test_several_manuscripts_are_released_and_what_stops_one_does_not_stop_the_others(
    tmp_path: Path,
) -> None:
    sound, broken = Desk(tmp_path / "sound"), Desk(tmp_path / "broken")
    sound.write("1.0.0")
    broken.write("1.0.0", words="𒀀𒀁")
    other = broken.manuscript.rename(broken.folder / "other.md")
    text = other.read_text("utf-8").replace(WORK, "urn:uuid:00000000-0000-4000-8000-000000000000")
    other.write_text(text, "utf-8")
    rows = run_as_json(
        "release", other, sound.manuscript, "--archive", tmp_path / "editions", exit_code=8
    )["editions"]
    assert [row["new"] for row in rows] == [False, True]
    assert rows[0]["edition"] is None
    assert {finding["code"] for finding in rows[0]["findings"]} >= {"glyph-missing"}
    assert rows[1]["edition"]["work"] == WORK
    again = run_as_json("release", sound.manuscript, "--archive", tmp_path / "editions")["editions"]
    assert (again[0]["new"], again[0]["edition"]) == (False, rows[1]["edition"])
