"""Compares paginations: each page of the PDF must begin with the words after its marker."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any

from chapbook.checks.reading import PageTop, Reading, Unreadable
from chapbook.model import vocabulary

_COMPARED = 60  # letters; fewer if the first block of a page is shorter
_BLOCKS = frozenset(
    "p li h1 h2 h3 h4 h5 h6 td th dt dd pre caption figcaption summary div br header".split()
)
_LIST_MARK = re.compile(
    r"(?:\w{1,7}[.)]|[•–◦▪☐☑]|\*{3})"
)  # or the ornament that print sets for an `hr`
_NOTE_NUMBER = re.compile(r"\d{1,4}")
# Characters that line ends add and remove, and invisible ones: joiners, direction marks.
_DROPPED = re.compile(r"[\s\u00ad\u2010\u2011\ufffe\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff-]")


def printed_tops(pdf: bytes, pages: Container[int]) -> tuple[PageTop, ...]:
    """Return those *pages* of a PDF, with all their letters. Raises Unreadable."""
    import pypdfium2

    tops = []
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            for number, page in enumerate(document):
                text = page.get_textpage().get_text_range()
                label = document.get_page_label(number) or str(number + 1)
                if number in pages:
                    tops.append(PageTop(label, _letters(text), ""))
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"its pages cannot be opened: {error}") from error
    return tuple(tops)


def marked_tops(bodies: Iterable[Any], skipped: str = "data-furniture") -> Iterator[PageTop]:
    """Yield the text after each page break marker in the parsed *bodies* of documents.

    Elements with the attribute *skipped* are not the author's, except the imprint.
    """
    for body in bodies:
        label, text = None, ""
        for kind, value in _events(body, skipped):
            if kind == "end":
                break
            if kind == "text":
                text += value
                continue
            if label is not None:
                yield _top(label, text)
            label, text = value, ""
        if label is not None:
            yield _top(label, text)


def marked_places(bodies: Iterable[Any]) -> dict[str, str]:
    """Return the folio of each id in *bodies*, by the marker before it; of notes, by their call."""
    folios: dict[str, str] = {}
    here = folio = ""
    for node in (node for body in bodies for node in body.iter() if isinstance(node.tag, str)):
        name, names = node.get("id") or "", (node.get("class") or "").split()
        if node.get("role") == "doc-pagebreak" or vocabulary.PAGE_BREAK in names:
            here = folio = node.get("aria-label") or node.get("data-page") or ""
        elif node.tag.endswith("body"):
            folio = here  # the notes of the document before have ended
        elif name:
            is_note = name.startswith("note-")
            folios[name] = folio = folios.get(f"noteref{name[4:]}", folio) if is_note else folio
    return folios


def _top(label: str, text: str) -> PageTop:
    first_block = text.strip("\0 \t\r\n").partition("\0")[0]
    words = first_block.split()
    return PageTop(label, _letters(first_block)[:_COMPARED], _letters(words[0]) if words else "")


def _events(node: Any, skipped: str) -> Iterator[tuple[str, str]]:
    """Yield the text of *node*, a NUL after each block, markers, and the end before notes."""
    if not isinstance(node.tag, str):
        return
    tag = node.tag.rpartition("}")[2]
    names = (node.get("class") or "").split()
    if node.get("role") == "doc-pagebreak" or (tag == "span" and vocabulary.PAGE_BREAK in names):
        yield "marker", node.get("aria-label") or node.get("data-page") or ""
    elif tag == "math":  # print draws it, so it has no letters there
        yield "text", "\0"
    elif vocabulary.NOTES in names:
        yield "end", ""
    elif tag != "nav" and (node.get(skipped) is None or vocabulary.IMPRINT in names):
        yield "text", node.text or ""
        for child in node:
            yield from _events(child, skipped)
            yield "text", child.tail or ""
        if tag in _BLOCKS:
            yield "text", "\0"


def page_faults(printed: Sequence[PageTop], reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield how the pages of *reading* differ from the PDF: a message, and words at the place."""
    wanted, got = [top.label for top in printed], [top.label for top in reading.pages]
    if wanted != got:
        at = next(
            (n for n, pair in enumerate(zip(wanted, got, strict=False)) if pair[0] != pair[1]),
            min(len(wanted), len(got)),
        )
        has, says = ((labels[at : at + 1] or ["none"])[0] for labels in (wanted, got))
        yield f"the PDF has {len(wanted)} pages, and here {len(got)} are marked: {has}, {says}", ""
        return
    heads, captions = _table_heads(reading), _captions(reading)
    for paper, marked in zip(printed, reading.pages, strict=True):
        if not _begins_with(paper.letters, marked, heads, captions):
            message = f"“{marked.letters[:30]}” follows the marker of page {marked.label}"
            yield f"{message}, and the PDF's begins “{paper.letters[:30]}”", marked.first_word


def _table_heads(reading: Reading) -> set[re.Pattern[str]]:
    """Return the table heads that print repeats on further pages, with the calls of their notes."""
    call = r"(\d{0,3})"
    return {
        re.compile(call.join(re.escape(_letters(cell.removeprefix("# "))) for cell in row) + call)
        for table in reading.outline.text.tables
        for row in table.rows[:1]
    }


def _captions(reading: Reading) -> set[str]:
    """Return the captions of figures; those beside the text come first on a PDF's page."""
    return {_letters(picture.caption) for picture in reading.outline.text.pictures} - {""}


def _begins_with(
    page: str, marked: PageTop, heads: set[re.Pattern[str]], captions: set[str]
) -> bool:
    """Return whether *page* begins with the marked text, within its first word, or after a number.

    In text from right to left only letters are compared: PDFium returns such a line in visual
    order, and guesses the places of numbers and punctuation.
    """
    if any(unicodedata.bidirectional(char) in {"R", "AL"} for char in marked.letters):
        page, letters, first = map(_alphabetic, (page, marked.letters, marked.first_word))
        marked = PageTop(marked.label, letters, first)
    starts = {0}
    while (
        more := {
            end
            for start in starts
            for caption in captions
            if page.startswith(caption, start)
            for end in _ends(page, start + len(caption))
        }
        - starts
    ):
        starts |= more
    for head in filter(None, (head.match(page) for head in heads)):
        starts |= {head.end(), head.start(head.re.groups)}  # its last digits may be the text's
    starts |= {mark.end() for start in starts if (mark := _LIST_MARK.match(page, start))}
    within = range(max(1, len(marked.first_word)))
    return any(page.startswith(marked.letters[cut:], start) for start in starts for cut in within)


def _ends(page: str, end: int) -> tuple[int, int]:
    """Return *end*, where a caption ends, and the end of the number of a note after it."""
    number = _NOTE_NUMBER.match(page, end)
    return end, number.end() if number else end


def _alphabetic(text: str) -> str:
    return "".join(filter(str.isalpha, text))


def _letters(text: str) -> str:
    return _DROPPED.sub("", text)
