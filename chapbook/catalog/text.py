"""Words that strangers' files say of themselves, made fit for feeds, pages and file names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from chapbook.model.edition import digest
from chapbook.model.metadata import Date

LONGEST_LINE = 500  # characters of a title or a name; catalogs show far fewer
LONGEST_TEXT = 5000  # characters of a description
MOST_VALUES = 50  # authors, subjects: more would make a menu of one book
_LONGEST_SLUG = 48  # characters: four bytes each and a suffix still make a file name

# What neither XML 1.0 (2.2) nor a reader's eye can bear; joiners and direction marks stay.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
)
_IN_ADDRESS = r"(?:[!$&-;=?-Z_a-z~]|%[0-9A-Fa-f]{2})"  # all but the fragment's mark
_NO_YEAR = 101
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# Letters that Unicode does not take apart into a Latin letter and its mark.
_LATIN = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss"}
)


def line(text: str | None, longest: int = LONGEST_LINE) -> str:
    """*text* on one line, without controls and cut where it is too long."""
    told = " ".join(_CONTROLS.sub("", text or "").split())
    return told if len(told) <= longest else f"{told[: longest - 1].rstrip()}…"


def lines(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Each of *texts* on one line: the first of each, without empty ones."""
    return tuple(dict.fromkeys(filter(None, map(line, texts))))[:MOST_VALUES]


def passage(text: str | None) -> str | None:
    """A description in plain words; many files write it in HTML."""
    told = text or ""
    if _TAG.search(told):
        from lxml import etree, html

        try:
            root = html.fragment_fromstring(_TAG.sub(" ", told), create_parent="div")
            told = "".join(map(str, root.itertext()))
        except (etree.ParserError, ValueError):
            return None
    return line(told, LONGEST_TEXT) or None


def first_date(texts: Iterable[str]) -> Date | None:
    """The first of *texts* that is a date in one of the W3C's forms.

    The year 101 is how calibre writes that it knows none.
    """
    dates = filter(None, map(Date.parse, (text.strip() for text in texts)))
    return next((date for date in dates if date.year > _NO_YEAR), None)


def language(text: str | None) -> str:
    """*text* where it is a language tag, as feeds and pages ask (BCP 47); else nothing.

    >>> language("en_US"), language("English (US)"), language("en-US-GB")
    ('en-US', '', '')
    """
    tag = line(text).replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) and tag.lower() != "und" else ""


def identifier(text: str) -> str:
    """*text* as an address where it is one or can be made one.

    >>> identifier("0E27F753-A2CD-49E9-8F39-E4A99B1404AB")
    'urn:uuid:0e27f753-a2cd-49e9-8f39-e4a99b1404ab'
    """
    told = line(text)
    if re.fullmatch(r"(?:urn:uuid:)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", told):
        return f"urn:uuid:{told[-36:].lower()}"
    if re.fullmatch(r"97[89][\d -]{9,16}[\dXx]", told):
        return f"urn:isbn:{re.sub(r'[ -]', '', told)}"
    return told


def is_address(text: str) -> bool:
    """Whether *text* is a URI, as feeds ask of identifiers (RFC 3986, 3).

    >>> is_address("urn:x:%C3%BC#1"), is_address("urn:x:%zz"), is_address('urn:x:"y"')
    (True, False, False)
    """
    pattern = rf"[A-Za-z][A-Za-z0-9+.-]*:{_IN_ADDRESS}+(?:#{_IN_ADDRESS}*)?"
    return re.fullmatch(pattern, text) is not None


def sort_key(text: str) -> str:
    """*text* to sort by in every locale alike: letters without case and marks.

    >>> sorted(["Öz", "pen", "Ozean"], key=sort_key)
    ['Öz', 'Ozean', 'pen']
    """
    parted = unicodedata.normalize("NFKD", text.casefold().translate(_LATIN))
    return "".join(each for each in parted if not unicodedata.combining(each))


def slug(text: str) -> str:
    """*text* as a file name: in plain Latin letters where it is Latin, else in its own script.

    >>> slug("Über den Ärger: Ein Versuch")
    'uber-den-arger-ein-versuch'
    """
    key = sort_key(text)
    latin = key.encode("ascii", "ignore").decode()
    letters = sum(map(str.isalnum, key))
    if 2 * sum(map(str.isalnum, latin)) < letters:
        latin = unicodedata.normalize("NFC", text.casefold())
    name = re.sub(r"[\W_]+", "-", latin).strip("-")
    if len(name) > _LONGEST_SLUG:
        name = name[: _LONGEST_SLUG + 1].rpartition("-")[0] or name[:_LONGEST_SLUG]
    return name or digest(text.encode())[:8]


def unique_slugs(texts: Iterable[tuple[str, str]]) -> list[str]:
    """A slug for each pair of a text and what tells it apart from others with the same slug."""
    taken: set[str] = set()
    found = []
    for text, distinction in texts:
        name = slug(text)
        if name in taken:
            name = f"{name}-{digest(distinction.encode())[:6]}"
        taken.add(name)
        found.append(name)
    return found
