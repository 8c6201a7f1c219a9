"""Imports WeasyPrint late, quickly, and without the system's fonts."""

from __future__ import annotations

import ctypes.util
import importlib
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from chapbook.design import fonts
from chapbook.model.errors import ToolchainError

_PANGO_REMEDY = (
    "install Pango: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 · "
    "dnf install pango · brew install pango"
)
_UNUSED = ("fontTools.varLib", "fontTools.varLib.instancer", "fontTools.subset")


def load() -> Any:
    """Return WeasyPrint, imported late (0.3 s) and without the system's fonts.

    Raises ToolchainError if Pango is missing.
    """
    try:
        with fonts.confined(), warnings.catch_warnings(), _quick_import():
            warnings.filterwarnings("ignore", "No fonts configured")  # confined on purpose
            import weasyprint
    except OSError as cause:
        library = re.search(r"cannot load library '([^']+)'", str(cause))
        name = library[1] if library else "a library"
        raise ToolchainError(f"WeasyPrint cannot load {name}", remedy=_PANGO_REMEDY) from cause
    return weasyprint


@contextmanager
def _quick_import() -> Iterator[None]:
    """Halve the time that the import of WeasyPrint takes.

    WeasyPrint asks for its libraries by names that exist only on other systems. For each of them
    ctypes starts ldconfig, gcc and ld (0.2 s, and a manuscript should not start a compiler). On
    Linux the search is left out, since WeasyPrint also asks for the names that the linker knows.
    It also imports fontTools' subsetter and instancer (0.1 s), which our fonts do not need.
    """
    find_library = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None  # noqa: ARG005
    deferred = {name: _Deferred(name) for name in _UNUSED if name not in sys.modules}
    sys.modules.update(deferred)
    try:
        yield
    finally:
        ctypes.util.find_library = find_library
        for name in deferred:
            del sys.modules[name]


class _Deferred(ModuleType):
    """Replaces a module, and imports it when one of its functions is called."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []  # as a package, so that modules below it can be replaced too

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*arguments: Any, **options: Any) -> Any:
            return getattr(importlib.import_module(self.__name__), name)(*arguments, **options)

        return call
