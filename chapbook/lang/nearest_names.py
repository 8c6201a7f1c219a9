"""The known name that is most similar to a misspelled one, for the advice of a finding."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """Return the name in *known* that is most similar to *word*, or "" if none is similar.

    Case is ignored. *likeness* is the least similarity, from 0 to 1, as difflib measures it.

    >>> nearest("Map.PNG", ["map.png", "plan.png"])
    'map.png'
    """
    spelled: dict[str, str] = {}
    for name in sorted(known):
        spelled.setdefault(name.casefold(), name)
    matches = difflib.get_close_matches(word.casefold(), spelled, n=1, cutoff=likeness)
    return spelled[matches[0]] if matches else ""


def did_you_mean(word: str, known: Iterable[str], otherwise: str, likeness: float = 0.6) -> str:
    """Return a question that suggests the nearest name in *known*, or *otherwise* if none is near.

    >>> did_you_mean("autor", ["author", "title"], "it has no effect")
    'did you mean “author”?'
    """
    name = nearest(word, known, likeness)
    return f"did you mean “{name}”?" if name else otherwise
