"""The front matter block at the head of a manuscript, and the defaults of `chapbook.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chapbook.lang.nearest_names import did_you_mean
from chapbook.model.document import Manuscript
from chapbook.model.errors import Code, Finding, Place, SourceError, note, warning
from chapbook.printing.settings import PRINT_KEYS
from chapbook.reading import front_matter_notations
from chapbook.reading.evaluation import EVALUATION_KEYS
from chapbook.reading.manuscript import decode_text
from chapbook.reading.metadata_forms import normalized
from chapbook.reading.source_positions import without_code
from chapbook.reading.yaml_reader import Entry

ALIASES = {
    "creator": "author",
    "language": "lang",
    "description": "abstract",
    "subject": "keywords",
}
"""Dublin Core's names of keys for which pandoc has other names."""

KEYS = frozenset(
    "title subtitle author contributor date lang dir identifier edition keywords abstract "
    "publisher rights isbn theme documentclass running-title accessibility fonts "
    "print cover-image cover-text number-sections list-of-figures list-of-tables "
    "list-of-listings bibliography csl nocite chapters filters".split()
)
PERSON_KEYS = frozenset("name role file-as orcid affiliation".split())
INNER_KEYS = {
    "author": PERSON_KEYS,
    "contributor": PERSON_KEYS,
    "accessibility": EVALUATION_KEYS,
    "print": PRINT_KEYS,
}
"""The inner keys of keys whose values are objects."""

_LATER_BLOCK = re.compile(
    r"(?<=\n)[ \t]*\n(?P<block>---[ \t]*\n(?P<key>[A-Za-z][\w-]*):[ \t].*\n(?:.+\n)*?"
    r"(?:---|\.\.\.)[ \t]*(?:\n|\Z))"
)
_LONGEST_SETTINGS = 256 * 1024
_ODD = ("header lines", "lines of a title block")
"""The notations that could also be ordinary text."""


@dataclass(frozen=True, slots=True)
class Metablock:
    """The keys that the author set, the text below them, and the line on which it begins."""

    entries: Mapping[str, Entry]
    text: str
    first_line: int
    findings: tuple[Finding, ...] = field(default=())

    def where(self, key: str) -> Place | None:
        """Return the place where *key* is set, or None."""
        entry = self.entries.get(key)
        return entry.where if entry else None


def split(manuscript: Manuscript, defaults: Mapping[str, Entry]) -> Metablock:
    """Split *manuscript* into metadata and Markdown. Its metadata override *defaults*.

    Raises SourceError with the line where the block is broken.
    """
    front = front_matter_notations.read(manuscript.text, manuscript.name)
    start = front.end if front else 0
    own, notes = normalized(front.entries) if front else ({}, [])
    text, first_line = manuscript.text[start:], manuscript.text.count("\n", 0, start) + 1
    if front and front.notation in _ODD:
        message = f"{front.notation} at the head are read as metadata, and not printed"
        remedy = "where they are text, leave an empty line above them"
        notes.append(note(Code.METADATA_KEY, f"{message}; {remedy}", Place(manuscript.name, 1)))
    # Synonyms come first, so that `author` in the block overrides `creator` in the defaults.
    low_forms, _ = normalized(defaults)
    (low, missed), (high, unknown) = _keep_known(low_forms), _keep_known(own)
    later = [*_later_blocks(manuscript, start)]
    for match, _ in later:
        one, other = match.start("block") - start, match.end("block") - start
        text = text[:one] + re.sub(r"[^\n]", " ", text[one:other]) + text[other:]
    findings = (*notes, *missed, *unknown, *(finding for _, finding in later))
    return Metablock({**low, **high}, text, first_line, findings)


def _later_blocks(manuscript: Manuscript, start: int) -> Iterator[tuple[re.Match[str], Finding]]:
    """Yield the blocks further down. They are not read and not printed."""
    if not _LATER_BLOCK.search(manuscript.text, start):
        return
    for match in _LATER_BLOCK.finditer(without_code(manuscript.text), start):
        if match["key"] in KEYS | front_matter_notations.SITE_KEYS:
            message = (
                "only the front matter block at the head is read; move its keys into the first"
            )
            where = manuscript.place_at(match.start("block"))
            yield match, warning(Code.METADATA_KEY, message, where)


def read_settings(path: Path) -> Mapping[str, Entry]:
    """Return the defaults in the `chapbook.toml` at *path*, or none if there is no such file.

    Raises SourceError if it cannot be read, or is a link to a file outside of its folder.
    """
    name = path.name
    if not path.exists():
        return {}
    # It may come with an untrusted manuscript. A pipe could block, and a link could read secrets.
    if not path.is_file() or not path.resolve().is_relative_to(path.parent.resolve()):
        message = "this is not a plain file beside the manuscript"
        raise SourceError(message, where=Place(name), remedy="replace it by one")
    try:
        with path.open("rb") as stream:
            source = decode_text(name, stream.read(_LONGEST_SETTINGS))
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=Place(name)) from error
    return front_matter_notations.read_toml(source, name)


def _keep_known(entries: Mapping[str, Entry]) -> tuple[dict[str, Entry], list[Finding]]:
    known: dict[str, Entry] = {}
    findings: list[Finding] = []
    for written, entry in entries.items():
        key = ALIASES.get(written, written)
        if key in known:
            message = f"“{written}” and “{key}” are the same; “{key}” counts"
            findings.append(warning(Code.METADATA_KEY, message, entry.where))
            known[key] = entries[key]
        elif key in KEYS:
            known[key] = entry
            findings += _unknown_inner_keys(entry, INNER_KEYS[key]) if key in INNER_KEYS else []
        else:
            findings.append(_unknown(written, KEYS | set(ALIASES), entry.where))
    return known, findings


def _unknown_inner_keys(entry: Entry, known: frozenset[str]) -> Iterator[Finding]:
    values = entry.value if isinstance(entry.value, list) else [entry.value]
    keys = [(key, entry.where) for value in values if isinstance(value, dict) for key in value]
    for key, where in entry.inner or keys:
        if key not in known:
            yield _unknown(key, known, where)


def _unknown(key: str, keys: frozenset[str] | set[str], where: Place) -> Finding:
    advice = did_you_mean(key, keys, "it has no effect", likeness=0.5)
    return warning(Code.METADATA_KEY, f"unknown metadata key “{key}”: {advice}", where)
