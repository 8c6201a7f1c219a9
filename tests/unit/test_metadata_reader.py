"""The metadata of a work are read, assumed, or reported as wrong."""

import pytest

from chapbook.model.dom import element
from chapbook.model.errors import Code, Finding, Place
from chapbook.model.metadata import Evaluation, Metadata, Person
from chapbook.reading.front_matter import split
from chapbook.reading.manuscript import decode
from chapbook.reading.metadata_reader import describe, inner_html, rich_strings

THEMES = ("plain", "serif")


def described(
    yaml: str, heading: str | None = None, stem: str = "my-essay"
) -> tuple[Metadata, list[Finding]]:
    manuscript = decode("essay.md", stem, f"---\n{yaml}\n---\n\nWords.\n".encode())
    block = split(manuscript, {})
    rich = {key: element("span", text) for key, text in rich_strings(block).items()}
    metadata, findings = describe(block, rich, heading, manuscript, THEMES)
    return metadata, [
        finding for finding in findings if finding.code is not Code.IDENTIFIER_MISSING
    ]


def test_what_is_said_is_taken() -> None:
    metadata, findings = described(
        "title: T\nsubtitle: S\nlang: de-AT\nidentifier: urn:x\nedition: 1.0\nrights: R\n"
        "publisher: P\nisbn: 978-0-306-40615-7\nkeywords: [a, b c]\nabstract: A\ntheme: plain\n"
        "documentclass: book\nrunning-title: Run\ndate: 2026-11"
    )
    assert findings == []
    assert metadata.full_title == "T: S"
    assert (metadata.lang, metadata.direction) == ("de-AT", "ltr")
    assert (metadata.identifier, metadata.edition, metadata.isbn) == (
        "urn:x",
        "1.0",
        "978-0-306-40615-7",
    )
    assert metadata.keywords == ("a", "b c")
    assert (metadata.theme, metadata.documentclass, metadata.running_title) == (
        "plain",
        "book",
        "Run",
    )
    assert metadata.date is not None
    assert metadata.date.iso == "2026-11"


@pytest.mark.parametrize(
    ("heading", "stem", "title", "codes"),
    [
        ("The Heading", "file", "The Heading", []),
        (None, "my_own-essay", "My own essay", [Code.TITLE_MISSING]),
        (None, "---", "Untitled", [Code.TITLE_MISSING]),
    ],
)
def test_a_title_is_found(heading: str | None, stem: str, title: str, codes: list[Code]) -> None:
    metadata, findings = described("lang: en", heading, stem)
    assert metadata.title == title
    assert [finding.code for finding in findings] == codes
    assert all(finding.where == Place("essay.md") for finding in findings)


def test_a_heading_as_title_is_escaped() -> None:
    metadata, _ = described("lang: en", "A < B & <script>")
    assert metadata.title == "A < B & <script>"
    assert metadata.title_html == "A &lt; B &amp; &lt;script&gt;"


@pytest.mark.parametrize(
    ("lang", "taken", "codes"),
    [
        ("en", "en", []),
        ("EN-us", "en-us", []),
        ("zh-Hant-TW", "zh-Hant-TW", []),
        ("English", "en", [Code.METADATA_VALUE]),
        ("en_US", "en", [Code.METADATA_VALUE]),
        ("C", "en", [Code.METADATA_VALUE]),
        ('en"><script>', "en", [Code.METADATA_VALUE]),
        ("", "en", [Code.LANGUAGE_MISSING]),
    ],
)
def test_a_language_is_taken_or_assumed(lang: str, taken: str, codes: list[Code]) -> None:
    metadata, findings = described(f"title: T\nlang: '{lang}'")
    assert metadata.lang == taken
    assert [finding.code for finding in findings] == codes


@pytest.mark.parametrize(
    ("lang", "direction"),
    [
        *((tag, "rtl") for tag in "ar he-IL en-Arab yi dv ckb arz syr nqo ff-Adlm pa-PK".split()),
        *((tag, "ltr") for tag in "tr ar-Latn ff pa sd-Deva en-US-x-hebr".split()),
    ],
)
def test_the_direction_follows_the_script(lang: str, direction: str) -> None:
    assert described(f"title: T\nlang: {lang}")[0].direction == direction


def test_people_come_in_three_forms() -> None:
    assert described("author: Ada  Lovelace")[0].authors == (Person("Ada Lovelace"),)
    assert described("author: [A, B]")[0].authors == (Person("A"), Person("B"))
    metadata, findings = described(
        "title: T\nlang: en\nauthor:\n  - name: Ada Lovelace\n    file-as: Lovelace, Ada\n"
        "    orcid: 0000-0002-1825-0097\n    affiliation: Home\n    role: aui\n"
        "contributor: {name: B}"
    )
    assert metadata.authors == (
        Person("Ada Lovelace", "aui", "Lovelace, Ada", "0000-0002-1825-0097", "Home"),
    )
    assert metadata.contributors == (Person("B", "ctb"),)
    assert findings == []


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        ("author: {nme: A}", "must be a name, or an object with a name"),
        ("author: [{name: [A]}]", "must be a name"),
        ("author: {name: A, orcid: 0000-0002-1825-0098}", "is not an ORCID iD"),
        ("author: {name: A, role: author}", "is not a MARC relator code: write role: aut"),
        ("author: {name: A, affiliation: [B]}", "“affiliation” must be one text"),
        ("isbn: 978-0-306-40615-8", "is not an ISBN-13"),
        ("date: 18. December 2020", "is printed as it is"),
        ("theme: gothic", "it can be plain or serif"),
        ("dir: up", "it can be ltr or rtl"),
        ("documentclass: poem", "it can be article or book"),
        ("publisher: [A, B]", "“publisher” must be one text"),
        ("abstract: {a: b}", "“abstract” must be one text"),
        ("keywords: {a: b}", "must be a list of texts"),
        ("keywords: [[a], b]", "must be a list of texts"),
    ],
)
def test_what_is_wrong_is_reported_with_its_line(yaml: str, says: str) -> None:
    _, findings = described(f"lang: en\n{yaml}", heading="H")
    messages = [finding for finding in findings if finding.code is Code.METADATA_VALUE]
    assert [item.where for item in messages] == [Place("essay.md", 3)]
    assert says in messages[0].message


def test_a_strange_date_is_kept_as_text() -> None:
    metadata, _ = described("date: 18. December 2020")
    assert (metadata.date, metadata.date_text) == (None, "18. December 2020")


def test_a_derived_identifier_outlives_an_edition() -> None:
    first, again = (
        described("title: T\nauthor: A\nedition: '1'")[0],
        described("title: T\nauthor: A\nedition: '2'")[0],
    )
    other = described("title: T\nauthor: B")[0]
    assert first.identifier == again.identifier
    assert first.identifier.startswith("urn:uuid:")
    assert other.identifier != first.identifier


def test_inner_html_keeps_marks() -> None:
    assert inner_html(element("span", "a ", element("em", "b"), " < c")) == "a <em>b</em> &lt; c"


ACCESSIBILITY = """accessibility:
  conforms-to: EPUB Accessibility 1.1 - WCAG 2.2 Level AA
  certified-by: A Certifier
  report: https://example.org/report
"""


def test_an_evaluation_is_taken_as_it_is_named() -> None:
    metadata, findings = described(f"title: T\nlang: en\nfonts: embed\n{ACCESSIBILITY}")
    assert findings == []
    assert metadata.evaluation == Evaluation(
        "EPUB Accessibility 1.1 - WCAG 2.2 Level AA",
        "A Certifier",
        report="https://example.org/report",
    )
    assert metadata.fonts == "embed"


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("WCAG 2.2 Level AA", "WCAG", 5, "is not a conformance that EPUB knows"),
        (
            "  certified-by: A Certifier\n",
            "",
            4,
            "lacks “certified-by”, so no conformance is claimed",
        ),
        ("https:", "javascript:", 7, "is not a web address of a report"),
        ("A Certifier", "[A, B]", 6, "“certified-by” must be one text"),
    ],
)
def test_half_an_evaluation_claims_nothing_and_is_reported(
    before: str, after: str, line: int, message: str
) -> None:
    metadata, findings = described(f"title: T\nlang: en\n{ACCESSIBILITY.replace(before, after)}")
    assert metadata.evaluation is None
    assert message in findings[0].message
    assert findings[0].where == Place("essay.md", line)


def test_each_key_of_a_person_has_its_own_line() -> None:
    _, findings = described(
        "title: T\nlang: en\nauthor:\n  - A\n  - name: B\n    role: trl\n  - name: C\n"
        "    role: author"
    )
    assert [finding.where for finding in findings] == [Place("essay.md", 9)]


@pytest.mark.parametrize(
    ("written", "lang", "date"),
    [
        ("18 December 2020", "en", "2020-12-18"),
        ("Dec. 18, 2020", "en", "2020-12-18"),
        ("18. Dezember 2020", "de", "2020-12-18"),
        ("18.12.2020", "de", "2020-12-18"),
        ("2020/1/5", "en", "2020-01-05"),
        ("mars 2020", "fr", "2020-03"),
    ],
)
def test_a_date_is_written_as_catalogs_need_it(written: str, lang: str, date: str) -> None:
    _, findings = described(f"title: T\nlang: {lang}\ndate: {written}")
    assert findings[0].message.endswith(f"write date: {date}")


@pytest.mark.parametrize("written", ["3/4/2020", "31 February 2020", "in spring", "2020 or 2021"])
def test_no_date_is_guessed(written: str) -> None:
    _, findings = described(f"title: T\nlang: en\ndate: {written}")
    assert findings[0].message.endswith("write such as 2026-11-22 or 2026")
