"""Boxes, verse, parts, dinkuses and abbreviations, as the one tree has them."""

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from chapbook.cli.inputs import job
from chapbook.model.document import Document
from chapbook.model.dom import classes, text_of, to_html
from chapbook.pipeline import publish


def document(folder: Path, text: str, lang: str = "en") -> Document:
    (folder / "x.md").write_text(f"---\ntitle: T\nlang: {lang}\n---\n\n{text}\n", "utf-8")
    return publish(job(str(folder / "x.md"))).document


def boxes(of: Document) -> list[str]:
    return [
        f"{classes(node)[1]}: {text_of(node[0])} | "
        + " ".join(" ".join([text_of(part), (part.tail or "").strip()]) for part in node[1:])
        for node in of.body.iter("aside")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "> [!TIP]\n> Words.",
        "> [!tip]\n>\n> Words.",
        "> [!Tip]\\\n> Words.",
        "::: tip\nWords.\n:::",
        "::: {.callout-tip}\n\nWords.\n\n:::",
        '<div class="tip">Words.</div>',
        '<aside class="tip"><p>Words.</p></aside>',
    ],
)
def test_an_admonition_is_one_whichever_way_it_is_written(tmp_path: Path, text: str) -> None:
    result = document(tmp_path, f"Before.\n\n{text}\n\nAfter.")
    assert boxes(result) == ["tip: Tip | Words. "]
    assert text_of(result.body) == "Before. Tip Words. After."
    assert result.body.find("aside").get("role") == "note"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "> [!TIP] My *own*\n> Words.",
        "> [!TIP]- My *own*\n>\n> Words.",
        "::: tip\n## My *own*\n\nWords.\n:::",
        "::: callout-tip\n# My *own* {#there}\n\nWords.\n:::",
    ],
)
def test_an_authors_own_title_keeps_its_emphasis_and_heads_no_section(
    tmp_path: Path, text: str
) -> None:
    result = document(tmp_path, f"[x](#there)\n\n{text}")
    box = result.body.find("aside")
    assert box is not None
    assert "<em>own</em>" in to_html(box[0])
    assert text_of(box) == "My own Words."
    assert result.body.find(".//section") is None


def test_a_title_in_an_attribute_is_the_title(tmp_path: Path) -> None:
    result = document(tmp_path, '::: {.warning title="Hot & wet"}\nWords.\n:::')
    assert boxes(result) == ["warning: Hot & wet | Words. "]
    assert result.body.find("aside").get("title") is None  # type: ignore[union-attr]


def test_titles_are_in_the_language_of_the_text(tmp_path: Path) -> None:
    result = document(tmp_path, "> [!WARNING]\n> Worte.", lang="de")
    assert boxes(result) == ["warning: Warnung | Worte. "]


@pytest.mark.parametrize(
    "text",
    ["# Title {.note}\n\nWords.", "> [!NOTE]", "::: note\n:::", "> Words. [!NOTE]", "[x]{.note}"],
)
def test_what_is_no_admonition_stays_what_it_is(tmp_path: Path, text: str) -> None:
    assert boxes(document(tmp_path, f"Before.\n\n{text}")) == []


def test_an_unknown_kind_is_reported_with_its_line_and_the_nearest(tmp_path: Path) -> None:
    result = document(tmp_path, "> [!TIP]\n> a\n\n> [!WARNNG]\n> Words.")
    (messages,) = [each for each in result.findings if each.code.value == "admonition-kind"]
    assert messages.where is not None
    assert messages.where.line == 9
    assert "did you mean “WARNING”?" in messages.message
    assert "[!WARNNG] Words." in text_of(result.body)


def lines(of: Element) -> list[list[str]]:
    stanzas = [node for node in of.iter("div") if "cb-stanza" in classes(node)]
    return [[text_of(line) for line in stanza] for stanza in stanzas]


@pytest.mark.parametrize(
    "text",
    [
        "| One *two*\n|   three\n|\n| Four",
        "::: verse\nOne *two*\\\nthree\n\n| Four\n:::",
        "A note.[^1]\n\n[^1]:\n    | One *two*\n    | three\n    |\n    | Four",
    ],
)
def test_each_line_of_verse_is_a_block(tmp_path: Path, text: str) -> None:
    result = document(tmp_path, text)
    (tree,) = [note.body for note in result.notes] or [result.body]
    assert lines(tree) == [["One two", "three"], ["Four"]]
    assert tree.find(".//br") is None


def test_parts_have_roles_and_attributions_are_known(tmp_path: Path) -> None:
    text = "::: dedication\nFor you\n:::\n\n# A {.appendix}\n\n::: epigraph\nSaid.\n\n--- B\n:::"
    result = document(tmp_path, f"{text}\n\n> Said.\n>\n> -- C\n\n> One.\n>\n> -5 degrees")
    roles = [role for node in result.body.iter() if (role := node.get("role"))]
    assert roles == ["doc-dedication", "doc-appendix", "doc-epigraph"]
    marked = [node for node in result.body.iter("p") if "cb-attribution" in classes(node)]
    assert [text_of(node) for node in marked] == ["— B", "– C"]


def test_a_paragraph_of_ornaments_is_a_dinkus(tmp_path: Path) -> None:
    result = document(tmp_path, "a\n\n\\* \\* \\*\n\n⁂\n\n❦\n\n\\*\\* b\n\n-- c")
    dinkuses = [node for node in result.body.iter("p") if node.get("role") == "separator"]
    assert [text_of(node) for node in dinkuses] == ["* * *", "❦"]
    assert len(list(result.body.iter("hr"))) == 1
    assert text_of(result.body) == "a * * * ❦ ** b – c"


ABBREVIATIONS = "\n\n*[WHO]: World Health Organization\n*[HTML]: Markup\n*[HTML5]: New “markup”\n"


def test_abbreviations_say_what_they_stand_for_wherever_they_are_words(tmp_path: Path) -> None:
    text = "WHO, (*WHO*) WHOM `WHO` HTML5.[^1]\n\n[^1]: HTML\n\n# WHO" + ABBREVIATIONS
    result = document(tmp_path, text)
    trees = [result.body, *(note.body for note in result.notes)]
    marked = [(node.text, node.get("title")) for tree in trees for node in tree.iter("abbr")]
    assert marked == [
        ("WHO", "World Health Organization"),
        ("WHO", "World Health Organization"),
        ("HTML5", "New “markup”"),
        ("HTML", "Markup"),
    ]
    assert text_of(result.body) == "WHO, (WHO) WHOM WHO HTML5. WHO"
    assert not result.findings[1:]  # but for the identifier


def test_an_abbreviation_that_nobody_uses_is_reported_with_its_line(tmp_path: Path) -> None:
    result = document(tmp_path, "HTML and HTML5" + ABBREVIATIONS)
    (messages,) = [each for each in result.findings if each.code.value == "abbreviation-unused"]
    assert messages.where is not None
    assert messages.where.line == 8
    assert "“WHO” is not used" in messages.message


def test_abbreviations_are_listed_where_asked_for(tmp_path: Path) -> None:
    result = document(tmp_path, "a\n\n::: abbreviations\n:::" + ABBREVIATIONS)
    (listed,) = result.body.iter("dl")
    assert [text_of(node) for node in listed.iter("dt")] == ["HTML", "HTML5", "WHO"]
    assert not [each for each in result.findings if each.code.value == "abbreviation-unused"]


def test_a_definition_in_code_is_none(tmp_path: Path) -> None:
    result = document(tmp_path, "WHO\n\n```\n*[WHO]: nobody\n```")
    assert result.body.find(".//abbr") is None
