"""A long manuscript with every element in which a page can begin, the same every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

SYLLABLES = (
    "ba be bo da de di do fa fi ka ke ko la le li lo ma me mi mo na ne ni no pa pe ra re ri ro "
    "sa se si so ta te ti to va ve vi vo za ze"
).split()

HEAD = """---
title: A Long Book
subtitle: Of Everything
author: Some Body
lang: en
date: 2026-11-01
edition: "2.0.0"
identifier: urn:uuid:00000000-0000-4000-8000-0000000000b0
documentclass: book
---
"""


def long_book(chapters: int = 12, seed: int = 7) -> str:
    """The Markdown of a book of about ten pages a chapter, with roman folios in front."""
    return HEAD + "\n".join(Author(random.Random(seed)).book(chapters))


def write_long_book(folder: Path, chapters: int = 12) -> Path:
    """The book and its figure in *folder*; the manuscript's path."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    Image.new("L", (600, 400), 200).save(folder / "plate.png")
    path = folder / "long.md"
    path.write_text(long_book(chapters), "utf-8")
    return path


class Author:
    """Writes Markdown of every kind out of syllables."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._notes = 0

    def book(self, chapters: int) -> Iterator[str]:
        yield "# Preface {.frontmatter}\n"
        yield from (self.paragraph(130) for _ in range(5))
        yield "# Acknowledgments {.frontmatter}\n"
        yield self.paragraph(40)
        for number in range(1, chapters + 1):
            yield f"# {self.title()} {number}\n"
            yield from self.chapter()

    def chapter(self) -> Iterator[str]:
        parts = [
            self.prose,
            self.listing,
            self.table,
            self.items,
            self.quote,
            self.definitions,
            self.figure,
            self.formulas,
            self.verse,
            self.long_note,
        ]
        self._chance.shuffle(parts)
        for part in parts:
            yield f"## {self.title()}\n"
            yield self.paragraph(self._chance.randrange(20, 140))
            yield from part()
            yield self.paragraph(self._chance.randrange(20, 90), notes=2)
            yield f"### {self.title()}\n"
            yield self.paragraph(self._chance.randrange(30, 160), notes=1)

    def prose_chapter(self, number: int) -> Iterator[str]:
        """Ten pages or so: sections of paragraphs with notes; a list, a quote or verse in each."""
        extras = (self.items, self.quote, self.verse, self.definitions)
        for section in range(4):
            yield f"## {self.title()}\n"
            yield from (
                self.paragraph(self._chance.randrange(40, 170), notes=self._chance.randrange(2))
                for _ in range(6)
            )
            if section == 1:
                yield from extras[number % len(extras)]()

    def word(self) -> str:
        return "".join(
            self._chance.choices(SYLLABLES, k=self._chance.choice((1, 2, 2, 3, 3, 4, 5)))
        )

    def words(self, count: int) -> str:
        return " ".join(self.word() for _ in range(count))

    def title(self) -> str:
        return self.words(self._chance.randrange(2, 7)).capitalize()

    def sentence(self) -> str:
        text = self.words(self._chance.randrange(6, 22)).split()
        place = self._chance.randrange(len(text) - 2)
        text[place] = self._chance.choice(
            ("*{}*", "**{}**", "[{}](https://example.org/)", "{}")
        ).format(f"{text[place]} {self.word()}")
        return f"{' '.join(text).capitalize()}."

    def paragraph(self, words: int, notes: int = 0) -> str:
        text = ""
        while len(text.split()) < words:
            text += f" {self.sentence()}"
        noted, bodies = text.strip(), []
        for _ in range(notes):
            self._notes += 1
            noted += f"[^{self._notes}] {self.sentence()}"
            bodies.append(f"[^{self._notes}]: {self.sentence()} {self.sentence()}\n")
        return "\n".join([noted, "", *bodies])

    def prose(self) -> Iterator[str]:
        yield from (self.paragraph(90, notes=self._chance.randrange(2)) for _ in range(4))

    def listing(self) -> Iterator[str]:
        lines = [f"    {self.words(self._chance.randrange(1, 7))}" for _ in range(70)]
        yield "\n".join(["", *lines, ""])

    def table(self) -> Iterator[str]:
        yield "| Headone | Headtwo | Headthree |\n|---|---|---:|"
        for _ in range(55):
            cells = self.words(2), self.words(self._chance.randrange(1, 9)), self.word()
            yield f"| {' | '.join(cells)} |"
        yield ""

    def items(self) -> Iterator[str]:
        for number in range(1, 9):
            yield f"{number}. {self.paragraph(35)}"
            yield "\n".join(f"    - {self.sentence()}" for _ in range(4))
            yield f"\n    {self.paragraph(30)}".replace("\n\n", "\n")
            yield ""

    def quote(self) -> Iterator[str]:
        for _ in range(3):
            yield f"> {self.paragraph(60).strip()}\n>"
        yield ""

    def definitions(self) -> Iterator[str]:
        for _ in range(6):
            yield f"{self.title()}\n:   {self.paragraph(30)}"

    def figure(self) -> Iterator[str]:
        yield f"![{self.sentence()}](plate.png){{width=80%}}\n"

    def formulas(self) -> Iterator[str]:
        for _ in range(4):
            yield f"{self.sentence()} $x_{{1}}^2 + y$ {self.paragraph(50)}"
            yield "$$\\sum_{k=1}^{n} k = \\frac{n(n+1)}{2}$$\n"

    def verse(self) -> Iterator[str]:
        yield "\n".join(f"| {self.sentence()}" for _ in range(8)) + "\n"

    def long_note(self) -> Iterator[str]:
        self._notes += 1
        yield f"{self.sentence()}[^{self._notes}] {self.paragraph(40)}"
        paragraphs = "\n\n".join(f"    {self.paragraph(50).strip()}" for _ in range(4))
        yield f"[^{self._notes}]: {self.sentence()}\n\n{paragraphs}\n"
