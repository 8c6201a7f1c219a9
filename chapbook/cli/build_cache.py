"""Records from which inputs each output was built, so that an unchanged one is not built again.

The record is a file beside the outputs. It only saves time: if it is missing or cannot be read,
everything is built again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import chapbook
from chapbook.reading.source_files import build_files, stem_of

RECORD_NAME = ".chapbook.json"


class Entry(NamedTuple):
    """One output: the digest of all its inputs, its own digest, and its extent."""

    inputs: str
    assets: tuple[str, ...]
    output: str
    extent: str


def load(folder: Path) -> dict[str, Entry]:
    """Return the record in *folder* by output name; empty if there is none that can be read."""
    try:
        rows = json.loads((folder / RECORD_NAME).read_bytes())
        return {
            name: Entry(
                str(row["inputs"]),
                tuple(map(str, row["assets"])),
                row["output"],
                str(row["extent"]),
            )
            for name, row in rows.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def dump(entries: Mapping[str, Entry]) -> bytes:
    """Return the record as the bytes of its file."""
    rows = {name: entry._asdict() for name, entry in sorted(entries.items())}
    return json.dumps(rows, indent=1).encode()


def inputs_digest(
    manuscript: str, assets: Iterable[str], options: Mapping[str, int] = MappingProxyType({})
) -> str:
    """Return the digest of everything that an output of the manuscript at this path depends on."""
    read = build_files(manuscript, assets)
    files = {"settings": read.settings}
    files |= {f"template {name}": path for name, path in read.templates.items()}
    files |= {f"asset {name}": path for name, path in read.beside.items()}
    chosen = tuple(sorted(options.items()))
    digest = hashlib.sha256(repr((stem_of(manuscript), chosen, _toolchain())).encode())
    for name, path in sorted(files.items()):
        digest.update(f"{name}\0{_digest_file(path)}\n".encode())
    return digest.hexdigest()


def is_current(entry: Entry | None, inputs: str, output: Path) -> bool:
    """Return whether *output* exists, is unchanged, and was made from *inputs*."""
    return entry is not None and entry.inputs == inputs and _digest_file(output) == entry.output


def _digest_file(path: Path) -> str:
    try:
        # Reading a pipe would wait, and its content cannot be compared later.
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
    except (OSError, ValueError):
        return "missing"


def _toolchain() -> tuple[object, ...]:
    """Return the versions of all installed packages, and the state of our own code.

    They are read from the names of folders, since importing the packages would take a second.
    """
    import click

    packages = Path(click.__file__).parents[1]
    installed = sorted(path.name for path in packages.iterdir() if path.suffix == ".dist-info")
    own = Path(chapbook.__file__).parent
    code = sorted((path.name, path.stat().st_mtime_ns) for path in own.rglob("*.py"))
    return (chapbook.__version__, installed, code)
