"""Chooses the hyphenation patterns for a language tag, and breaks words by them.

CLDR gives the region of a tag without one (`chapbook.lang.likely_subtags`). Breaks of Pyphen that
change letters (Hungarian “asz-szony”) are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pyphen

from chapbook.lang.likely_subtags import maximized


class Hyphenator(pyphen.Pyphen):  # type: ignore[misc]
    """Breaks words without changing their letters."""

    def iterate(self, word: str) -> Iterator[tuple[str, str]]:
        """Yield the two parts of *word* for each break, the longest first part first."""
        return (parts for parts in super().iterate(word) if "".join(parts) == word)


@cache
def patterns(tag: str) -> str | None:
    """Return Pyphen's name for the patterns of the language *tag* (BCP 47); None if it has none.

    They are the patterns of the tag's region, or of a region with the same parent in CLDR
    (`en-AU`: `en_GB`), or of the likely region (`en`: `en_US`).

    >>> patterns("en"), patterns("en-Latn-GB"), patterns("de"), patterns("sr-ME"), patterns("zh")
    ('en_US', 'en_GB', 'de_DE', 'sr_Latn', None)
    """
    wanted = maximized(tag)
    names = [
        name for name, full in _subtags_of_files().items() if wanted and full[:2] == wanted[:2]
    ]
    if not names or wanted is None:
        return None
    language, _, region = wanted
    likely = maximized(language)
    for locale in (*_lineage(language, region), f"{language}_{likely[2] if likely else ''}"):
        for name in names:
            if locale in _lineage(*_subtags_of_files()[name][::2]):
                return name
    return names[0]


@cache
def _subtags_of_files() -> dict[str, tuple[str, str, str]]:
    """Return the language, script and region of each of Pyphen's files, by name."""
    names = sorted({path.name[len("hyph_") : -len(".dic")] for path in pyphen.LANGUAGES.values()})
    full = {name: maximized(name.replace("_", "-")) for name in names}
    return {name: subtags for name, subtags in full.items() if subtags}


def _lineage(language: str, region: str) -> tuple[str, ...]:
    """Return the locale and those that it inherits from in CLDR, except the bare language."""
    from babel.core import get_global

    parents = get_global("parent_exceptions")
    name, locales = f"{language}_{region}", []
    while "_" in name:
        locales.append(name)
        name = parents.get(name, language)
    return tuple(locales)
