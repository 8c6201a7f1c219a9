"""A static catalog of finished publications: OPDS 1.2 and 2.0 for devices, a shelf for people.

It consists of plain files with relative addresses, so any web server can serve them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from chapbook.catalog import opds1, opds2, shelf
from chapbook.catalog.covers import covers_of
from chapbook.catalog.gather import MARKER
from chapbook.catalog.tree import Catalog, Words
from chapbook.catalog.works import Work
from chapbook.design.templates import Design
from chapbook.model.errors import DesignError, Finding

_DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Masthead:
    """The title, the language and the address of a catalog.

    A title or language that is None is chosen from the works. `base` is the future address of the
    catalog, for feeds with absolute addresses.
    """

    title: str | None = None
    lang: str | None = None
    base: str = ""


def catalog_files(
    works: tuple[Work, ...], masthead: Masthead, design: Design, findings: list[Finding]
) -> Iterator[tuple[str, bytes | Path]]:
    """Yield every file of the catalog of *works*: its path, and its bytes or the file to copy.

    The files are made one by one, because the covers of a large shelf would fill the memory. Faults
    of covers are added to *findings*. Raises DesignError.
    """
    sizes: dict[str, tuple[int, int]] = {}
    for work in works:
        for copy in work.copies:
            yield work.copy_path(copy), copy.path
        covers = covers_of(work, design)
        findings.extend(covers.findings)
        sizes |= {work.cover: covers.cover_size, work.thumbnail: covers.thumbnail_size}
        yield work.cover, covers.cover
        yield work.thumbnail, covers.thumbnail
    tongue, words = _words(design, masthead.lang, _main_language(works))
    catalog = Catalog(
        title=masthead.title or words["title"],
        lang=tongue,
        words=words,
        works=works,
        sizes=sizes,
        base=masthead.base.rstrip("/"),
        language_name=partial(_language_name, tongue),
    )
    yield from opds1.feeds(catalog)
    yield from opds2.feeds(catalog)
    yield from shelf.pages(catalog, design)
    yield MARKER, b"Written by chapbook catalog, which may replace this folder.\n"


def _main_language(works: tuple[Work, ...]) -> str:
    """Return the language of most of *works*."""
    counts = Counter(work.about.lang for work in works if work.about.lang)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ranked[0][0] if ranked else _DEFAULT_LANGUAGE


def _words(design: Design, wanted: str | None, common: str) -> tuple[str, Words]:
    """Return the language of the shelf's own words, and the words.

    The language is *wanted*; without one it is *common* if the shelf is translated into it,
    otherwise English. Raises DesignError if the shelf is not translated into *wanted*.
    """
    tables = design.table("shelf.toml")
    tongue = (wanted or common).partition("-")[0].lower()
    if wanted and tongue not in tables:
        message = f"the shelf has no words in “{wanted}”"
        raise DesignError(message, remedy=f"choose from {', '.join(tables)}")
    tongue = tongue if tongue in tables else _DEFAULT_LANGUAGE
    return tongue, {**tables.get(_DEFAULT_LANGUAGE, {}), **tables.get(tongue, {})}


def _language_name(tongue: str, tag: str) -> str:
    """Return the name of the language *tag* in the language *tongue*.

    >>> _language_name("de", "tr")
    'Türkisch'
    """
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(tag, sep="-").get_display_name(tongue)
    except (UnknownLocaleError, ValueError):
        return tag
    return name[0].upper() + name[1:] if name else tag
