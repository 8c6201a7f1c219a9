"""Marks that pandoc reads otherwise or not at all: keys, lists, breaks, cells, divs."""

from __future__ import annotations

import re

import pytest

from chapbook.model.errors import Code, Severity
from tests.cases import Built, build_case, build_text, words

HEAD = (
    "---\ntitle: A title\nauthor: Ada Example\nlang: en\nidentifier: urn:uuid:{}\n---\n\n".format(
        "5b1f0c52-0000-4000-8000-0000000000aa"
    )
)


def _lines(built: Built, code: Code) -> list[int | None]:
    return [
        finding.where.line for finding in built.findings if finding.code is code and finding.where
    ]


def _nav(built: Built) -> list[tuple[int, str]]:
    """The entries of the EPUB's contents, each with its depth."""
    tree = built.epub_documents["EPUB/nav.xhtml"]
    space = {"h": "http://www.w3.org/1999/xhtml", "epub": "http://www.idpf.org/2007/ops"}
    links = tree.xpath("//h:nav[@epub:type='toc']//h:a", namespaces=space)
    return [(len(list(a.iterancestors("{*}ol"))), " ".join(words(a).split())) for a in links]


def test_a_key_at_the_beginning_of_a_note_cites() -> None:
    built = build_case("key-begins-note")
    assert built.check_findings == ()
    for text in built.texts.values():
        assert "Hale (1998). The second printing is better." in text
        assert re.search(r"Orme \(2004\)\.", text)
        assert "The best account is Hale (1998)" in text
    assert not built.xpath("//h:ol[contains(@class, 'example')]")
    assert len(built.xpath("//h:div[@class='cb-csl-entry']")) == 4  # two in each of two formats


def test_a_year_at_the_beginning_of_a_line_is_prose() -> None:
    built = build_case("year-begins-line")
    assert built.check_findings == ()
    assert not built.xpath("//h:article//h:ul | //h:body[.//h:section]//h:section//h:ol")
    for name in ("epub", "html"):
        assert "in 1984. Nobody saw her again, though letters came - as" in built.texts[name]


def test_the_last_paragraph_of_a_div_is_a_paragraph() -> None:
    built = build_case("last-paragraph-of-div")
    assert len(built.xpath("//h:div[@class='letter']/h:p")) == 6


def test_dashes_below_a_sentence_are_a_break() -> None:
    built = build_case("scene-break-setext")
    assert _lines(built, Code.MARKUP_UNREAD) == [11]
    assert len(built.xpath("//h:section//h:hr")) == 4
    assert [text for _, text in _nav(built)] == ["One"]


def test_attributes_of_a_div_are_those_of_its_section() -> None:
    built = build_case("div-language-lost")
    assert built.check_findings == ()
    french = built.xpath("//h:section[@lang='fr']")
    hebrew = built.xpath("//h:section[@lang='he'][@dir='rtl']")
    assert [each.get("id") for each in french] == ["la-première-lettre"] * 2
    assert len(hebrew) == 2
    xml = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [each.get(xml) for each in (french[0], hebrew[0])] == ["fr", "he"]
    assert len(built.xpath("//h:nav//h:a[@lang='he'][@dir='rtl']")) == 2


def test_every_heading_in_a_div_opens_a_section() -> None:
    built = build_case("div-two-headings")
    assert built.check_findings == ()
    assert _nav(built) == [
        (1, "Letters"),
        (2, "La première lettre"),
        (2, "La seconde lettre"),
        (1, "A third letter"),
        (1, "A fourth letter"),
        (1, "After"),
    ]
    assert len(built.xpath("//h:section[@lang='fr']")) == 4
    assert len(built.xpath("//h:section[@class='letters']")) == 4


def test_a_heading_in_a_div_is_numbered() -> None:
    built = build_case("div-heading-number")
    assert built.check_findings == ()
    assert [text for _, text in _nav(built)] == ["1 Lemmas", "1.1 A rope", "1.2 After"]
    assert len(built.xpath("//*[@id='first']")) == 2


MIXED = """# One

::: {#sec-box .notice lang=fr role=region}
Avant.

## Dedans

Du texte.
:::

Outside, see @sec-box and [there](#inner).

:::: {.unnumbered}
# Preface
::::

Its words.

::: {#outer}
::: {#inner lang=de}
## Drinnen
:::

Text.
:::

> ## Quoted
>
> A quote.

- ### Listed

::: warning
## Watch out

Words.

### Inner

More.
:::
"""


def test_containers_that_hold_a_part_of_a_section() -> None:
    built = build_text(HEAD.replace("lang: en", "lang: en\nnumber-sections: true") + MIXED)
    assert built.check_findings == ()
    assert [text for _, text in _nav(built)] == ["1 One", "1.1 Dedans", "Preface", "Drinnen"]
    # The text before the heading and after the div is not part of that section.
    french = [" ".join(words(each).split()) for each in built.xpath("//h:article//*[@lang='fr']")]
    assert french[-2:] == ["Avant.", "1.1 Dedans Du texte."]
    assert not built.xpath("//h:p[contains(., 'Outside')][ancestor-or-self::*[@lang='fr']]")
    assert len(built.xpath("//h:*[@role='region'][@class='notice']")) == 4
    for name in ("outer", "inner", "sec-box"):
        assert len(built.xpath(f"//*[@id='{name}']")) == 2
    assert len(built.xpath("//h:aside//h:*[. = 'Inner'][starts-with(local-name(), 'h')]")) == 2


BOOK = """::: {.part lang=fr}
# Un

Mots.

## Deux

Mots.
:::

After the div.

:::: {.columns}
::: {.column}
## Left

One.
:::
::: {.column}
## Right

Two.
:::
::::

End.
"""


def test_a_chapter_keeps_what_stands_below_its_div() -> None:
    built = build_text(HEAD.replace("lang: en", "lang: en\ndocumentclass: book") + BOOK)
    assert built.check_findings == ()
    assert [text for _, text in _nav(built)][-4:] == ["Un", "Deux", "Left", "Right"]
    for name in ("epub", "html"):
        after = built.texts[name].index("After the div.")
        assert built.texts[name].rindex("Deux", 0, after) < after < built.texts[name].index("One.")
    assert not built.xpath("//h:p[. = 'After the div.'][ancestor-or-self::*[@lang='fr']]")


def test_cells_are_listings() -> None:
    built = build_case("code-cell-braces")
    assert built.check_findings == ()
    listings = ["".join(each.itertext()) for each in built.xpath("//h:pre")]
    assert listings == ["x = [1, 2, 3]\nplot(x)", "Ebb lasts longer here."] * 2
    assert _lines(built, Code.CELL) == [10, 17]
    messages = [finding.message for finding in built.findings]
    assert any("not run" in each and "The tide at Ory" in each for each in messages)
    assert any("MyST directive" in each for each in messages)
    assert any("the cell at" in each and "main.md:10" in each for each in messages)


def test_conditions_hold_in_each_format() -> None:
    built = build_case("conditional-content")
    assert built.check_findings == ()
    shown = {
        "forty fathoms": "",
        "Click the rope": "html",
        "Turn the page": "pdf",
        "On a large page": "html pdf",
        "Done.": "epub html pdf",
    }
    for part, formats in shown.items():
        result = [name for name, text in sorted(built.texts.items()) if part in text]
        assert " ".join(result) == formats
    assert _lines(built, Code.HIDDEN) == [12, 16, 20, 24]


CONDITIONS = """# One

Some text [on screen]{.content-visible unless-format="pdf"}[in print]{.content-visible
when-format="pdf"} goes on.[^a] [SECRET]{.content-hidden} [SECRET]{.hidden}

::: {.content-visible when-format="html"}
## On the web

Here.[^b] A [link](#in-print).
:::

Between.

::: {.content-hidden when-format="html"}
## In print

There.[^c]
:::

::: {.content-visible when-meta="draft"}
SECRET
:::

<div hidden>SECRET</div>

```{r, echo=FALSE}
SECRET
```

~~~ {.python .content-visible when-format="epub"}
only = "epub"
~~~

## End

Last.[^d]

[^a]: Note a.

[^b]: Note b.

[^c]: Note c.

[^d]: Note d.
"""


def test_conditions_in_lines_and_around_headings_and_notes() -> None:
    built = build_text(HEAD + CONDITIONS)
    assert built.check_findings == ()
    texts = built.texts
    assert not any("SECRET" in text for text in texts.values())
    assert "text on screen goes" in texts["epub"]
    assert "text on screen goes" in texts["html"]
    assert "text in print goes" in texts["pdf"]
    assert [text for _, text in _nav(built)] == ["One", "In print", "End"]
    assert "Note b." in texts["html"]
    assert "Note b." not in texts["epub"] + texts["pdf"]
    assert "Note c." not in texts["html"]
    assert "On the web" not in texts["epub"] + texts["pdf"]
    assert {name for name, text in texts.items() if "only" in text} == {"epub"}


def test_comments_of_other_tools_are_never_printed() -> None:
    built = build_case("obsidian-comment")
    assert built.check_findings == ()
    for text in built.texts.values():
        assert "six. Nobody stood on the quay." in text
        assert "captain" not in text
        assert "%" not in text
    assert _lines(built, Code.HIDDEN) == [10, 12]
    assert all(finding.severity is Severity.NOTE for finding in built.findings)


@pytest.mark.parametrize("indent", ["> ", "  "])
def test_lists_and_comments_within_containers(indent: str) -> None:
    """A list below its introduction, a comment of two lines and a finding's line after them."""
    inner = ["To buy:", "- flour", "- eggs", "", "Seen %% SECRET", "SECRET %% seen."]
    text = "\n".join(f"{indent}{line}" for line in inner)
    text = f"- An item.\n\n{text}" if indent == "  " else text
    built = build_text(f"{HEAD}{text}\n\nA [^missing] note.\n")
    assert built.check_findings == ()
    assert (
        len(built.xpath("//h:li[normalize-space() = 'flour' or normalize-space() = 'eggs']")) == 4
    )
    assert not any("SECRET" in each for each in built.texts.values())
    missing = HEAD.count("\n") + text.count("\n") + 3
    assert _lines(built, Code.MARKUP_UNREAD) == [missing]


def test_pandocs_warnings_name_the_authors_lines() -> None:
    """Lines that only pandoc was given are counted out again."""
    text = "Buy:\n- flour\n\nHe left.\n---\nShe came.\n\n\\unknown{raw}\n\n[^a]: Nobody calls it.\n"
    built = build_text(HEAD + text)
    first = HEAD.count("\n")
    assert _lines(built, Code.RAW_DROPPED) == [first + 8]
    assert _lines(built, Code.CONVERSION) == [first + 10]


def test_no_words_stand_in_a_box_without_a_paragraph() -> None:
    parts = ["<aside>\nOne.", "Two.\n</aside>", "<section>\n## Three\nFour.\n</section>"]
    text = "\n\n".join([*parts, "::: warning\nFive.\n:::\n"])
    built = build_text(HEAD + text)
    assert built.check_findings == ()
    for part in ("One.", "Two.", "Four.", "Five."):
        assert len(built.xpath(f"//h:p[normalize-space() = '{part}']")) == 2
