"""`chapbook diff`: shows what changed between two editions, by the pages of the older one."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from chapbook.cli.archives import archive_option, json_option, show_json
from chapbook.cli.inputs import allow_filters_option
from chapbook.reading.source_files import is_folder

if TYPE_CHECKING:
    from chapbook.archive.store import Archive
    from chapbook.diff.states import State
    from chapbook.diff.values import Act, Change, Comparison

_WIDTH = 96  # characters


@click.command(epilog="Example: chapbook diff essay@1.0.0 essay.md --errata errata.md")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@archive_option
@json_option
@click.option("--html", metavar="FILE", help="Write a web page with both versions side by side.")
@click.option(
    "--errata", metavar="FILE", help="Write an errata sheet, a manuscript that you can build."
)
@allow_filters_option
def diff(
    old: str,
    new: str,
    root: str,
    as_json: bool,
    html: str | None,
    errata: str | None,
    allow_filters: bool,
) -> None:
    """Show what a reader would find changed from OLD to NEW.

    Each is an edition, WORK@EDITION, or the path of a manuscript. Every change comes with the page
    and the line of OLD as it was printed. Exits with 0, whether there are changes or not.
    """
    from chapbook.diff.states import compare_states

    _refuse_overwriting((old, new), (html, errata))
    sources = _Sources(root, {}, allow_filters)
    states = _state(old, sources), _state(new, sources)
    comparison, silence = compare_states(*states)
    _write(states, comparison, html, errata)
    if silence:
        click.echo(click.style("note: ", fg="cyan", bold=True) + silence, err=True)
    if as_json:
        show_json(_as_json(states, comparison))
    elif html or errata:
        for path in filter(None, (html, errata)):
            click.echo(path)
    else:
        _show(states, comparison)


class _Sources(NamedTuple):
    """Where editions are, the archives opened so far, and whether filters may run."""

    root: str
    archives: dict[str, Archive]
    allow_filters: bool


def _state(name: str, sources: _Sources) -> State:
    """Return the manuscript at the path *name*, or else the edition of that name."""
    from chapbook.diff.states import state_of_edition, state_of_manuscript

    if name == "-" or Path(name).is_file() or is_folder(name):
        from chapbook.cli.inputs import job

        return state_of_manuscript(job(name, allow_filters=sources.allow_filters))
    if "@" not in name and name.endswith(".md"):
        from chapbook.model.errors import Place, SourceError

        remedy = "name a manuscript, or an edition: WORK@EDITION"
        raise SourceError("there is no such file", where=Place(name), remedy=remedy)
    from chapbook.archive.naming import find_edition
    from chapbook.archive.store import open_archive

    if sources.root not in sources.archives:
        sources.archives[sources.root] = open_archive(sources.root)
    archive = sources.archives[sources.root]
    return state_of_edition(archive, find_edition(archive, name))


def _refuse_overwriting(read: tuple[str, ...], written: tuple[str | None, ...]) -> None:
    """Raise UsageError if a file to write is one to read, or if both are the same."""
    paths = [Path(path).resolve() for path in written if path]
    if len(set(paths)) < len(paths):
        raise click.UsageError("--html and --errata name the same file")
    if set(paths) & {Path(path).resolve() for path in read}:
        raise click.UsageError(
            "--html or --errata would overwrite the manuscript; name another file"
        )


def _write(
    states: tuple[State, State], comparison: Comparison, html: str | None, errata: str | None
) -> None:
    files: dict[Path, bytes] = {}
    if html or errata:
        from chapbook.design.templates import Design, load_templates

        design = Design(load_templates(None), "serif")
        if html:
            from chapbook.diff.webpage import web_page

            files[Path(html)] = web_page(*states, comparison, design).encode()
        if errata:
            from chapbook.diff.errata import errata_sheet

            files[Path(errata)] = errata_sheet(*states, comparison, design).encode()
    if files:
        from chapbook.cli.output import make_folder, write_files

        for path in files:
            make_folder(path.parent)
        write_files(files)


# On a terminal and for scripts -----------------------------------------------------------------


def _as_json(states: tuple[State, State], comparison: Comparison) -> dict[str, object]:
    from chapbook.diff.text_report import as_json

    old, new = ({"name": state.name, "title": state.outline.title} for state in states)
    return {"old": old, "new": new, "changes": as_json(comparison)}


def _show(states: tuple[State, State], comparison: Comparison) -> None:
    from chapbook.diff.text_report import summary

    old, new = states
    click.secho(f"{old.outline.title}: {old.name} → {new.name}", bold=True)
    for change in comparison.changes:
        _show_change(change)
    click.echo()
    click.secho(summary(comparison), bold=True)


def _show_change(change: Change) -> None:
    from chapbook.diff.text_report import headline, shown_parts, spot_text

    place = spot_text(change.spots[0] if change.spots else None)
    click.echo()
    shown = f"{click.style(place, fg='cyan')}  " if place else ""
    click.echo(shown + headline(change))
    marked = [(_marked(part.text, part.act), part.act) for part in shown_parts(change)]
    # Wrapped first, then colored, since colors have no width. A mark may be cut, its color not.
    plain = "".join(text for text, _ in marked)
    acts = [act for text, act in marked for _ in text]
    position = 0
    for line in plain.splitlines():
        for piece in _wrapped(line):
            position = plain.index(piece, position) if piece else position
            click.echo("    " + _colored(piece, acts[position : position + len(piece)]))
            position += len(piece)


def _wrapped(line: str) -> list[str]:
    pieces = textwrap.wrap(
        line, _WIDTH - 4, expand_tabs=False, replace_whitespace=False, break_long_words=False
    )
    return pieces or [""]


def _marked(text: str, act: Act | None) -> str:
    """Return *text* with marks, for terminals without color and readers who do not see it."""
    from chapbook.diff.values import Act

    marks = {Act.REMOVED: "[-{}-]", Act.ADDED: "{{+{}+}}"}
    if act is None:
        return text
    words = text.strip(" ")
    before, _, after = text.partition(words)
    return before + marks[act].format(words) + after


def _colored(piece: str, acts: list[Act | None]) -> str:
    from itertools import groupby

    from chapbook.diff.values import Act

    colors = {Act.REMOVED: "red", Act.ADDED: "green", None: None}
    pieces = []
    for act, group in groupby(zip(piece, acts, strict=True), key=lambda pair: pair[1]):
        text = "".join(letter for letter, _ in group)
        pieces.append(click.style(text, fg=colors[act]) if act else text)
    return "".join(pieces)
