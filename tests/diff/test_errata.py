import random
from pathlib import Path

import pytest

from chapbook.checks import check_files
from chapbook.checks.expected import expect
from chapbook.cli import inputs
from chapbook.design.templates import Design, load_templates
from chapbook.diff.errata import errata_sheet, escaped
from chapbook.diff.states import State, compare_states
from chapbook.model.errors import Code, Finding
from chapbook.pipeline import build
from tests.diff.edits import Editor, essay
from tests.diff.states import outline_of, printed

DESIGN = Design(load_templates(None), "serif")
LANGUAGES = tuple("ar de en es fa fr he hi it ja ko pt ru tr ur zh".split())
FROM_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
TEXT = """A first paragraph of *words*, with $a^2$ in it.
It has a [link](https://example.org/a) too.

A second one follows. It has a note.[^1] Its last sentence stands here.

# A heading

The third paragraph speaks of nothing else. It ends with this.

[^1]: The words of the note.
"""
EDITED = """A first passage of words, with $b^2$ in it. It has a [link](https://example.org/b) too.

Its last sentence stands here. A second one follows.

# Another heading

A new paragraph.^[With a note.] And more of it.

The third paragraph speaks of nothing else.

It ends with that.
"""


def sheet(old: State, new: State) -> str:
    comparison, _ = compare_states(old, new)
    return errata_sheet(old, new, comparison, DESIGN)


def findings(
    folder: Path, text: str, formats: tuple[str, ...] = ("pdf", "epub", "html")
) -> list[Finding]:
    """Return all findings of a build in *formats* and of all checks of the manuscript *text*."""
    path = folder / "errata.md"
    path.write_text(text, "utf-8")
    job = inputs.job(str(path))
    built = build(job, formats)
    files = {folder / f"errata{artefact.suffix}": artefact.content for artefact in built.artefacts}
    # A sheet ends where its corrections end: its last page may have few lines.
    actual = [*built.findings, *check_files(job, files)]
    return [each for each in actual if each.code is not Code.TYPESETTING]


def blocks_of(folder: Path, text: str) -> list[str]:
    path = folder / "errata.md"
    path.write_text(text, "utf-8")
    return list(expect(inputs.job(str(path))).outline().text.blocks)


def test_a_sheet_shows_what_to_correct_by_page_and_line(tmp_path: Path) -> None:
    old = printed(tmp_path, TEXT)
    new = State("draft.md", outline_of(tmp_path, EDITED))
    assert blocks_of(tmp_path, sheet(old, new)) == [
        "Corrections to edition 1, by its pages and lines.",
        "p. 1, line 2",
        "for “paragraph” read “passage”",
        "do not emphasize “words”",
        "for “ ” read “ ”",
        "the link of “link” leads to https://example.org/b",
        "p. 1, line 3",
        "move “A second one follows.” to p. 1, line 3, after “Its last sentence stands here.”",
        "delete “It has a note.”",
        "p. 1, note 1, line 1",
        "delete the note “The words of the note.”",
        "p. 1, line 4",
        "for “A heading” read “Another heading”",
        "after “A heading” insert a new paragraph: “A new paragraph. And more of it.”",
        "at “heading A new paragraph.” add a note: “With a note.”",
        "p. 1, line 5",
        "begin a new paragraph at “It ends with this.”",
        "for “this” read “that”",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_chapbook_builds_and_checks_a_sheet_without_finding(lang: str, tmp_path: Path) -> None:
    old = printed(tmp_path, TEXT, lang=lang)
    new = State("draft.md", outline_of(tmp_path, EDITED, lang=lang))
    # What is read back from a PDF mixes the order of Latin quotations in text from right to left.
    formats = ("html",) if lang in FROM_RIGHT_TO_LEFT else ("pdf", "epub", "html")
    assert findings(tmp_path, sheet(old, new), formats) == []


def test_sheets_of_random_edits_are_built_without_finding(tmp_path: Path) -> None:
    outline = essay()
    for turn in range(4):
        edited = Editor(outline, random.Random(turn), 1).edit(25)
        text = sheet(State("edition 1", outline), State("edition 2", edited.new))
        assert findings(tmp_path, text) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_words_all_corrections(lang: str) -> None:
    own = DESIGN.words(lang)
    wordings = {key for key in DESIGN.words("en") if key.startswith("errata")}
    english = DESIGN.words("en")
    assert wordings <= set(own)
    if lang != "en":
        same = {key for key in wordings if own[key] == english[key]}
        assert same <= {"errata", "errata-other"}
    for key in wordings:
        fields = [part.partition("}")[0] for part in own[key].split("{")[1:]]
        assert sorted(fields) == sorted(
            part.partition("}")[0] for part in english[key].split("{")[1:]
        ), key


HARD = (
    "*stars* and _lines_ and `code` and [brackets](x) and <b> & &amp; and $x$ and x^2^ and ~~no~~",
    "http://example.org/?a=b&c=d and a@example.org and www.example.org and :smile: and #1 and @key",
    "three dots... and -- dashes --- and \"quotes\" and 'single' ones",
    "1. no list, + nor this, - nor that; | a | table |; \\ and \\* and !\\[no](image)",
    "{.class} [^1] ^[note] ::: div ::: [@cite] \\begin{x} %comment {{ jinja }}",
    "nobreak\u00a0space and « guillemets\u202f! »",
)


@pytest.mark.parametrize("text", HARD)
def test_escaped_words_are_just_these_words(text: str, tmp_path: Path) -> None:
    path = tmp_path / "manuscript.md"
    path.write_text(f"---\ntitle: T\nlang: en\nidentifier: x\n---\n\nSo “{escaped(text)}” it is.\n")
    outline = expect(inputs.job(str(path))).outline()
    assert outline.text.blocks == (
        f"So “{text}” it is.".replace("\u00a0", " ").replace("\u202f", " "),
    )
    assert outline.text.emphasis == ()
    assert outline.text.links == ()


def test_without_changes_the_sheet_says_so(tmp_path: Path) -> None:
    state = State("edition 1", outline_of(tmp_path, TEXT))
    assert blocks_of(tmp_path, sheet(state, state))[-1] == "There is nothing to correct."


def test_a_changed_title_is_corrected_on_the_title_page(tmp_path: Path) -> None:
    old = State("edition 1", outline_of(tmp_path, TEXT, more="subtitle: A true story\n"))
    new = State(
        "edition 2", outline_of(tmp_path, TEXT, more="subtitle: A false story\nrights: x\n")
    )
    assert blocks_of(tmp_path, sheet(old, new))[1:] == ["Title page", "for “true” read “false”"]


def test_the_same_editions_give_the_same_sheet(tmp_path: Path) -> None:
    old, new = printed(tmp_path, TEXT), State("draft.md", outline_of(tmp_path, EDITED))
    assert sheet(old, new) == sheet(old, new)
    assert "urn:uuid:" in sheet(old, new)
