"""Clean metadata from files of unknown origin for use in feeds, pages and file names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from chapbook.model.edition import digest
from chapbook.model.metadata import Date

LONGEST_LINE = 500  # characters of a title or a name; catalogs show far fewer
LONGEST_TEXT = 5000  # characters of a description
MOST_VALUES = 50  # authors, subjects: more would make a menu of one book
_LONGEST_SLUG = 48  # characters; a file name has room for four bytes each and a suffix

# Characters that are not allowed in XML 1.0 (2.2) or not visible. Joiners and direction marks stay.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
)
_IN_ADDRESS = r"(?:[!$&-;=?-Z_a-z~]|%[0-9A-Fa-f]{2})"  # all characters except “#”
_NO_YEAR = 101  # calibre's year of an unknown date
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# Letters that Unicode does not decompose into a Latin letter and a mark.
_LATIN = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss"}
)


def line(text: str | None, longest: int = LONGEST_LINE) -> str:
    """Return *text* on one line, without control characters, and cut to *longest* characters."""
    words = " ".join(_CONTROLS.sub("", text or "").split())
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"


def lines(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Return each of *texts* on one line, without empty and repeated ones."""
    return tuple(dict.fromkeys(filter(None, map(line, texts))))[:MOST_VALUES]


def passage(text: str | None) -> str | None:
    """Return a description as plain text, or None. Many files have HTML in it."""
    description = text or ""
    if _TAG.search(description):
        from lxml import etree, html

        try:
            root = html.fragment_fromstring(_TAG.sub(" ", description), create_parent="div")
            description = "".join(map(str, root.itertext()))
        except (etree.ParserError, ValueError):
            return None
    return line(description, LONGEST_TEXT) or None


def first_date(texts: Iterable[str]) -> Date | None:
    """Return the first of *texts* that is a date in one of the W3C's formats.

    The year 101 is skipped: calibre writes it for an unknown date.
    """
    dates = filter(None, map(Date.parse, (text.strip() for text in texts)))
    return next((date for date in dates if date.year > _NO_YEAR), None)


def language(text: str | None) -> str:
    """Return *text* if it is a language tag (BCP 47), as feeds and pages need it, otherwise "".

    >>> language("en_US"), language("English (US)"), language("en-US-GB")
    ('en-US', '', '')
    """
    tag = line(text).replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) and tag.lower() != "und" else ""


def identifier(text: str) -> str:
    """Return *text* as a URN if it is a UUID or an ISBN, otherwise unchanged on one line.

    >>> identifier("0E27F753-A2CD-49E9-8F39-E4A99B1404AB")
    'urn:uuid:0e27f753-a2cd-49e9-8f39-e4a99b1404ab'
    """
    name = line(text)
    if re.fullmatch(r"(?:urn:uuid:)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", name):
        return f"urn:uuid:{name[-36:].lower()}"
    if re.fullmatch(r"97[89][\d -]{9,16}[\dXx]", name):
        return f"urn:isbn:{re.sub(r'[ -]', '', name)}"
    return name


def isbn(identifiers: Iterable[str]) -> str | None:
    """Return the first ISBN among *identifiers*, without hyphens, or None.

    >>> isbn(["urn:uuid:1", "urn:isbn:978-0-306-40615-7"])
    '9780306406157'
    """
    names = (identifier(re.sub(r"(?i)^urn:isbn:", "", line(name))) for name in identifiers)
    return next((name[9:] for name in names if name.startswith("urn:isbn:")), None)


def is_address(text: str) -> bool:
    """Return whether *text* is a URI (RFC 3986, 3), as feeds require of identifiers.

    >>> is_address("urn:x:%C3%BC#1"), is_address("urn:x:%zz"), is_address('urn:x:"y"')
    (True, False, False)
    """
    pattern = rf"[A-Za-z][A-Za-z0-9+.-]*:{_IN_ADDRESS}+(?:#{_IN_ADDRESS}*)?"
    return re.fullmatch(pattern, text) is not None


def sort_key(text: str) -> str:
    """Return a key for sorting that is the same in every locale: letters without case and marks.

    >>> sorted(["Öz", "pen", "Ozean"], key=sort_key)
    ['Öz', 'Ozean', 'pen']
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LATIN))
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def slug(text: str) -> str:
    """Return *text* as a file name: Latin text in plain letters, other text in its own script.

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
    """Return a slug for each pair of a text and a string that distinguishes it from equal texts."""
    taken: set[str] = set()
    slugs = []
    for text, distinction in texts:
        name = slug(text)
        if name in taken:
            name = f"{name}-{digest(distinction.encode())[:6]}"
        taken.add(name)
        slugs.append(name)
    return slugs
