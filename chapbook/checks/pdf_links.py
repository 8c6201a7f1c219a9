"""Finds the targets of a PDF's links: the words at a place on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from chapbook.checks.pdf_tree import Run, Structure
from chapbook.checks.tree import Node


class Spot(NamedTuple):
    """A destination: a page, counted from 0, and a point on it."""

    page: int
    x: float
    y: float


def destinations(pdf: Any) -> dict[str, Spot]:
    """Return the named destinations of *pdf* (ISO 32000-1, 12.3.2.3)."""
    import pikepdf

    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    spots = {}
    for name, value in _names(pdf.Root.get("/Names", {}).get("/Dests")):
        array = value.D if isinstance(value, pikepdf.Dictionary) else value
        page = pages.get(array[0].objgen)
        if page is not None and str(array[1]) == "/XYZ":
            spots[name] = Spot(page, float(array[2]), float(array[3]))
    return spots


def _names(tree: Any) -> Iterator[tuple[str, Any]]:
    if tree is None:
        return
    entries = list(tree.get("/Names", ()))
    for name, value in zip(entries[::2], entries[1::2], strict=True):
        yield str(name), value
    for kid in tree.get("/Kids", ()):
        yield from _names(kid)


def settle_links(structure: Structure, spots: Mapping[str, Spot], folios: Sequence[str]) -> None:
    """Give ids to the targets of links, and distinguish note calls from other links.

    *folios* are the labels of the pages; a link gets that of its target.
    """
    links = [node for root in _roots(structure) for node in root.walk() if node.kind == "link"]
    landings = _landings(links, structure, spots, folios)
    notes_of = {id(node): note for note in structure.notes for node in note.walk()}
    for link in links:
        name = link.get("target")[1:]
        note = landings[name].note if name in landings else None
        # A note is called once: a link to another place in it is not a call.
        is_first = note is not None and note.ids in ([], [name]) and id(link) not in notes_of
        if note is not None and is_first and _is_call(link, note):
            link.kind = "call"
            note.ids = [name]
    for link in links:
        leads_to = landings.get(link.get("target")[1:])
        is_to_call = leads_to and leads_to.link and leads_to.link.kind == "call"
        if is_to_call and id(link) in notes_of:
            link.kind = "back"
    for name, run in landings.items():
        named = run.link if run.link is not None and run.link.kind == "call" else run.node
        named.ids.append(name)
    _join_notes(structure)


def _landings(
    links: Sequence[Node], structure: Structure, spots: Mapping[str, Spot], folios: Sequence[str]
) -> dict[str, Run]:
    """Return the words at the target of each of *links*, and set the links' pages."""
    by_page: dict[int, list[Run]] = {}
    for run in structure.runs:
        by_page.setdefault(run.page, []).append(run)
    landings: dict[str, Run] = {}
    for link in links:
        name = link.get("target")[1:]
        if link.get("target").startswith("#") and name in spots:
            link.attributes["page"] = folios[spots[name].page]
            landing = _after_picture(spots[name], structure) or _at(
                spots[name], by_page.get(spots[name].page, [])
            )
            if landing is not None:
                landings[name] = landing
    return landings


def _is_call(link: Node, note: Node) -> bool:
    """Return whether *link* has the note's number; other links may lead into the note."""
    return note.words().split()[:1] == link.words().split()[:1]


def _roots(structure: Structure) -> list[Node]:
    return [structure.text, *structure.notes]


def _after_picture(spot: Spot, structure: Structure) -> Run | None:
    """Return the run after the picture at a destination; pictures can be side by side."""
    pictures = [
        opening
        for opening in structure.openings
        if opening.page == spot.page and abs(opening.y - spot.y) < 1 and opening.x >= spot.x - 1
    ]
    first = min(pictures, key=lambda opening: opening.x, default=None)
    runs = structure.runs[first.next_run : first.next_run + 1] if first else []
    return runs[0] if runs and runs[0].page == spot.page else None


def _at(spot: Spot, runs: list[Run]) -> Run | None:
    """Return the run at a destination: the first to its right on the nearest line below it."""
    if any(run.piece.is_turned for run in runs):
        spot = Spot(spot.page, spot.y, -spot.x)
    below = [run for run in runs if run.piece.y <= spot.y + 1]
    if not below:
        return None
    nearest = max(below, key=lambda run: run.piece.y).piece
    line = [run for run in below if nearest.y - run.piece.y <= 0.6 * nearest.size]
    right = [run for run in line if run.piece.x0 >= spot.x - 1]
    if right:
        return min(right, key=lambda run: run.piece.x0)
    rest = [run for run in below if run not in line]
    return max(rest, key=lambda run: (run.piece.y, -run.piece.x0), default=None)


def _join_notes(structure: Structure) -> None:
    """Join the parts of a note on two pages; nothing calls the second part."""
    joined: list[Node] = []
    for note in structure.notes:
        returns = any(node.kind == "back" for node in note.walk())
        is_next_page = joined and note.get("page") != joined[-1].get("page")
        if is_next_page and not note.ids and not returns:
            joined[-1].children += [Node("page"), "\n", *note.children]
            joined[-1].attributes["page"] = note.get("page")
        else:
            joined.append(note)
    structure.notes[:] = joined
