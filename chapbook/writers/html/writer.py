"""The web page: one file that contains everything it needs and loads nothing."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markupsafe import Markup

from chapbook.design.face_use import faces_of
from chapbook.design.template_context import View
from chapbook.design.templates import SHARED_SHEETS, Design
from chapbook.model.document import Artefact, Publication
from chapbook.model.dom import element, to_html
from chapbook.writers.accessibility import discovery
from chapbook.writers.html.metadata import linked_data, metas
from chapbook.writers.html.tree import data_address, for_the_web

WEB_SHEETS = (*SHARED_SHEETS, "web.css")
MOST_SIDENOTES = 300  # each is laid out below the one before; with more, notes stay at the end


def write_html(publication: Publication, design: Design) -> Artefact:
    """Return the publication as one HTML file with embedded fonts and images."""
    view = for_the_web(View.of(publication, design), publication.document.assets)
    style = _stylesheet(view, design)
    access = discovery(publication.document, view.words)
    page = design.fill(
        "web.html",
        view=view,
        text=_text(view.body),
        title_id=view.body.get("id"),
        metas=metas(view),
        linked_data=Markup(linked_data(view, access)),  # noqa: S704 - escaped for a script element
        style=Markup(style),  # noqa: S704 - from templates and our own rules, not the author
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        sidenotes=_sidenotes(view, design),
        icon=data_address(_icon(design).encode(), "image/svg+xml"),
    )
    words = "1 word" if view.word_count == 1 else f"{view.word_count:,} words"
    return Artefact("html", ".html", page.encode(), words)


def _text(body: Element) -> Markup:
    """Return the content of the tree's root. The template adds the root itself, with the title."""
    inner = to_html(body).partition(">")[2].removesuffix("</article>")
    return Markup(inner)  # noqa: S704 - allow-listed by chapbook.reading.sanitizer


def _stylesheet(view: View, design: Design) -> str:
    faces = [
        instance.font_face(data_address(instance.woff(), "font/woff"))
        for instance in faces_of(view, design).instances()
    ]
    style = "\n".join(["", *faces, design.live_stylesheet(*WEB_SHEETS), view.width_rules, ""])
    return style.replace("</", "<\\/")


def _sidenotes(view: View, design: Design) -> str | None:
    """Return the address of the stylesheet that puts notes beside their calls on wide screens.

    It is not part of the page's own stylesheet, because the Nu HTML Checker reads that one and
    does not know CSS Anchor Positioning yet.
    """
    if not view.notes or len(view.notes) > MOST_SIDENOTES:
        return None
    sheet = "\n".join([design.file("sidenotes.css"), *_places_of_notes(view), ""])
    return data_address(sheet.encode(), "text/css")


def _places_of_notes(view: View) -> Iterator[str]:
    """Yield rules that put each note beside its call, but not above the end of the note before."""
    yield "@supports (top: anchor(--x top)) {"
    for note in view.notes:
        top = f"anchor(--{note.ref_id} top, 0px)"
        if note.number > 1:
            top = f"max({top}, anchor(--note-{note.number - 1} bottom, 0px) + 0.6em)"
        yield f"#{note.ref_id} {{ anchor-name: --{note.ref_id} }}"
        yield f"#{note.id} {{ anchor-name: --{note.id}; top: {top} }}"
    yield "}"


def _icon(design: Design) -> str:
    """Return an open book in the theme's accent color. Without an icon, browsers request one."""
    accent, paper = design.tokens["--color-accent"], design.tokens["--color-paper"]
    leaves = element("path", d="M16 10c-3-2-6-2-9-1v14c3-1 6-1 9 1 3-2 6-2 9-1V9c-3-1-6-1-9 1z")
    fold = element("path", d="M16 10v14", stroke=accent, stroke_width="1.5")
    leaves.set("fill", paper)
    cover = element("rect", width="32", height="32", rx="6", fill=accent)
    icon = element("svg", cover, leaves, fold, xmlns="http://www.w3.org/2000/svg")
    icon.set("viewBox", "0 0 32 32")
    return to_html(icon)
