"""Find mistyped markup: markup that was read as plain words, or that lost words.

pandoc never reports Markdown that it cannot read. It takes it as words, and readers see the signs
in the text. Each rule searches the source for one kind of slip. A match counts only if the sign is
in the words of the result. A new rule is a function and a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from chapbook.model.document import Manuscript
from chapbook.model.errors import Code, Finding, warning
from chapbook.reading.linting import blocks, inlines, lists, tables
from chapbook.reading.linting.slip import Rule, Text
from chapbook.reading.source_positions import without_code

RULES: tuple[tuple[str, Rule], ...] = (
    (r"\[\^", inlines.notes),
    (r"\]\[", inlines.references),
    (r"\] \(|\)\[", inlines.links),
    (r"\[\[", inlines.wiki_links),
    (r"\*\*", inlines.strong),
    (r"\{", inlines.attributes),
    (r"#", blocks.headings),
    (r":::", blocks.divs),
    (r"```|~", blocks.fences),
    (r"\$\$", blocks.formulas),
    (r"<!", blocks.comments),
    (r"\[\]", blocks.tasks),
    (r"\|", tables.without_rule),
)
"""A pattern that must be in the words of the result, and the rule that is then used."""

LOST: tuple[tuple[str, Rule], ...] = (
    (r"^[ ]{0,3}\|?[ ]*:?-+:?[ ]*[|+]", tables.long_rows),
    (r"^[ ]{0,3}\+[-=:]+\+", tables.crooked),
    (r"^[ \t]*\d+[.)][ \t]", lists.numbers),
    ("\ufffd", inlines.lost_characters),
    (r"[\xc2-\xf4][^\x00-\x9f]", inlines.mojibake),
)
"""A pattern that must be in the source, and the rule on lost or changed words that is then used."""


def unread(manuscript: Manuscript, start: int, body: Element) -> Iterator[Finding]:
    """Yield a finding for each slip in *manuscript* from *start* on. *body* is its result."""
    words = " ".join(_words(body).split())
    source = manuscript.text
    rules = [rule for sign, rule in RULES if re.search(sign, words)]
    rules += [rule for sign, rule in LOST if re.search(sign, source, re.MULTILINE)]
    if not rules and not _empty_headings(body):
        return
    blank = re.sub(r"[^\n]", " ", source[:start])
    text = Text(blank + without_code(source)[start:], words)
    slips = [slip for rule in rules for slip in rule(text)]
    slips += blocks.empty_headings(text, _empty_headings(body))
    for slip in sorted(slips, key=lambda slip: slip.offset):
        yield warning(Code.MARKUP_UNREAD, slip.message, manuscript.place_at(slip.offset))


def _words(node: Element) -> str:
    """Return the words of *node* without code and formulas, in which signs are correct."""
    if node.tag in {"code", "pre", "math", "samp", "kbd"}:
        return " "
    return (node.text or "") + "".join(_words(child) + (child.tail or "") for child in node)


def _empty_headings(body: Element) -> int:
    """Return the number of headings in *body* without words and images."""
    headings = (node for node in body.iter() if re.fullmatch("h[1-6]", str(node.tag)))
    return sum(not "".join(node.itertext()).strip() and len(node) == 0 for node in headings)
