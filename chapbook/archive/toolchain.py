"""Makes the lock of an edition, with every component that affects its outputs, and compares two."""

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
# Names and versions are printed in a shell command; other characters are not safe (PEP 440).
_PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*")


@dataclass(frozen=True, slots=True)
class Difference:
    """A component with another version or content than in the lock; None where it is missing.

    `is_systems` means that the system provides it: pip cannot install it.
    """

    component: str
    locked: str | None
    here: str | None
    is_systems: bool = False

    def __str__(self) -> str:
        return f"{self.component}: {self.locked or 'none'} in the lock, {self.here or 'none'} here"


def toolchain() -> dict[str, Any]:
    """Return the present toolchain, ready for JSON. Raises ToolchainError if a part is missing."""
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
            "zlib": zlib.ZLIB_RUNTIME_VERSION,  # compresses the EPUB; zlib-ng gives other bytes
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
    """Return the digest of our own modules, because a checkout's version is not enough."""
    folder = Path(chapbook.__file__).parent
    sums = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        sums.update(
            f"{path.relative_to(folder).as_posix()}\0{_digest(path.read_bytes())}\n".encode()
        )
    return sums.hexdigest()


def _name(package: Distribution) -> str:
    """Return the normalized name of the package (Python packaging guide, name normalization)."""
    return re.sub(r"[-_.]+", "-", package.metadata["Name"]).lower()


def _required() -> list[Distribution]:
    """Return the installed packages that Chapbook requires, directly or not; sorted by name."""
    from packaging.requirements import Requirement

    packages: dict[str, Distribution] = {}
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
            continue  # for another system, or not needed here
        packages[_name(package)] = package
        for line in package.requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                waiting += [(needed.name, each) for each in ("", *sorted(needed.extras))]
    if _OWN not in packages:  # run from a checkout that is not installed: take all packages here
        packages = {_name(package): package for package in distributions()}
    packages.pop(_OWN, None)
    return [packages[name] for name in sorted(packages)]


def _installed_digest(package: Distribution) -> str:
    """Return the digest of the files of *package*, from the digests that its RECORD lists.

    Files that installers add (scripts, their own notes, bytecode) differ between machines, so they
    are left out.
    """
    rows = csv.reader((package.read_text("RECORD") or "").splitlines())
    kept = sorted(
        f"{row[0]}\0{row[1]}"
        for row in rows
        if len(row) > 1 and row[1] and ".dist-info/" not in row[0] and not row[0].startswith("..")
    )
    return _digest("\n".join(kept).encode())


# Two toolchains --------------------------------------------------------------------------------


def read_lock(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return *value* if it is a lock, else nothing: an archive may come from anywhere."""
    packages = value.get("packages")
    is_lock = (
        all(isinstance(value.get(key), dict) for key in ("chapbook", "libraries", "faces"))
        and all(isinstance(value.get(key), str) for key in ("python", "platform"))
        and isinstance(packages, dict)
        and all(isinstance(package, dict) for package in packages.values())
        and all(map(_PIN.fullmatch, packages))
        and all(
            _PIN.fullmatch(str(package.get("version")))
            for package in (value["chapbook"], *packages.values())
        )
    )
    return value if is_lock else {}


def differences(lock: Mapping[str, Any], here: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return the components that differ; those that most likely change pages come first."""
    locked, present = dict(_components(lock)), dict(_components(here))
    return tuple(
        Difference(name, locked.get(name), present.get(name), name in _system(lock, here))
        for name in dict.fromkeys([*locked, *present])
        if locked.get(name) != present.get(name)
    )


def _system(*toolchains: Mapping[str, Any]) -> frozenset[str]:
    """Return the components that the system provides; pandoc comes as a package."""
    libraries = (name for each in toolchains for name in each["libraries"])
    return frozenset({"Python", "platform", *libraries} - {"pandoc"})


def _components(toolchain: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    own = toolchain.get("chapbook", {})
    yield "Chapbook", _version_and_digest(own)
    for name, version in toolchain.get("libraries", {}).items():
        yield name, str(version)
    for name, package in toolchain.get("packages", {}).items():
        yield name, _version_and_digest(package)
    for name, digest in toolchain.get("faces", {}).items():
        yield f"face {name}", str(digest)[:12]
    yield "Python", str(toolchain.get("python"))
    yield "platform", str(toolchain.get("platform"))


def _version_and_digest(package: Mapping[str, str]) -> str:
    """Return version and digest as a phrase: the same version may have different content."""
    return f"{package.get('version')} ({str(package.get('sha256'))[:12]})"


def install_command(lock: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """Return the command that installs the Python packages of *lock*, each in its exact version.

    It includes Chapbook itself only if its version differs from *here*.
    """
    is_other = lock["chapbook"]["version"] != here["chapbook"]["version"]
    own = {_OWN: lock["chapbook"]} if is_other else {}
    packages = {**own, **lock["packages"]}
    pins = (f"{name}=={package['version']}" for name, package in packages.items())
    return " ".join(["python -m pip install", *pins])
