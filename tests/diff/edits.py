"""Scripted edits that record what was inserted, deleted, moved, reworded or misspelled."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chapbook.checks.expected import expect
from chapbook.checks.outline import Outline, Passage
from chapbook.cli import inputs
from chapbook.diff.units import text_units
from chapbook.diff.values import Act, Change
from chapbook.diff.words import letters, sentences
from tests.golden_cases import manuscript

KINDS = ("insert", "delete", "move", "reword", "typo", "move paragraph", "delete paragraph")
_VOCABULARY = (
    "amber anchor answer autumn basket beacon bishop border bottle branch bridge burden candle "
    "canyon castle cellar circle climate colony copper corner cotton courier cradle crystal dagger "
    "danger decade desert dinner doctor dragon empire engine estate fabric father feather fellow "
    "figure forest fortune garden gather golden hammer harbor hollow honest island jacket journey "
    "kitchen ladder lantern letter linen market meadow memory mirror morning mountain needle "
    "orchard oyster palace parcel pepper pillar planet pocket powder prison quarry rabbit ransom "
    "ribbon river saddle sailor school season shadow shelter silver spirit stable summer tailor "
    "temple thunder timber tunnel valley velvet vessel village violin voyage wagon window winter"
).split()
_SMALL = "the of and to in a that with for on by from at as".split()


_ACTS = {"insert": Act.ADDED, "delete": Act.REMOVED, "move": Act.MOVED}


@dataclass(frozen=True, slots=True)
class Truth:
    """One edit of a sentence: its kind, and the sentence before and after."""

    kind: str
    old: str = ""
    new: str = ""

    @property
    def row(self) -> tuple[str, str, str]:
        """The act, the old and the new sentence that a comparison should report."""
        act = _ACTS.get(self.kind.partition(" ")[0], Act.CHANGED)
        return act.value, self.old, self.new


@dataclass(slots=True)
class Edited:
    """A text in two states, and all edits between them."""

    old: Outline
    new: Outline
    truths: list[Truth] = field(default_factory=list)


def essay() -> Outline:
    """The essay: 440 words."""
    return expect(inputs.job(str(manuscript("essay")))).outline()


def repeating() -> Outline:
    """The golden text of many pages, in which whole sections are repeated word for word."""
    return expect(inputs.job(str(manuscript("long")))).outline()


def made_book(seed: int = 11) -> Outline:
    """A book of 300 paragraphs and 20,000 words of random sentences, none of them twice."""
    rng = random.Random(seed)
    blocks = [" ".join(sentence(rng) for _ in range(rng.randint(2, 7))) for _ in range(300)]
    return Outline("A made book", "", "en", "ltr", {"title": "A made book"}, Passage(tuple(blocks)))


def sentence(rng: random.Random) -> str:
    """A sentence of 7 to 27 words. Its last word is long: “a.” would look like an initial."""
    words = [
        rng.choice(_SMALL) if rng.random() < 0.45 else rng.choice(_VOCABULARY)
        for _ in range(rng.randint(6, 26))
    ]
    return f"{' '.join([*words, rng.choice(_VOCABULARY)]).capitalize()}."


class Editor:
    """Edits a text, each sentence at most once, and records the edits."""

    def __init__(self, outline: Outline, rng: random.Random, apart: int) -> None:
        self._outline, self._rng = outline, rng
        self._paragraphs = _sentences(outline)
        self._often = Counter(text for each in self._paragraphs.values() for text in each)
        self._kept: dict[tuple[int, int], str | None] = {}
        self._inserted: dict[tuple[int, int], str] = {}
        self._moved_blocks: dict[int, int] = {}
        spots = [(at, each) for at, texts in self._paragraphs.items() for each in range(len(texts))]
        self._spots = _apart(spots, rng, apart)
        self.truths: list[Truth] = []

    def edit(self, count: int) -> Edited:
        """Return the text before and after up to *count* edits."""
        while len(self._spots) >= 2 and count:
            kind = self._rng.choice(KINDS)
            count -= self._edit_paragraph(kind) if " " in kind else self._edit_sentence(kind)
        return Edited(self._outline, self._result(), self.truths)

    def _edit_sentence(self, kind: str) -> bool:
        spot = self._spots.pop()
        text = self._paragraphs[spot[0]][spot[1]]
        if kind in ("delete", "move") and self._often[text] > 1:
            return False  # nobody can know which of two equal sentences was removed
        if kind == "insert":
            self._inserted[spot] = sentence(self._rng)
            self.truths.append(Truth(kind, new=self._inserted[spot]))
        elif kind in ("delete", "move"):
            self._kept[spot] = None
            self.truths.append(Truth(kind, old=text))
            if kind == "move":
                self._inserted[self._spots.pop()] = text
        else:
            change = reworded if kind == "reword" else misspelled
            self._kept[spot] = change(text, self._rng)
            self.truths.append(Truth(kind, text, self._kept[spot] or ""))
        return True

    def _edit_paragraph(self, kind: str) -> bool:
        """Remove a paragraph without other edits, or move it before another."""
        block = self._spots.pop()[0]
        texts = self._paragraphs[block]
        touched = {at for at, _ in (*self._kept, *self._inserted)} | set(
            self._moved_blocks.values()
        )
        if block in touched or any(self._often[text] > 1 for text in texts):
            return False
        self._spots = [spot for spot in self._spots if spot[0] != block]
        if kind == "move paragraph":
            far = [at for at in self._paragraphs if abs(at - block) > 2 and at not in touched]
            if not far:
                return False
            self._moved_blocks[block] = self._rng.choice(far)
        self._kept |= {(block, index): None for index in range(len(texts))}
        self.truths += [Truth(kind, old=text) for text in texts]
        return True

    def _result(self) -> Outline:
        blocks = []
        for at, block in enumerate(self._outline.text.blocks):
            blocks += [
                " ".join(self._paragraphs[moved])
                for moved, target in self._moved_blocks.items()
                if target == at
            ]
            text = self._text(at) if at in self._paragraphs else block
            if text:
                blocks.append(text)
        return replace(self._outline, text=replace(self._outline.text, blocks=tuple(blocks)))

    def _text(self, at: int) -> str:
        texts = []
        for index, text in enumerate(self._paragraphs[at]):
            kept = self._kept.get((at, index), text)
            texts += [each for each in (self._inserted.get((at, index)), kept) if each]
        return " ".join(texts)


def _sentences(outline: Outline) -> dict[int, list[str]]:
    """Return the sentences of each paragraph by the number of its block, without headings."""
    by_unit: dict[int, list[str]] = {}
    for unit in text_units(outline):
        if unit.kind == "text":
            by_unit.setdefault(unit.block, []).append(unit.text)
    by_block = {}
    paragraphs = list(by_unit.values())
    for at, block in enumerate(outline.text.blocks):
        if paragraphs and letters("".join(paragraphs[0])) == letters(block):
            by_block[at] = paragraphs.pop(0)
    assert not paragraphs
    return by_block


def _apart(
    spots: Sequence[tuple[int, int]], rng: random.Random, apart: int
) -> list[tuple[int, int]]:
    """Return some of *spots* in random order, at least *apart* sentences from each other."""
    order = list(range(len(spots)))
    rng.shuffle(order)
    taken: set[int] = set()
    for at in order:
        if not taken & set(range(at - apart + 1, at + apart)):
            taken.add(at)
    return [spots[at] for at in order if at in taken]


def reworded(text: str, rng: random.Random) -> str:
    """Return *text* with up to a third of its words replaced or removed, or words added to them."""
    words = text.split()
    for at in sorted(rng.sample(range(len(words)), rng.randint(1, max(1, len(words) // 3)))):
        word = rng.choice(_VOCABULARY)
        end = words[at][len(words[at].rstrip(".,;:!?”)")) :]
        words[at] = rng.choice([word + end, word + end, f"{word} {words[at]}", end or word])
    return " ".join(words)


def misspelled(text: str, rng: random.Random) -> str:
    """Return *text* with two letters of one word swapped, or with one letter removed."""
    words = text.split()
    long = [at for at, word in enumerate(words) if sum(map(str.isalpha, word)) > 3]
    at = rng.choice(long)
    word = words[at]
    places = [
        place
        for place in range(1, len(word) - 1)
        if word[place].isalpha() and word[place + 1].isalpha() and word[place] != word[place + 1]
    ]
    place = rng.choice(places or [0])
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    words[at] = rng.choice([swapped, word[:place] + word[place + 1 :]])
    return " ".join(words)


# Reported changes ------------------------------------------------------------------------------


def reported(changes: Sequence[Change]) -> Counter[tuple[str, str, str]]:
    """Return the changes in the form of `Truth.row`: passages are split into sentences."""
    rows: Counter[tuple[str, str, str]] = Counter()
    for change in changes:
        if change.act is Act.CHANGED:
            rows[change.act.value, change.old, change.new] += 1
            continue
        for line in change.parts[0].text.splitlines():
            for text in map(str.strip, sentences(line, "en")):
                is_new = change.act is Act.ADDED
                rows[change.act.value, "" if is_new else text, text if is_new else ""] += 1
    return rows
