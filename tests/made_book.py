"""A made-up book with every part that a book can have, the same every time."""

from __future__ import annotations

import random
from pathlib import Path

from tests.long_book import Author

HEAD = """---
title: The Made Book
subtitle: With Every Part
author: Some Body
lang: en
date: 2026-11-01
edition: "1.0.0"
identifier: urn:uuid:00000000-0000-4000-8000-0000000000b1
publisher: A Press
rights: All rights reserved.
running-title: Made Book
print:
  layout: book
  trim: {trim}
  printer: {printer}
---

::: dedication
To those who read to the end.
:::

::: epigraph
> Words of somebody else, set apart.
:::
"""


def made_book(trim: str, printer: str = "press", chapters: int = 8) -> str:
    """The Markdown of a book of about 120 pages of A5 in two parts."""
    author = Author(random.Random(11))
    text = [HEAD.format(trim=trim, printer=printer)]
    text += ["# Preface {.frontmatter}\n", *(author.paragraph(120, notes=1) for _ in range(4))]
    for number in range(1, chapters + 1):
        if number in {1, chapters // 2 + 1}:
            name = "One" if number == 1 else "Two"
            text.append(f"# Part {name} {{.part}}\n")
        text += [f"# {author.title()} {number}\n", *author.prose_chapter(number)]
    text += ["# Appendix {.backmatter}\n", *author.table(), author.paragraph(80)]
    return "\n".join(text)


def write_made_book(folder: Path, trim: str, printer: str = "press") -> Path:
    """The book as a manuscript in *folder*."""
    path = folder / "made.md"
    path.write_text(made_book(trim, printer), "utf-8")
    return path
