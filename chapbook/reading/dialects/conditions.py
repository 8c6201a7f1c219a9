"""Quarto's conditions: what is shown in some formats only, or nowhere, and who is told of it."""

from __future__ import annotations

import re

from chapbook.model.errors import Code, Severity
from chapbook.reading.dialects.rewriting import Remark, Rewritten, line_of, live

FAMILIES = {
    "pdf": frozenset("pdf latex beamer typst context print".split()),
    "epub": frozenset("epub epub2 epub3".split()),
    "html": frozenset("html html4 html5 html:js".split()),
}
"""The families of formats that a condition can name, and the names that other tools give each."""

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
    """*text* as it is, and a remark on each passage that some or all formats leave out."""
    remarks: list[Remark] = []
    if "content-" in text:
        read = live(text)
        for found in _CONDITION.finditer(read):
            at = line_of(read, found.start())
            remarks.append(_remark(at, found[0], found["kind"] or found["raw_kind"]))
    if re.search(r"hidden|display\s*:\s*none", text, re.IGNORECASE):
        read = live(text)
        told = "what is marked as hidden stands in no format"
        remarks += (
            Remark(line_of(read, found.start()), Code.HIDDEN, told, Severity.NOTE)
            for found in _HIDDEN.finditer(read)
        )
    return Rewritten(text, remarks=tuple(remarks))


def _remark(line: int, condition: str, kind: str) -> Remark:
    named = [(found["what"], found["value"]) for found in _NAMED.finditer(condition)]
    for what, value in named:
        if what != "format":
            told = f"the condition {what}=“{value}” cannot be asked, so what depends on it stands"
            told += " in no format: take it out, or write when-format"
            return Remark(line, Code.HIDDEN, told)
    shown = shown_in(kind, condition)
    if len(shown) == len(FAMILIES):
        return Remark(line, Code.HIDDEN, "this condition holds in every format", Severity.NOTE)
    told = "this passage stands in no format"
    if shown:
        told = f"this passage stands in {' and '.join(sorted(shown))} alone"
    return Remark(line, Code.HIDDEN, told, Severity.NOTE)


def shown_in(kind: str, condition: str) -> frozenset[str]:
    """The formats in which content of *kind* (hidden, visible) under *condition* is shown."""
    named = re.findall(r"(when|unless)-format\s*=\s*[\"']?([\w:.-]*)", condition)
    holds = set(FAMILIES)
    for word, value in named:
        meant = {name for name, names in FAMILIES.items() if value.lower() in names}
        holds &= meant if word == "when" else set(FAMILIES) - meant
    return frozenset(holds if kind == "visible" else set(FAMILIES) - holds)
