import shutil
from pathlib import Path

import pytest

from chapbook.checks.expected import expect
from chapbook.checks.outline import Outline
from chapbook.cli import inputs
from chapbook.diff.compare import compare
from chapbook.diff.text_report import summary
from tests.diff.states import changes_of, outline_of, reported, words
from tests.golden_cases import CASES, FOLDER, manuscript

TEXT = """# One

The harbor was silent in the winter of that year. Nobody answered the letter.[^1] Ships came in
spring, as they had always done.

The lantern burned all night on the ladder. It was seen from the border.

# Two

A golden bridge leads over the river. The kitchen had no window then. Our journey took
a decade and a season.

- copper and cotton
- silver and velvet

The last paragraph closes the book of the empire.

[^1]: It was posted in autumn.
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "Nobody answered",
            "No one answered",
            ["sentence changed: [-Nobody-]{+No one+} answered the letter."],
            id="reworded",
        ),
        pytest.param(
            "lantern burned",
            "lantren burned",
            ["sentence changed: The [-lantern-]{+lantren+} burned all night on the ladder."],
            id="a typo",
        ),
        pytest.param(
            "It was seen",
            "Smoke rose from it. It was seen",
            ["sentence added, after “burned all night on the ladder.”: {+Smoke rose from it.+}"],
            id="a sentence more",
        ),
        pytest.param(
            " It was seen from the border.",
            "",
            ["sentence removed: [-It was seen from the border.-]"],
            id="a sentence less",
        ),
        pytest.param(
            "# Two\n",
            "# The second\n",
            ["heading changed: [-Two-]{+The second+}"],
            id="a heading renamed",
        ),
        pytest.param("# Two\n\n", "", ["heading removed: [-Two-]"], id="a heading removed"),
        pytest.param(
            "The lantern",
            "# Between\n\nThe lantern",
            ["heading added, after “spring, as they had always done.”: {+Between+}"],
            id="a heading added",
        ),
        pytest.param("# Two", "## Two", ["heading changed: level 1 → 2: Two"], id="a level"),
        pytest.param(
            "year. Nobody answered the letter.[^1] Ships",
            "year, and nobody answered the letter.[^1] Ships",
            ["sentence changed: The harbor was silent in the winter of that year"],
            id="two sentences joined",
        ),
        pytest.param(
            "night on the ladder. It",
            "night on the ladder.\n\nIt",
            ["paragraph parted, after “burned all night on the ladder.”: It was seen"],
            id="a paragraph parted",
        ),
        pytest.param(
            "always done.\n\nThe lantern",
            "always done. The lantern",
            ["paragraphs joined: The lantern burned all night on the ladder."],
            id="paragraphs joined",
        ),
        pytest.param(
            "posted in autumn",
            "posted in winter",
            ["sentence changed: It was posted in [-autumn-]{+winter+}."],
            id="a note changed",
        ),
        pytest.param(
            "no window then.",
            "no window then.^[A second note.]",
            ["note added, after “had no window then.”: {+A second note.+}"],
            id="a note added",
        ),
        pytest.param("letter.[^1]", "letter.", ["note removed"], id="a note removed"),
        pytest.param(
            "burned all", "*burned* all", ["emphasis added: italics: burned"], id="emphasis"
        ),
        pytest.param(
            "- copper and cotton\n",
            "- copper and cotton\n- brass and wool\n",
            ["list item added, after “copper and cotton”: {+brass and wool+}"],
            id="a list item",
        ),
    ],
)
def test_a_change_is_named_as_a_reader_would(
    old: str, new: str, expected: list[str], tmp_path: Path
) -> None:
    assert old in TEXT
    lines = reported(tmp_path, TEXT, TEXT.replace(old, new, 1))
    assert [line[: len(each)] for line, each in zip(lines, expected, strict=True)] == expected


def test_a_moved_paragraph_is_one_move(tmp_path: Path) -> None:
    moved = "The lantern burned all night on the ladder. It was seen from the border.\n\n"
    new = TEXT.replace(moved, "").replace("The last paragraph", f"{moved}The last paragraph")
    assert reported(tmp_path, TEXT, new) == [
        f"paragraph moved, after “silver and velvet”: {moved.strip()}"
    ]


def test_a_section_that_moves_does_so_with_its_heading(tmp_path: Path) -> None:
    first, second = TEXT.partition("# Two")[0], "# Two" + TEXT.partition("# Two")[2]
    second, _, notes = second.partition("[^1]:")
    changes = changes_of(tmp_path, TEXT, f"{second}\n\n{first}\n\n[^1]:{notes}")
    assert [(change.act.value, change.what) for change in changes] == [("moved", "section")]


def test_a_sentence_can_move_and_be_reworded(tmp_path: Path) -> None:
    old = "Ships came in\nspring, as they had always done."
    new = TEXT.replace(old, "").replace(
        "# Two\n", "# Two\n\nShips came in autumn, as they had always done.\n"
    )
    changes = changes_of(tmp_path, TEXT, new)
    assert [(change.act.value, words(change)) for change in changes] == [
        ("moved", "Ships came in spring, as they had always done."),
        ("changed", "Ships came in [-spring-]{+autumn+}, as they had always done."),
    ]


def test_moved_notes_keep_to_their_calls(tmp_path: Path) -> None:
    notes = "[^a]: First of the notes.\n\n[^b]: Second of them all.\n"
    text = f"One here.[^a]\n\nTwo there.[^b]\n\n{notes}"
    new = text.replace("One here.[^a]", "One here.[^b]").replace("Two there.[^b]", "Two there.[^a]")
    (change,) = changes_of(tmp_path, text, new)
    assert (change.act.value, change.what) == ("moved", "note")


def test_other_changes_in_a_note_are_reported_with_its_number(tmp_path: Path) -> None:
    text = "First.^[Nothing.] Second.^[By *mail*, at [a place](https://example.org/a).]\n"
    changes = changes_of(tmp_path, text, text.replace("*mail*", "mail").replace("org/a", "org/b"))
    assert [(change.what, change.detail[:7], change.anchors[0].note) for change in changes] == [
        ("emphasis", "italics", 2),
        ("link", "https:/", 2),
    ]


FIGURES = """A first paragraph leads to it.

![A seal]({first} "t")

A second one, with a formula $a^2$ in it, and then more.

![A square](square.png)

[A link](https://example.org/old) stands here. The end.
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("](seal.png", "](square.png", ["figure changed: another image: A seal"]),
        ("![A square]", "![A black square]", ["caption changed: A {+black +}square"]),
        ("![A square](square.png)\n", "", ["figure removed: [-A square-]"]),
        (
            "The end.",
            "The end.\n\n![More](seal.png)",
            ["figure added, after “stands here. The end.”: {+More+}"],
        ),
        ("$a^2$", "$a^3$", ["formula changed: a^[-2-]{+3+}"]),
        (
            "example.org/old",
            "example.org/new",
            ["link changed: https://example.org/old → https://example.org/new: A link"],
        ),
    ],
)
def test_changes_besides_the_words_are_reported_too(
    old: str, new: str, expected: list[str], tmp_path: Path
) -> None:
    for name in ("seal.png", "square.png"):
        shutil.copy(FOLDER / "figures" / name, tmp_path)
    text = FIGURES.format(first="seal.png")
    assert old in text
    assert reported(tmp_path, text, text.replace(old, new, 1)) == expected


def test_a_row_of_a_table_and_a_line_of_code_are_reported(tmp_path: Path) -> None:
    text = "| a | b |\n|---|---|\n| one | 1300 |\n| two | 20 |\n\n```\nx = 1\n  y = 2\n```\n"
    new = text.replace("1300", "1400").replace("  y = 2", "    y = 2")
    assert reported(tmp_path, text, new) == [
        "table row changed: one | [-1300-]{+1400+}",
        "line of code changed: [-  y = 2-]{+    y = 2+}",
    ]


def test_a_task_that_was_done_is_reported(tmp_path: Path) -> None:
    text = "- [ ] write the book\n- [x] read it\n"
    assert reported(tmp_path, text, text.replace("[ ]", "[x]")) == [
        "task changed: open → done: write the book"
    ]


def test_changed_metadata_come_first(tmp_path: Path) -> None:
    old = outline_of(tmp_path, TEXT, more="author: Ada Example\nedition: '1'\n")
    new = outline_of(tmp_path, TEXT, more="author: [Ada Example, Bo]\nrights: All\n")
    result = [(each.act.value, each.what, words(each)) for each in compare(old, new).changes]
    assert result == [
        ("changed", "authors", "Ada Example{+; Bo+}"),
        ("removed", "edition", "[-1-]"),
        ("added", "rights", "{+All+}"),
    ]


@pytest.mark.parametrize(
    ("lang", "text", "old", "new", "expected"),
    [
        (
            "fr",
            "M. Dupont arriva à 8 h. « Est-ce vrai ? » dit-il.",
            "vrai",
            "faux",
            "« Est-ce [-vrai-]{+faux+} ? » dit-il.",
        ),
        (
            "de",
            "Am 3. Mai kam Dr. Müller z. B. an. Alle sahen es.",
            "Mai",
            "Juni",
            "Am 3. [-Mai-]{+Juni+} kam Dr. Müller z. B. an.",
        ),
        (
            "es",
            "El Sr. Pérez llegó tarde. ¿Es así? ¡Sí!",
            "así",
            "verdad",
            "¿Es [-así-]{+verdad+}?",
        ),
        (
            "tr",
            "Prof. Yılmaz geldi ve gitti. Kimse görmedi.",
            "gitti",
            "kaldı",
            "Prof. Yılmaz geldi ve [-gitti-]{+kaldı+}.",
        ),
        (
            "ar",
            "هذا نص قصير جدا هنا. هل هو كذلك؟ نعم هو كذلك.",
            "قصير",
            "طويل",
            "هذا نص [-قصير-]{+طويل+} جدا هنا.",
        ),
        (
            "ja",
            "これは最初の文です。二番目の文です。",
            "最初",
            "最後",
            "これは最[-初-]{+後+}の文です。",
        ),
        ("zh", "这是第一句话。这是另外的话！", "第一", "第二", "这是第[-一-]{+二+}句话。"),
    ],
)
def test_sentences_and_words_are_those_of_the_language(
    lang: str, text: str, old: str, new: str, expected: str, tmp_path: Path
) -> None:
    (line,) = reported(tmp_path, text, text.replace(old, new, 1), lang=lang)
    assert line == f"sentence changed: {expected}"


@pytest.mark.parametrize("case", CASES)
def test_a_work_does_not_differ_from_itself(case: str) -> None:
    outline = expect(inputs.job(str(manuscript(case)))).outline()
    comparison = compare(outline, outline)
    assert comparison.changes == ()
    assert summary(comparison) == "no change"


@pytest.mark.parametrize("case", CASES)
def test_all_of_a_work_is_added_to_nothing_and_removed_from_it(case: str) -> None:
    outline = expect(inputs.job(str(manuscript(case)))).outline()
    nothing = Outline("", "", outline.language, outline.direction)
    added, removed = compare(nothing, outline), compare(outline, nothing)
    assert {change.act.value for change in added.changes} <= {"added"}
    assert {change.act.value for change in removed.changes} <= {"removed"}
