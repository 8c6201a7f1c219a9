"""The values of the archive for all its modules: versions and their stamps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stamp:
    """When, why and by whom a version was made, as recorded in the inventory."""

    created: str  # RFC 3339, with its zone
    message: str
    user: Mapping[str, str]  # name, address (a URI); may be empty in an archive by another tool


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one object, as recorded in its inventory."""

    work: str
    number: int  # from 1, without a gap
    stamp: Stamp
    files: Mapping[str, str]  # logical path -> digest, hexadecimal, in lower case
    digest_algorithm: str  # "sha512", or "sha256" in an archive by another tool
