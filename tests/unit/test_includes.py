"""A manuscript in several files is one text, and every line keeps its file and number."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from chapbook.cli import chapbook, inputs
from chapbook.model.document import Manuscript
from chapbook.model.errors import SourceError
from chapbook.pipeline import Job, publish
from chapbook.reading.includes import DEEPEST

HEAD = "---\ntitle: T\nlang: en\nidentifier: urn:x\n{}---\n\n"


def composed(folder: Path, files: Mapping[str, str], main: str = "book") -> Manuscript:
    for name, text in files.items():
        path = folder / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return inputs.manuscript(str(folder / main))


def listed(*names: str) -> str:
    return HEAD.format("chapters:\n" + "".join(f"  - {name}\n" for name in names))


def words(manuscript: Manuscript) -> list[str]:
    return [line for line in manuscript.text.split("---\n")[-1].split("\n") if line]


def places(manuscript: Manuscript, *wanted: str) -> list[str]:
    result = (manuscript.place_at(manuscript.text.index(word)) for word in wanted)
    return [f"{Path(place.file).name}:{place.line}" for place in result]


def test_a_folder_is_its_index_and_its_chapters_in_order(tmp_path: Path) -> None:
    index = listed("two.md", "parts/one.md") + "Preface.\n"
    files = {"index.md": index, "two.md": "# Two\n\nB.", "parts/one.md": "\n# One\n"}
    result = composed(tmp_path, files)
    assert result.stem == "book"
    assert words(result) == ["Preface.", "# Two", "B.", "# One"]
    assert places(result, "Preface", "B.", "# One") == ["index.md:10", "two.md:3", "one.md:2"]
    assert [file.name for file in result.beside] == ["two.md", "parts/one.md"]
    assert result.content == index.encode()


def test_any_file_may_have_chapters_and_goes_by_its_own_name(tmp_path: Path) -> None:
    result = composed(tmp_path, {"novel.md": listed("a.md"), "a.md": "# A\n"}, "book/novel.md")
    assert (result.stem, words(result)) == ("novel", ["# A"])


def test_included_files_stand_where_their_line_stood_as_blocks_of_their_own(tmp_path: Path) -> None:
    files = {
        "index.md": HEAD.format("") + "Before\n{{< include a.md >}}\nafter.\n",
        "a.md": '# A\n{{<include "sub/b c.md">}}\nend of a\n',
        "sub/b c.md": "words of b\n",
    }
    result = composed(tmp_path, files)
    below = result.text.split("---\n\n")[1]
    assert below == "Before\n\n# A\n\nwords of b\n\n\nend of a\n\n\nafter.\n\n"
    assert places(result, "Before", "# A", "words", "end", "after") == [
        "index.md:7", "a.md:1", "b c.md:1", "a.md:3", "index.md:9",
    ]  # fmt: skip


def test_an_include_in_a_list_belongs_to_its_item(tmp_path: Path) -> None:
    files = {
        "index.md": HEAD.format("") + "- one\n\n  {{< include a.md >}}\n\n- two\n",
        "a.md": "inner\n\n> quoted\n",
    }
    body = publish(composed_job(tmp_path, files)).document.body
    assert [len(node) for node in body.iter("ul")] == [2]
    assert body.find(".//li/blockquote") is not None


def composed_job(folder: Path, files: Mapping[str, str]) -> Job:
    composed(folder, files)
    return inputs.job(str(folder / "book"))


@pytest.mark.parametrize(
    "shown",
    [
        "`{{< include no.md >}}`",
        "```\n{{< include no.md >}}\n```",
        "    {{< include no.md >}}",
        "<!--\n{{< include no.md >}}\n-->",
    ],
)
def test_an_include_that_is_only_shown_takes_in_nothing(tmp_path: Path, shown: str) -> None:
    result = composed(tmp_path, {"index.md": HEAD.format("") + shown})
    assert shown in result.text
    assert (result.beside, result.parts) == ((), ())


def test_notes_of_two_chapters_may_have_the_same_label(tmp_path: Path) -> None:
    chapter = "# {0}\n\n{0}[^1] and[^own{0}] `[^1]`.\n\n[^1]: Note of {0}.\n\n[^own{0}]: Own {0}.\n"
    files = {"index.md": listed("a.md", "b.md"), "a.md": chapter.format("A")}
    document = publish(composed_job(tmp_path, {**files, "b.md": chapter.format("B")})).document
    texts = ["".join(note.body.itertext()).strip() for note in document.notes]
    assert texts == ["Note of A.", "Own A.", "Note of B.", "Own B."]
    assert [node.text for node in document.body.iter("code")] == ["[^1]", "[^1]"]
    assert document.findings == ()


def test_notes_may_be_kept_in_a_file_of_their_own(tmp_path: Path) -> None:
    files = {
        "index.md": HEAD.format("") + "Words.[^1]\n\n{{< include notes.md >}}\n",
        "notes.md": "[^1]: Said.\n",
    }
    assert len(publish(composed_job(tmp_path, files)).document.notes) == 1


def test_findings_about_every_file_have_its_line(tmp_path: Path) -> None:
    strange = "# A\n\n<blink>x</blink>\n\n\\foo{{{0}}}\n\n[^{0}]: Nobody calls it.\n"
    files = {
        "index.md": listed("a.md", "b.md") + "<blink>main</blink>",
        "a.md": strange.format("a"),
        "b.md": strange.format("b") + "\n---\ntitle: Not here\n---\n",
    }
    findings = publish(composed_job(tmp_path, files)).document.findings
    reported = {(f.code.value, Path(f.where.file).name, f.where.line) for f in findings if f.where}
    assert reported == {
        ("element-refused", "index.md", 10),
        *(("element-refused", name, 3) for name in ("a.md", "b.md")),
        *(("raw-dropped", name, 5) for name in ("a.md", "b.md")),
        *(("conversion", name, 7) for name in ("a.md", "b.md")),
        ("metadata-key", "b.md", 9),
    }


CIRCLE = {"a.md": "{{< include b.md >}}", "b.md": "x\n\n{{< include a.md >}}"}
WRONG: Mapping[str, tuple[dict[str, str], str]] = {
    "missing chapter": (
        {"index.md": listed("nowhere.md")},
        "index.md:5: the chapter “nowhere.md” is missing — correct its name, counted from",
    ),
    "missing include": (
        {"index.md": listed("a.md"), "a.md": "# A\n\n{{< include no.md >}}"},
        "a.md:3: the included file “no.md” is missing",
    ),
    "outside": (
        {"index.md": HEAD.format("") + "{{< include ../secret.md >}}"},
        "index.md:7: the included file “../secret.md” is not used: it leads out of",
    ),
    "circle": (
        {"index.md": listed("a.md"), **CIRCLE},
        "b.md:3: files that include each other have no end: a.md → b.md → a.md — take",
    ),
    "itself": (
        {"index.md": HEAD.format("") + "{{< include index.md >}}"},
        "index.md:7: files that include each other have no end: index.md → index.md",
    ),
    "twice": (
        {"index.md": listed("a.md", "a.md"), "a.md": "# A"},
        "index.md:5: the chapter “a.md” is in the book already — list every chapter once",
    ),
    "itself a chapter": (
        {"index.md": listed("index.md")},
        "index.md:5: the chapter “index.md” is in the book already",
    ),
    "within a line": (
        {"index.md": HEAD.format("") + "See {{< include a.md >}}", "a.md": "x"},
        "index.md:7: an include is within a line — give it a line of its own",
    ),
    "no text": (
        {"index.md": listed("a.md"), "a.md": "# A\n\n\x00"},
        "a.md:3: the control character U+0000",
    ),
    "no names": (
        {"index.md": HEAD.format("chapters:\n  a: b\n")},
        "index.md:5: it takes the name of a chapter, or a list of names",
    ),
    "too deep": (
        {
            "index.md": listed("0.md"),
            **{f"{n}.md": f"{{{{< include {n + 1}.md >}}}}" for n in range(DEEPEST + 2)},
        },
        f"{DEEPEST - 1}.md:1: files are included more than {DEEPEST} deep — flatten them",
    ),
    "too often": (
        {
            "index.md": HEAD.format("") + "{{< include a.md >}}\n" * 300,
            "a.md": "{{< include b.md >}}\n" * 300,
            "b.md": "x",
        },
        "files are included more than 10,000 times — write what repeats once",
    ),
}


@pytest.mark.parametrize(("files", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_composed_is_reported_in_one_line_with_its_place(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    (tmp_path / "secret.md").write_text("secret", "utf-8")
    with pytest.raises(SourceError) as caught:
        composed(tmp_path, files)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_epub_is_checked_against_the_folder_that_it_was_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("chapbook.checks.any_epub.ask_epubcheck", lambda *_: [])  # it takes long
    composed(tmp_path, {"index.md": listed("a.md"), "a.md": "# A\n\nWords.\n"})
    run = CliRunner()
    assert run.invoke(chapbook, ["build", "book", "--format", "epub"]).exit_code == 0
    assert "agrees" in run.invoke(chapbook, ["check", "build/book.epub"]).output
    (tmp_path / "book" / "a.md").write_text("# A\n\nOther words.\n", "utf-8")
    assert "agrees" not in run.invoke(chapbook, ["check", "build/book.epub"]).output
    assert "another state" in run.invoke(chapbook, ["check", "book"]).output


def test_a_folder_without_an_index_is_reported_with_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"this is a folder without index\.md — .*chapters"):
        inputs.manuscript(str(tmp_path))


LINE = st.text("ab# >-", max_size=6)


@given(st.lists(st.lists(LINE, min_size=1, max_size=6), min_size=1, max_size=5))
def test_no_line_is_lost_or_moved_whatever_the_files_hold(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("desk")
    named = {f"{number}.md": "\n".join(lines) for number, lines in enumerate(texts)}
    output = composed(folder, {"index.md": listed(*named), **named})
    result = [
        (Path(place.file).name, place.line, line)
        for number, line in enumerate(output.text.split("\n"), 1)
        if line.strip() and (place := output.place(number)).file.endswith(tuple(named))
    ]
    assert result == [
        (name, number, line)
        for name, text in named.items()
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip()
    ]
