"""The script and the region that a language tag means where it names none, as CLDR has them."""

from __future__ import annotations

import re

_SUBTAGS = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-[a-z]{3})?(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?(?:-|$)",
    re.IGNORECASE,
)
_FILED_AS = {"no": "nb"}  # CLDR's Norwegian is Bokmål, and its patterns have that name alone


def maximized(tag: str) -> tuple[str, str, str] | None:
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
