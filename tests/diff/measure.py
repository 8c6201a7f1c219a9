"""Measure how well `chapbook diff` finds scripted edits: precision and recall, by kind.

python -m tests.diff.measure            prints the table
python -m tests.diff.measure --readme   also writes it into README.md
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from chapbook.checks.outline import Outline
from chapbook.diff.compare import compare
from chapbook.diff.values import Act, Change
from chapbook.diff.words import is_word, tokens
from tests.diff.edits import Editor, Truth, essay, made_book, repeating, reported

README = Path(__file__).parents[2] / "README.md"
MARKS = ("<!-- diff -->", "<!-- /diff -->")


@dataclass(frozen=True, slots=True)
class Trial:
    """A text, and how it is edited: each time from the start, with up to `most_edits` edits."""

    make: Callable[[], Outline]
    times: int
    most_edits: int
    apart: int  # the least distance between two edits, in sentences


TRIALS: Mapping[str, Trial] = MappingProxyType(
    {
        "the essay, a few edits": Trial(essay, 60, 6, 3),
        "the essay, every second sentence": Trial(essay, 40, 16, 1),
        "a text whose sections return": Trial(repeating, 25, 12, 3),
        "a made book of 20,000 words": Trial(made_book, 10, 40, 3),
        "that book, every third sentence": Trial(made_book, 2, 450, 1),
    }
)


@dataclass(slots=True)
class Score:
    """The number of edits, of reported changes, and of those that are right."""

    edits: int = 0
    reported: int = 0
    right: int = 0
    words: int = 0  # that were really changed
    marked: int = 0
    rightly_marked: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    found_by_kind: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """The share of the reported changes that are right."""
        return self.right / max(1, self.reported)

    @property
    def recall(self) -> float:
        """The share of the edits that are reported."""
        return self.right / max(1, self.edits)

    @property
    def word_precision(self) -> float:
        """The share of the words marked as changed that are right."""
        return self.rightly_marked / max(1, self.marked)

    @property
    def word_recall(self) -> float:
        """The share of the changed words that are marked."""
        return self.rightly_marked / max(1, self.words)


def measure(trial: Trial, seed: int = 2026) -> Score:
    """Edit the text as *trial* describes, compare, and count."""
    score = Score()
    outline = trial.make()
    for turn in range(trial.times):
        rng = random.Random(f"{seed} {turn}")
        edited = Editor(outline, rng, trial.apart).edit(rng.randint(1, trial.most_edits))
        changes = compare(edited.old, edited.new).changes
        wanted = Counter(truth.row for truth in edited.truths)
        rows = reported(changes)
        score.edits += wanted.total()
        score.reported += rows.total()
        score.right += (wanted & rows).total()
        for truth in edited.truths:
            score.by_kind[truth.kind] += 1
            score.found_by_kind[truth.kind] += truth.row in rows
        _count_words(score, edited.truths, changes)
    return score


def _count_words(score: Score, truths: list[Truth], changes: tuple[Change, ...]) -> None:
    """Count the marked words of reworded and misspelled sentences, and the fewest possible."""
    by_sentence = {(change.old, change.new): change for change in changes}
    for truth in truths:
        change = by_sentence.get((truth.old, truth.new))
        if truth.kind not in ("reword", "typo"):
            continue
        old, new = _words(truth.old), _words(truth.new)
        wanted = Counter((word, "-") for word in (old - new).elements())
        wanted += Counter((word, "+") for word in (new - old).elements())
        marked: Counter[tuple[str, str]] = Counter()
        for part in change.parts if change else ():
            if part.act is not None:
                sign = "-" if part.act is Act.REMOVED else "+"
                marked += Counter((word, sign) for word in _words(part.text).elements())
        score.words += wanted.total()
        score.marked += marked.total()
        score.rightly_marked += (wanted & marked).total()


def _words(text: str) -> Counter[str]:
    return Counter(filter(is_word, tokens(text)))


def table() -> Iterator[str]:
    """Yield the lines of the table in README.md."""
    yield "| text | edits | found | reported changes that are right | words marked: found | right |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, trial in TRIALS.items():
        score = measure(trial)
        figures = (score.recall, score.precision, score.word_recall, score.word_precision)
        yield f"| {name} | {score.edits} | " + " | ".join(f"{each:.1%}" for each in figures) + " |"


def main() -> None:
    """Print the table. With `--readme` also write it into README.md."""
    lines = "\n".join(table())
    print(lines)
    if "--readme" in sys.argv:
        text = README.read_text("utf-8")
        before, _, rest = text.partition(MARKS[0])
        _, _, after = rest.partition(MARKS[1])
        README.write_text(f"{before}{MARKS[0]}\n\n{lines}\n\n{MARKS[1]}{after}", "utf-8")


if __name__ == "__main__":
    main()
