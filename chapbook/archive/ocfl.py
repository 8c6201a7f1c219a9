"""The adapter of ocfl-py: it judges an archive's form and digests, and it opens URLs."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from typing import Any

_REMARK = re.compile(r"\[(?P<code>[EW]\d+\w?)\] (?P<told>.*?)(?: \(see https://\S+\))?")
_UNKNOWN_LAYOUT = "E071"  # ocfl-py 2.1 does not know the extension 0004, which we do


def remarks_on_object(place: Any) -> list[str]:
    """What breaks the rules in the object at *place*, a path or an fsspec file system."""
    with _quiet():
        from ocfl.validator import Validator

        validator = Validator()
        try:
            validator.validate_object(place)
        except Exception as error:  # noqa: BLE001 - it takes what it reads for well-formed
            return [f"ocfl-py cannot read on: {type(error).__name__}: {error}"]
        return [_told(message) for message in validator.log.messages]


def remarks_on_root(root: Any) -> list[str]:
    """What breaks the rules in the storage root, a path or a file system; its objects aside."""
    with _quiet():
        from ocfl.storage_root import StorageRoot

        judged = StorageRoot(root=root)
        try:
            judged.validate(validate_objects=False)
        except Exception as error:  # noqa: BLE001 - it takes what it reads for well-formed
            return [f"ocfl-py cannot read on: {type(error).__name__}: {error}"]
        messages = judged.log.messages if judged.log else []
        return [_told(message) for message in messages if _UNKNOWN_LAYOUT not in message]


def file_system(url: str) -> Any:
    """The fsspec file system at *url*, opened by ocfl-py's file layer. Raises what that raises."""
    with _quiet():
        from ocfl.fsw import fsw_openfs

        scheme, _, rest = url.partition("://")
        if scheme != "s3":
            return fsw_openfs(url)
        # Of S3 it opens only what is there, and a new archive's prefix is not: open the bucket.
        path, mark, options = rest.partition("?")
        bucket, _, prefix = path.strip("/").partition("/")
        return folder_of(fsw_openfs(f"s3://{bucket}{mark}{options}"), prefix)


def folder_of(file_system: Any, folder: str) -> Any:
    """The *folder* of a file system, as one."""
    with _quiet():
        from ocfl.fsw import fsw_opendir_as_fs

        return fsw_opendir_as_fs(file_system, folder) if folder else file_system


def _told(message: str) -> str:
    """A message without its link; the code in brackets is the rule's name in OCFL 1.1."""
    found = _REMARK.fullmatch(message)
    return f"{found['told']} (OCFL {found['code']})" if found else message


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Pairtree, which ocfl-py imports, from letting every library's log be printed."""
    nowhere = logging.NullHandler()
    logging.getLogger().addHandler(nowhere)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(nowhere)
