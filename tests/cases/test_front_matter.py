"""Front matter of any file, in any notation: read, or reported with its line, and never printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapbook.cli import inputs
from chapbook.model.document import Publication
from chapbook.model.errors import SourceError
from chapbook.model.metadata import Metadata
from chapbook.pipeline import publish
from tests.cases import build_case

OPF = {"dc": "http://purl.org/dc/elements/1.1/", "opf": "http://www.idpf.org/2007/opf"}
INDEX = "---\ntitle: T\nlang: en\nidentifier: urn:x\n{}---\n\nPreface.\n"


def published(folder: Path, files: dict[str, str], main: str = "main.md") -> Publication:
    """The manuscript that these files are, read and in house style, without layout."""
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return publish(inputs.job(str(folder / main)))


def read(folder: Path, text: str) -> tuple[Metadata, str, list[str]]:
    """Return the metadata of a manuscript, its words, and the findings."""
    document = published(folder, {"main.md": text}).document
    words = " ".join("".join(document.body.itertext()).split())
    findings = [f"{each.where}: {each.message}" for each in document.findings]
    name = str(folder / "main.md")
    return document.metadata, words, [line.replace(name, "main.md") for line in findings]


def headings(publication: Publication) -> list[str]:
    tree = publication.document.body
    tags = {"h1", "h2", "h3"}
    return [f"{node.tag} {''.join(node.itertext())}" for node in tree.iter() if node.tag in tags]


# The cases -------------------------------------------------------------------------------------


def test_the_titles_of_chapters_are_their_headings() -> None:
    built = build_case("chapter-front-matter")
    result = [node.text for node in built.xpath("//h:section/h:h2")]
    assert result == ["Chapter 1", "Chapter 2"] * 2
    for text in built.texts.values():
        assert "a.jpg" not in text
        assert "title" not in text
    notes = [each for each in built.findings if "front matter" in each.message]
    assert [each.message for each in notes] == [
        "keys in the front matter of 2 files have no effect there: image"
    ]
    assert built.check_findings == ()


def test_toml_is_metadata(tmp_path: Path) -> None:
    built = build_case("toml-front-matter")
    assert {text.count("The South Shore") > 0 for text in built.texts.values()} == {True}
    assert not any("+++" in text or "draft" in text for text in built.texts.values())
    (draft,) = [each for each in built.findings if each.code.value == "draft"]
    assert draft.where
    assert draft.where.line == 4
    assert built.check_findings == ()


def test_pandoc_s_lists_of_objects_are_metadata() -> None:
    path = Path(__file__).parent / "pandoc-epub-metadata" / "main.md"
    metadata = publish(inputs.job(str(path))).metadata
    assert (metadata.title, metadata.subtitle) == ("Salt and Rope", "A history")
    assert [(each.name, each.role) for each in metadata.authors] == [("Ruth Hale", "aut")]
    assert [(each.name, each.role) for each in metadata.contributors] == [("Paul Orme", "edt")]
    assert metadata.identifier == "urn:isbn:9780306406157"
    assert metadata.isbn == "9780306406157"


# Notations -------------------------------------------------------------------------------------

NOTATIONS = {
    "YAML": '---\ntitle: "Tides"\nauthor: Ada\n---\n\n',
    "dots": "---\ntitle: Tides\nauthor: Ada\n...\n",
    "BOM": "\ufeff---\ntitle: Tides\nauthor: Ada\n---\n",
    "CRLF": "---\r\ntitle: Tides\r\nauthor: Ada\r\n---\r\n\r\n",
    "blank lines above": "\n \n---\ntitle: Tides\nauthor: Ada\n---\n",
    "comment above": "<!-- mine\n\n-->\n\n---\ntitle: Tides\nauthor: Ada\n---\n",
    "comments within": "---\n# mine\n\ntitle: Tides\n\n# hers\nauthor: Ada\n---\n",
    "a line free": "---\n\ntitle: Tides\nauthor: Ada\n\n---\n",
    "TOML": '+++\ntitle = "Tides"\nauthor = "Ada"\n\n[params]\nx = 1\n+++\n',
    "TOML list": '+++\ntitle = """Tides"""\nauthors = ["Ada"]\ndate = 2020-05-01T00:00:00Z\n+++\n',
    "JSON": '{\n  "title": "Tides",\n  "author": ["Ada"],\n  "weight": 1\n}\n\n',
    "percent": "% Tides\n% Ada\n% 2020\n\n",
    "percent in lines": "%  Tides\n%  Ada\n\n",
    "MultiMarkdown": "Title:  Tides\nAuthor: Ada\nBase Header Level: 2\n\n",
    "Pelican": "title: Tides\nauthor: Ada\ntags: a, b\nslug: tides\n\n",
}


@pytest.mark.parametrize("head", NOTATIONS.values(), ids=NOTATIONS)
def test_each_notation_is_read_and_not_printed(tmp_path: Path, head: str) -> None:
    metadata, words, result = read(tmp_path, f"{head}# A road\n\nIt leads. [no](javascript:x)\n")
    assert metadata.title == "Tides"
    assert [each.name for each in metadata.authors] == ["Ada"]
    assert words == "A road It leads. no"
    line = head.replace("\r", "").count("\n") + 3
    assert [text for text in result if text.startswith(f"main.md:{line}: ")], result


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nA rule, and words.\n\n---\n\nMore.\n",
        "Dear reader: hello\nTitle: none\n\nMore.\n",
        "Title: a sentence that has a colon.\nAnd goes on.\n",
        "{ braces } at the head\n",
        '{"a": 1} is JSON.\n',
        "100 % of it\n",
        "%done\n",
        "++\n\nWords.\n",
    ],
)
def test_what_is_text_stays_text(tmp_path: Path, text: str) -> None:
    _, words, _ = read(tmp_path, text)
    for word in ("words", "reader: hello", "sentence", "braces", "JSON", "of it", "done", "Words"):
        assert (word in words) == (word in text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("---\ntitle: A\n\nWords.\n", r"main.md:1: .*has no end"),
        ("\n\n---\ntitle: A: b\n---\nWords.\n", r"main.md:4: the front matter block is not YAML"),
        ("+++\ntitle = Tides\n+++\n\nWords.\n", r"main.md:2: not TOML"),
        ('+++\ntitle = "Tides"\n\nWords.\n', r"main.md:1: .*has no end"),
        ('{\n "title": "A",\n "b" 1\n}\n\nWords.\n', r"main.md:3: .*not JSON"),
    ],
)
def test_a_broken_block_is_reported_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        read(tmp_path, text)


def test_header_lines_that_are_read_are_reported(tmp_path: Path) -> None:
    _, _, result = read(tmp_path, "Title: T\nAuthor: A\n\nWords.\n")
    assert any(
        "main.md:1: header lines at the head are read as metadata" in each for each in result
    )


def test_a_block_further_down_is_reported_and_not_printed(tmp_path: Path) -> None:
    text = "---\ntitle: A\n---\na\n\n---\ntitle: B\nlang: de\n---\n\nb [no](javascript:x)\n"
    metadata, words, result = read(tmp_path, text)
    assert (metadata.title, words) == ("A", "a b no")
    assert any(each.startswith("main.md:6: only the front matter block") for each in result)
    assert any(each.startswith("main.md:11: ") for each in result)


def test_a_block_within_code_is_code(tmp_path: Path) -> None:
    text = (
        "Words.\n\n```yaml\n\n---\ntitle: x\nlang: y\n---\n```\n\n    a\n\n    ---\n    title: z\n"
    )
    _, words, result = read(tmp_path, text)
    assert words == "Words. --- title: x lang: y --- a --- title: z"
    assert not any("front matter block" in each and "only" in each for each in result)


def test_a_title_without_words_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"main.md:2: the title has no words"):
        read(tmp_path, '---\ntitle: "<!-- x -->"\n---\n\n# Another\n\nWords.\n')


# Chapters --------------------------------------------------------------------------------------

CHAPTERS = {
    "no heading": ("---\ntitle: North\n---\n\nNo path.\n\n## Dunes\n", ["h2 North", "h3 Dunes"]),
    "the same": ("---\ntitle: North\n---\n\n# *North* {#n}\n\nWords.\n", ["h2 North"]),
    "the same, underlined": ("---\ntitle: North\n---\nNorth\n=====\n\nWords.\n", ["h2 North"]),
    "its own": ("---\ntitle: Short\n---\n\n# A long heading\n\nWords.\n", ["h2 A long heading"]),
    "sections": ("---\ntitle: North\n---\n# A\n\na\n\n# B\n\nb\n", ["h2 North", "h2 A", "h2 B"]),
    "text above": ("---\ntitle: North\n---\nWords.\n\n# A\n\na\n", ["h2 North", "h2 A"]),
    "in code": ("---\ntitle: North\n---\n\n```\n# x\n```\n\nWords.\n", ["h2 North"]),
    "one line": ("% North\nWords.\n", ["h2 North"]),
    "TOML": ('+++\ntitle = "North"\nweight = 1\n+++\nWords.\n', ["h2 North"]),
    "JSON": ('{"title": "North"}\n\nWords.\n', ["h2 North"]),
    "pandoc": ("---\ntitle:\n- type: main\n  text: North\n---\nWords.\n", ["h2 North"]),
    "no title": ("---\nlayout: x\n---\n# A\n\nWords.\n", ["h2 A"]),
    "empty": ("---\n---\n# A\n\nWords.\n", ["h2 A"]),
    "rule": ("---\n\nWords.\n\n---\n\n# A\n\na\n", ["h2 A"]),
}


@pytest.mark.parametrize(("chapter", "expected"), CHAPTERS.values(), ids=CHAPTERS)
def test_a_chapter_s_title_is_its_heading_once(
    tmp_path: Path, chapter: str, expected: list[str]
) -> None:
    files = {"main.md": INDEX.format("chapters: [one.md]\n"), "one.md": f"{chapter}\n[no](js:x)\n"}
    result = published(tmp_path, files)
    assert headings(result) == expected
    words = "".join(result.document.body.itertext())
    assert "title" not in words
    assert "weight" not in words
    assert "---" not in words
    places = [each.where for each in result.document.findings if each.code.value == "link-refused"]
    assert [place.line for place in places if place] == [chapter.count("\n") + 2]


def test_a_title_beside_another_heading_is_reported(tmp_path: Path) -> None:
    files = {"main.md": INDEX.format("chapters: [one.md]\n"), "one.md": CHAPTERS["its own"][0]}
    findings = [str(each) for each in published(tmp_path, files).document.findings]
    assert [each for each in findings if "one.md:2: note: the title “Short” is not printed" in each]


def test_an_included_file_s_front_matter_is_not_printed(tmp_path: Path) -> None:
    files = {
        "main.md": INDEX.format("") + "\n{{< include part.md >}}\n",
        "part.md": "---\ntitle: Part\ndraft: true\nx: 1\n---\n\nIts words.\n",
    }
    result = published(tmp_path, files)
    assert " ".join("".join(result.document.body.itertext()).split()) == "Preface. Its words."
    findings = [str(each).removeprefix(str(tmp_path)) for each in result.document.findings]
    assert any(each.startswith("/part.md:3: warning: its author calls it") for each in findings)
    says = "/part.md:2: note: keys in the front matter of this file have no effect there: title, x"
    assert any(each.startswith(says) for each in findings)


def test_unknown_keys_of_many_chapters_are_one_note(tmp_path: Path) -> None:
    names = [f"{number}.md" for number in range(5)]
    files = {name: f"---\ntitle: C{name}\nweight: 1\nicon: x\n---\n\nW.\n" for name in names}
    files["main.md"] = INDEX.format(f"chapters: [{', '.join(names)}]\n")
    findings = [
        each for each in published(tmp_path, files).document.findings if "weight" in str(each)
    ]
    assert len(findings) == 1
    assert "5 files" in findings[0].message


@pytest.mark.parametrize(
    "title", ["{a: {b: c}}", "[A, B]", "[{type: edition, text: x}]", "[[a]]", "[{}]"]
)
def test_a_title_that_is_not_understood_is_an_error(tmp_path: Path, title: str) -> None:
    says = r'main.md:2: the title is not understood — .* title: "…"'
    with pytest.raises(SourceError, match=says):
        read(tmp_path, f"---\ntitle: {title}\n---\n\n# Another\n\nWords.\n")


# Values ----------------------------------------------------------------------------------------


def of(folder: Path, block: str) -> Metadata:
    return read(folder, f"---\n{block}\n---\n\nWords.\n")[0]


@pytest.mark.parametrize(
    ("block", "title", "subtitle"),
    [
        ("title:\n  type: main\n  text: A", "A", None),
        ("title:\n- A\n- type: subtitle\n  text: B", "A", "B"),
        ("title:\n- type: subtitle\n  text: B\n- type: main\n  text: A", "A", "B"),
        ("title: {main: A, subtitle: B}", "A", "B"),
        ("title: [A]", "A", None),
    ],
)
def test_forms_of_a_title(tmp_path: Path, block: str, title: str, subtitle: str | None) -> None:
    result = of(tmp_path, block)
    assert (result.title, result.subtitle) == (title, subtitle)


@pytest.mark.parametrize(
    ("block", "people"),
    [
        ("creator:\n  role: author\n  text: A", [("A", "aut")]),
        ("creator:\n- role: edt\n  text: E\n  file-as: F", [("E", "edt")]),
        (
            "author:\n- name: {given: Ada, family: Lee}\n  affiliations: [{name: U}]",
            [("Ada Lee", "aut")],
        ),
        ("author:\n- given: Ada\n  family: Lee", [("Ada Lee", "aut")]),
        ("authors: [A, B]", [("A", "aut"), ("B", "aut")]),
        ("authors: A", [("A", "aut")]),
        ("author: {name: A}", [("A", "aut")]),
        ("contributor:\n- role: translator\n  text: C", [("C", "trl")]),
    ],
)
def test_forms_of_people(tmp_path: Path, block: str, people: list[tuple[str, str]]) -> None:
    result = of(tmp_path, f"title: T\n{block}")
    assert [(each.name, each.role) for each in (*result.authors, *result.contributors)] == people


def test_other_forms(tmp_path: Path) -> None:
    result = of(
        tmp_path,
        "title: T\nidentifier:\n- scheme: DOI\n  text: 10.1/x\n"
        "- scheme: ISBN\n  text: 978-0-306-40615-7\ndate:\n"
        "- event: publication\n  text: 2020-05-01\nrights: {text: CC}\n"
        "publisher: {text: P}\nsubject:\n- authority: BISAC\n  term: F\n  text: Fiction\n"
        "tags: [sea, '#tide']\ncategories: Shore, Sea\nsummary: Short.",
    )
    assert (result.identifier, result.isbn) == ("doi:10.1/x", "9780306406157")
    assert result.date
    assert (result.date.iso, result.rights, result.publisher) == ("2020-05-01", "CC", "P")
    assert result.keywords == ("Fiction", "sea", "tide", "Shore", "Sea")
    assert result.abstract == "Short."


@pytest.mark.parametrize(
    ("written", "iso"),
    [("2020-05-01 10:00:00 +0200", "2020-05-01"), ("2020-05-01", "2020-05-01"), ("today", None)],
)
def test_dates_of_sites(tmp_path: Path, written: str, iso: str | None) -> None:
    result = of(tmp_path, f"title: T\ndate: {written}")
    assert (result.date.iso if result.date else None) == iso
    assert iso or not result.date_text


@pytest.mark.parametrize(
    ("line", "is_reported"),
    [("draft: true", True), ("draft: false", False), ("published: false", True)],
)
def test_a_draft_is_reported(tmp_path: Path, line: str, is_reported: bool) -> None:
    _, _, result = read(tmp_path, f"---\ntitle: T\n{line}\n---\n\nWords.\n")
    assert any("calls it a draft" in each for each in result) == is_reported
    assert not any("unknown" in each for each in result)
