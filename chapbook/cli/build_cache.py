"""What was built from what: so that an unchanged rebuild is known without doing it.

The record lies beside the outputs. It is only ever a shortcut: without it, or when it cannot be
read, everything is built anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import chapbook
from chapbook.reading.source_files import build_files, stem_of

RECORD_NAME = ".chapbook.json"


class Entry(NamedTuple):
    """One output: the digest of all that went into it, of what came out, and its extent."""

    inputs: str
    assets: tuple[str, ...]
    output: str
    extent: str


def load(folder: Path) -> dict[str, Entry]:
    """The record in *folder* by output name; empty where there is none that can be read."""
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
    """The record as the file's bytes."""
    rows = {name: entry._asdict() for name, entry in sorted(entries.items())}
    return json.dumps(rows, indent=1).encode()


def inputs_digest(manuscript: str, assets: Iterable[str]) -> str:
    """The digest of everything that an output of the manuscript at this path depends on."""
    read = build_files(manuscript, assets)
    files = {"settings": read.settings}
    files |= {f"template {name}": path for name, path in read.templates.items()}
    files |= {f"asset {name}": path for name, path in read.beside.items()}
    sums = hashlib.sha256(repr((stem_of(manuscript), _toolchain())).encode())
    for name, path in sorted(files.items()):
        sums.update(f"{name}\0{_digest_file(path)}\n".encode())
    return sums.hexdigest()


def is_current(entry: Entry | None, inputs: str, output: Path) -> bool:
    """Whether *output* is there, unaltered, and made from *inputs*."""
    return entry is not None and entry.inputs == inputs and _digest_file(output) == entry.output


def _digest_file(path: Path) -> str:
    try:
        # A pipe would be waited for, and has no state to come back to.
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
    except (OSError, ValueError):
        return "missing"


def _toolchain() -> tuple[object, ...]:
    """The versions of all that is installed beside us, and the state of our own code.

    Read from the folders' names: importing the packages to ask them would take a second.
    """
    import click

    packages = Path(click.__file__).parents[1]
    installed = sorted(path.name for path in packages.iterdir() if path.suffix == ".dist-info")
    own = Path(chapbook.__file__).parent
    code = sorted((path.name, path.stat().st_mtime_ns) for path in own.rglob("*.py"))
    return (chapbook.__version__, installed, code)
