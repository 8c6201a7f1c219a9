"""Read YAML as plain strings, each key with its line.

PyYAML's base loader keeps every scalar as the string that the author typed, so that `edition: 1.0`
is not rounded and `lang: no` is Norwegian. YAML features that metadata do not need are refused.
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
_CURLY = re.compile(r'\s*([\w-]+:\s*)[“”„«‘’]([^"]*)[“”»’]\s*')  # quotes of word processors
_LONGEST_BLOCK = 256 * 1024
_DEEPEST = 10  # an author's affiliation is at level 3


@dataclass(frozen=True, slots=True)
class Entry:
    """The value of a key, the place where it is set, and its inner keys with their places."""

    value: Value
    where: Place
    inner: tuple[tuple[str, Place], ...] = ()


def read_yaml(block: str, name: str) -> dict[str, Entry]:
    """Return the keys that *block* sets. Raises SourceError with the line if it is not plain YAML.

    *name* is the name of the file for messages.
    """
    import yaml

    if len(block) > _LONGEST_BLOCK:
        message = "the front matter block is longer than 256 KB"
        raise SourceError(message, where=Place(name, 1), remedy=CLOSE)
    try:
        _refuse_tricks(block, name)
        root = yaml.compose(block, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, block, name) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise SourceError(
            f"the front matter block is not YAML: {reason}", where=Place(name, 1)
        ) from error
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise SourceError(
            "the front matter block has no keys",
            where=_place(root, name),
            remedy='write lines such as title: "My essay"',
        )
    return {
        key: Entry(_plain(node, name), where, tuple(_inner_keys(node, name)))
        for key, where, node in _pairs(root, name)
    }


def _refuse_tricks(block: str, name: str) -> None:
    """Refuse YAML features that metadata do not need. Ten lines of aliases make a million words.

    An anchor or a tag is usually a sign that the author means as text, and it would be lost.
    """
    import yaml

    depth = 0
    for event in yaml.parse(block, Loader=yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        message = ""
        if isinstance(event, yaml.AliasEvent):
            message = "YAML aliases are not allowed"
        elif isinstance(event, yaml.NodeEvent) and event.anchor:
            message = "YAML anchors are not allowed"
        elif getattr(event, "tag", None) not in {None, "tag:yaml.org,2002:str"}:
            message = "YAML tags are not allowed"
        elif depth > _DEEPEST:
            message = f"the metadata is nested more than {_DEEPEST} deep"
        if message:
            raise SourceError(message, where=_place(event, name), remedy=_QUOTE)


def _not_yaml(error: yaml.MarkedYAMLError, block: str, name: str) -> SourceError:
    problem = error.problem or error.context or "broken"
    mark = error.problem_mark or error.context_mark
    line = block.split("\n")[mark.line] if mark else ""
    curly = _CURLY.fullmatch(line)
    remedy = f'use straight quotation marks: {curly[1]}"{curly[2]}"' if curly else _QUOTE
    if "unexpected end of stream" in problem:
        # The scanner reports the end of the block, but the author needs the start of the quote.
        problem, mark = "a quotation mark that is never closed", error.context_mark or mark
        remedy = "close it"
    elif "\\t" in problem:
        problem, remedy = "a tab where YAML needs spaces", "indent with spaces"
    return SourceError(
        f"the front matter block is not YAML: {problem}",
        where=Place(name, mark.line + 2 if mark else 1),
        remedy=remedy,
    )


def _place(marked: Any, name: str) -> Place:
    """Return where *marked*, a node or an event, begins. The fence above is the file's line 1."""
    return Place(name, marked.start_mark.line + 2)


def _pairs(mapping: yaml.MappingNode, name: str) -> Iterator[tuple[str, Place, yaml.Node]]:
    """Yield each key of *mapping* with its place and its value. Raises SourceError for a repeat."""
    seen: dict[str, Place] = {}
    for key, node in mapping.value:
        where = _place(key, name)
        if key.id != "scalar":
            raise SourceError("a metadata key must be a word", where=where, remedy=_QUOTE)
        if key.value in seen:
            message = f"“{key.value}” is set twice, first on line {seen[key.value].line}"
            raise SourceError(message, where=where, remedy="delete one of them")
        seen[key.value] = where
        yield clean(key.value, where), where, node


def _plain(node: Any, name: str) -> Value:
    """Return the value of *node* (a yaml.Node) as strings."""
    if node.id == "scalar":
        return clean(node.value, _place(node, name))
    if node.id == "sequence":
        return [_plain(item, name) for item in node.value]
    return {key: _plain(item, name) for key, _, item in _pairs(node, name)}


def _inner_keys(node: Any, name: str) -> Iterator[tuple[str, Place]]:
    """Yield the keys of *node* if it is a mapping, or of all mappings in it if it is a list."""
    for item in node.value if node.id == "sequence" else [node]:
        if item.id == "mapping":
            yield from ((key, where) for key, where, _ in _pairs(item, name))


def clean(text: str, where: Place) -> str:
    """Return *text*. Raises SourceError if an escape in it made a control character."""
    if match := CONTROL_CHARACTER.search(text):
        message = f"the control character U+{ord(match[0]):04X}, which a book cannot contain"
        raise SourceError(message, where=where, remedy="delete the escape that makes it")
    return text
