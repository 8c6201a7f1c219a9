"""What a finished file says against what the manuscript says: every difference, by its kind.

Of each kind the first difference is told, with the words around it in both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar
from urllib.parse import unquote

from chapbook.checks.contents import contents_differences
from chapbook.checks.difference import Difference, told, words_in
from chapbook.checks.drawn_formulas import undrawn
from chapbook.checks.outline import Heading, Item, Link, Note, Outline, Passage, Picture, Table
from chapbook.checks.pages import page_faults
from chapbook.checks.pictures import look_alike
from chapbook.checks.reading import PageTop, Reading
from chapbook.checks.words import Word, first_difference, same, squeezed, words_of
from chapbook.model.errors import Code

T = TypeVar("T")
_CONTEXT = 4  # words told on each side


def differences(
    expected: Outline, reading: Reading, printed: Sequence[PageTop] | None = None
) -> Iterator[Difference]:
    """How the file that was read differs from *expected*, and its pages from those *printed*."""
    found, is_paged = reading.outline, reading.is_paged
    for code, name, wanted, got in (
        (Code.TITLE_DIFFERS, "title", expected.title, found.title),
        (Code.TITLE_DIFFERS, "subtitle", expected.subtitle, found.subtitle),
        (Code.LANGUAGE_DIFFERS, "language", expected.language, found.language),
        (Code.LANGUAGE_DIFFERS, "direction", expected.direction, found.direction),
    ):
        if not same(wanted, got) and not (is_paged and name == "direction"):
            yield Difference(code, f"the {name} is {told(got)}, not {told(wanted)}", wanted)
    yield from _metadata_differences(expected.metadata, found.metadata)
    yield from passage_differences(expected.text, found.text, is_paged=is_paged)
    yield from _note_differences(expected.notes, found.notes, is_paged=is_paged)
    yield from contents_differences(expected.text.headings, expected.label, reading)
    for fault, words in islice(page_faults(printed, reading), 1) if printed else ():
        yield Difference(Code.PAGES_DIFFER, fault, words)
    for fault in reading.faults:
        yield Difference(Code.CONFORMANCE, fault)


def _metadata_differences(
    expected: Mapping[str, str | tuple[str, ...]], found: Mapping[str, str | tuple[str, ...]]
) -> Iterator[Difference]:
    for key in sorted(expected.keys() | found.keys()):
        wanted, got = expected.get(key, ""), found.get(key, "")
        if wanted != got:
            said = f"its metadata have {key} {told(got)}, not {told(wanted)}"
            yield Difference(Code.METADATA_DIFFERS, said, str(got))


def passage_differences(
    expected: Passage, found: Passage, *, is_paged: bool
) -> Iterator[Difference]:
    """How a text, or the text of a note, differs."""
    yield from _word_differences(expected.blocks, found.blocks)
    yield from _first(Code.HEADINGS_DIFFER, "heading", expected.headings, found.headings, _heading)
    link = _printed_link if is_paged else _link
    yield from _first(Code.LINKS_DIFFER, "link", expected.links, found.links, link)
    pictures = [each for each in expected.pictures if not is_paged or not _adorns(each)]
    yield from _picture_differences(pictures, found.pictures)
    yield from _table_differences(expected.tables, found.tables, is_paged=is_paged)
    items = [item for item in expected.items if not is_paged or item.label not in _UNLABELED]
    yield from _first(Code.LISTS_DIFFER, "list item", items, found.items, _item)
    if is_paged:
        # A quote that runs over a page's end is two.
        if squeezed("".join(expected.quotes)) != squeezed("".join(found.quotes)):
            yield from _first(Code.QUOTES_DIFFER, "quote", expected.quotes, found.quotes, same)
        return
    yield from _first(Code.QUOTES_DIFFER, "quote", expected.quotes, found.quotes, same)
    yield from _first(Code.CODE_DIFFERS, "code block", expected.code, found.code, str.__eq__)
    yield from _first(
        Code.EMPHASIS_DIFFERS,
        "emphasis",
        expected.emphasis,
        found.emphasis,
        lambda one, other: one.kind == other.kind and same(one.text, other.text),
    )


_UNLABELED = ("term", "definition", "entry")  # a PDF has one tag for all, and prints no label


# Words -----------------------------------------------------------------------------------------


def _word_differences(expected: Sequence[str], found: Sequence[str]) -> Iterator[Difference]:
    wanted, got = words_of(expected), words_of(found)
    where = first_difference(wanted, got)
    if where is None:
        return
    here, there = where
    before = _joined(wanted[max(0, here - _CONTEXT) : here])
    has, says = (_joined(words[at : at + _CONTEXT]) for words, at in ((wanted, here), (got, there)))
    after = f"after {told(before)}" if before else "at the beginning"
    said = f"{after} the manuscript has {told(has)}, the file {told(says)}"
    at = min(here, max(0, len(wanted) - 2))
    looked_for = wanted[at : at + _CONTEXT]
    nth = _occurrences_before(wanted, looked_for, at)
    yield Difference(Code.WORDS_DIFFER, said, _joined(looked_for), nth)


def _joined(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _occurrences_before(words: Sequence[Word], part: Sequence[Word], end: int) -> int:
    texts, wanted = [word.text for word in words[:end]], [word.text for word in part]
    size = len(wanted)
    return sum(texts[at : at + size] == wanted for at in range(end - size + 1)) if size else 0


# One after another -----------------------------------------------------------------------------


def _first(
    code: Code, name: str, expected: Sequence[T], found: Sequence[T], equal: Callable[[T, T], bool]
) -> Iterator[Difference]:
    """The first place at which two sequences differ: what is missing, too much, or other."""
    at = 0
    while at < min(len(expected), len(found)) and equal(expected[at], found[at]):
        at += 1
    if at == len(expected) == len(found):
        return
    wanted = expected[at] if at < len(expected) else None
    got = found[at] if at < len(found) else None
    follows = expected[at + 1] if at + 1 < len(expected) else None
    if got is None or (follows is not None and len(found) < len(expected) and equal(follows, got)):
        said = f"{name} {at + 1} of {len(expected)}, {told(wanted)}, is missing"
    elif wanted is None:
        said = f"a {name} too many: {told(got)}"
    else:
        said = f"{name} {at + 1} of {len(expected)} is {told(got)}, not {told(wanted)}"
    yield Difference(code, said, words_in(wanted if wanted is not None else got))


def _heading(one: Heading, other: Heading) -> bool:
    return one.depth == other.depth and same(one.text, other.text)


def _link(one: Link, other: Link) -> bool:
    wanted, got = _address(one.target), _address(other.target)
    # Where a page ends after a few words, nobody can tell whether its last block goes on.
    ends_page = wanted.startswith("→") and len(wanted) > 1 and got.startswith(wanted)
    return same(one.text, other.text) and (wanted == got or ends_page)


def _printed_link(one: Link, other: Link) -> bool:
    """The words to which a link leads may end with a page, or run over it: nobody can tell."""
    short, long = sorted((_address(one.target), _address(other.target)), key=len)
    is_inner = short.startswith("→") and len(short) > 1
    return same(one.text, other.text) and (long.startswith(short) if is_inner else long == short)


def _address(target: str) -> str:
    return squeezed(target) if target.startswith("→") else unquote(target)


def _item(one: Item, other: Item) -> bool:
    texts = squeezed(one.text), squeezed(other.text)
    # Six words, of which a line end may have cut one in two.
    return (
        one.depth == other.depth
        and one.label == other.label
        and (texts[0].startswith(texts[1]) or texts[1].startswith(texts[0]))
        and bool(texts[0]) == bool(texts[1])
    )


def _picture(one: Picture, other: Picture) -> bool:
    return (
        same(one.alt, other.alt)
        and same(one.caption, other.caption)
        and (one.kind == other.kind or "picture" in (one.kind, other.kind))
        and (_is_same_file(one, other) or _looks_the_same(one, other))
        and not lost_symbols(one, other)
    )


def lost_symbols(expected: Picture, found: Picture) -> str:
    """The symbols of an expected formula that the one in the file does not show."""
    if expected.kind != "math" or not expected.symbols or found.symbols is None:
        return ""
    asked = Counter(expected.symbols)
    if found.kind == "math":
        return "".join((asked - Counter(found.symbols)).elements())
    return "".join(undrawn(asked, found.symbols).elements())


def _adorns(picture: Picture) -> bool:
    """Whether nothing stands for a picture in words: in a PDF's text it is none."""
    return picture.kind == "image" and not picture.alt


def _is_same_file(one: Picture, other: Picture) -> bool:
    return (None in (one.width, other.width) or _size(one) == _size(other)) and (
        None in (one.digest, other.digest) or one.digest == other.digest
    )


def _looks_the_same(one: Picture, other: Picture) -> bool:
    """Whether an image that e-readers do not bear was made anew for them, and shows the same."""
    return bool(one.look and other.look) and look_alike(one.look or "", other.look or "")


def _size(picture: Picture) -> tuple[int | None, int | None]:
    return picture.width, picture.height


def _picture_differences(
    expected: Sequence[Picture], found: Sequence[Picture]
) -> Iterator[Difference]:
    for difference in _first(Code.FIGURES_DIFFER, "picture", expected, found, _picture):
        at = next(
            (
                at
                for at, pair in enumerate(zip(expected, found, strict=False))
                if not _picture(*pair)
            ),
            min(len(expected), len(found)),
        )
        picture = expected[at] if at < len(expected) else found[at]
        code = Code.MATH_DIFFERS if picture.kind == "math" else Code.FIGURES_DIFFER
        told_of = difference._replace(code=code)
        is_there = at < min(len(expected), len(found)) and same(picture.alt, found[at].alt)
        if is_there and (lost := lost_symbols(picture, found[at])):
            message = f"the formula “{picture.alt}” does not show {' '.join(lost)}"
            told_of = told_of._replace(message=message)
        yield told_of


def _table_differences(
    expected: Sequence[Table], found: Sequence[Table], *, is_paged: bool
) -> Iterator[Difference]:
    """In a PDF a table that runs over a page's end is two: only the rows are compared."""
    if not is_paged:
        yield from _first(
            Code.TABLES_DIFFER,
            "table",
            [table.caption for table in expected],
            [table.caption for table in found],
            same,
        )
    rows, read = ([row for table in tables for row in table.rows] for tables in (expected, found))
    yield from _first(Code.TABLES_DIFFER, "table row", rows, read, _row)


def _row(one: Sequence[str], other: Sequence[str]) -> bool:
    return len(one) == len(other) and all(map(same, one, other))


def _note_differences(
    expected: Sequence[Note], found: Sequence[Note], *, is_paged: bool
) -> Iterator[Difference]:
    texts, read = ([_text_of(note) for note in notes] for notes in (expected, found))
    if texts != read and sorted(texts) == sorted(read):
        yield from _first(Code.NOTES_DIFFER, "note", texts, read, str.__eq__)
        return
    yield from _first(Code.NOTES_DIFFER, "note", expected, found, _note)
    for number, (wanted, got) in enumerate(zip(expected, found, strict=False), 1):
        if wanted.text is None or got.text is None:
            continue
        for difference in passage_differences(wanted.text, got.text, is_paged=is_paged):
            yield difference._replace(message=f"in note {number}: {difference.message}")
            return


def _text_of(note: Note) -> str:
    return squeezed("".join(note.text.blocks)) if note.text else ""


def _note(one: Note, other: Note) -> bool:
    """Whether a note is called at the same place, and there, and leads back."""
    if None in (one.after, other.after) or None in (one.text, other.text) or not other.returns:
        return one == other
    before = squeezed(one.after or ""), squeezed(other.after or "")
    return before[0].endswith(before[1]) or before[1].endswith(before[0])
