"""What the archive speaks of: versions and their stamps. Pure values, for all its modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stamp:
    """When, why and by whom a version was made: what an inventory says of each."""

    created: str  # RFC 3339, with its zone
    message: str
    user: Mapping[str, str]  # name, address (a URI); may be empty in an archive by another tool


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one object, as its inventory tells it."""

    work: str
    number: int  # from 1, without a gap
    stamp: Stamp
    files: Mapping[str, str]  # logical path -> digest, hexadecimal, in lower case
    digest_algorithm: str  # "sha512", or "sha256" in an archive by another tool
