"""The YAML block at a manuscript's head and the defaults of `chapbook.toml`, as plain strings.

YAML is read with PyYAML's base loader: every scalar stays the string its author typed, so that
`edition: 1.0` is not rounded and `lang: no` is Norwegian.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from chapbook.document import Manuscript
from chapbook.errors import Code, Finding, Place, SourceError, warning

if TYPE_CHECKING:
    import yaml

Value: TypeAlias = "str | list[Value] | dict[str, Value]"

ALIASES = {
    "creator": "author",
    "language": "lang",
    "description": "abstract",
    "subject": "keywords",
}
"""Dublin Core's names for what pandoc calls otherwise."""

KEYS = frozenset(
    "title subtitle author contributor date lang dir identifier edition keywords abstract "
    "publisher rights isbn theme documentclass running-title".split()
)
PERSON_KEYS = frozenset("name role file-as orcid affiliation".split())
SETTINGS_NAME = "chapbook.toml"

_BLOCK = re.compile(
    r"\A---[ \t]*\n(?!\s*\n)(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_LONGEST_BLOCK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One key's value and the place where it is set."""

    value: Value
    where: Place


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
        entries, text, first_line = dict(defaults), manuscript.text, 1
    else:
        own = _read_yaml(found["yaml"], manuscript.name)
        entries = {**defaults, **own}
        text = manuscript.text[found.end() :]
        first_line = manuscript.text.count("\n", 0, found.end()) + 1
    known, findings = _keep_known(entries)
    return Metablock(known, text, first_line, tuple(findings))


def read_settings(path: Path) -> Mapping[str, Entry]:
    """The defaults in the `chapbook.toml` at *path*; none where there is no such file."""
    name = path.name
    try:
        source = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read: {error}", where=Place(name)) from error
    try:
        values = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise SourceError(
            f"not TOML: {error}", where=Place(name, int(line[1]) if line else None)
        ) from error
    return {
        key: Entry(_as_strings(value), Place(name, _toml_line(source, key)))
        for key, value in values.items()
    }


def _toml_line(source: str, key: str) -> int | None:
    found = re.search(rf'^\s*\[*\s*"?{re.escape(key)}"?\s*[\].=]', source, re.MULTILINE)
    return source.count("\n", 0, found.end()) + 1 if found else None


def _as_strings(value: object) -> Value:
    if isinstance(value, dict):
        return {str(key): _as_strings(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_strings(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_yaml(block: str, name: str) -> dict[str, Entry]:
    import yaml

    if len(block) > _LONGEST_BLOCK:
        raise SourceError(
            "the metadata block is longer than 256 KB",
            where=Place(name, 1),
            remedy="close it with a line of three hyphens",
        )
    try:
        root = yaml.compose(block, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SourceError(
            f"the metadata block is not YAML: {error.problem or error.context}",
            where=Place(name, mark.line + 2 if mark else 1),
            remedy='put a value that holds a colon or begins with a sign in quotes: key: "value"',
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SourceError(
            f"the metadata block is not YAML: {error}", where=Place(name, 1)
        ) from error
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise SourceError(
            "the metadata block holds no keys",
            where=Place(name, root.start_mark.line + 2),
            remedy='write lines such as title: "My essay"',
        )
    entries = {}
    seen: set[int] = set()
    for key, node in root.value:
        where = Place(name, key.start_mark.line + 2)  # the block's first line is the fence
        if not isinstance(key, yaml.ScalarNode):
            raise SourceError("a metadata key must be a word", where=where)
        entries[key.value] = Entry(_plain(node, where, seen), where)
    return entries


def _plain(node: yaml.Node, where: Place, seen: set[int]) -> Value:
    """The node's value as strings. An alias is refused: ten lines of them make a million words."""
    if id(node) in seen:
        raise SourceError("YAML aliases are not taken", where=where, remedy="write it twice")
    seen.add(id(node))
    if not isinstance(node.value, list):
        return str(node.value)
    if node.tag.endswith(":seq"):
        return [_plain(item, where, seen) for item in node.value]
    return {str(key.value): _plain(item, where, seen) for key, item in node.value}


def _keep_known(entries: Mapping[str, Entry]) -> tuple[dict[str, Entry], list[Finding]]:
    known: dict[str, Entry] = {}
    findings: list[Finding] = []
    for written, entry in entries.items():
        key = ALIASES.get(written, written)
        if key in KEYS:
            known[key] = entry
            findings += _unknown_person_keys(entry) if key in {"author", "contributor"} else []
        else:
            findings.append(_unknown(written, KEYS | set(ALIASES), entry.where))
    return known, findings


def _unknown_person_keys(entry: Entry) -> Iterator[Finding]:
    people = entry.value if isinstance(entry.value, list) else [entry.value]
    for person in people:
        if isinstance(person, dict):
            for key in person.keys() - PERSON_KEYS:
                yield _unknown(key, PERSON_KEYS, entry.where)


def _unknown(key: str, keys: frozenset[str] | set[str], where: Place) -> Finding:
    nearest = difflib.get_close_matches(key, sorted(keys), n=1, cutoff=0.5)
    advice = f"did you mean “{nearest[0]}”?" if nearest else "it has no effect"
    return warning(Code.METADATA_KEY, f"unknown metadata key “{key}”: {advice}", where)
