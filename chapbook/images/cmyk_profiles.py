"""The CMYK profile of the press for PDF/X, which is looked up on the system.

Chapbook cannot ship a profile, because those of the printing associations are not free. Debian's
libgs-common has one by Artifex under the AGPL, which is our own license.
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
    """Return the bytes of the profile.

    Raises ToolchainError, with the command that installs one, if there is none.
    """
    for place in _PLACES:
        path = Path(place)
        if path.is_file():
            return path.read_bytes()
    raise ToolchainError(
        "this printer requires PDF/X, but there is no CMYK profile for it",
        remedy="apt-get install libgs-common, or install Ghostscript",
    )
