"""Links inside the text: every fragment leads somewhere, or is no link."""

from __future__ import annotations

import re
from dataclasses import replace as with_changes
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from chapbook.lang.nearest_names import did_you_mean
from chapbook.model.document import Document
from chapbook.model.dom import text_of, unwrap, walk
from chapbook.model.errors import Code, Finding, warning
from chapbook.reading.source_positions import Places
from chapbook.transforms.identifiers import slug

_OF_NOTES = re.compile(r"note(?:ref)?-\d+")


def resolve_links(document: Document) -> Document:
    """Point fragments at their elements, GitHub's spelling too; a dangling one becomes words."""
    trees = [document.body, *(note.body for note in document.notes)]
    known = {node.get("id") for tree in trees for node in tree.iter()}
    known |= {name for note in document.notes for name in (note.id, note.ref_id)}
    by_slug: dict[str, str | None] = {}
    for section in document.body.iter("section"):
        if len(section):
            by_slug.setdefault(slug(text_of(section[0])), section.get("id"))
    places = Places(document.manuscript)
    findings: list[Finding] = []
    for tree in trees:
        for parent, link in list(walk(tree)):
            if link.tag == "a":
                findings += _resolve(parent, link, known, by_slug, places)
    return with_changes(document, findings=(*document.findings, *findings))


def _resolve(
    parent: Element,
    link: Element,
    known: set[str | None],
    by_slug: dict[str, str | None],
    places: Places,
) -> list[Finding]:
    target = link.get("href")
    if target is None:
        if "id" not in link.attrib:
            unwrap(parent, link)  # a refused link: its words stay
        else:
            link.tag = "span"
        return []
    if not target.startswith("#"):
        return []
    name = unquote(target[1:])
    if name in known:
        link.set("href", f"#{name}")
        return []
    if found := by_slug.get(slug(name)):
        link.set("href", f"#{found}")
        return []
    names = (f"#{name}" for name in {*known, *by_slug} if name and not _OF_NOTES.fullmatch(name))
    advice = did_you_mean(target, names, "give a heading that name, as in # Words {#name}")
    told = f"the link to “{target}” leads nowhere: {advice}"
    where = places.of(target, text_of(link))
    unwrap(parent, link)
    return [warning(Code.LINK_BROKEN, told, where)]
