"""Which files a build takes: found here, by both those who read them and those who only compare.

It imports nothing of ours, so that an unchanged rebuild is known at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

SOURCE_FOLDER = "source"
SETTINGS_NAME = "chapbook.toml"
TEMPLATES_NAME = "templates"
"""The folder beside a manuscript whose files replace ours one by one."""

INDEX_NAME = "index.md"
"""The main file of a manuscript that is a folder."""

STDIN_NAME = "-"

OWN = "own/"
"""What the names of an author's templates begin with that lie over ours, or that ours lack."""

TEMPLATE_SUFFIXES = (".css", ".html", ".xhtml", ".toml")
_LIE_OVER = ("tokens.css", "shelf.toml", "themes/", "words/")
"""The templates of which an author's holds only what is changed; the others are replaced."""


def main_file(manuscript: str) -> Path:
    """The file that is read first of *manuscript*: of a folder, its `index.md` where it has one."""
    index = os.path.join(manuscript, INDEX_NAME)  # noqa: PTH118 - what follows bears any name
    return Path(index) if os.path.isfile(index) else Path(manuscript)  # noqa: PTH113


def stem_of(manuscript: str) -> str:
    """What the files made of *manuscript* are called: as it is, without a suffix."""
    if manuscript == STDIN_NAME:
        return "manuscript"
    if not is_folder(manuscript):
        return Path(manuscript).stem
    name = Path(manuscript).name
    return name if name not in {"", ".."} else Path(manuscript).resolve().name


def is_folder(manuscript: str) -> bool:
    """Whether *manuscript* is a folder with an `index.md`."""
    return main_file(manuscript) != Path(manuscript)


def folder_of(manuscript: str) -> Path | None:
    """The folder in which the images of *manuscript* lie; None for standard input."""
    return None if manuscript == STDIN_NAME else main_file(manuscript).resolve().parent


def settings_file(folder: Path | None) -> Path:
    """The nearest `chapbook.toml`, from the manuscript's folder up to the one we stand in.

    It need not be there.
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

    `beside` are those in the manuscript's folder, its own templates among them, by their names
    below it. `settings` need not be there. `templates` are by the names that templates have.
    """

    beside: dict[str, Path]
    settings: Path
    templates: dict[str, Path]


def build_files(manuscript: str, named: Iterable[str]) -> BuildFiles:
    """Every file that a build of *manuscript* reads, where it names the files *named* beside it.

    Whoever compares, keeps or copies what a build reads takes this list, so that none forgets one.
    """
    folder = folder_of(manuscript)
    main = main_file(manuscript)
    beside = {main.name: main, **{name: (folder or Path()) / name for name in named}}
    own = {} if folder is None else _own_templates(folder)
    beside |= {f"{TEMPLATES_NAME}/{name}": path for name, path in own.items()}
    return BuildFiles(beside, settings_file(folder), template_files(folder))


def template_files(folder: Path | None) -> dict[str, Path]:
    """Every template by name: those that ship, and in their stead those beside the manuscript.

    An author's that lies over ours stands beside it, as does one that is none of ours: its name
    begins with `OWN`.
    """
    files = _in_folder(_shipped())
    own = {} if folder is None else _own_templates(folder)
    replaced = {name for name in own.keys() & files.keys() if not name.startswith(_LIE_OVER)}
    return files | {
        name if name in replaced else f"{OWN}{name}": path for name, path in own.items()
    }


def _shipped() -> Path:
    """The folder of the templates that ship."""
    installed = Path(__file__).parents[1] / TEMPLATES_NAME
    return installed if installed.is_dir() else Path(__file__).parents[2] / TEMPLATES_NAME


def _own_templates(folder: Path) -> dict[str, Path]:
    """The templates in *folder*, whose files are untrusted: a link that leads out has none."""
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
