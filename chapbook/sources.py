"""Which files a build takes: found here, by both those who read them and those who only compare.

It imports nothing of ours, so that an unchanged rebuild is known at once.
"""

from __future__ import annotations

import os
from pathlib import Path

SOURCE_FOLDER = "source"
SETTINGS_NAME = "chapbook.toml"
TEMPLATES_NAME = "templates"
"""The folder beside a manuscript whose files replace ours one by one."""

INDEX_NAME = "index.md"
"""The main file of a manuscript that is a folder."""

STDIN_NAME = "-"
_TEMPLATE_SUFFIXES = frozenset({".css", ".html", ".xhtml", ".toml"})


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


def template_files(folder: Path | None) -> dict[str, Path]:
    """Every template by name: those that ship, and in their stead those beside the manuscript."""
    shipped = Path(__file__).parent / TEMPLATES_NAME
    if not shipped.is_dir():  # a checkout
        shipped = Path(__file__).parents[1] / TEMPLATES_NAME
    files = _in_folder(shipped)
    if folder is not None and (own := folder / TEMPLATES_NAME).is_dir() and own != shipped:
        # Where `templates` itself leads out of the folder, whose files are untrusted, it is none.
        files |= _in_folder(own) if own.resolve().is_relative_to(folder) else {}
    return files


def _in_folder(folder: Path) -> dict[str, Path]:
    inside = folder.resolve()
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.suffix in _TEMPLATE_SUFFIXES
        and path.is_file()
        and path.resolve().is_relative_to(inside)
    }
