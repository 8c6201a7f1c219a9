"""What the commands share: which manuscripts are meant, and where things lie."""

from __future__ import annotations

from pathlib import Path

from chapbook.errors import Place, SourceError
from chapbook.manuscript import STDIN_NAME, read_manuscript
from chapbook.metablock import SETTINGS_NAME, read_settings
from chapbook.pipeline import Job

SOURCE_FOLDER = "source"


def manuscripts(named: tuple[str, ...]) -> list[str]:
    """The manuscripts meant: those *named*, or all in `source/`."""
    if named:
        return list(named)
    found = sorted(str(path) for path in Path(SOURCE_FOLDER).glob("*.md"))
    if not found:
        raise SourceError(
            "there is no manuscript in it",
            where=Place(f"{SOURCE_FOLDER}/"),
            remedy="name one: chapbook build essay.md",
        )
    return found


def job(path: str) -> Job:
    """Gather all that a build of the manuscript at *path* takes."""
    from chapbook.design import load_templates

    manuscript = read_manuscript(path)
    folder = None if path == STDIN_NAME else Path(path).resolve().parent
    return Job(manuscript, folder, read_settings(_settings(folder)), load_templates(folder))


def _settings(folder: Path | None) -> Path:
    """The nearest `chapbook.toml` from the manuscript's folder up to the one we stand in."""
    here = Path.cwd()
    if folder is None:
        return here / SETTINGS_NAME
    for candidate in (folder, *folder.parents):
        if (candidate / SETTINGS_NAME).is_file() or candidate == here:
            return candidate / SETTINGS_NAME
        if not candidate.is_relative_to(here):
            break
    return folder / SETTINGS_NAME
