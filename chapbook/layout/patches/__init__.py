"""Patches of ziamath, which draws formulas: a file for each of its modules, named after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chapbook.layout.patches import nodes_mnode, nodes_mtable
from chapbook.model.patching import Patches

VERSION = "0.13"
"""The version of ziamath that the patches were written for."""

PATCHES = Patches(*nodes_mnode.PATCHES, *nodes_mtable.PATCHES)


@contextmanager
def patched() -> Iterator[Any]:
    """Yield the module of ziamath that draws, with its patches applied."""
    import ziamath.zmath

    with PATCHES.on():
        yield ziamath.zmath
