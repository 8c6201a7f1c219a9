"""Read the front matter block into `Metadata`, with findings about assumptions and faults."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from xml.etree.ElementTree import Element

from chapbook.lang.direction import is_right_to_left
from chapbook.model.document import Manuscript
from chapbook.model.dom import to_html
from chapbook.model.errors import Code, Finding, Place, SourceError, note, warning
from chapbook.model.metadata import Date, Evaluation, Metadata, Person
from chapbook.model.people import orcid_of
from chapbook.model.plain_text import plain_text
from chapbook.printing.isbn import ISBN_REMEDY, is_isbn13
from chapbook.printing.settings import PrintSettings, read_print
from chapbook.reading.evaluation import read_evaluation
from chapbook.reading.front_matter import Metablock
from chapbook.reading.value_advice import for_date, for_language, for_role
from chapbook.reading.yaml_reader import Value

RICH_KEYS = ("title", "subtitle", "abstract")
"""The keys whose values are Markdown."""

DEFAULT_LANGUAGE = "en"
DEFAULT_THEME = "serif"
DOCUMENT_CLASSES = ("article", "book")
FONTS = ("none", "embed")
LISTED = ("figure", "table", "listing")
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")
COVER_TEXTS = ("set", "none")
_ORCID_REMEDY = "compare it with the one on orcid.org"
_NAMESPACE = uuid.UUID("6f0c8c1e-6a0b-5d0c-9d0e-3b8f5c7f2a11")  # ours, for derived identifiers
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def rich_strings(block: Metablock) -> dict[str, str]:
    """Return the values that pandoc reads as Markdown, in its one run."""
    return {
        key: entry.value
        for key in RICH_KEYS
        if (entry := block.entries.get(key)) and isinstance(entry.value, str) and entry.value
    }


@dataclass(slots=True)
class _Reader:
    block: Metablock
    name: str
    findings: list[Finding] = field(default_factory=list)

    def text(self, key: str) -> str | None:
        entry = self.block.entries.get(key)
        if entry is None or entry.value == "":
            return None
        if isinstance(entry.value, str):
            return " ".join(entry.value.split())
        self.wrong(key, f"“{key}” must be one text")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        entry = self.block.entries.get(key)
        if entry is None or entry.value == "":
            return ()
        if isinstance(entry.value, str):
            return tuple(part.strip() for part in entry.value.split(",") if part.strip())
        if isinstance(entry.value, list) and all(isinstance(item, str) for item in entry.value):
            return tuple(" ".join(str(item).split()) for item in entry.value if item)
        self.wrong(key, f"“{key}” must be a list of texts")
        return ()

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(key)
        if value is None or value in choices:
            return value or default
        self.wrong(key, f"“{key}” is “{value}”; it can be {' or '.join(choices)}")
        return default

    def flag(self, key: str) -> bool:
        return self.choice(key, (*_YES, *_NO), _NO[0]) in _YES

    def people(self, key: str, role: str) -> tuple[Person, ...]:
        entry = self.block.entries.get(key)
        if entry is None:
            return ()
        values = entry.value if isinstance(entry.value, list) else [entry.value]
        inner = iter(entry.inner)  # each person's keys with their lines, person by person
        people: list[Person] = []
        for value in values:
            lines = dict(islice(inner, len(value))) if isinstance(value, dict) else {}
            people += self.person(key, value, role, lines)
        return tuple(people)

    def person(
        self, key: str, value: Value, role: str, lines: Mapping[str, Place]
    ) -> Iterator[Person]:
        if isinstance(value, str):
            if value.strip():
                yield Person(" ".join(value.split()), role)
        elif isinstance(value, dict) and isinstance(name := value.get("name"), str) and name:
            texts = self.texts_of(key, value, lines)
            yield Person(
                name=texts["name"],
                role=texts.get("role", role),
                file_as=texts.get("file-as"),
                orcid=orcid_of(texts.get("orcid", "")),
                affiliation=texts.get("affiliation"),
            )
        else:
            fault = f"each “{key}” must be a name, or an object with a name: write name: …"
            self.wrong(key, fault, next(iter(lines.values()), None))

    def texts_of(
        self, key: str, person: Mapping[str, Value], lines: Mapping[str, Place]
    ) -> dict[str, str]:
        """Return the valid values of a person by their keys. The others are reported."""
        texts = {}
        for name, item in person.items():
            if not isinstance(item, str):
                self.wrong(key, f"“{name}” must be one text", lines.get(name))
            elif name == "orcid" and item.strip() and not orcid_of(item):
                fault = f"“{item}” is not an ORCID iD: its last digit does not fit; {_ORCID_REMEDY}"
                self.wrong(key, fault, lines.get(name))
            elif name == "role" and item and not re.fullmatch("[a-z]{3}", item):
                fault = f"“{item}” is not a MARC relator code: {for_role(item)}"
                self.wrong(key, fault, lines.get(name))
            elif item.strip():
                texts[name] = " ".join(item.split())
        return texts

    def evaluation(self) -> Evaluation | None:
        entry = self.block.entries.get("accessibility")
        if entry is None or not entry.value:
            return None
        evaluation, faults = read_evaluation(entry.value)
        for name, fault in faults:
            self.wrong("accessibility", fault, dict(entry.inner).get(name))
        return evaluation

    def printing(self, documentclass: str) -> PrintSettings:
        entry = self.block.entries.get("print")
        if entry is None or not entry.value:
            return PrintSettings(layout=documentclass)
        settings, faults = read_print(entry.value, documentclass)
        for name, fault in faults:
            self.wrong("print", fault, dict(entry.inner).get(name))
        return settings

    def wrong(self, key: str, message: str, where: Place | None = None) -> None:
        where = where or self.block.where(key)
        self.findings.append(warning(Code.METADATA_VALUE, message, where))


def describe(
    block: Metablock,
    rich: Mapping[str, Element],
    heading: str | None,
    manuscript: Manuscript,
    themes: tuple[str, ...],
) -> tuple[Metadata, tuple[Finding, ...]]:
    """Return the metadata of *manuscript*, and findings about assumptions and faults.

    *rich* has the allow-listed markup of the Markdown values, *heading* the text of the only
    first-level heading, *themes* the names that `theme` may have.
    """
    reader = _Reader(block, manuscript.name)
    title, title_html = _title(reader, rich, heading, manuscript.stem)
    lang = _language(reader)
    date, date_text = _date(reader, lang)
    isbn = reader.text("isbn")
    if isbn and not is_isbn13(isbn):
        reader.wrong("isbn", f"“{isbn}” is not an ISBN-13: {ISBN_REMEDY}")
        isbn = None
    authors = reader.people("author", "aut")
    documentclass = reader.choice("documentclass", DOCUMENT_CLASSES, "")
    printing = reader.printing(documentclass or DOCUMENT_CLASSES[0])
    subtitle = rich.get("subtitle")
    metadata = Metadata(
        title=title,
        title_html=title_html,
        subtitle=plain_text(subtitle) if subtitle is not None else None,
        subtitle_html=inner_html(subtitle) if subtitle is not None else None,
        lang=lang,
        direction=_direction(reader, lang),
        identifier=_identifier(reader, title, lang, authors),
        authors=authors,
        contributors=reader.people("contributor", "ctb"),
        date=date,
        date_text=date_text,
        edition=reader.text("edition"),
        keywords=reader.texts("keywords"),
        abstract=plain_text(rich["abstract"]) if "abstract" in rich else None,
        publisher=reader.text("publisher"),
        rights=reader.text("rights"),
        isbn=isbn,
        theme=reader.choice("theme", themes, DEFAULT_THEME),
        documentclass=documentclass or ("book" if printing.layout == "book" else "article"),
        running_title=reader.text("running-title"),
        evaluation=reader.evaluation(),
        fonts=reader.choice("fonts", FONTS, FONTS[0]),
        cover_image=reader.text("cover-image"),
        cover_text=reader.choice("cover-text", COVER_TEXTS, COVER_TEXTS[0]),
        number_sections=reader.flag("number-sections"),
        lists=tuple(kind for kind in LISTED if reader.flag(f"list-of-{kind}s")),
        printing=printing,
    )
    return metadata, tuple(reader.findings)


def inner_html(node: Element) -> str:
    """Return the content of *node* as HTML."""
    return to_html(node).partition(">")[2].removesuffix(f"</{node.tag}>")


def _title(
    reader: _Reader, rich: Mapping[str, Element], heading: str | None, stem: str
) -> tuple[str, str]:
    from html import escape

    for key in RICH_KEYS:
        reader.text(key)  # reports values that are not texts
    if "title" in rich and (title := plain_text(rich["title"])):
        return title, inner_html(rich["title"])
    if (entry := reader.block.entries.get("title")) and str(entry.value).strip():
        remedy = 'write it in words: title: "…"'
        raise SourceError("the title has no words", where=entry.where, remedy=remedy)
    if heading:
        return heading, escape(heading)
    title = stem.replace("-", " ").replace("_", " ").strip() or "Untitled"
    title = title[0].upper() + title[1:]
    message = (
        f"no title, so the file's name is used: “{title}”; set title: in the front matter block"
    )
    reader.findings.append(note(Code.TITLE_MISSING, message, Place(reader.name)))
    return title, escape(title)


def language(block: Metablock) -> str:
    """Return the language of the text below *block*, as in the result of `describe`."""
    return _language(_Reader(block, ""))


def _language(reader: _Reader) -> str:
    value = reader.text("lang")
    # Tags may have any case (BCP 47, 2.1.1), but readers compare the language in lower case.
    first, hyphen, rest = (value or "").partition("-")
    if _LANGUAGE.fullmatch(tag := f"{first.lower()}{hyphen}{rest}"):
        return tag
    if value:
        message = f"“{value}” is not a language tag (BCP 47), so “{DEFAULT_LANGUAGE}” is used"
        reader.wrong("lang", f"{message}: {for_language(value)}")
        return DEFAULT_LANGUAGE
    message = f"no lang, so “{DEFAULT_LANGUAGE}” is used; set lang: in the front matter block"
    reader.findings.append(note(Code.LANGUAGE_MISSING, message, Place(reader.name)))
    return DEFAULT_LANGUAGE


def _direction(reader: _Reader, lang: str) -> str:
    of_language = "rtl" if is_right_to_left(lang) else "ltr"
    return reader.choice("dir", ("ltr", "rtl"), of_language)


def _date(reader: _Reader, lang: str) -> tuple[Date | None, str | None]:
    text = reader.text("date")
    if text is None:
        return None, None
    date = Date.parse(text)
    if date is None:
        message = f"the date “{text}” is printed as it is, but catalogs need another form"
        reader.wrong("date", f"{message}: {for_date(text, lang)}")
    return date, text


def _identifier(reader: _Reader, title: str, lang: str, authors: tuple[Person, ...]) -> str:
    value = reader.text("identifier")
    if value:
        return value
    # It is derived from title, language and authors, so that a new edition keeps the identifier.
    named = "\n".join([title, lang, *(person.name for person in authors)])
    derived = f"urn:uuid:{uuid.uuid5(_NAMESPACE, named)}"
    message = (
        f"no identifier, so one is derived from the title; to keep it, set identifier: {derived}"
    )
    reader.findings.append(note(Code.IDENTIFIER_MISSING, message, Place(reader.name)))
    return derived
