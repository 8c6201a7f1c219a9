"""Returns the finished files of the newest editions, for a catalog."""

from __future__ import annotations

from collections.abc import Iterator

from chapbook.archive.editions import OUTPUTS_FOLDER, all_editions
from chapbook.archive.export import file_name
from chapbook.archive.snapshot import safe
from chapbook.archive.store import Archive


def newest_files(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """Yield every finished file of the newest edition of each work, in a folder for the work.

    The last of several printings is the newest. Raises EditionCorrupt if a file was altered.
    """
    for number, (_, editions) in enumerate(all_editions(archive), 1):
        ours = [edition for edition in editions if edition.record]
        if not ours:
            continue  # made by another tool, which does not say which files are finished ones
        newest = max(ours, key=lambda edition: edition.key)
        folder = f"{number}-{file_name(newest)}"
        for path in newest.outputs:
            name = safe(path.removeprefix(OUTPUTS_FOLDER))
            yield f"{folder}/{name}", archive.read(newest.version, path)
