"""Advice for values in the front matter block that are not accepted: what to write instead."""

from __future__ import annotations

import re

from chapbook.lang.nearest_names import nearest
from chapbook.model.metadata import Date
from chapbook.model.people import CODES

_MONTHS = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())


def for_role(written: str) -> str:
    """Return what to write for the role *written*.

    >>> for_role("Translator")
    'write role: trl'
    """
    role = CODES.get(nearest(written, CODES, 0.8))
    return f"write role: {role}" if role else "write such as aut, edt, trl or ill"


def for_language(written: str) -> str:
    """Return what to write for the language *written*, an English name or almost a tag.

    >>> for_language("en_US")
    'write lang: en-US'
    """
    from babel import Locale

    if re.fullmatch(r"[A-Za-z]{2,3}_[A-Za-z]{2,4}", written):
        return f"write lang: {written.replace('_', '-')}"
    named = {name.casefold(): code for code, name in Locale("en").languages.items()}
    code = named.get(written.casefold())
    return f"write lang: {code.replace('_', '-')}" if code else "write such as en or pt-BR"


def for_date(written: str, lang: str) -> str:
    """Return what to write for the date *written*, which is in words or figures in *lang*.

    >>> for_date("18. December 2020", "en"), for_date("18.12.2020", "de")
    ('write date: 2020-12-18', 'write date: 2020-12-18')
    >>> for_date("3/4/2020", "en")
    'write such as 2026-11-22 or 2026'
    """
    date = "-".join(part.zfill(2) for part in _parts(written, lang))
    return f"write date: {date}" if Date.parse(date) else "write such as 2026-11-22 or 2026"


def _parts(written: str, lang: str) -> tuple[str, ...]:
    """Return the year, the month and the day of *written*, as far as they are certain."""
    if match := re.fullmatch(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", written):
        return match[1], match[2], match[3]
    if match := re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})", written):
        return match[3], match[2], match[1]
    years, days = re.findall(r"\b\d{4}\b", written), re.findall(r"\b\d{1,2}\b", written)
    month = _month(written, lang)
    return (*years[:1], *month, *days[:1]) if years and month else ()


def _month(written: str, lang: str) -> tuple[str, ...]:
    """Return the number of the month that *written* names in English or in *lang*, if any."""
    from babel import Locale, UnknownLocaleError

    try:
        own = Locale.parse(lang, sep="-").months["format"]["wide"]
    except (UnknownLocaleError, ValueError):
        own = {}
    names = {name.casefold(): number for number, name in own.items()}
    for word in re.findall(r"[^\W\d_]{3,}", written.casefold()):
        if word in names:
            return (str(names[word]),)
        if word[:3] in _MONTHS:
            return (str(_MONTHS.index(word[:3]) + 1),)
    return ()
