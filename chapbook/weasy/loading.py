"""Import WeasyPrint: late, quickly, and kept from the system's fonts."""

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
    """WeasyPrint, imported late (0.3 s) and kept from the system's fonts.

    Raises ToolchainError where Pango is missing.
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
    """Halve the cost of importing WeasyPrint, by what it does not need.

    It asks for its libraries by names that exist on other systems only; for each, ctypes then
    starts ldconfig, gcc and ld (0.2 s, and a manuscript should not start a compiler). The names
    that the dynamic linker knows are in its list, so the search is left out on Linux.
    And it imports fontTools' subsetter and instancer (0.1 s), for fonts that are not ours.
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
    """Stands for a module until something of it is called, and only then imports it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []  # a package: modules below it can stand in too

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*arguments: Any, **options: Any) -> Any:
            return getattr(importlib.import_module(self.__name__), name)(*arguments, **options)

        return call
