"""The web page: one file that holds all it needs and asks nobody for anything."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

from markupsafe import Markup

from chapbook.design import Design
from chapbook.document import Artefact, Asset, Note, Publication
from chapbook.dom import add_class, append, classes, element, replace, text_of, walk
from chapbook.face_use import FaceUse, Setting
from chapbook.formulas import tex_of
from chapbook.present import View, heading_text, shortened
from chapbook.writers.html_metadata import linked_data, metas

WEB_SHEETS = ("text.css", "web.css")
MOST_SIDENOTES = 300  # each is laid out below the one before; a long book's stay at its end
LONGEST_LINE_IN_VIEW = 30  # characters of code that a screen of 320 px shows
FURNITURE = "data-furniture"
"""The attribute of whatever is not the author's text; those who read the page back skip it."""


def write_html(publication: Publication, design: Design) -> Artefact:
    """The publication as one HTML file whose fonts and images are inside it."""
    view = _for_the_web(View.of(publication, design), publication.document.assets)
    style = _stylesheet(view, design)
    page = design.fill(
        "web.html",
        view=view,
        metas=metas(view),
        linked_data=Markup(linked_data(view)),  # noqa: S704 - written to stand in a script
        style=Markup(style),  # noqa: S704 - templates and our own rules, no text of the author's
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        icon=_data_address(_icon(design).encode(), "image/svg+xml"),
        theme=design.theme,
    )
    words = "1 word" if view.word_count == 1 else f"{view.word_count:,} words"
    return Artefact("html", ".html", page.encode(), words)


# The text --------------------------------------------------------------------------------------


def _for_the_web(view: View, assets: Mapping[str, Asset]) -> View:
    """*view* with trees of its own, in which images are inside and links can be followed back."""
    body = deepcopy(view.body)
    notes = tuple(Note(note.number, deepcopy(note.body)) for note in view.notes)
    for tree in (body, *(note.body for note in notes)):
        for image in tree.iter("img"):
            if asset := assets.get(image.get("src", "")):
                image.set("src", _data_address(asset.content, asset.media_type))
        _label_calls(tree, view.words)
    _Frames(view.words).add_to(body, *(note.body for note in notes))
    for note in notes:
        append(_last_paragraph(note.body), _backlink(note, view.words))
    _add_permalinks(body, view.words)
    return with_changes(view, body=body, notes=notes)


def _label_calls(tree: Element, words: Mapping[str, str]) -> None:
    for call in tree.iter("a"):
        if "noteref" in classes(call):
            call.set("role", "doc-noteref")
            call.set("aria-label", f"{words['note']} {text_of(call)}")


def _last_paragraph(body: Element) -> Element:
    """Where a note's backlink stands: at the end of its last paragraph, or after its blocks."""
    last = body[-1] if len(body) else body
    return last if last.tag == "p" else body


def _backlink(note: Note, words: Mapping[str, str]) -> Element:
    return element(
        "a",
        "↑",
        class_="backlink",
        href=f"#{note.ref_id}",
        role="doc-backlink",
        aria_label=f"{words['back-to-text']}, {words['note']} {note.number}",
        **{FURNITURE: ""},
    )


def _add_permalinks(body: Element, words: Mapping[str, str]) -> None:
    """Put after each section's heading, not in it, a link to the section."""
    for section in body.iter("section"):
        if len(section) and (name := section.get("id")):
            link = element(
                "a",
                class_="permalink",
                href=f"#{name}",
                aria_label=f"{words['link-to-section']}: {heading_text(section[0])}",
                **{FURNITURE: ""},
            )
            link.tail, section[0].tail = section[0].tail, None
            section.insert(1, link)


class _Frames:
    """Frames around what can be wider than a screen: keyboards can enter and scroll them."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self._counts: dict[str, int] = {}

    def add_to(self, *trees: Element) -> None:
        for tree in trees:
            self._frame_all(tree)

    def _frame_all(self, node: Element) -> None:
        for child in list(node):
            if child.tag == "table":
                self._frame_table(node, child)
            elif child.tag == "pre" and _is_wide_code(child):
                self._make_region(child, "code")
            elif child.tag == "math" and child.get("display") == "block":
                frame = element("span")
                replace(node, child, frame)
                frame.append(child)
                self._make_region(
                    frame, "formula", is_wide=len(tex_of(child)) > LONGEST_LINE_IN_VIEW
                )
            else:
                self._frame_all(child)

    def _frame_table(self, parent: Element, table: Element) -> None:
        caption = table.find("caption")
        frame = element("div")
        replace(parent, table, frame)
        frame.append(table)
        self._make_region(frame, "table", text_of(caption) if caption is not None else "")

    def _make_region(
        self, node: Element, kind: str, caption: str = "", *, is_wide: bool = True
    ) -> None:
        add_class(node, "scroll")
        add_class(node, f"of-{kind}")
        if is_wide:
            number = self._counts[kind] = self._counts.get(kind, 0) + 1
            label = f"{self._words[kind]} {number}"
            node.set("role", "region")
            node.set("tabindex", "0")
            node.set("aria-label", f"{label}: {shortened(caption, 80)}" if caption else label)


def _is_wide_code(code: Element) -> bool:
    return any(len(line) > LONGEST_LINE_IN_VIEW for line in "".join(code.itertext()).splitlines())


# What goes with it -----------------------------------------------------------------------------


def _stylesheet(view: View, design: Design) -> str:
    faces = [
        instance.font_face(_data_address(instance.woff(), "font/woff"))
        for instance in _use_of_faces(view, design).instances()
    ]
    own = design.live_stylesheet(*WEB_SHEETS)
    style = "\n".join(["", *faces, own, *_sidenote_rules(view), view.width_rules, ""])
    return style.replace("</", "<\\/")


def _use_of_faces(view: View, design: Design) -> FaceUse:
    from chapbook.fonts import FURNITURE as ALWAYS

    use = FaceUse(design)
    use.add("".join(ALWAYS) + "".join(view.words.values()) + "".join(view.imprint) + view.authors)
    use.add("".join(view.body.itertext()))  # the contents repeat what headings say
    use.add_tree(_phrase(view.metadata.title_html), use.title())
    if view.metadata.subtitle_html:
        use.add_tree(_phrase(view.metadata.subtitle_html), Setting(italic=True))
    use.add_tree(view.body)
    for note in view.notes:
        use.add_tree(note.body)
    if view.notes:
        use.add_tree(element("h2", view.words["notes"]))
    return use


def _phrase(html: str) -> Element:
    import tinyhtml5

    return tinyhtml5.parse(html, namespace_html_elements=False)  # type: ignore[no-any-return]


def _sidenote_rules(view: View) -> Iterator[str]:
    """On a wide screen each note stands beside its call, below the note before it."""
    if not view.notes or len(view.notes) > MOST_SIDENOTES:
        return
    yield "@media screen and (min-width: 72rem) { @supports (top: anchor(--x top)) {"
    for note in view.notes:
        top = f"anchor(--{note.ref_id} top, 0px)"
        if note.number > 1:
            top = f"max({top}, anchor(--note-{note.number - 1} bottom, 0px) + 0.75em)"
        yield f"#{note.ref_id} {{ anchor-name: --{note.ref_id} }}"
        yield f"#{note.id} {{ anchor-name: --{note.id}; top: {top} }}"
    yield "}}"


def _icon(design: Design) -> str:
    """A folded sheet in the theme's accent: a page that names no icon is asked for one."""
    accent, paper = design.tokens["--color-accent"], design.tokens["--color-paper"]
    shape = element(
        "svg",
        element("rect", width="32", height="32", rx="6", fill=accent),
        element(
            "path",
            d="M16 9v16M16 9c-3-2-6-2-9-1v15c3-1 6-1 9 2 3-3 6-3 9-2V8c-3-1-6-1-9 1z",
            fill="none",
            stroke=paper,
            stroke_width="2",
            stroke_linejoin="round",
        ),
        xmlns="http://www.w3.org/2000/svg",
    )
    shape.set("viewBox", "0 0 32 32")
    from chapbook.dom import to_html

    return to_html(shape)


def _data_address(content: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{b64encode(content).decode()}"
