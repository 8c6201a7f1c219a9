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
from chapbook.manuscript import CONTROL_CHARACTER, decode

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

_BLOCK = re.compile(
    r"\A---[ \t]*\n(?!\s*\n)(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_NEVER_CLOSED = re.compile(r"\A---[ \t]*\n[A-Za-z][\w-]*:(?:[ \t]|\n)")
_LATER_BLOCK = re.compile(
    r"\n[ \t]*\n---[ \t]*\n(?=[A-Za-z][\w-]*:[ \t])(?:.+\n)+?(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
_LONGEST_BLOCK = 256 * 1024
_DEEPEST = 10  # an author's affiliation stands at 3
_QUOTE = 'put a value that holds a colon or begins with a sign in quotes: key: "value"'
_CLOSE = "close it with a line of three hyphens"


@dataclass(frozen=True, slots=True)
class Entry:
    """One key's value and the place where it is set; the keys inside of it with their places."""

    value: Value
    where: Place
    inner: tuple[tuple[str, Place], ...] = ()


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
            raise SourceError(told, where=Place(manuscript.name, 1), remedy=_CLOSE)
        own, text, first_line = dict[str, Entry](), manuscript.text, 1
    else:
        own = _read_yaml(found["yaml"], manuscript.name)
        text = manuscript.text[found.end() :]
        first_line = manuscript.text.count("\n", 0, found.end()) + 1
    # Each under one name first, so that `author` in the block overrides `creator` in the defaults.
    (low, missed), (high, unknown) = _keep_known(defaults), _keep_known(own)
    later = _later_blocks(manuscript.text, found.end() if found else 0, manuscript.name)
    return Metablock({**low, **high}, text, first_line, (*missed, *unknown, *later))


def _later_blocks(text: str, start: int, name: str) -> Iterator[Finding]:
    for found in _LATER_BLOCK.finditer(text, start):
        line = text.count("\n", 0, found.start()) + 3
        told = "only a metadata block at the head is read; this one stays in the text"
        yield warning(Code.METADATA_KEY, told, Place(name, line))


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
            source = decode(name, path.stem, stream.read(_LONGEST_BLOCK) or b"\n#").text
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
        return {_clean(str(key), where): _as_strings(item, where) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_strings(item, where) for item in value]
    return str(value).lower() if isinstance(value, bool) else _clean(str(value), where)


def _clean(text: str, where: Place) -> str:
    """*text*, unless an escape put a character into it that no book can hold."""
    if found := CONTROL_CHARACTER.search(text):
        told = f"a control character, U+{ord(found[0]):04X}, that no book can hold"
        raise SourceError(told, where=where, remedy="delete the escape that makes it")
    return text


def _read_yaml(block: str, name: str) -> dict[str, Entry]:
    import yaml

    if len(block) > _LONGEST_BLOCK:
        told = "the metadata block is longer than 256 KB"
        raise SourceError(told, where=Place(name, 1), remedy=_CLOSE)
    try:
        _refuse_tricks(block, name)
        root = yaml.compose(block, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, name) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        said = " ".join(str(error).split())[:200]
        raise SourceError(
            f"the metadata block is not YAML: {said}", where=Place(name, 1)
        ) from error
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise SourceError(
            "the metadata block holds no keys",
            where=_place(root, name),
            remedy='write lines such as title: "My essay"',
        )
    return {
        key: Entry(_plain(node, name), where, tuple(_inner_keys(node, name)))
        for key, where, node in _pairs(root, name)
    }


def _refuse_tricks(block: str, name: str) -> None:
    """Refuse what YAML can do and metadata need not: ten lines of aliases make a million words.

    An anchor or a tag is mostly an author's own sign, which would be lost without a word.
    """
    import yaml

    depth = 0
    for event in yaml.parse(block, Loader=yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        told = ""
        if isinstance(event, yaml.AliasEvent):
            told = "YAML aliases are not taken"
        elif isinstance(event, yaml.NodeEvent) and event.anchor:
            told = "YAML anchors are not taken"
        elif getattr(event, "tag", None) not in {None, "tag:yaml.org,2002:str"}:
            told = "YAML tags are not taken"
        elif depth > _DEEPEST:
            told = f"the metadata is nested more than {_DEEPEST} deep"
        if told:
            raise SourceError(told, where=_place(event, name), remedy=_QUOTE)


def _not_yaml(error: yaml.MarkedYAMLError, name: str) -> SourceError:
    problem = error.problem or error.context or "broken"
    mark = error.problem_mark or error.context_mark
    remedy = _QUOTE
    if "unexpected end of stream" in problem:
        # The scanner sees the block's end; the author must see where the quote begins.
        problem, mark = "a quotation mark that is never closed", error.context_mark or mark
        remedy = "close it"
    elif "\\t" in problem:
        problem, remedy = "a tab where YAML wants spaces", "indent with spaces"
    return SourceError(
        f"the metadata block is not YAML: {problem}",
        where=Place(name, mark.line + 2 if mark else 1),
        remedy=remedy,
    )


def _place(marked: yaml.Node | yaml.Event, name: str) -> Place:
    """Where *marked* begins: the block's first line is the fence."""
    return Place(name, marked.start_mark.line + 2)


def _pairs(mapping: yaml.MappingNode, name: str) -> Iterator[tuple[str, Place, yaml.Node]]:
    """Each key of *mapping* with its place and its value, once."""
    seen: dict[str, Place] = {}
    for key, node in mapping.value:
        where = _place(key, name)
        if key.id != "scalar":
            raise SourceError("a metadata key must be a word", where=where, remedy=_QUOTE)
        if key.value in seen:
            told = f"“{key.value}” is set twice, first on line {seen[key.value].line}"
            raise SourceError(told, where=where, remedy="delete one of them")
        seen[key.value] = where
        yield _clean(key.value, where), where, node


def _plain(node: yaml.Node, name: str) -> Value:
    """The node's value as strings."""
    if node.id == "scalar":
        return _clean(node.value, _place(node, name))
    if node.id == "sequence":
        return [_plain(item, name) for item in node.value]
    return {key: _plain(item, name) for key, _, item in _pairs(node, name)}


def _inner_keys(node: yaml.Node, name: str) -> Iterator[tuple[str, Place]]:
    """The keys of the mappings that *node* is or lists."""
    for item in node.value if node.id == "sequence" else [node]:
        if item.id == "mapping":
            yield from ((key, where) for key, where, _ in _pairs(item, name))


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
            findings += _unknown_person_keys(entry) if key in {"author", "contributor"} else []
        else:
            findings.append(_unknown(written, KEYS | set(ALIASES), entry.where))
    return known, findings


def _unknown_person_keys(entry: Entry) -> Iterator[Finding]:
    people = entry.value if isinstance(entry.value, list) else [entry.value]
    keys = [(key, entry.where) for person in people if isinstance(person, dict) for key in person]
    for key, where in entry.inner or keys:
        if key not in PERSON_KEYS:
            yield _unknown(key, PERSON_KEYS, where)


def _unknown(key: str, keys: frozenset[str] | set[str], where: Place) -> Finding:
    nearest = difflib.get_close_matches(key, sorted(keys), n=1, cutoff=0.5)
    advice = f"did you mean “{nearest[0]}”?" if nearest else "it has no effect"
    return warning(Code.METADATA_KEY, f"unknown metadata key “{key}”: {advice}", where)
