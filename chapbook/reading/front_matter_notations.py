"""The front matter block at the head of a file, in all notations that authors use.

These are YAML (`---`), TOML (`+++`) and JSON (`{ }`) of site generators, pandoc's title block (`%`)
and MultiMarkdown's header lines. The block of every file is read here, so that it is never printed.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from chapbook.model.errors import Place, SourceError
from chapbook.reading.yaml_reader import CLOSE, Entry, Value, clean, read_yaml

SITE_KEYS = frozenset(
    "title subtitle author authors creator date lang language draft published tags keywords "
    "categories category description summary abstract publisher rights copyright license "
    "identifier subject slug weight layout permalink aliases toc format image url type "
    "sidebar_position sidebar_label nav_order parent chapter id".split()
)
"""Keys that mark a block as front matter where its delimiters alone are ambiguous."""

_MMD_KEYS = frozenset(
    "title subtitle author date keywords copyright language publisher subject abstract "
    "affiliation format tags category summary slug".split()
)
_BEFORE = r"\A(?:[ \t]*\n|[ ]{0,3}<!--(?:(?!-->)[\s\S])*-->[ \t]*\n)*"
_YAML = re.compile(
    _BEFORE + r"(?P<open>---[ \t]*\n)(?P<block>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
_YAML_OPEN = re.compile(_BEFORE + r"---[ \t]*\n(?P<key>[A-Za-z][\w-]*):(?:[ \t]|\n)")
_TOML = re.compile(_BEFORE + r"(?P<open>\+\+\+[ \t]*\n)(?P<block>(?:.*\n)*?)\+\+\+[ \t]*(?:\n|\Z)")
_TOML_OPEN = re.compile(_BEFORE + r"\+\+\+[ \t]*\n(?:[ \t]*\n|#.*\n)*[\w\"'.\[-]+[ \t]*[=\]]?")
_JSON_OPEN = re.compile(_BEFORE + r"(?=\{\s*\"[\w-]+\"\s*:)")
_PERCENT = re.compile(_BEFORE + r"(?=%(?:[ \t]|\n))")
_PERCENT_FIELD = re.compile(r"%(?P<value>(?:[ \t].*)?(?:\n[ \t]+\S.*)*)(?:\n|\Z)")
_MMD_LINE = re.compile(r"(?P<key>[A-Za-z][\w \t-]{0,40}?)[ \t]*:[ \t]*(?P<value>.*)")
_FIRST_KEY = re.compile(
    r"(?:[ \t]*\n|#.*\n)*[\"']?(?P<key>[A-Za-z_][\w-]*)[\"']?[ \t]*:(?:[ \t]|\n)"
)
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")


class FrontMatter(NamedTuple):
    """The keys of a file's front matter, as they were written, and where the text below begins."""

    entries: Mapping[str, Entry]
    end: int  # offset in the text
    notation: str


def read(text: str, name: str, *, is_main: bool = True) -> FrontMatter | None:
    """Return the front matter of the file *name* with the text *text*, or None if it has none.

    In a file that is not the main one, `---` above words is a thematic break. Raises SourceError
    with the line where a block is broken.
    """
    for reader in (_yaml, _toml, _json, _percent, _header_lines):
        if front := reader(text, name, is_main):
            return front
    return None


def _yaml(text: str, name: str, is_main: bool) -> FrontMatter | None:
    match = _YAML.match(text)
    if match is None:
        unclosed = _YAML_OPEN.match(text)
        if unclosed and (is_main or unclosed["key"] in SITE_KEYS):
            line = text.count("\n", 0, unclosed.start() + unclosed[0].rindex("---")) + 1
            message = "the front matter block that begins here has no end"
            raise SourceError(message, where=Place(name, line), remedy=CLOSE)
        return None
    block = match["block"]
    key = _FIRST_KEY.match(block)
    is_empty = not re.sub(r"^[ \t]*#.*$", "", block, flags=re.MULTILINE).strip()
    if block[:1].isspace() and block.lstrip(" \t")[:1] == "\n":  # for pandoc a thematic break
        if key is None or key["key"] not in SITE_KEYS:
            return None
    elif not (key or is_empty or (is_main and match.start("open") == 0)):
        return None
    above = text[: match.start("block")].count("\n") - 1
    entries = read_yaml("\n" * above + block, name)  # the lines have the numbers of the file
    return FrontMatter(entries, match.end(), "YAML")


def _toml(text: str, name: str, is_main: bool) -> FrontMatter | None:  # noqa: ARG001
    match = _TOML.match(text)
    if match is None:
        if unclosed := _TOML_OPEN.match(text):
            line = text.count("\n", 0, unclosed.start() + unclosed[0].rindex("+++")) + 1
            message = "the front matter block that begins here has no end"
            raise SourceError(
                message, where=Place(name, line), remedy="close it with a line of +++"
            )
        return None
    above = text.count("\n", 0, match.start("block"))
    return FrontMatter(read_toml(match["block"], name, above), match.end(), "TOML")


def read_toml(source: str, name: str, above: int = 0) -> dict[str, Entry]:
    """Return the keys that *source* sets, which is TOML. *above* is the number of lines above it.

    *name* is the file's name for messages. Raises SourceError with the line that is not TOML.
    """
    try:
        values = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        line = _AT_LINE.search(str(error))
        message = str(error).removesuffix(line[0] if line else "")
        at = int(line[1]) if line and line[1] else source.count("\n") + 1
        remedy = 'write lines such as lang = "en"'
        raise SourceError(
            f"not TOML: {message}", where=Place(name, at + above), remedy=remedy
        ) from error
    except RecursionError as error:
        raise SourceError("nested too deeply", where=Place(name), remedy="flatten it") from error
    return _entries(values, name, lambda key: _line_of(_toml_key(key), source, above))


def _toml_key(key: str) -> str:
    return rf'^\s*\[*\s*"?{re.escape(key)}"?\s*[\].=]'


def _json(text: str, name: str, is_main: bool) -> FrontMatter | None:  # noqa: ARG001
    match = _JSON_OPEN.match(text)
    if match is None:
        return None
    above = text.count("\n", 0, match.end())
    try:
        values, end = json.JSONDecoder().raw_decode(text, match.end())
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", above + 1)
        message = (
            f"the front matter block is not JSON: {getattr(error, 'msg', 'nested too deeply')}"
        )
        remedy = "correct it, or indent it by four spaces where it is an example"
        raise SourceError(message, where=Place(name, line), remedy=remedy) from error
    rest = re.compile(r"[ \t]*(?:\n|\Z)").match(text, end)
    if rest is None or not values.keys() & SITE_KEYS:
        return None
    source = text[match.end() : end]
    entries = _entries(
        values, name, lambda key: _line_of(rf'"{re.escape(key)}"\s*:', source, above)
    )
    return FrontMatter(entries, rest.end(), "JSON")


def _percent(text: str, name: str, is_main: bool) -> FrontMatter | None:  # noqa: ARG001
    """Read pandoc's title block: title, authors, date (manual, `pandoc_title_block`)."""
    match = _PERCENT.match(text)
    if match is None:
        return None
    entries: dict[str, Entry] = {}
    at = match.end()
    for key in ("title", "author", "date"):
        field = _PERCENT_FIELD.match(text, at)
        if field is None:
            break
        value = field["value"].strip()
        where = Place(name, text.count("\n", 0, at) + 1)
        if value and key == "author":
            people = [part.strip() for part in re.split(r"[;\n]", value)]
            entries[key] = Entry([person for person in people if person], where)
        elif value:
            entries[key] = Entry(" ".join(value.split()), where)
        at = field.end()
    return FrontMatter(entries, at, "lines of a title block")


def _header_lines(text: str, name: str, is_main: bool) -> FrontMatter | None:  # noqa: ARG001
    """Read MultiMarkdown's header lines: at least two of its keys, up to the first empty line."""
    head, gap, _ = text.partition("\n\n")
    values: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    key = ""
    for number, line in enumerate(head.split("\n"), 1):
        match = _MMD_LINE.fullmatch(line)
        if key and line[:1] in " \t" and line.strip():
            values[key].append(line.strip())
        elif match:
            key = "".join(match["key"].lower().split())
            if key in values or (number == 1 and key not in _MMD_KEYS):
                return None
            values[key], lines[key] = [match["value"].strip()], number
        else:
            return None
    if len(values.keys() & _MMD_KEYS) < 2:
        return None
    entries = {
        key: Entry(" ".join(value).strip(), Place(name, lines[key]))
        for key, value in values.items()
    }
    return FrontMatter(entries, len(head) + len(gap), "header lines")


def _entries(
    values: Mapping[str, object], name: str, line_of: Callable[[str], int | None]
) -> dict[str, Entry]:
    entries = {}
    for key, value in values.items():
        where = Place(name, line_of(key))
        entries[clean(key, where)] = Entry(_as_strings(value, where), where)
    return entries


def _line_of(pattern: str, source: str, above: int) -> int | None:
    match = re.search(pattern, source, re.MULTILINE)
    return source.count("\n", 0, match.end()) + 1 + above if match else None


def _as_strings(value: object, where: Place) -> Value:
    if isinstance(value, dict):
        return {clean(str(key), where): _as_strings(item, where) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_strings(item, where) for item in value]
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else clean(str(value), where)
