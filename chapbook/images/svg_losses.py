"""What a drawing loses where it is made harmless, told to its author."""

from __future__ import annotations

from dataclasses import dataclass, field

_LONGEST = 60  # characters of a drawing that a message repeats


@dataclass(slots=True)
class Losses:
    """What a reader of the drawing would miss."""

    words: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    faces: bool = False

    def add_words(self, text: str) -> None:
        """Remember *text*, if there are words in it."""
        if said := " ".join(text.split()):
            self.words.append(said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…")

    def told(self) -> tuple[str, ...]:
        """Each kind in a phrase that goes on from the drawing's name, with its remedy."""
        told = []
        if self.words:
            more = f" and {len(self.words) - 1} more" if len(self.words) > 1 else ""
            told.append(
                f"loses words that are set as HTML, “{self.words[0]}”{more}: save it with SVG text "
                "(Mermaid: htmlLabels: false; draw.io: labels without formatted text)"
            )
        if self.pictures:
            told.append(
                f"loses the picture “{self.pictures[0][:_LONGEST]}”, which is not in it: embed it"
            )
        if self.faces:
            told.append("is set in the house’s faces, not in those that it brings: make text paths")
        return tuple(told)
