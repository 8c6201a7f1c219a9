"""A static catalog of finished publications: OPDS 1.2 and 2.0 for devices, a shelf for people.

Its files are plain and their addresses relative: any web server can hand them out.
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
    """How a catalog presents itself; what is None is chosen from its works.

    `base` is the address at which it will be found, for feeds with absolute addresses.
    """

    title: str | None = None
    lang: str | None = None
    base: str = ""


def catalog_files(
    works: tuple[Work, ...], masthead: Masthead, design: Design, findings: list[Finding]
) -> Iterator[tuple[str, bytes | Path]]:
    """Every file of the catalog of *works*: its path, and its bytes or the file to copy.

    They come one by one, for a large shelf's covers fill a memory. *findings* gets what is amiss
    with a cover. Raises DesignError.
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
    """The language in which most of *works* are written."""
    counts = Counter(work.about.lang for work in works if work.about.lang)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ranked[0][0] if ranked else _DEFAULT_LANGUAGE


def _words(design: Design, wanted: str | None, common: str) -> tuple[str, Words]:
    """The language of the shelf's own words, and the words.

    That is *wanted*, or else *common* where it is translated, or else English.
    """
    tables = design.table("shelf.toml")
    tongue = (wanted or common).partition("-")[0].lower()
    if wanted and tongue not in tables:
        told = f"the shelf has no words in “{wanted}”"
        raise DesignError(told, remedy=f"choose from {', '.join(tables)}")
    tongue = tongue if tongue in tables else _DEFAULT_LANGUAGE
    return tongue, {**tables.get(_DEFAULT_LANGUAGE, {}), **tables.get(tongue, {})}


def _language_name(tongue: str, tag: str) -> str:
    """What people who read *tongue* call the language *tag*.

    >>> _language_name("de", "tr")
    'Türkisch'
    """
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(tag, sep="-").get_display_name(tongue)
    except (UnknownLocaleError, ValueError):
        return tag
    return name[0].upper() + name[1:] if name else tag
