"""What a designer's own `templates/` may hold: judged before it is used, and what has no effect.

Tokens, themes and words lie over ours, so that a file holds only what it changes; every other
file takes the place of ours.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

from chapbook.lang.nearest_names import did_you_mean
from chapbook.model.errors import Code, DesignError, Finding, Place, warning
from chapbook.reading.source_files import OWN, TEMPLATE_SUFFIXES, TEMPLATES_NAME

NO_EFFECT = "it has no effect"
_TAKE_AWAY = "correct it, or take the file away to have ours"
_TOKEN_NAME = re.compile(r"(?<![\w-])--[\w-]+(?=\s*:)")
_USE = re.compile(r"var\(\s*(--[\w-]+)")
_INERT = re.compile(r"/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)
_LOST_SEMICOLON = re.compile(
    r"^[ \t]*--[\w-]+[ \t]*:[^;{}]*?\n(?=\s*--[\w-]+[ \t]*:)", re.MULTILINE
)
_RULES_WITHIN = frozenset({"media", "supports", "layer", "container"})
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")


def judge(name: str, text: str, ours: str | None) -> None:
    """Read the author's template *name*, which ships as *ours* or does not ship.

    Raises DesignError with file and line where its syntax is wrong.
    """
    if ours is not None and name.endswith((".html", ".xhtml")) and not text.strip():
        message = "this template is empty, so the file would have no text"
        raise DesignError(message, where=Place(f"{TEMPLATES_NAME}/{name}"), remedy=_TAKE_AWAY)
    if name.endswith(".css"):
        _judge_sheet(Place(f"{TEMPLATES_NAME}/{name}"), text)
    elif name.endswith(".toml"):
        words = read_toml(name, text)
        known = read_toml(name, ours) if ours is not None else {}
        _judge_words(f"{TEMPLATES_NAME}/{name}", text, words, known)


def read_toml(name: str, text: str) -> dict[str, Any]:
    """The words that the template *name* sets. Raises DesignError where it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        reason = str(error).removesuffix(found[0] if found else "")
        where = Place(f"{TEMPLATES_NAME}/{name.removeprefix(OWN)}", line)
        remedy = 'write lines such as contents = "Contents"'
        raise DesignError(f"not TOML: {reason}", where=where, remedy=remedy) from error


def _judge_sheet(where: Place, text: str) -> None:
    import tinycss2

    bare = _INERT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    _judge_brackets(where, bare)
    if lost := _LOST_SEMICOLON.search(bare):
        line = bare.count("\n", 0, lost.start()) + 1
        message = "a semicolon is missing at the end of this line"
        raise DesignError(message, where=Place(where.file, line), remedy="write it: --name: value;")
    _judge_rules(where, tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))


def _judge_brackets(where: Place, bare: str) -> None:
    """Raise DesignError where a brace of *bare*, which has no comments, has no partner."""
    opened: list[int] = []
    for found in re.finditer(r"[{}]|/\*", bare):
        line = bare.count("\n", 0, found.start()) + 1
        message = ""
        if found[0] == "{":
            opened.append(line)
        elif found[0] == "/*":
            message = "a comment that begins here is never closed"
        elif opened:
            opened.pop()
        else:
            message = "this brace closes nothing"
        if message:
            raise DesignError(message, where=Place(where.file, line), remedy=_TAKE_AWAY)
    if opened:
        message = "a brace that opens here is never closed"
        raise DesignError(message, where=Place(where.file, opened[-1]), remedy=_TAKE_AWAY)


def _judge_rules(where: Place, nodes: list[Any]) -> None:
    """Raise DesignError at the first of *nodes* (tinycss2's) that no engine reads."""
    import tinycss2

    for node in nodes:
        if node.type == "error":
            message = f"not CSS: {node.message}"
            raise DesignError(message, where=Place(where.file, node.source_line), remedy=_TAKE_AWAY)
        content = getattr(node, "content", None)
        if node.type not in {"qualified-rule", "at-rule"} or content is None:
            continue
        if node.type == "at-rule" and node.lower_at_keyword in _RULES_WITHIN:
            _judge_rules(where, tinycss2.parse_rule_list(content, True, True))
        elif node.type == "qualified-rule" or node.lower_at_keyword in {"page", "font-face"}:
            _judge_rules(where, tinycss2.parse_blocks_contents(content, True, True))


def _judge_words(file: str, text: str, words: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Raise DesignError where one of *words* is not text, or has a field that nothing fills."""
    for key, value in words.items():
        where = Place(file, line_of(text, key))
        ours = known.get(key)
        if isinstance(value, dict) and isinstance(ours, dict | None):
            _judge_words(file, text, value, ours or {})
        elif not isinstance(value, str):
            message = f"“{key}” is not text"
            raise DesignError(message, where=where, remedy=f'put it in quotes: {key} = "…"')
        elif isinstance(ours, str) and (wrong := _fields(value) - _fields(ours)):
            message = f"nothing fills {{{min(wrong)}}} in “{key}”"
            remedy = f"write it as ours is: {ours}"
            raise DesignError(message, where=where, remedy=remedy)


def _fields(wording: str) -> set[str]:
    """The names in braces of *wording*; one that cannot be read is such a name."""
    try:
        return {field for _, field, _, _ in Formatter().parse(wording) if field is not None}
    except ValueError:
        return {"…"}


def line_of(text: str, key: str) -> int | None:
    """The line on which *text*, TOML, sets *key*."""
    found = re.search(rf'^[ \t]*\[*"?{re.escape(key)}"?[ \t]*[\].=]', text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else None


def without_effect(files: Mapping[str, str]) -> Iterator[Finding]:
    """What of an author's templates among *files* nothing reads, with the nearest name that is.

    A warning for each file, token and word.
    """
    own = {name.removeprefix(OWN): text for name, text in files.items() if name.startswith(OWN)}
    ours = {name: text for name, text in files.items() if not name.startswith(OWN)}
    for name, text in own.items():
        if name == "tokens.css" or name.startswith("themes/"):
            yield from _idle_tokens(name, text, files, ours)
        elif name in ours:
            yield from _idle_words(name, text, ours[name])
        elif name.startswith("words/") and name.endswith(".toml"):
            yield from _idle_words(name, text, ours["words/en.toml"])
        elif not _is_included(name, files):
            message = f"unknown template: {did_you_mean(name, ours, NO_EFFECT)}"
            yield warning(Code.DESIGN_UNKNOWN, message, Place(f"{TEMPLATES_NAME}/{name}"))


def _idle_tokens(
    name: str, text: str, files: Mapping[str, str], ours: Mapping[str, str]
) -> Iterator[Finding]:
    """The tokens that *text* sets, and no stylesheet uses."""
    sheets = [sheet for file, sheet in files.items() if file.endswith((".css", ".html", ".xhtml"))]
    used = {token for sheet in sheets for token in _USE.findall(sheet)}
    known = set(_TOKEN_NAME.findall(ours.get("tokens.css", "")))
    bare = _INERT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    reported: set[str] = set()
    for found in _TOKEN_NAME.finditer(bare):
        token = found[0]
        if token not in used | known | reported:
            reported.add(token)
            where = Place(f"{TEMPLATES_NAME}/{name}", bare.count("\n", 0, found.start()) + 1)
            message = f"unknown token {token}: {did_you_mean(token, known, NO_EFFECT)}"
            yield warning(Code.DESIGN_UNKNOWN, message, where)


def _idle_words(name: str, text: str, ours: str) -> Iterator[Finding]:
    known = _keys(read_toml(name, ours))
    for key in sorted(_keys(read_toml(name, text)) - known):
        where = Place(f"{TEMPLATES_NAME}/{name}", line_of(text, key))
        message = f"unknown word “{key}”: {did_you_mean(key, known, NO_EFFECT)}"
        yield warning(Code.DESIGN_UNKNOWN, message, where)


def _keys(words: Mapping[str, Any]) -> set[str]:
    """The keys of *words* that hold a text, those of its tables among them."""
    within = (_keys(value) for value in words.values() if isinstance(value, dict))
    return {key for key, value in words.items() if isinstance(value, str)}.union(*within)


def _is_included(name: str, files: Mapping[str, str]) -> bool:
    """Whether another template may name the file *name*: to include or to import it."""
    if not name.endswith(TEMPLATE_SUFFIXES):
        return False
    return any(re.search(rf"[\"']{re.escape(name)}[\"']", text) for text in files.values())
