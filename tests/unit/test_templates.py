"""Templates, tokens and words: found, filled in, and placed where they fail."""

import pickle
import re
import tomllib
from pathlib import Path

import pytest

from chapbook.design.templates import Design, load_templates, resolve_tokens, themes
from chapbook.model.errors import DesignError

TOKENS = ":root { --a: 1mm; --b: var(--a); --c: var(--d); --d: var(--c); --face-text: 'X', serif; }"


def design(**files: str) -> Design:
    base = {"tokens.css": TOKENS, "themes/serif.css": "", "words/en.toml": 'edition = "Edition"\n'}
    return Design(
        {**base, **{name.replace("__", "."): text for name, text in files.items()}}, "serif"
    )


def test_tokens_are_put_in_their_places() -> None:
    assert resolve_tokens("p { x: var( --b ) }", {"--a": "1", "--b": "var(--a)"}) == "p { x: 1 }"
    assert (
        design(text__css="p { margin: var(--b) }").fixed_stylesheet("text.css")
        == "p { margin: 1mm }"
    )
    assert design().length_mm("--b") == 1.0
    assert design().families == ("X",)


@pytest.mark.parametrize(
    ("sheet", "says"),
    [
        ("\n\np { x: var(--z) }", r"templates/text\.css:3: the token --z is not set"),
        ("p { x: var(--c) }", r"tokens refer to each other in a circle"),
    ],
)
def test_wrong_tokens_are_reported(sheet: str, says: str) -> None:
    with pytest.raises(DesignError, match=says):
        design(text__css=sheet).fixed_stylesheet("text.css")


def test_a_token_that_is_no_length_is_reported() -> None:
    with pytest.raises(DesignError, match="not a length"):
        design().length_mm("--face-text")


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("a\n{{ x }", r"templates/t\.html:2: "),
        ("a\n\n{{ x.y }}", r"templates/t\.html:3: "),
        ("{% import 'part.html' as part %}\n{{ part.broken() }}", r"templates/part\.html:2: "),
        ("\n{% include 'none.html' %}", r"templates/t\.html:2: there is no template “none\.html”"),
        ("{{ 1 // 0 }}", r"templates/t\.html:1: "),
        ("{% for i in range(100001) %}{% endfor %}", r"templates/t\.html:1: Range too big"),
        ("{{ ().__class__ }}", r"templates/t\.html:1: .*unsafe"),
    ],
)
def test_wrong_templates_are_reported_with_their_line(template: str, says: str) -> None:
    part = "{% macro broken() %}\n{{ wishes.come.true }}{% endmacro %}"
    with pytest.raises(DesignError, match=says):
        design(t__html=template, part__html=part).fill("t.html", x=1)


def test_values_are_escaped() -> None:
    assert design(t__html="<p>{{ x }}</p>").fill("t.html", x="<b>") == "<p>&lt;b&gt;</p>"


def test_words_fall_back() -> None:
    files = {
        "words/en.toml": 'a = "A"\nb = "B"\n',
        "words/de.toml": 'a = "Ä"\n',
        "tokens.css": "",
        "themes/serif.css": "",
    }
    result = Design(files, "serif")
    assert result.words("de-AT-1996") == {"a": "Ä", "b": "B"}
    assert result.words("fr") == {"a": "A", "b": "B"}


def test_a_design_crosses_processes() -> None:
    result = design(t__html="{{ x }}")
    result.fill("t.html", x=1)
    assert pickle.loads(pickle.dumps(result)).fill("t.html", x=2) == "2"  # noqa: S301 - our own bytes


def test_what_ships_can_be_overridden_one_by_one(tmp_path: Path) -> None:
    shipped = load_templates(None)
    assert {"serif", "plain"} <= set(themes(shipped))
    (tmp_path / "templates" / "themes").mkdir(parents=True)
    (tmp_path / "templates" / "themes" / "mine.css").write_text(":root { --x: 1 }", "utf-8")
    (tmp_path / "templates" / "web.css").write_text("/* mine */", "utf-8")
    (tmp_path / "templates" / "notes.txt").write_text("no template", "utf-8")
    own = load_templates(tmp_path)
    assert own["web.css"] == "/* mine */"
    assert own["web.html"] == shipped["web.html"]
    assert "mine" in themes(own)
    assert "notes.txt" not in own


# Each file by itself: Design.words() fills what is missing with English, and would hide it.
WORDS = {
    name.removeprefix("words/").removesuffix(".toml"): tomllib.loads(text)
    for name, text in load_templates(None).items()
    if name.startswith("words/")
}


def fields(wording: str) -> list[str]:
    return sorted(re.findall(r"\{[^}]*\}", wording))


def test_the_interface_and_the_shelf_speak_the_same_sixteen_languages() -> None:
    assert len(WORDS) == 16
    assert WORDS.keys() == tomllib.loads(load_templates(None)["shelf.toml"]).keys()


@pytest.mark.parametrize("lang", sorted(WORDS))
def test_every_language_has_every_word_itself(lang: str) -> None:
    own, english = WORDS[lang], WORDS["en"]
    assert own["lang"] == lang
    assert own.keys() == english.keys()
    assert [key for key, wording in own.items() if not wording.strip()] == []
    assert {key: fields(wording) for key, wording in own.items()} == {
        key: fields(wording) for key, wording in english.items()
    }


@pytest.mark.parametrize("lang", sorted(WORDS.keys() - {"en"}))
def test_no_sentence_is_left_in_english(lang: str) -> None:
    sentences = {key for key, wording in WORDS["en"].items() if len(wording.split()) > 2}
    assert [key for key in sentences if WORDS[lang][key] == WORDS["en"][key]] == []
