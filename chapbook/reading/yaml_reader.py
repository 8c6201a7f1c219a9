"""YAML as plain strings, each key with its line.

PyYAML's base loader leaves every scalar the string its author typed, so that `edition: 1.0` is not
rounded and `lang: no` is Norwegian. What YAML can do and metadata need not is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from chapbook.model.errors import Place, SourceError
from chapbook.reading.manuscript import CONTROL_CHARACTER

if TYPE_CHECKING:
    import yaml

Value: TypeAlias = "str | list[Value] | dict[str, Value]"

CLOSE = "close it with a line of three hyphens"
_QUOTE = 'put a value that holds a colon or begins with a sign in quotes: key: "value"'
_CURLY = re.compile(r'\s*([\w-]+:\s*)[“”„«‘’]([^"]*)[“”»’]\s*')  # a word processor's quotes
_LONGEST_BLOCK = 256 * 1024
_DEEPEST = 10  # an author's affiliation stands at 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One key's value and the place where it is set; the keys inside of it with their places."""

    value: Value
    where: Place
    inner: tuple[tuple[str, Place], ...] = ()


def read_yaml(block: str, name: str) -> dict[str, Entry]:
    """The keys that *block* sets. Raises SourceError with the line where it is not plain YAML."""
    import yaml

    if len(block) > _LONGEST_BLOCK:
        told = "the metadata block is longer than 256 KB"
        raise SourceError(told, where=Place(name, 1), remedy=CLOSE)
    try:
        _refuse_tricks(block, name)
        root = yaml.compose(block, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, block, name) from error
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


def _not_yaml(error: yaml.MarkedYAMLError, block: str, name: str) -> SourceError:
    problem = error.problem or error.context or "broken"
    mark = error.problem_mark or error.context_mark
    line = block.split("\n")[mark.line] if mark else ""
    curly = _CURLY.fullmatch(line)
    remedy = f'use straight quotation marks: {curly[1]}"{curly[2]}"' if curly else _QUOTE
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


def _place(marked: Any, name: str) -> Place:
    """Where *marked*, a node or an event, begins: the block's first line is the fence."""
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
        yield clean(key.value, where), where, node


def _plain(node: Any, name: str) -> Value:
    """The value of *node* (a yaml.Node) as strings."""
    if node.id == "scalar":
        return clean(node.value, _place(node, name))
    if node.id == "sequence":
        return [_plain(item, name) for item in node.value]
    return {key: _plain(item, name) for key, _, item in _pairs(node, name)}


def _inner_keys(node: Any, name: str) -> Iterator[tuple[str, Place]]:
    """The keys of the mappings that *node* is or lists."""
    for item in node.value if node.id == "sequence" else [node]:
        if item.id == "mapping":
            yield from ((key, where) for key, where, _ in _pairs(item, name))


def clean(text: str, where: Place) -> str:
    """*text*, unless an escape put a character into it that no book can hold."""
    if found := CONTROL_CHARACTER.search(text):
        told = f"a control character, U+{ord(found[0]):04X}, that no book can hold"
        raise SourceError(told, where=where, remedy="delete the escape that makes it")
    return text
