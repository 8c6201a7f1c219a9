"""Convert the metadata forms of other tools into Chapbook's own.

These are pandoc's lists of objects (its manual, “EPUB metadata”), and the keys of Jekyll, Hugo,
Quarto and Obsidian whose meaning is clear. All other entries stay unchanged and are checked later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from chapbook.model.errors import Code, Finding, SourceError, warning
from chapbook.model.people import CODES
from chapbook.printing.isbn import is_isbn13
from chapbook.reading.yaml_reader import Entry, Value

_TITLE_REMEDY = 'write it as text, on a line each: title: "…" and, below it, subtitle: "…"'
_TITLE_PARTS = {"": "title", "main": "title", "subtitle": "subtitle", "short": "running-title"}
_SUBJECTS = ("keywords", "subject", "tags", "categories", "category")
_TEXTS = ("publisher", "rights", "date", "lang", "language", "abstract", "description")
_OTHER_NAMES = {
    "authors": "author",
    "license": "rights",
    "copyright": "rights",
    "description": "abstract",
    "summary": "abstract",
}
_NO = frozenset({"false", "no", "off"})
_YES = frozenset({"true", "yes", "on"})
_SITE_DATE = re.compile(r"(\d{4}-\d\d-\d\d)[ T]\d\d:\d\d.*")


def normalized(entries: Mapping[str, Entry]) -> tuple[dict[str, Entry], list[Finding]]:
    """Return *entries* in our forms, and findings about them.

    Raises SourceError for a title that is not understood, because no other title may replace it.
    """
    own = dict(entries)
    findings = [*_draft(own)]
    _title(own)
    _people(own)
    _identifier(own)
    _subjects(own)
    for key in _TEXTS:
        if key in own and not isinstance(value := own[key].value, str):
            if key in {"date", "lang", "language"} and isinstance(value, list) and value:
                value = value[0]
            own[key] = Entry(_text_of(value), own[key].where)
    _date(own)
    for written, key in _OTHER_NAMES.items():
        if written in own and key not in own:
            own[key] = own.pop(written)
    return own, findings


def _draft(entries: dict[str, Entry]) -> Iterator[Finding]:
    """Remove the keys that mark a draft, and yield a finding if the manuscript is one."""
    for key, is_draft in (("draft", _YES), ("published", _NO), ("publish", _NO)):
        if key in entries and str(entries[key].value).lower() in _YES | _NO:
            entry = entries.pop(key)
            if str(entry.value).lower() in is_draft:
                message = f"its author calls it a draft; take “{key}” out when it is none any more"
                yield warning(Code.DRAFT, message, entry.where)


def _title(entries: dict[str, Entry]) -> None:
    entry = entries.get("title")
    if entry is None or isinstance(entry.value, str):
        return
    items = entry.value if isinstance(entry.value, list) else [entry.value]
    texts: dict[str, str] = {}
    for item in items:
        for key, text in _title_parts(item):
            if not key or key in texts or not text.strip():
                raise _unclear_title(entry)
            texts[key] = text
    if "title" not in texts:
        raise _unclear_title(entry)
    for key, text in texts.items():
        if key == "title" or key not in entries:
            entries[key] = Entry(text, entry.where)


def _unclear_title(entry: Entry) -> SourceError:
    return SourceError("the title is not understood", where=entry.where, remedy=_TITLE_REMEDY)


def _title_parts(item: Value) -> Iterator[tuple[str, str]]:
    """Yield the keys and texts in *item* of a title's list. The key of an unknown text is ""."""
    if isinstance(item, str):
        yield "title", item
    elif isinstance(item, dict) and isinstance(text := item.get("text"), str):
        yield _TITLE_PARTS.get(str(item.get("type", "")).lower(), ""), text
    elif isinstance(item, dict) and all(isinstance(text, str) for text in item.values()):
        yield from ((_TITLE_PARTS.get(kind.lower(), ""), str(text)) for kind, text in item.items())
    else:
        yield "", ""


def _people(entries: dict[str, Entry]) -> None:
    for key in ("author", "authors", "creator", "contributor"):
        if key in entries:
            value = entries[key].value
            people = (
                [_person(each) for each in value] if isinstance(value, list) else _person(value)
            )
            # The lines of inner keys are kept only if the keys are still the same.
            entries[key] = entries[key] if people == value else Entry(people, entries[key].where)
    entry = entries.get("creator")
    if entry is None or not isinstance(entry.value, list):
        return
    # An editor in pandoc's list of creators is a contributor, not an author.
    others = [each for each in entry.value if isinstance(each, dict) and _helps(each)]
    if others and len(others) < len(entry.value):
        authors = [each for each in entry.value if each not in others]
        entries["creator"] = Entry(authors, entry.where)
        former = entries.get("contributor", Entry([], entry.where))
        listed = former.value if isinstance(former.value, list) else [former.value]
        entries["contributor"] = Entry([*listed, *others], former.where)


def _helps(person: Mapping[str, Value]) -> bool:
    return person.get("role", "aut") != "aut"


def _person(value: Value) -> Value:
    """Return *value* with the name as one text, the role as a code, the affiliation as one text."""
    if not isinstance(value, dict):
        return value
    person = dict(value)
    name = person.pop("text", None) or person.get("name")
    if isinstance(name, dict):
        name = name.get("literal") or _joined(name)
    name = name or _joined(person)
    if isinstance(name, str) and name:
        person = {"name": name, **{key: each for key, each in person.items() if key != "name"}}
        for part in ("given", "family", "first", "last", "firstname", "lastname"):
            person.pop(part, None)
    if "text" in value and isinstance(role := person.get("role"), str):
        person["role"] = CODES.get(role.lower(), role)
    places = person.pop("affiliations", None)
    if places is not None:
        listed = [_text_of(each) for each in (places if isinstance(places, list) else [places])]
        person["affiliation"] = "; ".join(each for each in listed if isinstance(each, str))
    return person


def _joined(name: Mapping[str, Value]) -> str:
    """Return a name made of its parts, the given name first."""
    given = name.get("given") or name.get("first") or name.get("firstname")
    family = name.get("family") or name.get("last") or name.get("lastname")
    return " ".join(part for part in (given, family) if isinstance(part, str) and part)


def _identifier(entries: dict[str, Entry]) -> None:
    entry = entries.get("identifier")
    if entry is None or isinstance(entry.value, str):
        return
    items = entry.value if isinstance(entry.value, list) else [entry.value]
    names = [name for name in map(_name_of_work, items) if name]
    if len(names) < len(items):
        return  # it is reported when it is checked
    entries["identifier"] = Entry(names[0], entry.where)
    isbns = [name.removeprefix("urn:isbn:") for name in names if name.startswith("urn:isbn:")]
    if "isbn" not in entries and isbns and is_isbn13(isbns[0]):
        entries["isbn"] = Entry(isbns[0], entry.where)


def _name_of_work(item: Value) -> str:
    """Return the identifier in *item* by its scheme, a name or a number of ONIX list 5, or ""."""
    if isinstance(item, str):
        return item.strip()
    if not isinstance(item, dict) or not isinstance(text := item.get("text"), str):
        return ""
    text = text.strip()
    scheme = re.sub(r"[^a-z0-9]", "", str(item.get("scheme", "")).lower())
    if scheme in {"isbn", "isbn10", "isbn13", "02", "15"} and ":" not in text:
        return f"urn:isbn:{re.sub(r'[ -]', '', text)}"
    if scheme == "uuid" and ":" not in text:
        return f"urn:uuid:{text}"
    if scheme in {"doi", "06"} and not text.lower().startswith(("doi:", "http")):
        return f"doi:{text}"
    return text


def _subjects(entries: dict[str, Entry]) -> None:
    """Join keywords, subjects, tags and categories into one list, the keywords."""
    named = [key for key in _SUBJECTS if key in entries]
    if not named or (
        len(named) == 1
        and isinstance(entries[named[0]].value, str)
        and named[0] in {"keywords", "subject"}
    ):
        return
    texts: dict[str, None] = {}
    for key in named:
        value = entries[key].value
        items = value if isinstance(value, list) else [value]
        for item in items:
            text = item.get("text") or item.get("term") if isinstance(item, dict) else item
            if not isinstance(text, str):
                return  # it is reported when it is checked
            parts = text.split(",") if isinstance(value, str) else [text]
            texts |= {part.strip().removeprefix("#"): None for part in parts if part.strip()}
    where = entries[named[0]].where
    for key in named:
        del entries[key]
    entries["keywords"] = Entry([*texts], where)


def _text_of(value: Value) -> Value:
    """Return the text of *value*: the `text` or `name` of an object, or a list's only item."""
    if isinstance(value, dict):
        text = value.get("text") or value.get("name")
        return text if isinstance(text, str) else value
    return _text_of(value[0]) if isinstance(value, list) and len(value) == 1 else value


def _date(entries: dict[str, Entry]) -> None:
    entry = entries.get("date")
    if entry is not None and isinstance(entry.value, str):
        if day := _SITE_DATE.fullmatch(entry.value.strip()):
            entries["date"] = replace(entry, value=day[1])
        elif entry.value.strip().lower() in {"today", "now", "last-modified"}:
            del entries["date"]  # a build does not use the clock
