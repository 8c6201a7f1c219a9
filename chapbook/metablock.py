"""The metadata block at a manuscript's head, over the defaults of `chapbook.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chapbook.document import Manuscript
from chapbook.errors import Code, Finding, Place, SourceError, warning
from chapbook.evaluation import EVALUATION_KEYS
from chapbook.manuscript import decode_text
from chapbook.nearest import did_you_mean
from chapbook.printing.settings import PRINT_KEYS
from chapbook.yamlread import CLOSE, Entry, Value, clean, read_yaml

ALIASES = {
    "creator": "author",
    "language": "lang",
    "description": "abstract",
    "subject": "keywords",
}
"""Dublin Core's names for what pandoc calls otherwise."""

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
"""The keys inside of those whose values are objects."""

_BLOCK = re.compile(
    r"\A---[ \t]*\n(?!\s*\n)(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_NEVER_CLOSED = re.compile(r"\A---[ \t]*\n[A-Za-z][\w-]*:(?:[ \t]|\n)")
_NOT_FIRST = re.compile(r"\A(?:[ \t]*\n)+(?=---[ \t]*\n[A-Za-z][\w-]*:(?:[ \t]|\n))")
_LATER_BLOCK = re.compile(
    r"\n[ \t]*\n---[ \t]*\n(?=[A-Za-z][\w-]*:[ \t])(?:.+\n)+?(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
_LONGEST_SETTINGS = 256 * 1024


@dataclass(frozen=True, slots=True)
class Metablock:
    """What the author set, the text below it, and the line on which that text begins."""

    entries: Mapping[str, Entry]
    text: str
    first_line: int
    findings: tuple[Finding, ...] = field(default=())

    def where(self, key: str) -> Place | None:
        """Where *key* is set, if it is."""
        entry = self.entries.get(key)
        return entry.where if entry else None


def split(manuscript: Manuscript, defaults: Mapping[str, Entry]) -> Metablock:
    """Part *manuscript* into metadata (over *defaults*) and Markdown.

    Raises SourceError with the line where the block is not YAML.
    """
    found = _BLOCK.match(manuscript.text)
    if found is None:
        if _NEVER_CLOSED.match(manuscript.text):
            told = "the metadata block that begins here has no end"
            raise SourceError(told, where=Place(manuscript.name, 1), remedy=CLOSE)
        if late := _NOT_FIRST.match(manuscript.text):
            told = "empty lines stand above the metadata block, so it is not read"
            line = late[0].count("\n") + 1
            where = Place(manuscript.name, line)
            raise SourceError(told, where=where, remedy="move it to the first line")
        own, text, first_line = dict[str, Entry](), manuscript.text, 1
    else:
        own = read_yaml(found["yaml"], manuscript.name)
        text = manuscript.text[found.end() :]
        first_line = manuscript.text.count("\n", 0, found.end()) + 1
    # Each under one name first, so that `author` in the block overrides `creator` in the defaults.
    (low, missed), (high, unknown) = _keep_known(defaults), _keep_known(own)
    later = _later_blocks(manuscript, found.end() if found else 0)
    return Metablock({**low, **high}, text, first_line, (*missed, *unknown, *later))


def _later_blocks(manuscript: Manuscript, start: int) -> Iterator[Finding]:
    for found in _LATER_BLOCK.finditer(manuscript.text, start):
        told = "only the metadata block at the head is read; move its keys into the first"
        where = manuscript.place_at(manuscript.text.index("---", found.start()))
        yield warning(Code.METADATA_KEY, told, where)


def read_settings(path: Path) -> Mapping[str, Entry]:
    """The defaults in the `chapbook.toml` at *path*; none where there is no such file."""
    name = path.name
    if not path.exists():
        return {}
    # It may come with an untrusted manuscript: no pipe to wait at, no link to somebody's secrets.
    if not path.is_file() or not path.resolve().is_relative_to(path.parent.resolve()):
        told = "this is no plain file beside the manuscript"
        raise SourceError(told, where=Place(name), remedy="replace it by one")
    try:
        with path.open("rb") as stream:
            source = decode_text(name, stream.read(_LONGEST_SETTINGS))
        values = tomllib.loads(source)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=Place(name)) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r" \(at line (\d+), column \d+\)| \(at end of document\)", str(error))
        told = str(error).removesuffix(line[0] if line else "")
        at = int(line[1]) if line and line[1] else source.count("\n") + 1
        raise SourceError(
            f"not TOML: {told}", where=Place(name, at), remedy='write lines such as lang = "en"'
        ) from error
    except RecursionError as error:
        raise SourceError("nested too deeply", where=Place(name), remedy="flatten it") from error
    entries = {}
    for key, value in values.items():
        where = Place(name, _toml_line(source, key))
        entries[key] = Entry(_as_strings(value, where), where)
    return entries


def _toml_line(source: str, key: str) -> int | None:
    found = re.search(rf'^\s*\[*\s*"?{re.escape(key)}"?\s*[\].=]', source, re.MULTILINE)
    return source.count("\n", 0, found.end()) + 1 if found else None


def _as_strings(value: object, where: Place) -> Value:
    if isinstance(value, dict):
        return {clean(str(key), where): _as_strings(item, where) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_strings(item, where) for item in value]
    return str(value).lower() if isinstance(value, bool) else clean(str(value), where)


def _keep_known(entries: Mapping[str, Entry]) -> tuple[dict[str, Entry], list[Finding]]:
    known: dict[str, Entry] = {}
    findings: list[Finding] = []
    for written, entry in entries.items():
        key = ALIASES.get(written, written)
        if key in known:
            told = f"“{written}” and “{key}” are the same; “{key}” counts"
            findings.append(warning(Code.METADATA_KEY, told, entry.where))
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
