"""People who make books: what they did, in the words of each format, and their ORCID iDs."""

from __future__ import annotations

import re
from typing import NamedTuple


class Role(NamedTuple):
    """The role of a person: the code of a MARC relator, and its other names.

    `names` are the usual words for it, of which the first names a person. `schema` is the property
    of schema.org, and `opds` the one of the Readium Web Publication Manifest, if they have one.
    """

    code: str
    names: tuple[str, ...]
    schema: str = "contributor"
    opds: str = "contributor"


# The Library of Congress's MARC relators of people who make books.
ROLES = (
    Role("aft", ("afterword",)),
    Role("ann", ("annotator",)),
    Role("art", ("artist",), opds="artist"),
    Role("aui", ("foreword", "introduction", "preface")),
    Role("aut", ("author",), "author", "author"),
    Role("bkd", ("designer",)),
    Role("com", ("compiler",)),
    Role("cov", ("cover designer",)),
    Role("ctb", ("contributor",)),
    Role("edt", ("editor",), "editor", "editor"),
    Role("ill", ("illustrator",), "illustrator", "illustrator"),
    Role("nrt", ("narrator",), opds="narrator"),
    Role("pbl", ("publisher",)),
    Role("pfr", ("proofreader",)),
    Role("pht", ("photographer",)),
    Role("trl", ("translator",), "translator", "translator"),
)
CODES = {name: role.code for role in ROLES for name in role.names}
"""The codes of the roles, by their usual names."""

_OTHER = Role("", ())
_ORCID = re.compile(
    r"(?:(?:https?://)?(?:www\.)?orcid\.org/)?(?P<id>(?:[0-9]{4}-){3}[0-9]{3}[0-9Xx])/?"
)


def role_of(code: str) -> Role:
    """Return the role with the MARC relator *code*. One that is not listed has only general names.

    >>> role_of("trl").schema, role_of("pbl").schema, role_of("zzz").opds
    ('translator', 'contributor', 'contributor')
    """
    return next((role for role in ROLES if role.code == code), _OTHER)


def orcid_of(text: str) -> str | None:
    """Return the ORCID iD in *text*, bare or an address, or None if it is not valid.

    The last digit is a check digit (ISO 7064 MOD 11-2).

    >>> orcid_of("http://orcid.org/0000-0002-1825-0097")
    '0000-0002-1825-0097'
    >>> orcid_of("0000-0002-1825-0098") is None
    True
    """
    match = _ORCID.fullmatch(text.strip())
    if match is None:
        return None
    orcid = match["id"].upper()
    total = 0
    for digit in orcid[:-1].replace("-", ""):
        total = (total + int(digit)) * 2
    return orcid if "0123456789X"[(12 - total % 11) % 11] == orcid[-1] else None


def orcid_address(orcid: str) -> str:
    """Return *orcid* in the form that ORCID asks for: an https address."""
    return f"https://orcid.org/{orcid.rpartition('/')[2]}"
