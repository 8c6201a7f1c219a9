"""The left edge's last step: a manuscript with every text file that it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from chapbook import metablock
from chapbook.beside import named_files
from chapbook.document import Manuscript
from chapbook.yamlread import Entry


def compose(
    manuscript: Manuscript, folder: Path | None, defaults: Mapping[str, Entry]
) -> Manuscript:
    """*manuscript* with the files below *folder* that its metadata, over *defaults*, name.

    Raises SourceError where one of them cannot be read or the metadata block is not YAML.
    """
    entries = metablock.split(manuscript, defaults).entries
    beside = {file.name: file for file in named_files(entries, folder)}
    return replace(manuscript, beside=tuple(beside.values()))
