"""Links within the text: corrects their targets, and removes those without one."""

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
    """Correct fragments, also GitHub's spelling; a link without a target becomes plain text."""
    trees = [document.body, *(note.body for note in document.notes)]
    ids = {node.get("id") for tree in trees for node in tree.iter()}
    ids |= {name for note in document.notes for name in (note.id, note.ref_id)}
    by_slug: dict[str, str | None] = {}
    for section in document.body.iter("section"):
        if len(section):
            by_slug.setdefault(slug(text_of(section[0])), section.get("id"))
    places = Places(document.manuscript)
    findings: list[Finding] = []
    for tree in trees:
        for parent, link in list(walk(tree)):
            if link.tag == "a":
                findings += _resolve(parent, link, ids, by_slug, places)
    return with_changes(document, findings=(*document.findings, *findings))


def _resolve(
    parent: Element,
    link: Element,
    ids: set[str | None],
    by_slug: dict[str, str | None],
    places: Places,
) -> list[Finding]:
    target = link.get("href")
    if target is None:
        if "id" not in link.attrib:
            unwrap(parent, link)  # a refused link becomes its words
        else:
            link.tag = "span"
        return []
    if not target.startswith("#"):
        return []
    name = unquote(target[1:])
    if name in ids:
        link.set("href", f"#{name}")
        return []
    if section_id := by_slug.get(slug(name)):
        link.set("href", f"#{section_id}")
        return []
    names = (f"#{name}" for name in {*ids, *by_slug} if name and not _OF_NOTES.fullmatch(name))
    advice = did_you_mean(target, names, "give a heading that name, as in # Words {#name}")
    message = f"the link to “{target}” has no target: {advice}"
    where = places.of(target, text_of(link))
    unwrap(parent, link)
    return [warning(Code.LINK_BROKEN, message, where)]
