"""The adapter of ocfl-py, which validates the form and digests of an archive, and opens URLs."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from typing import Any

_REMARK = re.compile(r"\[(?P<code>[EW]\d+\w?)\] (?P<text>.*?)(?: \(see https://\S+\))?")
_UNKNOWN_LAYOUT = "E071"  # ocfl-py 2.1 does not know the extension 0004, which we do


def remarks_on_object(place: Any) -> list[str]:
    """Return each breach of the rules in the object at *place*, a path or an fsspec file system."""
    with _quiet():
        from ocfl.validator import Validator

        validator = Validator()
        try:
            validator.validate_object(place)
        except Exception as error:  # noqa: BLE001 - it expects well-formed files
            return [f"ocfl-py cannot read on: {type(error).__name__}: {error}"]
        return [_without_link(message) for message in validator.log.messages]


def remarks_on_root(root: Any) -> list[str]:
    """Return each breach of the rules in the storage root, but not in its objects.

    *root* is a path or an fsspec file system.
    """
    with _quiet():
        from ocfl.storage_root import StorageRoot

        storage_root = StorageRoot(root=root)
        try:
            storage_root.validate(validate_objects=False)
        except Exception as error:  # noqa: BLE001 - it expects well-formed files
            return [f"ocfl-py cannot read on: {type(error).__name__}: {error}"]
        messages = storage_root.log.messages if storage_root.log else []
        return [_without_link(message) for message in messages if _UNKNOWN_LAYOUT not in message]


def file_system(url: str) -> Any:
    """Return the fsspec file system at *url*, opened by ocfl-py, with the errors that it raises."""
    with _quiet():
        from ocfl.fsw import fsw_openfs

        scheme, _, rest = url.partition("://")
        if scheme != "s3":
            return fsw_openfs(url)
        # In S3, ocfl-py opens only an existing prefix. For a new archive, open the bucket.
        path, mark, options = rest.partition("?")
        bucket, _, prefix = path.strip("/").partition("/")
        return folder_of(fsw_openfs(f"s3://{bucket}{mark}{options}"), prefix)


def folder_of(file_system: Any, folder: str) -> Any:
    """Return the *folder* of a file system as a file system."""
    with _quiet():
        from ocfl.fsw import fsw_opendir_as_fs

        return fsw_opendir_as_fs(file_system, folder) if folder else file_system


def _without_link(message: str) -> str:
    """Return a message without its link; the code in brackets is the rule's name in OCFL 1.1."""
    match = _REMARK.fullmatch(message)
    return f"{match['text']} (OCFL {match['code']})" if match else message


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Pairtree, which ocfl-py imports, from printing the log of every library."""
    handler = logging.NullHandler()
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
