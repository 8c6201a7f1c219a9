"""Fences with a name in braces: cells of Quarto, R Markdown and notebooks, directives of MyST.

pandoc reads them as inline code on one line. They become listings in their language. No code is
run. Options in the first lines are not code, and a filter removes them from the listing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chapbook.model.errors import Code
from chapbook.reading.dialects.rewriting import Remark, Rewritten, line_of
from chapbook.reading.source_positions import fences

OPTIONS = "cb-options"
"""The attribute for the filter with the number of option lines at the head of a listing."""

HIDDEN_CELL = "cb-hidden"
"""The raw format of a cell whose code the author hides."""

_OPENING = re.compile(
    r"(?P<fence>`{3,}|~{3,})[ \t]*\{(?P<brace>\{?)(?P<name>[A-Za-z][\w.+-]*(?::[\w-]+)?)"
    r"(?![\w=])(?P<header>(?:\"[^\"\n]*\"|'[^'\n]*'|[^\n}\"'])*)\}(?P=brace)?\}?(?P<argument>[^\n]*)$"
)
_LANGUAGES = {"ipython": "python", "ipython3": "python", "ojs": "javascript", "rcpp": "cpp"}
_LISTINGS = frozenset({"code-block", "code", "sourcecode", "prompt"})
_NOTEBOOK_CELLS = frozenset({"code-cell"})
_DIRECTIVES = frozenset(
    "note tip warning caution important attention danger error hint seealso admonition figure "
    "image table list-table csv-table math eval-rst toctree epigraph pull-quote aside margin "
    "sidebar topic versionadded deprecated versionchanged glossary include literalinclude tabs "
    "tab-set tab-item card grid dropdown exercise solution proof theorem lemma definition "
    "bibliography contents index raw only parsed-literal container figure-md iframe video "
    "embed".split()
)
"""MyST's directives that contain text, not code (its reference, “Directives”)."""

_OPTION = re.compile(r"[ \t>]*(?:#|//|--|%%?|;)\|[ \t]*(?P<key>[\w.-]+)[ \t]*:[ \t]*(?P<value>.*)")
_GOES_ON = re.compile(r"[ \t>]*(?:#|//|--|%%?|;)\|")
_FIELD = re.compile(r"[ \t>]*:(?P<key>[\w.-]+):[ \t]*(?P<value>.*)")
_IN_HEADER = re.compile(r"(?P<key>[\w.-]+)[ \t]*=[ \t]*(?P<value>\"[^\"]*\"|'[^']*'|[^\s,]+)")
_KEPT_IN_HEADER = re.compile(r"(?<![\w\"'=])[.#][A-Za-z][\w:-]*")
_SAYS_NO = frozenset({"false", "f", "no"})
_HIDE = frozenset({"echo", "include"})
_CAPTIONS = ("lst-cap", "caption")
_LABELS = ("lst-label", "name")
_WORDS = frozenset("fig-cap fig.cap fig-alt fig.alt tbl-cap fig-subcap fig.subcap".split())


@dataclass(frozen=True, slots=True)
class _Cell:
    """A fence with a name in braces: the content of its first line, and its options."""

    name: str
    language: str
    options: Mapping[str, str]
    option_lines: int
    kept: tuple[str, ...] = field(default=())

    @property
    def is_hidden(self) -> bool:
        """Whether its author hides the code and shows only the result."""
        return any(self.options.get(key, "").lower() in _SAYS_NO for key in _HIDE)

    @property
    def label(self) -> str:
        """The author's name of its result, for references."""
        return self.options.get("label", "")

    @property
    def attributes(self) -> str:
        """The attributes after pandoc's fence."""
        parts = [f".{self.language}", *self.kept]
        if self.option_lines:
            parts.append(f'{OPTIONS}="{self.option_lines}"')
        parts += (f"#{self.options[key]}" for key in _LABELS if self.options.get(key))
        for key in ("filename", *_CAPTIONS):
            if self.options.get(key):
                name = "lst-cap" if key in _CAPTIONS else key
                parts.append(f'{name}="{_quoted(self.options[key])}"')
        return f"{{{' '.join(parts)}}}"


def fence_cells(text: str, _: frozenset[str]) -> Rewritten:
    """Return *text* with these fences in pandoc's syntax, and a remark about each."""
    if not re.search(r"(?:`{3}|~{3})[ \t]*\{\{?[A-Za-z]", text):
        return Rewritten(text)
    parts, end, remarks = [], 0, list[Remark]()
    for match in fences(text):
        opening, _sep, rest = match[0].partition("\n")
        at = _OPENING.search(opening)
        if at is None:
            continue
        cell = _read(at, rest)
        parts += [text[end : match.start() + at.start()], f"{at['fence']} "]
        is_hidden = cell.is_hidden and at["brace"] == ""
        # pandoc leaves out raw text in a format that no output has.
        parts.append(f"{{={HIDDEN_CELL}}}" if is_hidden else cell.attributes)
        end = match.start() + len(opening)
        if not at["brace"] and (message := _message(cell, is_hidden=is_hidden)):
            remarks.append(Remark(line_of(text, match.start() + at.start()), Code.CELL, message))
    return Rewritten("".join([*parts, text[end:]]), remarks=tuple(remarks))


def _read(opening: re.Match[str], content: str) -> _Cell:
    name, argument = opening["name"], opening["argument"].strip()
    pairs = _IN_HEADER.finditer(opening["header"])
    header = {each["key"]: _unquoted(each["value"]) for each in pairs}
    is_directive = name in _DIRECTIVES | _LISTINGS | _NOTEBOOK_CELLS
    options, count = _options(content, is_directive=is_directive)
    label = re.match(r"[ \t]+([A-Za-z][\w-]*)[ \t]*(?:,|$)", opening["header"])
    named = {"label": label[1]} if label else {}
    is_shown = bool(opening["brace"])  # a quoted cell is shown with its options
    if name in _LISTINGS | _NOTEBOOK_CELLS:
        language = argument.split()[0].lower() if argument else "text"
    else:
        language = "text" if name in _DIRECTIVES else name.lower()
    language = re.sub(r"[^\w+#-]", "", _LANGUAGES.get(language, language)) or "text"
    return _Cell(
        name=name,
        language=language,
        options={} if is_shown else {**named, **header, **options},
        option_lines=0 if is_shown or name in _DIRECTIVES else count,
        kept=tuple(_KEPT_IN_HEADER.findall(re.sub(r"\"[^\"]*\"|'[^']*'", "", opening["header"]))),
    )


def _options(content: str, *, is_directive: bool) -> tuple[dict[str, str], int]:
    """Return the options at the head of a cell's *content*, and the number of their lines."""
    options: dict[str, str] = {}
    count = 0
    for line in content.split("\n"):
        match = _OPTION.fullmatch(line) or (_FIELD.fullmatch(line) if is_directive else None)
        if match:
            options[match["key"]] = _unquoted(match["value"].strip())
        elif not (options and _GOES_ON.match(line)):
            break
        count += 1
    return options, count


def _message(cell: _Cell, *, is_hidden: bool) -> str:
    if cell.name in _LISTINGS:
        return ""
    if cell.name in _DIRECTIVES:
        message = (
            f"a MyST directive, {{{cell.name}}}, is not read as one: its text is shown as it is"
        )
        return f"{message} typed; write {_instead(cell.name)}"
    message = f"a cell of {cell.language} is not run"
    if is_hidden:
        message += ", and as it hides its code, nothing of it is shown"
    else:
        message += ": its code is shown as a listing"
    if cell.option_lines and not is_hidden:
        message += (
            f", without its {cell.option_lines} line{'s'[: cell.option_lines > 1]} of options"
        )
    if words := [value for key, value in cell.options.items() if key in _WORDS and value]:
        message += f"; the words “{words[0][:60]}” are not printed"
    label = f"{{#{cell.label}}}" if re.match("(?:fig|tbl)[-:]", cell.label) else ""
    image = f"![…](picture.png){label}"
    return f"{message}; to show what it draws, save that as a picture and write {image}"


def _instead(name: str) -> str:
    if name in {"note", "tip", "warning", "caution", "important"}:
        return f"::: {name}, the text, and :::"
    return "it in Markdown"


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
