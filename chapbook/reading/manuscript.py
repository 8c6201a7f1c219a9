"""The left edge: read and decode the bytes of a manuscript."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from chapbook.model.document import Manuscript
from chapbook.model.errors import Place, SourceError
from chapbook.reading.source_files import INDEX_NAME, STDIN_NAME, main_file, stem_of

MAXIMUM_BYTES = 64 * 2**20  # the longest novels have 5 MB; more is a mistake or an attack

UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# XML 1.0 forbids some of these (2.2, Characters), so no EPUB could contain them. HTML forbids the
# rest (13.2.3.5, controls and noncharacters). C1 controls come from Windows-1252 read as Latin-1.
CONTROL_CHARACTER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(
        f"{chr(plane * 0x10000 + 0xFFFE)}-{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)
    )
    + "]"
)


def read_manuscript(path: str) -> Manuscript:
    """Read the manuscript at *path*: a file, a folder with `index.md`, or `-` for standard input.

    Raises SourceError if it is missing, no file, not UTF-8, empty, or no text.
    """
    stem = _readable(stem_of(path))
    if path == STDIN_NAME:
        return decode("standard input", stem, sys.stdin.buffer.read(MAXIMUM_BYTES + 1))
    file = main_file(path)
    # Keep the name that the user wrote: `Path` would drop a `./`.
    name = path if file == Path(path) else str(file)
    return decode(_readable(name), stem, _read_bytes(file, path))


def _readable(name: str) -> str:
    """Return *name* as printable text: the name of a file can be any bytes."""
    return CONTROL_CHARACTER.sub("\ufffd", os.fsencode(name).decode("utf-8", "replace"))


def _read_bytes(file: Path, name: str) -> bytes:
    where = Place(_readable(name))
    try:
        with file.open("rb") as stream:
            return stream.read(MAXIMUM_BYTES + 1)
    except FileNotFoundError as error:
        raise SourceError(
            "there is no such file", where=where, remedy="check the name and the folder"
        ) from error
    except IsADirectoryError as error:
        raise SourceError(
            f"this is a folder without {INDEX_NAME}",
            where=where,
            remedy=f"name one Markdown file in it, or list its chapters in an {INDEX_NAME}",
        ) from error
    except OSError as error:
        raise SourceError(
            f"cannot be read: {error.strerror}",
            where=where,
            remedy="check its name and permissions",
        ) from error
    except ValueError as error:  # a NUL in the name
        raise SourceError("no file can have this name", where=where) from error


def decode(name: str, stem: str, content: bytes) -> Manuscript:
    """Return the manuscript in *content*. Raises SourceError with the byte that is wrong."""
    text = decode_text(name, content)
    if not text.strip():
        raise SourceError("the manuscript is empty", where=Place(name), remedy="write something")
    return Manuscript(name=name, stem=stem, content=content, text=text)


def decode_text(name: str, content: bytes) -> str:
    """Return the text of the file *name* with LF line ends. Raises SourceError as `decode` does."""
    if len(content) > MAXIMUM_BYTES:
        raise SourceError(
            f"longer than {MAXIMUM_BYTES // 2**20} MB",
            where=Place(name),
            remedy="split it into several manuscripts",
        )
    try:
        text = content.removeprefix(UTF8_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start + (len(UTF8_BOM) if content.startswith(UTF8_BOM) else 0)
        kind = "UTF-16, " if content.startswith(_UTF16_BOMS) else ""
        raise SourceError(
            f"{kind}not UTF-8: byte {offset} is 0x{content[offset]:02x}",
            where=Place(name, content.count(b"\n", 0, offset) + 1),
            remedy="save it as UTF-8 in your editor",
        ) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if match := CONTROL_CHARACTER.search(text):
        raise SourceError(
            f"the control character U+{ord(match[0]):04X}, which a book cannot contain",
            where=Place(name, text.count("\n", 0, match.start()) + 1),
            remedy="delete it; a file full of them is not a text file",
        )
    return text
