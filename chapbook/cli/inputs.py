"""Shared by the commands: which manuscripts to take, and what a build of one needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from chapbook.reading.source_files import SOURCE_FOLDER, folder_of, settings_file, stem_of

if TYPE_CHECKING:
    from chapbook.model.document import Manuscript
    from chapbook.pipeline import Job


def manuscripts(named: tuple[str, ...]) -> list[str]:
    """Return the manuscripts *named*, or all in `source/`. Raises SourceError if it has none."""
    if named:
        return _distinct(list(dict.fromkeys(named)))
    paths = sorted(str(path) for path in Path(SOURCE_FOLDER).glob("*.md"))
    if not paths:
        from chapbook.model.errors import Place, SourceError

        raise SourceError(
            "there is no manuscript in it",
            where=Place(f"{SOURCE_FOLDER}/"),
            remedy="name one: chapbook build essay.md",
        )
    return paths


def _distinct(named: list[str]) -> list[str]:
    """Return *named*. Raises UsageError if two of them would write the same files."""
    stems: dict[str, str] = {}
    for path in named:
        stem = stem_of(path)
        if other := stems.get(stem):
            message = (
                f"{other} and {path} would both be built as {stem}; rename one or build it alone"
            )
            raise click.UsageError(f"{message} with another --out")
        stems[stem] = path
    return named


allow_filters_option = click.option(
    "--allow-filters",
    is_flag=True,
    help="Run the pandoc filters that the manuscript names. Filters are programs.",
)


def manuscript(path: str, *, allow_filters: bool = False) -> Manuscript:
    """Return the manuscript at *path* with every text file that it names."""
    from chapbook.reading.front_matter import read_settings
    from chapbook.reading.includes import compose
    from chapbook.reading.manuscript import read_manuscript

    folder = folder_of(path)
    defaults = read_settings(settings_file(folder))
    return compose(read_manuscript(path), folder, defaults, allow_filters=allow_filters)


def job(path: str, *, allow_filters: bool = False) -> Job:
    """Read everything that a build of the manuscript at *path* needs."""
    from chapbook.design.templates import load_templates
    from chapbook.pipeline import Job
    from chapbook.reading.front_matter import read_settings

    folder = folder_of(path)
    return Job(
        manuscript=manuscript(path, allow_filters=allow_filters),
        folder=folder,
        defaults=read_settings(settings_file(folder)),
        templates=load_templates(folder),
    )
