"""Quarto's conditions: report content that is shown in some formats only, or nowhere."""

from __future__ import annotations

import re

from chapbook.model.errors import Code, Severity
from chapbook.reading.dialects.rewriting import Remark, Rewritten, line_of, live

FAMILIES = {
    "pdf": frozenset("pdf latex beamer typst context print".split()),
    "epub": frozenset("epub epub2 epub3".split()),
    "html": frozenset("html html4 html5 html:js".split()),
}
"""The families of formats that a condition can name, and their names in other tools."""

_CONDITION = re.compile(
    r"\.content-(?P<kind>hidden|visible)\b[^{}\n]*|"
    r"class\s*=\s*[\"'][^\"'<>]*content-(?P<raw_kind>hidden|visible)\b[^<>]*"
)
_HIDDEN = re.compile(
    r"\{[^{}\n]*\.hidden(?![\w-])[^{}\n]*\}|^[ \t>]*:{3,}[ \t]*hidden[ \t]*:*[ \t]*$|"
    r"<(?:div|span)\s[^<>]*(?:(?<=\s)hidden(?=[\s=>/])|display\s*:\s*none|visibility\s*:\s*hidden)"
    r"[^<>]*>",
    re.MULTILINE | re.IGNORECASE,
)
_NAMED = re.compile(r"(?:when|unless)-(?P<what>[\w-]+)\s*=\s*[\"']?(?P<value>[\w:.-]*)")


def name_conditions(text: str, _: frozenset[str]) -> Rewritten:
    """Return *text* unchanged, and a remark on each passage that is left out of a format."""
    remarks: list[Remark] = []
    if "content-" in text:
        read = live(text)
        for match in _CONDITION.finditer(read):
            at = line_of(read, match.start())
            remarks.append(_remark(at, match[0], match["kind"] or match["raw_kind"]))
    if re.search(r"hidden|display\s*:\s*none", text, re.IGNORECASE):
        read = live(text)
        message = "a passage marked as hidden is in no format"
        remarks += (
            Remark(line_of(read, match.start()), Code.HIDDEN, message, Severity.NOTE)
            for match in _HIDDEN.finditer(read)
        )
    return Rewritten(text, remarks=tuple(remarks))


def _remark(line: int, condition: str, kind: str) -> Remark:
    named = [(match["what"], match["value"]) for match in _NAMED.finditer(condition)]
    for what, value in named:
        if what != "format":
            message = f"the condition {what}=“{value}” cannot be evaluated, so its passage is"
            message += " in no format: take it out, or write when-format"
            return Remark(line, Code.HIDDEN, message)
    shown = shown_in(kind, condition)
    if len(shown) == len(FAMILIES):
        return Remark(line, Code.HIDDEN, "this condition holds in every format", Severity.NOTE)
    message = "this passage is in no format"
    if shown:
        message = f"this passage is only in {' and '.join(sorted(shown))}"
    return Remark(line, Code.HIDDEN, message, Severity.NOTE)


def shown_in(kind: str, condition: str) -> frozenset[str]:
    """Return the formats in which content of *kind* (hidden, visible) with *condition* is shown."""
    named = re.findall(r"(when|unless)-format\s*=\s*[\"']?([\w:.-]*)", condition)
    holds = set(FAMILIES)
    for word, value in named:
        meant = {name for name, names in FAMILIES.items() if value.lower() in names}
        holds &= meant if word == "when" else set(FAMILIES) - meant
    return frozenset(holds if kind == "visible" else set(FAMILIES) - holds)
