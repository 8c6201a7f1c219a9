"""Find the manuscript's line for something met in the tree, where pandoc keeps no positions."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from chapbook.document import Manuscript
from chapbook.errors import Place


class Places:
    """Looks words and markup up in a manuscript, in the order of the text.

    The nth look-up of the same pattern answers with its nth occurrence, because a walk over the
    tree meets things in the order in which the author wrote them.
    """

    def __init__(self, manuscript: Manuscript) -> None:
        self.name = manuscript.name
        self._text = manuscript.text
        self._line_ends = list(accumulate(len(line) + 1 for line in self._text.split("\n")))
        self._cursors: dict[str, int] = {}

    def of(self, words: str) -> Place:
        """Where *words* stand next, or the whole file where they cannot be found."""
        return self.matching(re.escape(words))

    def of_element(self, tag: str) -> Place:
        """Where the next raw HTML start tag of this name stands."""
        return self.matching(rf"<{re.escape(tag)}\b")

    def of_attribute(self, name: str) -> Place:
        """Where the next attribute of this name stands, in raw HTML or in braces."""
        return self.matching(rf"(?<![\w-]){re.escape(name)}\s*=")

    def matching(self, pattern: str) -> Place:
        """Where *pattern* (a regular expression, any case) matches next."""
        found = re.compile(pattern, re.IGNORECASE).search(self._text, self._cursors.get(pattern, 0))
        if found is None:
            return Place(self.name)
        self._cursors[pattern] = found.end()
        return self.at(found.start())

    def at(self, offset: int) -> Place:
        """The line that holds the character at *offset*."""
        return Place(self.name, bisect_right(self._line_ends, offset) + 1)
