"""Which hyphenation patterns a language tag means, and where a word may be broken by them.

CLDR says which region a tag without one means (`chapbook.lang.likely_subtags`). Pyphen's breaks
that change letters (Hungarian “asz-szony”) are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pyphen

from chapbook.lang.likely_subtags import maximized


class Hyphenator(pyphen.Pyphen):  # type: ignore[misc]
    """Breaks words, and leaves their letters as they are."""

    def iterate(self, word: str) -> Iterator[tuple[str, str]]:
        """The two parts of *word* for each break, the longest first part first."""
        return (parts for parts in super().iterate(word) if "".join(parts) == word)


@cache
def patterns(tag: str) -> str | None:
    """Pyphen's name for the patterns of the language *tag* (BCP 47); None where it has none.

    They are those of the tag's region, else of a region that CLDR makes inherit from the same
    parent (`en-AU`: `en_GB`), else of the likely region (`en`: `en_US`).

    >>> patterns("en"), patterns("en-Latn-GB"), patterns("de"), patterns("sr-ME"), patterns("zh")
    ('en_US', 'en_GB', 'de_DE', 'sr_Latn', None)
    """
    wanted = maximized(tag)
    known = [name for name, full in _known().items() if wanted and full[:2] == wanted[:2]]
    if not known or wanted is None:
        return None
    language, _, region = wanted
    likely = maximized(language)
    for each in (*_lineage(language, region), f"{language}_{likely[2] if likely else ''}"):
        for name in known:
            if each in _lineage(*_known()[name][::2]):
                return name
    return known[0]


@cache
def _known() -> dict[str, tuple[str, str, str]]:
    """The language, script and region of each of Pyphen's files."""
    names = sorted({path.name[len("hyph_") : -len(".dic")] for path in pyphen.LANGUAGES.values()})
    full = {name: maximized(name.replace("_", "-")) for name in names}
    return {name: subtags for name, subtags in full.items() if subtags}


def _lineage(language: str, region: str) -> tuple[str, ...]:
    """The locale and those it inherits from, as CLDR has them, without the language alone."""
    from babel.core import get_global

    parents = get_global("parent_exceptions")
    name, found = f"{language}_{region}", []
    while "_" in name:
        found.append(name)
        name = parents.get(name, language)
    return tuple(found)
