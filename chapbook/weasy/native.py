"""Reads the versions of Pango and of the libraries below it from the loaded libraries."""

from __future__ import annotations

import ctypes
from contextlib import suppress

from chapbook.weasy.loading import load

# WeasyPrint's own names for Pango, in its order, so that we load the same library.
_PANGO = (
    "libpangoft2-1.0-0",
    "pangoft2-1.0-0",
    "pangoft2-1.0",
    "libpangoft2-1.0.so.0",
    "libpangoft2-1.0.dylib",
    "libpangoft2-1.0-0.dll",
)


def library_versions() -> dict[str, str]:
    """Return the versions of the libraries below WeasyPrint by name, or "unknown".

    Raises ToolchainError if Pango is missing.
    """
    load()
    pango = _loaded()
    versions = dict.fromkeys(("pango", "harfbuzz", "fontconfig", "glib", "freetype"), "unknown")
    if pango is None:
        return versions
    # A symbol is looked for in a library and in those that it needs (dlsym, POSIX.1-2017).
    with suppress(AttributeError):
        versions["pango"] = _text(pango, "pango_version_string")
    with suppress(AttributeError):
        versions["harfbuzz"] = _text(pango, "hb_version_string")
    with suppress(AttributeError):
        number = int(pango.FcGetVersion())
        versions["fontconfig"] = f"{number // 10000}.{number // 100 % 100}.{number % 100}"
    with suppress(ValueError):
        parts = (f"glib_{part}_version" for part in ("major", "minor", "micro"))
        versions["glib"] = ".".join(str(ctypes.c_uint.in_dll(pango, part).value) for part in parts)
    with suppress(AttributeError):
        versions["freetype"] = _freetype(pango)
    with suppress(ValueError):
        version = ctypes.c_char_p.in_dll(pango, "fribidi_version_info").value or b""
        # "(GNU FriBidi) 1.0.8 interface version 4, …"
        versions["fribidi"] = (
            version.decode(errors="replace").partition(") ")[2].split(maxsplit=1)[0]
        )
    return versions


def _loaded() -> ctypes.CDLL | None:
    for name in _PANGO:
        with suppress(OSError):
            return ctypes.CDLL(name)
    return None


def _text(library: ctypes.CDLL, function: str) -> str:
    ask = getattr(library, function)
    ask.restype = ctypes.c_char_p
    return bytes(ask()).decode()


def _freetype(library: ctypes.CDLL) -> str:
    engine = ctypes.c_void_p()
    if library.FT_Init_FreeType(ctypes.byref(engine)):
        return "unknown"
    parts = [ctypes.c_int() for _ in range(3)]
    library.FT_Library_Version(engine, *map(ctypes.byref, parts))
    library.FT_Done_FreeType(engine)
    return ".".join(str(part.value) for part in parts)
