"""The list of files that a build reads, for the code that reads them and that compares them.

This module imports nothing of ours, so that an unchanged rebuild is detected at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

SOURCE_FOLDER = "source"
SETTINGS_NAME = "chapbook.toml"
TEMPLATES_NAME = "templates"
"""The folder beside a manuscript whose files replace our templates one by one."""

INDEX_NAME = "index.md"
"""The main file of a manuscript that is a folder."""

STDIN_NAME = "-"

OWN = "own/"
"""The prefix of an author's templates that are merged with ours, or that we do not have."""

TEMPLATE_SUFFIXES = (".css", ".html", ".xhtml", ".toml")
_LIE_OVER = ("tokens.css", "shelf.toml", "themes/", "words/")
"""Templates of which an author's file has only the changes. All others are replaced."""


def main_file(manuscript: str) -> Path:
    """Return the main file of *manuscript*: of a folder its `index.md`, if it has one."""
    index = os.path.join(manuscript, INDEX_NAME)  # noqa: PTH118 - isfile accepts every name
    return Path(index) if os.path.isfile(index) else Path(manuscript)  # noqa: PTH113


def stem_of(manuscript: str) -> str:
    """Return the name of the outputs of *manuscript*: its own name without the suffix."""
    if manuscript == STDIN_NAME:
        return "manuscript"
    if not is_folder(manuscript):
        return Path(manuscript).stem
    name = Path(manuscript).name
    return name if name not in {"", ".."} else Path(manuscript).resolve().name


def is_folder(manuscript: str) -> bool:
    """Return whether *manuscript* is a folder with an `index.md`."""
    return main_file(manuscript) != Path(manuscript)


def folder_of(manuscript: str) -> Path | None:
    """Return the folder of *manuscript* and its images, or None for standard input."""
    return None if manuscript == STDIN_NAME else main_file(manuscript).resolve().parent


def settings_file(folder: Path | None) -> Path:
    """Return the nearest `chapbook.toml`, from the manuscript's folder up to the working directory.

    The file may be missing.
    """
    here = Path.cwd()
    if folder is None:
        return here / SETTINGS_NAME
    for candidate in (folder, *folder.parents):
        if (candidate / SETTINGS_NAME).is_file() or candidate == here:
            return candidate / SETTINGS_NAME
        if not candidate.is_relative_to(here):
            break
    return folder / SETTINGS_NAME


class BuildFiles(NamedTuple):
    """Every file that a build of one manuscript reads.

    `beside` has the files in the manuscript's folder, with its own templates, by their names below
    it. The file `settings` may be missing. `templates` has the templates by their names.
    """

    beside: dict[str, Path]
    settings: Path
    templates: dict[str, Path]


def build_files(manuscript: str, named: Iterable[str]) -> BuildFiles:
    """Return every file that a build of *manuscript* reads. *named* are the files that it names.

    All code that compares, keeps or copies the inputs of a build uses this list.
    """
    folder = folder_of(manuscript)
    main = main_file(manuscript)
    beside = {main.name: main, **{name: (folder or Path()) / name for name in named}}
    own = {} if folder is None else _own_templates(folder)
    beside |= {f"{TEMPLATES_NAME}/{name}": path for name, path in own.items()}
    return BuildFiles(beside, settings_file(folder), template_files(folder))


def template_files(folder: Path | None) -> dict[str, Path]:
    """Return every template by name: ours, or the author's file that replaces it.

    An author's template that is merged with ours, or that we do not have, is added under a name
    that begins with `OWN`.
    """
    files = _in_folder(_shipped())
    own = {} if folder is None else _own_templates(folder)
    replaced = {name for name in own.keys() & files.keys() if not name.startswith(_LIE_OVER)}
    return files | {
        name if name in replaced else f"{OWN}{name}": path for name, path in own.items()
    }


def _shipped() -> Path:
    """Return the folder of our templates."""
    installed = Path(__file__).parents[1] / TEMPLATES_NAME
    return installed if installed.is_dir() else Path(__file__).parents[2] / TEMPLATES_NAME


def _own_templates(folder: Path) -> dict[str, Path]:
    """Return the author's templates in *folder*, or none if it is a link that leads out of it.

    The files are untrusted.
    """
    own = folder / TEMPLATES_NAME
    if own == _shipped() or not own.resolve().is_relative_to(folder):
        return {}
    return _in_folder(own)


def _in_folder(folder: Path) -> dict[str, Path]:
    inside = folder.resolve()
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if not path.name.startswith(".")
        and path.is_file()
        and path.resolve().is_relative_to(inside)
    }
