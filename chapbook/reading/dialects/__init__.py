"""Translate a manuscript from the dialects of other tools into pandoc's Markdown.

Obsidian, Quarto, R Markdown, MyST, Jekyll and Hugo hide words, write code and begin lists in ways
that pandoc does not know. Each rule rewrites one of them. Line numbers do not change, so that
findings name the author's lines. Only `breaks` and `lists` may add empty lines, and only to the
text for pandoc. A new rule is a function and a row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chapbook.model.document import Manuscript
from chapbook.model.errors import Finding
from chapbook.reading.dialects import cells, conditions, hidden, keys
from chapbook.reading.dialects.breaks import part_breaks
from chapbook.reading.dialects.lists import part_lists
from chapbook.reading.dialects.rewriting import Gap, Remark, Rule

RULES: tuple[Rule, ...] = (
    hidden.remove_hidden,
    cells.fence_cells,
    keys.cite_at_starts,
    conditions.name_conditions,
    part_breaks,
)


@dataclass(frozen=True, slots=True)
class Translation:
    """A manuscript in pandoc's Markdown with the same lines, and findings.

    `gaps` are the lines before which pandoc needs an empty line. `with_gaps` adds them.
    """

    manuscript: Manuscript
    gaps: tuple[Gap, ...] = ()
    findings: tuple[Finding, ...] = ()


def translate(manuscript: Manuscript, start: int, keys: frozenset[str]) -> Translation:
    """Return *manuscript* with its text from the character *start* on in pandoc's Markdown.

    *keys* are the citation keys of its bibliographies.
    """
    head, text = manuscript.text[:start], manuscript.text[start:]
    gaps: list[Gap] = []
    remarks: list[Remark] = []
    for rule in RULES:
        rewritten = rule(text, keys)
        text = rewritten.text
        gaps += rewritten.gaps
        remarks += rewritten.remarks
    listed = part_lists(text, {gap.line for gap in gaps})
    gaps = sorted({*gaps, *listed.gaps}, key=lambda gap: gap.line)
    first = head.count("\n")
    findings = tuple(
        Finding(each.code, each.severity, each.message, manuscript.place(first + each.line))
        for each in sorted((*remarks, *listed.remarks), key=lambda remark: remark.line)
    )
    return Translation(replace(manuscript, text=head + text), tuple(gaps), findings)


def with_gaps(text: str, gaps: tuple[Gap, ...]) -> str:
    """Return *text* with an empty line before each of the lines in *gaps*."""
    if not gaps:
        return text
    lines = text.split("\n")
    for gap in sorted(gaps, key=lambda gap: -gap.line):
        lines.insert(gap.line - 1, gap.prefix)
    return "\n".join(lines)
