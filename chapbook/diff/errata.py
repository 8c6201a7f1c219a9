"""An errata sheet: what to correct in a printed copy, as a manuscript that Chapbook builds."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from chapbook.design.templates import Design
from chapbook.diff.states import State
from chapbook.diff.values import Act, Change, Comparison, Part, Spot
from chapbook.diff.words import is_word, tokens

_NEIGHBORS = 2  # words quoted on each side of a change too short to find in its line
_ENDS = 6  # words quoted from each end of a long passage that was removed or moved
_ON_TITLE_PAGE = ("title", "subtitle", "authors")  # metadata that a title page shows
# Characters that Markdown takes literally only after a backslash.
_SYNTAX = re.compile(r"([\\`*_{}\[\]()<>#$@^~|&\"'!+=]|(?<=[-.])[-.]|:(?=\S))")


def errata_sheet(old: State, new: State, comparison: Comparison, design: Design) -> str:
    """Return the sheet for copies of *old* as Markdown, in the language of the work.

    It lists all changes except those of metadata that no page shows.
    """
    words = design.words(old.outline.language)
    label = str(old.outline.metadata.get("edition") or old.name.removeprefix("edition "))
    entries = [entry for change in comparison.changes for entry in _entries(change, words)]
    lines = [words["errata-intro"].format(edition=escaped(label)), ""]
    for place, group in groupby(entries, key=lambda entry: entry[0]):
        lines += [place, *(f":   {correction}" for _, correction in group), ""]
    if not entries:
        lines += [words["errata-none"], ""]
    return "\n".join([_metadata_block(old, new, words, label), *lines])


def _metadata_block(old: State, new: State, words: Mapping[str, str], label: str) -> str:
    outline = old.outline
    of = f"{outline.title}, {words['edition']} {label}"
    editions = (str(each.outline.metadata.get("edition", each.name)) for each in (old, new))
    name = " ".join(["errata", str(outline.metadata.get("identifier", "")), *editions])
    values = {
        "title": escaped(words["errata"]),
        "subtitle": escaped(of),
        "author": list(outline.metadata.get("authors", ())),
        "lang": outline.language,
        "date": new.outline.metadata.get("date", ""),
        "publisher": new.outline.metadata.get("publisher", ""),
        "identifier": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}",
    }
    lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value
    ]
    return "\n".join(["---", *lines, "---", ""])


def escaped(text: str) -> str:
    """Return *text* escaped, so that Markdown shows exactly its characters."""
    return _SYNTAX.sub(r"\\\1", re.sub(r"[ \t\r\n]+", " ", text))


# Entries ---------------------------------------------------------------------------------------


def _entries(change: Change, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the place and the text of each correction, as Markdown."""
    if not change.anchors and change.what not in _ON_TITLE_PAGE:
        return
    spots: Sequence[Spot | None] = change.spots or (None,)
    corrections = list(_corrections(change))
    for index, (key, values) in enumerate(corrections):
        spot = spots[min(index, len(spots) - 1)]
        place = _place(spot, words) if change.anchors else words["title-page"]
        if change.goal_spot:
            values["place"] = _place(change.goal_spot, words)
        escaped_values = {name: _as_markdown(change, name, value) for name, value in values.items()}
        place = re.sub(r"^(\w+)\.", r"\1\\.", place)  # “p. 3” would begin a list
        yield place or "—", words[key].format(**escaped_values)


def _as_markdown(change: Change, name: str, value: str) -> str:
    is_formula = change.what == "formula" and name in ("old", "new")
    return f"${' '.join(value.split())}$" if is_formula else escaped(value)


def _place(spot: Spot | None, words: Mapping[str, str]) -> str:
    if spot is None:
        return ""
    key = "errata-line" if spot.note is None else "errata-note-line"
    return words[key].format(page=spot.folio, line=spot.line, note=spot.note)


_SPECIAL = {
    ("note", Act.ADDED): "errata-note",
    ("note", Act.REMOVED): "errata-note-delete",
    ("figure", Act.ADDED): "errata-figure",
    ("figure", Act.REMOVED): "errata-figure-delete",
    ("figure", Act.CHANGED): "errata-figure-replaced",
    ("emphasis", Act.ADDED): "errata-emphasize",
    ("emphasis", Act.REMOVED): "errata-plain",
    ("paragraph break", Act.ADDED): "errata-break",
    ("paragraph break", Act.REMOVED): "errata-join",
    ("paragraph", Act.ADDED): "errata-paragraph",
}


def _corrections(change: Change) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield for each correction the key of its template, and the values for it."""
    before = change.before
    if change.what == "formula" and change.act is Act.CHANGED:
        yield "errata-read", {"old": change.old, "new": change.new}
    elif len(change.parts) > 1:
        for old, new in _readings(change.parts):
            yield "errata-read", {"old": old, "new": new}
    elif change.what == "link" and change.detail:
        address = change.detail.rpartition(" → ")[2]
        yield "errata-link", {"old": change.old, "address": address}
    elif special := _SPECIAL.get((change.what, change.act)):
        yield special, {"old": _ends(change.old), "new": change.new, "before": before}
    elif change.act is Act.ADDED:
        key = "errata-insert" if before else "errata-insert-first"
        yield key, {"new": change.new, "before": before}
    elif change.act is Act.REMOVED:
        yield "errata-delete", {"old": _ends(change.old)}
    elif change.act is Act.MOVED:
        yield "errata-move", {"old": _ends(change.old), "before": before, "place": "—"}
    else:
        yield "errata-other", {"old": _ends(change.old), "detail": change.detail}


def _ends(text: str) -> str:
    """Return *text*, or only its first and last words if it is long."""
    words = text.split()
    if len(words) <= 3 * _ENDS:
        return text
    return " ".join([*words[:_ENDS], "…", *words[-_ENDS:]])


def _readings(parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """Yield for each run of changed words what is printed and what to read instead.

    A run that is too short to find in its line includes the words next to it.
    """
    at = 0
    while at < len(parts):
        if parts[at].act is None:
            at += 1
            continue
        end = at
        while end < len(parts) and parts[end].act is not None:
            end += 1
        run = parts[at:end]
        old, new = (
            "".join(part.text for part in run if part.act is act)
            for act in (Act.REMOVED, Act.ADDED)
        )
        if not _can_be_found(old) or not _can_be_found(new):
            lead = _last(parts[at - 1].text) if at else ""
            tail = _first(parts[end].text) if end < len(parts) else ""
            old, new = f"{lead}{old}{tail}", f"{lead}{new}{tail}"
        yield old.strip(), new.strip()
        at = end


def _can_be_found(text: str) -> bool:
    return sum(map(str.isalnum, text)) > 3


def _last(text: str) -> str:
    return _words(tokens(text)[::-1], backwards=True)


def _first(text: str) -> str:
    return _words(tokens(text), backwards=False)


def _words(parts: list[str], *, backwards: bool) -> str:
    taken: list[str] = []
    for token in parts:
        if sum(map(is_word, taken)) == _NEIGHBORS:
            break
        taken.append(token)
    return "".join(taken[::-1] if backwards else taken)
