"""Scripted edits with known truth: what was inserted, deleted, moved, reworded or misspelt."""

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
from tests.golden_cases import manuscript

KINDS = ("insert", "delete", "move", "reword", "typo")
_APART = 4  # sentences between two edits, so that each is one change
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


@dataclass(frozen=True, slots=True)
class Truth:
    """One edit: what it was, and the sentence before and after."""

    kind: str
    old: str = ""
    new: str = ""

    @property
    def told(self) -> tuple[str, str, str]:
        """How a comparison should tell it."""
        act = {"insert": Act.ADDED, "delete": Act.REMOVED, "move": Act.MOVED}.get(
            self.kind, Act.CHANGED
        )
        return act.value, self.old, self.new


@dataclass(slots=True)
class Edited:
    """A text in two states, and all that was done to it."""

    old: Outline
    new: Outline
    truths: list[Truth] = field(default_factory=list)


def essay() -> Outline:
    """The essay: 440 words."""
    return expect(inputs.job(str(manuscript("essay")))).outline()


def repeating() -> Outline:
    """The golden text of many pages, in which whole sections return word for word."""
    return expect(inputs.job(str(manuscript("long")))).outline()


def made_book(seed: int = 11) -> Outline:
    """A book of 300 paragraphs of made sentences, 20,000 words, none of them twice."""
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    blocks = [" ".join(sentence(rng) for _ in range(rng.randint(2, 7))) for _ in range(300)]
    return Outline("A made book", "", "en", "ltr", {"title": "A made book"}, Passage(tuple(blocks)))


def sentence(rng: random.Random) -> str:
    """A sentence of 7 to 27 words; the last is a long one, for “a.” would begin an initial."""
    words = [
        rng.choice(_SMALL) if rng.random() < 0.45 else rng.choice(_VOCABULARY)
        for _ in range(rng.randint(6, 26))
    ]
    return f"{' '.join([*words, rng.choice(_VOCABULARY)]).capitalize()}."


def edited(outline: Outline, rng: random.Random, count: int) -> Edited:
    """*outline* and, up to *count* edits later, what became of it."""
    paragraphs = _sentences(outline)
    spots = [(at, index) for at, each in paragraphs.items() for index in range(len(each))]
    everything = Counter(text for each in paragraphs.values() for text in each)
    chosen = _apart(spots, rng, 2 * count)
    made = Edited(outline, outline)
    inserts: list[tuple[tuple[int, int], str]] = []
    new: dict[tuple[int, int], str | None] = {}
    while len(chosen) >= 2 and len(made.truths) < count:
        spot, other = chosen.pop(), chosen.pop()
        text = paragraphs[spot[0]][spot[1]]
        kind = rng.choice(KINDS)
        if kind in ("delete", "move") and everything[text] > 1:
            continue  # which of two same sentences went, nobody can tell
        if kind == "insert":
            fresh = sentence(rng)
            inserts.append((spot, fresh))
            made.truths.append(Truth(kind, new=fresh))
        elif kind == "delete":
            new[spot] = None
            made.truths.append(Truth(kind, old=text))
        elif kind == "move":
            new[spot] = None
            inserts.append((other, text))
            made.truths.append(Truth(kind, old=text))
        else:
            changed = reworded(text, rng) if kind == "reword" else misspelt(text, rng)
            new[spot] = changed
            made.truths.append(Truth(kind, text, changed))
    made.new = _with(outline, paragraphs, new, dict(inserts))
    return made


def _sentences(outline: Outline) -> dict[int, list[str]]:
    """The sentences of each paragraph, by the number of its block; headings have none."""
    by_unit: dict[int, list[str]] = {}
    for unit in text_units(outline):
        if unit.kind == "text":
            by_unit.setdefault(unit.block, []).append(unit.text)
    found = {}
    paragraphs = list(by_unit.values())
    for at, block in enumerate(outline.text.blocks):
        if paragraphs and " ".join(paragraphs[0]) == " ".join(block.split()):
            found[at] = paragraphs.pop(0)
    assert not paragraphs
    return found


def _apart(
    spots: Sequence[tuple[int, int]], rng: random.Random, count: int
) -> list[tuple[int, int]]:
    order = list(range(len(spots)))
    rng.shuffle(order)
    taken: list[int] = []
    for at in order:
        if all(abs(at - other) >= _APART for other in taken):
            taken.append(at)
        if len(taken) == count:
            break
    return [spots[at] for at in taken]


def reworded(text: str, rng: random.Random) -> str:
    """*text* with up to a third of its words replaced, dropped or added to."""
    words = text.split()
    for at in sorted(rng.sample(range(len(words)), rng.randint(1, max(1, len(words) // 3)))):
        word = rng.choice(_VOCABULARY)
        end = words[at][len(words[at].rstrip(".,;:!?”)")) :]
        words[at] = rng.choice([word + end, word + end, f"{word} {words[at]}", end or word])
    return " ".join(words)


def misspelt(text: str, rng: random.Random) -> str:
    """*text* with two letters of one word the other way round, or one of them gone."""
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


def _with(
    outline: Outline,
    paragraphs: dict[int, list[str]],
    new: dict[tuple[int, int], str | None],
    inserts: dict[tuple[int, int], str],
) -> Outline:
    blocks = []
    for at, block in enumerate(outline.text.blocks):
        if at not in paragraphs:
            blocks.append(block)
            continue
        said: list[str] = []
        for index, text in enumerate(paragraphs[at]):
            kept = new.get((at, index), text)
            if (at, index) in inserts:
                said.append(inserts[at, index])
            if kept is not None:
                said.append(kept)
        if said:
            blocks.append(" ".join(said))
    return replace(outline, text=replace(outline.text, blocks=tuple(blocks)))


# What was told ---------------------------------------------------------------------------------


def told(changes: Sequence[Change]) -> Counter[tuple[str, str, str]]:
    """The changes as `Truth.told` has them."""
    found: Counter[tuple[str, str, str]] = Counter()
    for change in changes:
        old = "" if change.act is Act.ADDED else change.old
        new = change.new if change.act in (Act.ADDED, Act.CHANGED) else ""
        found[change.act.value, old, new] += 1
    return found
