"""An archive in memory, for tests of the layers above it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from chapbook.archive.store import Archive
from chapbook.archive.values import Stamp, Version
from chapbook.model.errors import ArchiveChanged, Finding


class MemoryArchive(Archive):
    """Keeps the promises of `Archive` but the one that it lasts."""

    def __init__(self) -> None:
        self.root = "memory"
        self.kept: dict[str, list[Version]] = {}
        self.contents: dict[str, bytes] = {}

    def works(self) -> Iterator[str]:
        yield from sorted(self.kept)

    def versions(self, work: str) -> tuple[Version, ...]:
        return tuple(self.kept.get(work, ()))

    def read(self, version: Version, path: str) -> bytes:
        return self.contents[version.files[path]]

    def add(self, work: str, files: Mapping[str, bytes], stamp: Stamp, *, after: int) -> Version:
        versions = self.kept.setdefault(work, [])
        if len(versions) != after:
            raise ArchiveChanged("another release came in between")
        digests = {path: hashlib.sha512(content).hexdigest() for path, content in files.items()}
        for path, digest in digests.items():
            self.contents[digest] = files[path]
        versions.append(Version(work, len(versions) + 1, stamp, digests, "sha512"))
        return versions[-1]

    def verify(self, work: str | None = None, number: int | None = None) -> Iterator[Finding]:  # noqa: ARG002
        yield from ()
