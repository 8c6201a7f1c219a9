"""The effect of each transform on the words of a text: what it adds, takes out, or moves.

A transform without a row changes no word and no order. `tests/test_effects.py` runs every transform
on every golden manuscript and compares the words before with the words after. What no effect
explains fails. So a transform cannot lose words of an author unseen. Comments and hidden content
are not here: they are removed while reading, before the first transform.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from chapbook.model.document import Document


class Removal(Enum):
    """The only words that a transform may take out of the whole output."""

    REPEATED_TITLE = "a heading that repeats the title, which templates print"
    ADMONITION_MARKER = "a marker such as [!NOTE], whose box has a title"
    BACK_LINK = "the arrow at the end of a note, which every format makes for itself"
    ASTERISM = "three asterisks that divide, which become a thematic break"


class Source(Enum):
    """Where the words that a transform adds come from."""

    LABELS = "the words of the templates, such as Figure"
    NUMBERS = "numbers, letters and punctuation that Chapbook computes"
    ATTRIBUTES = "attributes in the manuscript, such as the title of a box"
    DEFINITIONS = "definitions that pandoc does not print, such as those of abbreviations"
    COPIES = "words of the text itself, as in an index or a list of figures"


class Move(Enum):
    """The only parts of a text that a transform may put elsewhere."""

    NOTES = "notes, from the end of the text to values of their own"
    TABLE_FOOT = "the foot of a table, to its end"
    REFERENCES = "the list of references without a heading, to the end of the text"


@dataclass(frozen=True, slots=True)
class Effect:
    """The sources of the words that a transform adds, what it takes out, and what it moves."""

    adds: frozenset[Source] = frozenset()
    removes: frozenset[Removal] = frozenset()
    moves: frozenset[Move] = frozenset()


_NONE = Effect()
_LABELED = frozenset({Source.LABELS, Source.NUMBERS})

EFFECTS: Mapping[str, Effect] = {
    "mend_content": Effect(moves=frozenset({Move.TABLE_FOOT})),
    "compose_figures": Effect(adds=frozenset({Source.NUMBERS, Source.ATTRIBUTES})),
    "frame_listings": Effect(adds=frozenset({Source.ATTRIBUTES})),
    "set_admonitions": Effect(
        adds=frozenset({Source.LABELS, Source.ATTRIBUTES}),
        removes=frozenset({Removal.ADMONITION_MARKER}),
    ),
    "drop_title_heading": Effect(removes=frozenset({Removal.REPEATED_TITLE})),
    "collect_notes": Effect(removes=frozenset({Removal.BACK_LINK}), moves=frozenset({Move.NOTES})),
    "cite": Effect(adds=_LABELED, moves=frozenset({Move.REFERENCES})),
    "make_index": Effect(adds=_LABELED | {Source.ATTRIBUTES, Source.COPIES}),
    "number_parts": Effect(adds=_LABELED),
    "refer": Effect(adds=_LABELED | {Source.COPIES}),
    "list_captions": Effect(adds=_LABELED | {Source.COPIES}),
    "print_credits": Effect(adds=frozenset({Source.ATTRIBUTES})),
    "number_headings": Effect(adds=_LABELED),
    "name_parts": Effect(removes=frozenset({Removal.ASTERISM})),
    "expand_abbreviations": Effect(adds=frozenset({Source.DEFINITIONS})),
}
"""The effects by the names of the transforms, in their order."""


def effect_of(transform: Callable[[Document], Document]) -> Effect:
    """Return the effect that *transform* declares."""
    return EFFECTS.get(transform.__name__, _NONE)
