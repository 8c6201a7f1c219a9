r"""The tags of equations: \tag{1.a} and \tag*{A}, which are set in the margin like numbers."""

from __future__ import annotations

import re
from itertools import groupby

from chapbook.reading.tex_symbols import symbol_of

_TAG = re.compile(r"\\tag(\*?)\s*\{((?:[^{}\\]|\\[A-Za-z]+ ?)*)\}")
_STEP = re.compile(
    rf"{_TAG.pattern}|(?P<begin>\\begin\s*\{{)|(?P<end>\\end\s*\{{)|(?P<row>\\\\)"
    r"|\\.|(?P<open>\{)|(?P<close>\})|%[^\n]*",
    re.DOTALL,
)


def without_tags(tex: str) -> str:
    """Return *tex* without the tags that `tags_of` reads."""
    return _TAG.sub(lambda match: "" if _words(match[2]) else match[0], tex)


def tags_of(tex: str) -> tuple[tuple[int, str], ...]:
    r"""Return the tags of a displayed formula as they are printed, each with its row, from 0.

    >>> tags_of(r"\begin{align} a \tag{A1} \\ b \tag*{B} \end{align}")
    ((0, '(A1)'), (1, 'B'))
    """
    numbered: list[tuple[int, str]] = []
    environments = depth = row = 0
    for step in _STEP.finditer(tex):
        environments += bool(step["begin"]) - bool(step["end"])
        depth += bool(step["open"] or step["begin"] or step["end"]) - bool(step["close"])
        row += bool(step["row"]) and environments <= 1 and depth <= 0
        if step[2] is not None and (words := _words(step[2])):
            numbered.append((row, words if step[1] else f"({words})"))
    rows = ((row, " ".join(words for _, words in tags)) for row, tags in groupby(numbered, _row))
    return tuple(rows)


def _row(tag: tuple[int, str]) -> int:
    return tag[0]


def _words(typed: str) -> str:
    """Return the text of a tag: letters, and symbols between dollar signs.

    Return "" if a command in it is unknown.
    """
    plain = re.sub(r"\\[A-Za-z]+ ?", lambda match: symbol_of(match[0].strip()), typed)
    is_known = all(symbol_of(command) for command in re.findall(r"\\[A-Za-z]+", typed))
    return " ".join(plain.replace("$", "").replace("'", "′").split()) if is_known else ""
