"""Markup that was read as plain words, or whose words were lost: what authors mistype.

pandoc never complains of Markdown that it cannot read: it takes it for words, and readers find the
signs in the text. Each rule looks at the source for one such slip, and what it finds counts only
if the sign stands in the words that came out. A new rule is a function and a row.
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
"""What must stand in the words of the text for the rule to be asked, and the rule."""

LOST: tuple[tuple[str, Rule], ...] = (
    (r"^[ ]{0,3}\|?[ ]*:?-+:?[ ]*[|+]", tables.long_rows),
    (r"^[ ]{0,3}\+[-=:]+\+", tables.crooked),
    (r"^[ \t]*\d+[.)][ \t]", lists.numbers),
    ("\ufffd", inlines.lost_characters),
    (r"[\xc2-\xf4][^\x00-\x9f]", inlines.mojibake),
)
"""What must stand in the source for a rule on lost or changed words to be asked, and the rule."""


def unread(manuscript: Manuscript, start: int, body: Element) -> Iterator[Finding]:
    """A finding for each slip in *manuscript*'s text from *start* on, of which *body* was made."""
    said = " ".join(_words(body).split())
    source = manuscript.text
    asked = [rule for sign, rule in RULES if re.search(sign, said)]
    asked += [rule for sign, rule in LOST if re.search(sign, source, re.MULTILINE)]
    if not asked and not _empty_headings(body):
        return
    blank = re.sub(r"[^\n]", " ", source[:start])
    text = Text(blank + without_code(source)[start:], said)
    slips = [slip for rule in asked for slip in rule(text)]
    slips += blocks.empty_headings(text, _empty_headings(body))
    for slip in sorted(slips, key=lambda slip: slip.offset):
        yield warning(Code.MARKUP_UNREAD, slip.message, manuscript.place_at(slip.offset))


def _words(node: Element) -> str:
    """The words of *node* but for code and formulas, where signs are what they are."""
    if node.tag in {"code", "pre", "math", "samp", "kbd"}:
        return " "
    return (node.text or "") + "".join(_words(child) + (child.tail or "") for child in node)


def _empty_headings(body: Element) -> int:
    """How many headings of *body* say and show nothing."""
    headings = (node for node in body.iter() if re.fullmatch("h[1-6]", str(node.tag)))
    return sum(not "".join(node.itertext()).strip() and len(node) == 0 for node in headings)
