"""The nearest known name to one that an author misspelt, for the advice of a finding."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The one of *known* that is most like *word*, whatever their capitals; "" where none is.

    >>> nearest("Map.PNG", ["map.png", "plan.png"])
    'map.png'
    """
    spelled: dict[str, str] = {}
    for name in sorted(known):
        spelled.setdefault(name.casefold(), name)
    found = difflib.get_close_matches(word.casefold(), spelled, n=1, cutoff=likeness)
    return spelled[found[0]] if found else ""


def did_you_mean(word: str, known: Iterable[str], otherwise: str, likeness: float = 0.6) -> str:
    """The question after the nearest of *known*; *otherwise* where none is near.

    >>> did_you_mean("autor", ["author", "title"], "it has no effect")
    'did you mean “author”?'
    """
    found = nearest(word, known, likeness)
    return f"did you mean “{found}”?" if found else otherwise
