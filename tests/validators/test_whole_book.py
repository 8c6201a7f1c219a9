"""Proof at size: a book of 300 pages that uses everything, made once, before every judge."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import page as page_validation
import pikepdf
import pytest

from chapbook.checks.any_file import every_check
from chapbook.cli import inputs
from chapbook.model.errors import Code
from chapbook.pipeline import Built, Job, build
from tests.test_print import falsely_long
from tests.validators import tools
from tests.validators.test_web import judgments
from tests.validators.verapdf import FLAVOURS, broken_rules
from tests.whole_book import write_whole_book

FEWEST_PAGES = 300


@dataclass(frozen=True)
class Book:
    """The finished book: its job, its findings, and its files by their suffix."""

    job: Job
    built: Built
    files: dict[str, Path]


# It takes more than a minute to lay out: one worker keeps it for all judges (tests/conftest.py).
@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder = tmp_path_factory.mktemp("whole")
    job = inputs.job(str(write_whole_book(folder / "book")))
    built = build(job, ["pdf", "epub", "html"])
    files = {artefact.suffix: folder / f"book{artefact.suffix}" for artefact in built.artefacts}
    for output in built.artefacts:
        files[output.suffix].write_bytes(output.content)
    return Book(job, built, files)


def test_it_has_300_printed_pages_and_no_more_is_reported_than_it_asks_for(book: Book) -> None:
    with pikepdf.open(book.files[".pdf"]) as pdf:
        assert len(pdf.pages) >= FEWEST_PAGES
    found_codes = {finding.code for finding in book.built.findings}
    assert found_codes <= {
        Code.IMAGE_CHANGED,
        Code.TYPESETTING,
    }  # inks without a profile; a short page


def test_all_formats_say_the_same_and_epubcheck_and_our_rules_for_reading_systems_find_nothing(
    book: Book,
) -> None:
    files = {path: path.read_bytes() for path in book.files.values()}
    by_suffix = {report.path.suffix: report.findings for report in every_check(book.job, files)}
    assert by_suffix == {".pdf": (), ".epub": (), ".html": ()}


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_the_pdf_conforms(book: Book, profile: str) -> None:
    report = page_validation.validate_pdf(str(book.files[".pdf"]), profile=profile).to_json()
    failed = {failure["rule_id"] for failure in json.loads(report)["failures"]}
    # tests/test_print.py says why these two are not faults.
    unfounded = {"PDFA3A-METADATA-FILTER-001"} | falsely_long(book.files[".pdf"].read_bytes())
    assert failed <= (unfounded if profile == "3a" else set())


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_verapdf_finds_that_the_pdf_conforms(book: Book, flavour: str) -> None:
    assert broken_rules(book.files[".pdf"], flavour) == []


def test_the_nu_html_checker_finds_no_error(book: Book) -> None:
    command: list[str | Path] = [tools.java(), "-jar", tools.vnu_jar(), "--stdout", "--format"]
    finished = subprocess.run(
        [*command, "json", book.files[".html"]], capture_output=True, check=False
    )
    # The words are made of syllables, in which it sees Slovenian.
    messages = [
        each for each in judgments(finished.stdout) if "appears to be written in" not in each
    ]
    assert messages == []


def test_axe_finds_no_violation(book: Book) -> None:
    tools.node_module("@axe-core/playwright")
    command: list[str | Path] = [tools.node(), tools.HERE / "read_page.mjs", tools.chromium()]
    command += [book.files[".html"], "--", "--views=1280 light", *tools.chromium_flags()]
    finished = subprocess.run(command, capture_output=True, check=True, timeout=600)
    (view,) = json.loads(finished.stdout)["book"]["views"].values()
    assert view == {"overflow": 0, "axe": [], "requests": [], "messages": []}
