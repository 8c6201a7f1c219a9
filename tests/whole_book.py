"""A book of 300 pages in several files that uses everything, the same every time.

A new construct is a function of the kind of those in KINDS, and a row there: each chapter has all.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.long_book import Author

CHAPTERS = 8

HEAD = """---
title: The *Whole* Book
subtitle: Of Everything at Once
author:
  - name: Ada Example
    file-as: Example, Ada
    orcid: 0000-0002-1825-0097
  - Bo Example
contributor:
  - name: Cy Example
    role: trl
lang: en
date: 2026-11-01
edition: "3.0.0"
identifier: urn:uuid:00000000-0000-4000-8000-0000000000c0
publisher: A Press
rights: All rights reserved.
keywords: [one, two]
abstract: A book that holds *all* that a book can hold.
documentclass: book
number-sections: true
list-of-figures: true
list-of-tables: true
list-of-listings: true
bibliography: works.bib
chapters:
{chapters}
---

::: dedication
To those who read to the end
:::

::: epigraph
Words of somebody else, set apart.

--- Some Body, *A Book*
:::

# Preface {{.frontmatter}}

{preface}
"""

WORKS = """@book{{hart{number},
  author = {{Hart, Mary and Vale, Bo}},
  title = {{A Book of Rivers, Volume {number}}},
  publisher = {{River Press}},
  year = {{{year}}}
}}
"""

Kind = Callable[[Author, int], Iterator[str]]


def write_whole_book(folder: Path, chapters: int = CHAPTERS) -> Path:
    """The book with its pictures in *folder*, which is what to build."""
    (folder / "chapters").mkdir(parents=True)
    _draw_pictures(folder)
    author = Author(random.Random(23))
    names = [f"chapters/{number:02}.md" for number in range(1, chapters + 1)]
    for number, name in enumerate(names, 1):
        (folder / name).write_text("\n".join(_chapter(author, number, chapters)), "utf-8")
    (folder / "chapters" / "appendix.md").write_text("\n".join(_appendix(author)), "utf-8")
    works = (WORKS.format(number=number, year=1990 + number) for number in range(chapters))
    (folder / "works.bib").write_text("\n".join(works), "utf-8")
    (folder / "included.md").write_text(author.paragraph(40, notes=1), "utf-8")
    listed = "\n".join(f"  - {name}" for name in (*names, "chapters/appendix.md"))
    preface = "\n".join(author.paragraph(130, notes=1) for _ in range(4))
    (folder / "index.md").write_text(HEAD.format(chapters=listed, preface=preface), "utf-8")
    return folder


def _draw_pictures(folder: Path) -> None:
    from PIL import Image

    size = (1200, 800)
    Image.linear_gradient("L").resize(size).save(folder / "plate.png")
    Image.radial_gradient("L").convert("RGB").resize(size).save(folder / "photo.jpg")
    Image.radial_gradient("L").convert("CMYK").resize(size).save(folder / "press.jpg")
    Image.new("P", (300, 200), 3).save(folder / "seal.gif")
    Image.new("RGBA", (600, 400), (0, 90, 160, 128)).save(folder / "glass.webp")
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40">'
        '<rect width="60" height="40" fill="#eee"/><circle cx="30" cy="20" r="12"/></svg>\n'
    )
    (folder / "drawing.svg").write_text(drawing, "utf-8")


def _chapter(author: Author, number: int, chapters: int) -> Iterator[str]:
    yield f"# {author.title()} {number} {{#sec:chapter-{number}}}\n"
    yield author.paragraph(100, notes=2)
    for order, kind in enumerate(KINDS):
        note = "[^head]" if order == number else ""
        yield f"## {author.title()}{note} {{#sec:part-{number}-{order}}}\n"
        yield f"[^head]: A note of a heading. {author.sentence()}\n" if note else ""
        yield author.paragraph(60 + 13 * ((order + number) % 9), notes=1)
        yield from kind(author, number)
        yield author.paragraph(50 + 17 * ((order * number) % 5))
        yield from _references(number, order, chapters)


def _references(number: int, order: int, chapters: int) -> Iterator[str]:
    """A sentence that leads elsewhere: back, ahead, within the chapter."""
    ahead = number % chapters + 1
    yield (
        f"See [@fig:plate-{ahead}]{{.page}}, [@tbl:counts-{number}; @eq:sum-{number}] and "
        f"[@sec:part-{number}-{order}], or [the other](#sec:chapter-{ahead}) "
        f"and <https://example.org/{number}/{order}>.\n"
    )


def _appendix(author: Author) -> Iterator[str]:
    yield "# Sources {.appendix #sec:appendix}\n"
    yield author.paragraph(120, notes=2)
    yield from author.prose_chapter(1)
    yield "# Afterword {.backmatter .unnumbered}\n"
    yield author.paragraph(150)
    yield "# Works cited {.backmatter .unnumbered}\n\n::: {#refs}\n:::\n"
    yield "# Index {.backmatter .unnumbered}\n\n::: index\n:::\n"


def figures(author: Author, number: int) -> Iterator[str]:
    """A picture of every kind, placed, credited, composed and decorative."""
    yield f"![{author.sentence()}](plate.png){{#fig:plate-{number} width=80%}}\n"
    yield f'![{author.sentence()}](photo.jpg){{alt="A disk" credit="Photograph: Ada Example"}}\n'
    yield "![](seal.gif){.decorative width=10%}\n"
    beside = '(drawing.svg){.right width=30% alt="A disk"}'
    yield f"![A drawing with a note[^drawn-{number}]]{beside}\n"
    yield f"[^drawn-{number}]: {author.sentence()}\n"
    yield author.paragraph(60)
    yield f"::: {{#fig:both-{number} layout-ncol=2}}\n![Glass](glass.webp)\n\n![Ink](press.jpg)\n"
    yield f"Both, {author.words(4)}\n:::\n"


def formulas(author: Author, number: int) -> Iterator[str]:
    """Formulas in a line and displayed, numbered."""
    yield f"{author.sentence()} $x_{{{number}}}^2 + y$ {author.paragraph(40)}"
    yield f"$$\\sum_{{k=1}}^{{n}} k = \\frac{{n(n+{number})}}{{2}}$$ {{#eq:sum-{number}}}\n"
    yield "$$\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix} \\neq \\sqrt{x}$$\n"


def tables(author: Author, number: int) -> Iterator[str]:
    """A pipe table with a caption, a grid with spans, a multiline one."""
    yield "| Place | Count | Share |\n|:------|------:|:-----:|"
    for row in range(12):
        yield f"| {author.words(2)} | {row * 7.5 + number} | {row} % |"
    yield f"\n: {author.sentence()} {{#tbl:counts-{number}}}\n"
    yield (
        "+---------+-----------------+\n| Where   | How much        |\n"
        "|         +--------+--------+\n|         | first  | last   |\n"
        "+=========+=======:+=======:+\n| Here    | 1.5    | 20.25  |\n"
        "+---------+--------+--------+\n| - an    | 3                |\n"
    ).replace("| 3                |", "| 3      | 4      |")
    yield "|   item  |        |        |\n+---------+--------+--------+\n"
    yield (
        "-----------------------------\n Left      Right\n--------- -------------------\n"
        f" one      {author.words(3)}\n          {author.words(2)}\n\n two      {author.words(3)}\n"
        "-----------------------------\n"
    )


def long_table(author: Author, number: int) -> Iterator[str]:
    """A table that runs over pages, with a note in a cell."""
    yield "| Headone | Headtwo | Headthree |\n|---|---|---:|"
    for row in range(45):
        note = f"[^cell-{number}]" if row == 4 else ""
        yield f"| {author.words(2)}{note} | {author.words(1 + row % 7)} | {row} |"
    yield f"\n[^cell-{number}]: {author.sentence()}\n"


def code(author: Author, number: int) -> Iterator[str]:
    """Code of several languages, and plain; with numbers and a file's name."""
    yield f"Write `make part-{number}` or `{author.word()}`.\n"
    body = "\n".join(f'    yield "{author.words(3)}"  # {author.word()}' for _ in range(12))
    named = f'filename="src/{author.word()}.py" #lst:f-{number} lst-cap="Some words"'
    head = f"``` {{.python .numberLines {named}}}"
    yield f"{head}\ndef f(x: int):\n{body}\n```\n"
    yield '```js\nconst a = { b: 1, c: "two" } // three\nexport default a\n```\n'
    yield "```diff\n-removed\n+added\n```\n"
    yield "\n".join(f"    {author.words(1 + line % 7)}" for line in range(30)) + "\n"


def boxes(author: Author, _: int) -> Iterator[str]:
    """Admonitions in three syntaxes."""
    yield f"> [!NOTE]\n> {author.sentence()}\n>\n> - {author.words(3)}\n> - {author.words(3)}\n"
    yield f"::: warning\n{author.paragraph(30).strip()}\n:::\n"
    yield f'::: {{.callout-tip title="{author.title()}"}}\n{author.paragraph(30).strip()}\n:::\n'


def verse(author: Author, _: int) -> Iterator[str]:
    """Verse, quotes, an epigraph, ornaments."""
    yield f"::: epigraph\n{author.sentence()}\n\n--- {author.title()}\n:::\n"
    yield from author.verse()
    yield from author.quote()
    yield f"***\n\n{author.paragraph(40)}\n\\* \\* \\*\n"


def lists(author: Author, _: int) -> Iterator[str]:
    """Numbered, nested, loose, of tasks, of definitions."""
    yield from author.items()
    yield f"- [ ] {author.words(3)}\n- [x] {author.words(3)}\n"
    yield from author.definitions()
    yield f"(@) {author.sentence()}\n\n(@) {author.sentence()}\n"


def words(author: Author, number: int) -> Iterator[str]:
    """Return inline elements: small capitals, abbreviations, marks, raw HTML, an image."""
    yield (
        f"[{author.word()}]{{.smallcaps}}, HTML, H~2~O, x^2^, ~~gone~~, <kbd>Ctrl</kbd>, "
        "<mark>marked</mark>, <ins>new</ins> and <del>old</del>, “quoted ‘within’ it” --- "
        "an ellipsis... [an](#sec:appendix) ![seal](seal.gif){width=2%} <br>and more.\n"
    )
    yield "*[HTML]: HyperText Markup Language\n" if number == 1 else ""
    yield f"<details>\n<summary>More</summary>\n\n{author.paragraph(30)}\n</details>\n"
    yield "\\newpage\n" if number % 3 == 0 else ""
    yield "{{< include included.md >}}\n" if number == 2 else ""


def tongues(author: Author, _: int) -> Iterator[str]:
    """Other languages, in a line and as blocks."""
    yield f'{author.sentence()} [Die Grenzen meiner Sprache, "so" sagt er]{{lang=de}}.\n'
    yield "::: {lang=fr}\nLes mots, dit-il, « ne sont pas les choses ».\n:::\n"
    yield "::: {lang=ru}\nВсе счастливые семьи похожи друг на друга.\n:::\n"
    yield "::: {lang=el}\nΕν αρχή ην ο λόγος.\n:::\n"
    yield "::: {lang=ar}\nفي البدء كان الكلمة، وقال *Ada* ذلك في صفحة ١٢.\n:::\n"
    yield "::: {lang=he}\nבראשית היה הדבר, כך אומרת Ada בעמוד 12.\n:::\n"
    yield "Words: [शब्द]{lang=hi}, [言葉]{lang=ja}, [말]{lang=ko}.\n"


def sources(author: Author, number: int) -> Iterator[str]:
    """Works cited, again and again, also in a note."""
    cited, other = number - 1, number // 2
    yield f"{author.sentence()} As @hart{cited} [p. 12] says [see @hart{other}, 3].[^cited]\n"
    yield f"[^cited]: And again [@hart{other}, pp. 14--16; @hart{cited}].\n"


def terms(author: Author, number: int) -> Iterator[str]:
    """Terms for the index: plain, below another, over pages, with a reference."""
    term, other = author.word(), author.word()
    below = f'[{other}]{{.index entry="{term}!{other}"}}'
    yield f"A [{term}]{{.index}}, a {below}, [*Security*]{{.index}}.\n"
    span = f'[]{{.index entry="span {number}" range='
    yield f'{span}"start"}}{author.paragraph(120)}'
    yield f'{author.sentence()}{span}"end"}}\n'


def long_notes(author: Author, _: int) -> Iterator[str]:
    """A note of several paragraphs, and a note in a line."""
    yield from author.long_note()
    yield f"{author.sentence()}^[An inline note, {author.words(5)}.]\n"


KINDS: tuple[Kind, ...] = (
    figures,
    tables,
    formulas,
    lists,
    code,
    boxes,
    verse,
    long_table,
    words,
    tongues,
    sources,
    terms,
    long_notes,
)
