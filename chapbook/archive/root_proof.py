"""Verifies a whole archive: its objects, the files that describe it, and stray files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from chapbook.archive import layouts, ocfl, proof
from chapbook.archive.inventory import FILE
from chapbook.archive.root import EXTENSIONS, KNOWN_EXTENSIONS, LAYOUT_FILE, OBJECT, Root, is_object
from chapbook.archive.storage import LOCK, STAGING, Entry, content_of, entries_of
from chapbook.model.errors import Code, Finding, Place, error, warning

_DOCUMENTS = re.compile(
    r"(README|ocfl_1\.[01]|[0-9]{4}-[a-z0-9-]+)(\.(md|txt|html?|pdf))?", re.IGNORECASE
)
_SMALL = 1024 * 1024
_ALIKE = 0.9  # of all bytes; a file this similar to ours is ours and was altered


def of_root(root: Root) -> Iterator[Finding]:
    """Yield everything that is wrong with the archive."""
    root.assure_there()
    yield from _declared(root)
    yield from _extensions(root)
    for entry in entries_of(root.storage, ""):
        if entry.is_folder and entry.name != EXTENSIONS:
            yield from _hierarchy(root, entry.name)
        elif entry.name not in {f"0=ocfl_{root.spec}", LAYOUT_FILE, EXTENSIONS}:
            yield from _beside(root, entry)
    where = Place(root.storage.name)
    for remark in ocfl.remarks_on_root(root.storage.for_judge("")):
        yield error(Code.ARCHIVE_INVALID, remark, where)


def _hierarchy(root: Root, folder: str) -> Iterator[Finding]:
    """Report errors in the objects at or below *folder*, and other files there."""
    entries = entries_of(root.storage, folder)
    if is_object(entries):
        yield from proof.of_object(root, folder)
        return
    if not entries:
        message = "this folder is empty, which OCFL does not allow"
        yield error(Code.ARCHIVE_STRAY, message, _place(root, folder))
    if any(entry.name == FILE for entry in entries):
        message = "this file is missing, without which its folder is not an object"
        yield error(Code.ARCHIVE_MISSING, message, _place(root, f"{folder}/{OBJECT}{root.spec}"))
        return
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if entry.is_folder:
            yield from _hierarchy(root, path)
        elif entry.name.startswith("0="):
            message = "this declares no OCFL object that Chapbook knows"
            yield error(Code.ARCHIVE_STRAY, message, _place(root, path))
        else:
            message = "this is in no object"
            yield error(Code.ARCHIVE_STRAY, message, _place(root, path))


def _beside(root: Root, entry: Entry) -> Iterator[Finding]:
    """Report a file at the top that is not a document, which OCFL 1.1 allows in section 4.1."""
    if not _DOCUMENTS.fullmatch(entry.name) or not entry.is_plain:
        message = "this file at the top of the archive is none of OCFL's"
        yield warning(Code.ARCHIVE_STRAY, message, _place(root, entry.name))


def _declared(root: Root) -> Iterator[Finding]:
    """Report altered or missing files that declare the layout of the root."""
    layout = content_of(root.storage, LAYOUT_FILE, _SMALL)
    if layout is not None and _is_alike(layout, layouts.standard_layout()):
        config = f"{EXTENSIONS}/{layouts.HASHED_WITH_ID}/config.json"
        settings = content_of(root.storage, config, _SMALL)
        if layout != layouts.standard_layout():
            yield error(Code.ARCHIVE_ALTERED, "this file was altered", _place(root, LAYOUT_FILE))
        if settings is None:
            yield error(Code.ARCHIVE_MISSING, "this file is missing", _place(root, config))
        elif settings != layouts.standard_config():
            yield error(Code.ARCHIVE_ALTERED, "this file was altered", _place(root, config))
    if root.layout is None:
        for entry in entries_of(root.storage, EXTENSIONS):
            if entry.name in layouts.names():
                message = f"this file is missing; the archive is laid out by {entry.name}"
                yield error(Code.ARCHIVE_MISSING, message, _place(root, LAYOUT_FILE))


def _is_alike(found: bytes, ours: bytes) -> bool:
    """Return whether *found* is a file of ours that was altered, and not another tool's."""
    return SequenceMatcher(None, found, ours, autojunk=False).ratio() >= _ALIKE


def _extensions(root: Root) -> Iterator[Finding]:
    """Report everything in `extensions` except the settings of extensions that we know."""
    staging = STAGING.rpartition("/")[2]
    for entry in entries_of(root.storage, EXTENSIONS):
        path = f"{EXTENSIONS}/{entry.name}"
        if entry.name == staging:
            if any(left.name != LOCK for left in entries_of(root.storage, path)):
                message = (
                    "a release is under way, or was interrupted; the next one clears this away"
                )
                yield warning(Code.ARCHIVE_UNFINISHED, message, _place(root, path))
        elif entry.name not in KNOWN_EXTENSIONS or not entry.is_folder:
            yield error(Code.ARCHIVE_STRAY, "this is not an extension of OCFL", _place(root, path))
        else:
            yield from _extension(root, path)


def _extension(root: Root, folder: str) -> Iterator[Finding]:
    for entry in entries_of(root.storage, folder):
        if entry.name != "config.json":
            message = "this is none of the extension's files"
            yield warning(Code.ARCHIVE_STRAY, message, _place(root, f"{folder}/{entry.name}"))


def _place(root: Root, path: str) -> Place:
    return Place(f"{root.storage.name}/{path}")
