"""The lock of an edition: everything that had a part in its outputs, and how another differs."""

from __future__ import annotations

import csv
import hashlib
import platform
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path
from typing import Any

import chapbook

_OWN = "chapbook"
# Names and versions are printed as a command for a shell: nothing else may stand in them (PEP 440).
_PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*")


@dataclass(frozen=True, slots=True)
class Difference:
    """A component whose version or content is not the lock's; None where it is missing.

    One of the system's is not among the packages that pip installs.
    """

    component: str
    locked: str | None
    here: str | None
    is_systems: bool = False

    def __str__(self) -> str:
        return f"{self.component}: {self.locked or 'none'} in the lock, {self.here or 'none'} here"


def toolchain() -> dict[str, Any]:
    """What builds here and now, ready for JSON. Raises ToolchainError where a part is missing."""
    from chapbook.design import fonts
    from chapbook.reading import pandoc
    from chapbook.weasy.native import library_versions

    faces = {name: _digest(path.read_bytes()) for name, path in sorted(fonts.files().items())}
    return {
        "chapbook": {"version": chapbook.__version__, "sha256": _own_code()},
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": _platform(),
        "libraries": {
            "pandoc": pandoc.version(),
            **library_versions(),
            "zlib": zlib.ZLIB_RUNTIME_VERSION,  # packs the EPUB; zlib-ng packs it otherwise
        },
        "packages": {
            _name(package): {"version": package.version, "sha256": _installed_digest(package)}
            for package in _required()
        },
        "faces": faces,
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _platform() -> str:
    libc = " ".join(filter(None, platform.libc_ver()))
    return " ".join(filter(None, [platform.system(), platform.machine(), libc]))


def _own_code() -> str:
    """The digest of our own modules: a checkout's version says little."""
    folder = Path(chapbook.__file__).parent
    sums = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        sums.update(
            f"{path.relative_to(folder).as_posix()}\0{_digest(path.read_bytes())}\n".encode()
        )
    return sums.hexdigest()


def _name(package: Distribution) -> str:
    """The package's name as PyPI compares names (Python packaging guide, name normalization)."""
    return re.sub(r"[-_.]+", "-", package.metadata["Name"]).lower()


def _required() -> list[Distribution]:
    """All that Chapbook requires, and what that requires, as installed here; sorted by name."""
    from packaging.requirements import Requirement

    found: dict[str, Distribution] = {}
    seen = set()
    waiting = [(_OWN, "")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue  # for another system, or not needed where it runs
        found[_name(package)] = package
        for line in package.requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                waiting += [(needed.name, each) for each in ("", *sorted(needed.extras))]
    if _OWN not in found:  # run from a checkout that is not installed: whatever is here counts
        found = {_name(package): package for package in distributions()}
    found.pop(_OWN, None)
    return [found[name] for name in sorted(found)]


def _installed_digest(package: Distribution) -> str:
    """The digest of the files that *package* brought, by the digests its RECORD lists.

    What installers add there (scripts, their own notes, bytecode) is another on every machine.
    """
    rows = csv.reader((package.read_text("RECORD") or "").splitlines())
    kept = sorted(
        f"{row[0]}\0{row[1]}"
        for row in rows
        if len(row) > 1 and row[1] and ".dist-info/" not in row[0] and not row[0].startswith("..")
    )
    return _digest("\n".join(kept).encode())


# Two of them -----------------------------------------------------------------------------------


def read_lock(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """*told* as a lock; empty where it is none: an archive may come from anywhere."""
    packages = told.get("packages")
    is_lock = (
        all(isinstance(told.get(key), dict) for key in ("chapbook", "libraries", "faces"))
        and all(isinstance(told.get(key), str) for key in ("python", "platform"))
        and isinstance(packages, dict)
        and all(isinstance(package, dict) for package in packages.values())
        and all(map(_PIN.fullmatch, packages))
        and all(
            _PIN.fullmatch(str(package.get("version")))
            for package in (told["chapbook"], *packages.values())
        )
    )
    return told if is_lock else {}


def differences(lock: Mapping[str, Any], here: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What of *here* is not as in *lock*, what most likely changes pages first."""
    locked, found = dict(_components(lock)), dict(_components(here))
    return tuple(
        Difference(name, locked.get(name), found.get(name), name in _system(lock, here))
        for name in dict.fromkeys([*locked, *found])
        if locked.get(name) != found.get(name)
    )


def _system(*toolchains: Mapping[str, Any]) -> frozenset[str]:
    """The components that the system brings; pandoc comes as a package."""
    libraries = (name for each in toolchains for name in each["libraries"])
    return frozenset({"Python", "platform", *libraries} - {"pandoc"})


def _components(toolchain: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    own = toolchain.get("chapbook", {})
    yield "Chapbook", _told(own)
    for name, version in toolchain.get("libraries", {}).items():
        yield name, str(version)
    for name, package in toolchain.get("packages", {}).items():
        yield name, _told(package)
    for name, digest in toolchain.get("faces", {}).items():
        yield f"face {name}", str(digest)[:12]
    yield "Python", str(toolchain.get("python"))
    yield "platform", str(toolchain.get("platform"))


def _told(package: Mapping[str, str]) -> str:
    """Version and content in a phrase: two of one version may still differ."""
    return f"{package.get('version')} ({str(package.get('sha256'))[:12]})"


def install_command(lock: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """The command that installs the Python packages of *lock*, each in its very version.

    Chapbook itself only where it is another version than *here*.
    """
    is_other = lock["chapbook"]["version"] != here["chapbook"]["version"]
    own = {_OWN: lock["chapbook"]} if is_other else {}
    packages = {**own, **lock["packages"]}
    pins = (f"{name}=={package['version']}" for name, package in packages.items())
    return " ".join(["python -m pip install", *pins])
