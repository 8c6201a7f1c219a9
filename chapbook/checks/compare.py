"""Compares the outline of a finished file with that of the manuscript, kind by kind.

For each kind the first difference is reported, with the words around it in both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar
from urllib.parse import unquote

from chapbook.checks.contents import contents_differences
from chapbook.checks.difference import Difference, quoted, words_in
from chapbook.checks.drawn_formulas import undrawn
from chapbook.checks.outline import Heading, Item, Link, Note, Outline, Passage, Picture, Table
from chapbook.checks.pages import page_faults
from chapbook.checks.pictures import look_alike
from chapbook.checks.reading import PageTop, Reading
from chapbook.checks.words import Word, first_difference, same, squeezed, words_of
from chapbook.model.errors import Code

T = TypeVar("T")
_CONTEXT = 4  # words reported on each side


def differences(
    expected: Outline, reading: Reading, printed: Sequence[PageTop] | None = None
) -> Iterator[Difference]:
    """Yield how *reading* differs from *expected*, and its pages from those *printed*."""
    found, is_paged = reading.outline, reading.is_paged
    for code, name, wanted, got in (
        (Code.TITLE_DIFFERS, "title", expected.title, found.title),
        (Code.TITLE_DIFFERS, "subtitle", expected.subtitle, found.subtitle),
        (Code.LANGUAGE_DIFFERS, "language", expected.language, found.language),
        (Code.LANGUAGE_DIFFERS, "direction", expected.direction, found.direction),
    ):
        if not same(wanted, got) and not (is_paged and name == "direction"):
            yield Difference(code, f"the {name} is {quoted(got)}, not {quoted(wanted)}", wanted)
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
            message = f"its metadata have {key} {quoted(got)}, not {quoted(wanted)}"
            yield Difference(Code.METADATA_DIFFERS, message, str(got))


def passage_differences(
    expected: Passage, found: Passage, *, is_paged: bool
) -> Iterator[Difference]:
    """Yield how a text, or the text of a note, differs."""
    yield from _word_differences(expected.blocks, found.blocks)
    yield from _first(Code.HEADINGS_DIFFER, "heading", expected.headings, found.headings, _heading)
    link = _printed_link if is_paged else _link
    yield from _first(Code.LINKS_DIFFER, "link", expected.links, found.links, link)
    pictures = [item for item in expected.pictures if not is_paged or not _is_decoration(item)]
    yield from _picture_differences(pictures, found.pictures)
    yield from _table_differences(expected.tables, found.tables, is_paged=is_paged)
    items = [item for item in expected.items if not is_paged or item.label not in _UNLABELED]
    yield from _first(Code.LISTS_DIFFER, "list item", items, found.items, _item)
    if is_paged:
        # A quote that continues on the next page is two quotes in a PDF.
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


_UNLABELED = (
    "term",
    "definition",
    "entry",
)  # a PDF has one tag for all of them, and prints no label


# Words -----------------------------------------------------------------------------------------


def _word_differences(expected: Sequence[str], found: Sequence[str]) -> Iterator[Difference]:
    wanted, got = words_of(expected), words_of(found)
    where = first_difference(wanted, got)
    if where is None:
        return
    here, there = where
    before = _joined(wanted[max(0, here - _CONTEXT) : here])
    in_source = _joined(wanted[here : here + _CONTEXT])
    in_file = _joined(got[there : there + _CONTEXT])
    after = f"after {quoted(before)}" if before else "at the beginning"
    message = f"{after} the manuscript has {quoted(in_source)}, the file {quoted(in_file)}"
    start = min(here, max(0, len(wanted) - 2))
    searched = wanted[start : start + _CONTEXT]
    nth = _occurrences_before(wanted, searched, start)
    yield Difference(Code.WORDS_DIFFER, message, _joined(searched), nth)


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
    """Yield the first difference of two sequences: what is missing, too much, or different."""
    index = 0
    while index < min(len(expected), len(found)) and equal(expected[index], found[index]):
        index += 1
    if index == len(expected) == len(found):
        return
    wanted = expected[index] if index < len(expected) else None
    got = found[index] if index < len(found) else None
    follows = expected[index + 1] if index + 1 < len(expected) else None
    if got is None or (follows is not None and len(found) < len(expected) and equal(follows, got)):
        message = f"{name} {index + 1} of {len(expected)}, {quoted(wanted)}, is missing"
    elif wanted is None:
        message = f"a {name} too many: {quoted(got)}"
    else:
        message = f"{name} {index + 1} of {len(expected)} is {quoted(got)}, not {quoted(wanted)}"
    yield Difference(code, message, words_in(wanted if wanted is not None else got))


def _heading(one: Heading, other: Heading) -> bool:
    return one.depth == other.depth and same(one.text, other.text)


def _link(one: Link, other: Link) -> bool:
    wanted, got = _address(one.target), _address(other.target)
    # If a page ends after a few words, its last block may continue on the next page.
    ends_page = wanted.startswith("→") and len(wanted) > 1 and got.startswith(wanted)
    return same(one.text, other.text) and (wanted == got or ends_page)


def _printed_link(one: Link, other: Link) -> bool:
    """Compare links in a PDF, where the words at the target may end with the page or continue."""
    short, long = sorted((_address(one.target), _address(other.target)), key=len)
    is_inner = short.startswith("→") and len(short) > 1
    return same(one.text, other.text) and (long.startswith(short) if is_inner else long == short)


def _address(target: str) -> str:
    return squeezed(target) if target.startswith("→") else unquote(target)


def _item(one: Item, other: Item) -> bool:
    texts = squeezed(one.text), squeezed(other.text)
    # Six words; a line end may have split one of them.
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
    """Return the symbols of an expected formula that are missing in the file."""
    if expected.kind != "math" or not expected.symbols or found.symbols is None:
        return ""
    wanted = Counter(expected.symbols)
    if found.kind == "math":
        return "".join((wanted - Counter(found.symbols)).elements())
    return "".join(undrawn(wanted, found.symbols).elements())


def _is_decoration(picture: Picture) -> bool:
    """Return whether a picture has no description, so that a PDF's structure leaves it out."""
    return picture.kind == "image" and not picture.alt


def _is_same_file(one: Picture, other: Picture) -> bool:
    return (None in (one.width, other.width) or _size(one) == _size(other)) and (
        None in (one.digest, other.digest) or one.digest == other.digest
    )


def _looks_the_same(one: Picture, other: Picture) -> bool:
    """Return whether an image that was converted for e-readers still looks the same."""
    return bool(one.look and other.look) and look_alike(one.look or "", other.look or "")


def _size(picture: Picture) -> tuple[int | None, int | None]:
    return picture.width, picture.height


def _picture_differences(
    expected: Sequence[Picture], found: Sequence[Picture]
) -> Iterator[Difference]:
    for difference in _first(Code.FIGURES_DIFFER, "picture", expected, found, _picture):
        index = next(
            (
                number
                for number, pair in enumerate(zip(expected, found, strict=False))
                if not _picture(*pair)
            ),
            min(len(expected), len(found)),
        )
        picture = expected[index] if index < len(expected) else found[index]
        code = Code.MATH_DIFFERS if picture.kind == "math" else Code.FIGURES_DIFFER
        reported = difference._replace(code=code)
        is_there = index < min(len(expected), len(found)) and same(picture.alt, found[index].alt)
        if is_there and (lost := lost_symbols(picture, found[index])):
            message = f"the formula “{picture.alt}” does not show {' '.join(lost)}"
            reported = reported._replace(message=message)
        yield reported


def _table_differences(
    expected: Sequence[Table], found: Sequence[Table], *, is_paged: bool
) -> Iterator[Difference]:
    """Compare tables. In a PDF, a table on two pages is two tables, so only rows are compared."""
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
    """Return whether both notes are called at the same place, exist, and link back."""
    if None in (one.after, other.after) or None in (one.text, other.text) or not other.returns:
        return one == other
    before = squeezed(one.after or ""), squeezed(other.after or "")
    return before[0].endswith(before[1]) or before[1].endswith(before[0])
