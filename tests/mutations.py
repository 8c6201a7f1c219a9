"""Alterations of finished files: one thing at a time, in one format.

The web page and the EPUB are edited as files. A PDF's words cannot be: its pages would have to be
set anew; so for it the same edit is made in the prepared document, and the file built of that. What
can be edited in a finished PDF (metadata, links, bookmarks, tags) is.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import pikepdf
from lxml import etree, html

from chapbook.design.templates import Design
from chapbook.model.document import Document, Publication
from chapbook.pipeline import Job, publish
from chapbook.writers.registry import FORMATS

Edit = Callable[[Any], None]
"""Alters a tree of elements: lxml's of a page, ElementTree's of a document."""

PdfEdit = Callable[[pikepdf.Pdf], None]


def mutate_html(content: bytes, edit: Edit) -> bytes:
    """The web page with *edit* made in it."""
    page = html.document_fromstring(content.decode())
    edit(page)
    return bytes(html.tostring(page, doctype="<!DOCTYPE html>", encoding="utf-8"))


def mutate_epub(content: bytes, edit: Edit, name: str = "EPUB/text.xhtml") -> bytes:
    """The EPUB with *edit* made in its entry *name*."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w") as after:
        for entry in before.infolist():
            data = before.read(entry)
            if entry.filename == name:
                root = etree.fromstring(data)
                edit(root)
                data = etree.tostring(root, encoding="utf-8", xml_declaration=True)
            after.writestr(entry, data)
    return packed.getvalue()


def mutate_document(job: Job, edit: Edit) -> bytes:
    """A PDF of the document with *edit* made in its tree, text and notes being one."""
    return _pdf(job, altered(job, edit))


def altered(job: Job, edit: Edit) -> Publication:
    """The publication with *edit* made in its tree, text and notes being one."""
    publication = publish(job)
    document = publication.document
    whole = Element("whole")
    whole.append(deepcopy(document.body))
    for note in document.notes:
        holder = Element("li", {"id": note.id})
        holder.append(deepcopy(note.body))
        whole.append(holder)
    edit(whole)
    return replace(publication, document=_taken_apart(document, whole))


def _taken_apart(document: Document, whole: Element) -> Document:
    bodies = {holder.get("id"): holder[0] for holder in whole if holder.tag == "li"}
    notes = tuple(
        replace(note, body=bodies[note.id]) for note in document.notes if note.id in bodies
    )
    return replace(document, body=whole[0], notes=notes)


def mutate_metadata(job: Job, **changes: Any) -> bytes:
    """A PDF of the document with other metadata."""
    publication = publish(job)
    metadata = replace(publication.metadata, **changes)
    document = replace(publication.document, metadata=metadata)
    return _pdf(job, replace(publication, document=document))


def _pdf(job: Job, publication: Publication) -> bytes:
    design = Design(job.templates, publication.metadata.theme)
    return FORMATS["pdf"].write(publication, design).content


def mutate_pdf(content: bytes, edit: PdfEdit) -> bytes:
    """The PDF with *edit* made in it."""
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        edit(pdf)
        pdf.save(saved, fix_metadata_version=False)
    return saved.getvalue()


# Finding things in either kind of tree -----------------------------------------------------------


def local(node: Any) -> str:
    """An element's name without its namespace."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def find(root: Any, tag: str, nth: int = 0, **attributes: str) -> Any:
    """The *nth* element *tag* of the text whose attributes contain these values."""
    wanted = {name.rstrip("_"): value for name, value in attributes.items()}
    everything = list(root.iter())  # kept, since lxml makes its elements again each time
    furniture = {part for node in everything if is_furniture(node) for part in node.iter()}
    result = [
        node
        for node in everything
        if local(node) == tag
        and node not in furniture
        and all(value in node.get(name, "") for name, value in wanted.items())
    ]
    return result[nth]


def is_furniture(node: Any) -> bool:
    """Return whether *node* belongs to the page, not to the text."""
    return node.get("data-furniture") is not None or node.get("class") == "cb-title-block"


def parent_of(root: Any, child: Any) -> Any:
    """Return the parent of *child*."""
    return next(node for node in root.iter() if any(each is child for each in node))


def drop(root: Any, child: Any) -> None:
    """Take *child* out, with what is in it; the text after it stays."""
    parent = parent_of(root, child)
    index = list(parent).index(child)
    tail = child.tail or ""
    child.tail = None
    parent.remove(child)
    if index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail


def rewrite(root: Any, old: str, new: str) -> None:
    """Replace *old* by *new* in the first text of the tree that has it."""
    for node in root.iter():
        if node.text and old in node.text and local(node) not in ("title", "style", "script"):
            node.text = node.text.replace(old, new, 1)
            return
        if node.tail and old in node.tail:
            node.tail = node.tail.replace(old, new, 1)
            return
    raise AssertionError(f"{old!r} is nowhere")
