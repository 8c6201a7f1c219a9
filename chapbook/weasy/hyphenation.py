"""Which hyphenation patterns a language tag means, and where a word may be broken by them.

CLDR says which region a tag without one means. Pyphen's breaks that change letters (Hungarian
“asz-szony”) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pyphen

_SUBTAGS = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-[a-z]{3})?(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?(?:-|$)",
    re.IGNORECASE,
)
_FILED_AS = {"no": "nb"}  # CLDR's Norwegian is Bokmål, and its patterns have that name alone


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
    wanted = _maximized(tag)
    known = [name for name, full in _known().items() if wanted and full[:2] == wanted[:2]]
    if not known or wanted is None:
        return None
    language, _, region = wanted
    likely = _maximized(language)
    for each in (*_lineage(language, region), f"{language}_{likely[2] if likely else ''}"):
        for name in known:
            if each in _lineage(*_known()[name][::2]):
                return name
    return known[0]


@cache
def _known() -> dict[str, tuple[str, str, str]]:
    """The language, script and region of each of Pyphen's files."""
    names = sorted({path.name[len("hyph_") : -len(".dic")] for path in pyphen.LANGUAGES.values()})
    full = {name: _maximized(name.replace("_", "-")) for name in names}
    return {name: subtags for name, subtags in full.items() if subtags}


def _maximized(tag: str) -> tuple[str, str, str] | None:
    """The language, script and region of *tag*, those it lacks as is likely (UTS 35, 4.3)."""
    from babel.core import get_global

    if not (match := _SUBTAGS.match(tag)):
        return None
    language = match["language"].lower()
    alias = get_global("language_aliases").get(language, language).split("_")
    language = _FILED_AS.get(alias[0], alias[0])
    script = (match["script"] or "".join(alias[1:2])).title()
    region = (match["region"] or "").upper()
    likely = get_global("likely_subtags")
    for parts in ((language, script, region), (language, region), (language, script), (language,)):
        if all(parts) and (full := likely.get("_".join(parts))):
            _, likely_script, likely_region = full.split("_")[:3]
            return language, script or likely_script, region or likely_region
    return language, script, region


def _lineage(language: str, region: str) -> tuple[str, ...]:
    """The locale and those it inherits from, as CLDR has them, without the language alone."""
    from babel.core import get_global

    parents = get_global("parent_exceptions")
    name, found = f"{language}_{region}", []
    while "_" in name:
        found.append(name)
        name = parents.get(name, language)
    return tuple(found)
