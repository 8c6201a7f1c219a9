"""Describes how the outputs of an edition were made: an in-toto Statement, SLSA v1 predicate.

Both forms are public: in-toto's attestation framework (Statement v1, ResourceDescriptor) and SLSA
v1.0's build provenance. Package URLs name the build type and the builder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

_STATEMENT = "https://in-toto.io/Statement/v1"
_PREDICATE = "https://slsa.dev/provenance/v1"
_BUILD_TYPE = "pkg:pypi/chapbook#release/v1"  # parameters and materials as written below


def statement(
    outputs: Mapping[str, bytes],
    inputs: Mapping[str, bytes],
    parameters: Mapping[str, Any],
    lock: Mapping[str, Any],
    moment: str,
) -> dict[str, Any]:
    """Return the statement that the toolchain *lock* made *outputs* from *inputs*.

    *parameters* are the choices of the user, *moment* is the time of the start (RFC 3339).
    """
    version = lock["chapbook"]["version"]
    return {
        "_type": _STATEMENT,
        "subject": [_file(path, content) for path, content in outputs.items()],
        "predicateType": _PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": _BUILD_TYPE,
                "externalParameters": dict(parameters),
                "internalParameters": {"python": lock["python"], "platform": lock["platform"]},
                "resolvedDependencies": [
                    *(_file(path, content) for path, content in inputs.items()),
                    *_tools(lock),
                ],
            },
            "runDetails": {
                "builder": {"id": f"pkg:pypi/chapbook@{version}", "version": {"chapbook": version}},
                "metadata": {"startedOn": moment},
            },
        },
    }


def _file(path: str, content: bytes) -> dict[str, Any]:
    return {"name": path, "digest": {"sha256": hashlib.sha256(content).hexdigest()}}


def _tools(lock: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the tools as resources.

    The digest is of installed files, not of a wheel. Therefore it is an annotation.
    """
    own = {"chapbook": lock["chapbook"]}
    for name, package in {**own, **lock["packages"]}.items():
        yield {
            "name": name,
            "uri": f"pkg:pypi/{name}@{package['version']}",
            "annotations": {"installed-sha256": package["sha256"]},
        }
    for name, version in lock["libraries"].items():
        yield {"name": name, "uri": f"pkg:generic/{name}@{version}"}
    for name, digest in lock["faces"].items():
        yield {"name": name, "digest": {"sha256": digest}}
