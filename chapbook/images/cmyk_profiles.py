"""The CMYK profile that PDF/X names as the press's: found on the system, or given beside the text.

None can be shipped as a package: those of the printing associations are not free. Debian's
libgs-common has one of Artifex's under the AGPL, which is our own license.
"""

from __future__ import annotations

from pathlib import Path

from chapbook.model.errors import ToolchainError

_PLACES = (
    "/usr/share/color/icc/ghostscript/default_cmyk.icc",  # Debian, Ubuntu, Arch
    "/usr/share/ghostscript/iccprofiles/default_cmyk.icc",  # Fedora
    "/opt/homebrew/share/ghostscript/iccprofiles/default_cmyk.icc",
    "/usr/local/share/ghostscript/iccprofiles/default_cmyk.icc",
)


def cmyk_profile() -> bytes:
    """The bytes of the profile. Raises ToolchainError with the command that installs one."""
    for place in _PLACES:
        path = Path(place)
        if path.is_file():
            return path.read_bytes()
    raise ToolchainError(
        "this printer wants PDF/X, and here is no CMYK profile for it",
        remedy="apt-get install libgs-common, or install Ghostscript",
    )
