"""The last step of the left edge: add to a manuscript every text file that it names.

The files of `chapters` and of include lines become part of the text. Each line of the text keeps
its file and line number. All names start at the manuscript's folder, even within an included file,
so that everyone who reads the text agrees on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from chapbook.model.document import Manuscript, Part, SourceFile
from chapbook.model.errors import Code, Finding, Place, SourceError, note
from chapbook.reading import author_filters, front_matter
from chapbook.reading.chapter_titles import Below, below
from chapbook.reading.manuscript import MAXIMUM_BYTES, decode_text
from chapbook.reading.resources import named_files, names_in, read_beside
from chapbook.reading.source_positions import without_code
from chapbook.reading.yaml_reader import Entry

DEEPEST = 10  # levels of includes within includes; a section of a chapter is at level 2
MOST_PARTS = 10_000  # a file may be included often; more is a mistake or an attack

# Quarto's syntax, https://quarto.org/docs/authoring/includes.html
_INCLUDE = re.compile(r"^([ \t]*)\{\{<[ \t]*include[ \t]+(.+?)[ \t]*>\}\}[ \t]*$", re.MULTILINE)
_ANY_INCLUDE = re.compile(r"\{\{<[ \t]*include\b")
_NOTE = re.compile(r"^[ ]{0,3}\[\^([^\s\[\]^]+)\]:", re.MULTILINE)


def compose(
    manuscript: Manuscript,
    folder: Path | None,
    defaults: Mapping[str, Entry],
    *,
    allow_filters: bool = False,
) -> Manuscript:
    """Return *manuscript* with the files below *folder* that its text and metadata name.

    *defaults* are metadata too. Raises SourceError if a file cannot be read, if the front matter
    block is broken, or if it names filters and *allow_filters* is not given.
    """
    block = front_matter.split(manuscript, defaults)
    to_run = block.entries.get(author_filters.KEY)
    if to_run and not allow_filters:
        author_filters.refuse(to_run)
    desk = _Desk(manuscript, folder)
    main = _Text(manuscript.file_name, manuscript.text, block.first_line)
    chapters = block.entries.get("chapters")
    texts = [main, *(desk.chapters(chapters) if chapters else ())]
    for text in texts:
        desk.follow(text, (main.name,) if text is main else (main.name, text.name))
    named = {file.name: file for file in named_files(block.entries, folder)}
    beside = tuple({**desk.files, **named}.values())
    run = author_filters.allowed(to_run, named)
    manuscript = replace(manuscript, beside=beside, filters=run, findings=desk.findings())
    if len(texts) == 1 and not desk.texts:
        return manuscript
    renamed = _with_notes_apart([main, *desk.texts.values()])
    lines = _Lines(desk, renamed)
    for text in texts:
        lines.add(text.name)
    return replace(manuscript, text="\n".join(lines.lines) + "\n", parts=tuple(lines.parts))


@dataclass(frozen=True, slots=True)
class _Include:
    """An include line: its number in its file, from 1, its indentation, and the file's name."""

    line: int
    indent: str
    name: str


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a file. `first_line` is the first line below its front matter block."""

    name: str
    text: str
    first_line: int = 1

    def includes(self) -> Iterator[_Include]:
        """Yield the include lines outside of code, in order."""
        if not _ANY_INCLUDE.search(self.text):
            return
        for number, line in enumerate(without_code(self.text).split("\n"), 1):
            if number >= self.first_line and (match := _INCLUDE.match(line)):
                yield _Include(number, match[1], match[2].strip("\"'"))

    def stray_include(self) -> int | None:
        """Return the first line outside of code that has an include and something else."""
        if not _ANY_INCLUDE.search(self.text):
            return None
        lines = enumerate(without_code(self.text).split("\n"), 1)
        return next(
            (
                number
                for number, line in lines
                if number >= self.first_line
                and _ANY_INCLUDE.search(line)
                and not _INCLUDE.match(line)
            ),
            None,
        )


class _Desk:
    """The files that the manuscript names. Each is read once."""

    def __init__(self, manuscript: Manuscript, folder: Path | None) -> None:
        self.files: dict[str, SourceFile] = {}
        self.texts: dict[str, _Text] = {}
        self._read: dict[str, _Text] = {}  # by the name that the author wrote, such as `./a.md`
        self._followed: set[str] = set()
        self._found: list[Finding] = []
        self._unread: list[Below] = []
        self.main = manuscript
        self._folder = folder
        self._size = len(manuscript.text)

    def chapters(self, entry: Entry) -> Iterator[_Text]:
        """Yield the chapters that *entry*, the key `chapters`, lists. Raises SourceError."""
        listed = names_in(entry, "chapter")
        for name in listed:
            text = self.read(name, entry.where, "chapter")
            if listed.count(name) > 1 or text.name == self.main.file_name:
                message = f"the chapter “{name[:80]}” is in the book already"
                raise SourceError(message, where=entry.where, remedy="list every chapter once")
            yield text

    def read(self, name: str, where: Place, what: str) -> _Text:
        """Return the text of the file *name*, which is named at *where*. Raises SourceError."""
        if name not in self._read:
            file = read_beside(name, self._folder, where, what)
            known = file.name in self.texts or file.name == self.main.file_name
            if not known:
                self._take(file, where, is_chapter=what == "chapter")
            self._read[name] = self.texts.get(file.name) or _Text(file.name, "")
        return self._read[name]

    def _take(self, file: SourceFile, where: Place, *, is_chapter: bool) -> None:
        called = str(self.main.place_in(file.name))
        text = decode_text(called, file.content)
        self._size += len(text)
        if self._size > MAXIMUM_BYTES:
            message = f"with this file the manuscript is longer than {MAXIMUM_BYTES // 2**20} MB"
            raise SourceError(message, where=where, remedy="split it into several manuscripts")
        self.files[file.name] = file
        read = below(text, called, is_chapter=is_chapter)
        self.texts[file.name] = _Text(file.name, read.text)
        self._found += read.findings
        self._unread += [read] if read.unread else []

    def findings(self) -> tuple[Finding, ...]:
        """Return the findings in the front matter of all files, and one note about unused keys."""
        if not self._unread:
            return tuple(self._found)
        keys = dict.fromkeys(key for read in self._unread for key in read.unread)
        files = f"{len(self._unread)} files" if len(self._unread) > 1 else "this file"
        message = f"keys in the front matter of {files} have no effect there: {', '.join(keys)}"
        return (*self._found, note(Code.METADATA_KEY, message[:300], self._unread[0].where))

    def follow(self, text: _Text, trail: tuple[str, ...]) -> None:
        """Read all files that *text* includes. *trail* are the files that include it.

        Raises SourceError.
        """
        if text.name in self._followed:
            return
        self._followed.add(text.name)
        if stray := text.stray_include():
            message = "an include is within a line"
            remedy = "give it a line of its own, or put it between backticks to show it"
            raise SourceError(message, where=self.main.place_in(text.name, stray), remedy=remedy)
        for include in text.includes():
            where = self.main.place_in(text.name, include.line)
            inner = self.read(include.name, where, "included file")
            if inner.name in trail:
                circle = " → ".join((*trail[trail.index(inner.name) :], inner.name))
                message = f"files that include each other have no end: {circle}"
                raise SourceError(message, where=where, remedy="take this line out")
            _refuse_depth(len(trail), where)
            self.follow(inner, (*trail, inner.name))


def _refuse_depth(depth: int, where: Place) -> None:
    """Raise SourceError if the include at *where* is nested too deeply."""
    if depth > DEEPEST:
        message = f"files are included more than {DEEPEST} deep"
        raise SourceError(message, where=where, remedy="flatten them")


def _with_notes_apart(texts: list[_Text]) -> dict[str, _Text]:
    """Return *texts* by name, with new labels for notes where two files use the same label.

    Labels are never shown, and authors begin every chapter at `[^1]`. The first file keeps its
    labels.
    """
    visible = {text.name: without_code(text.text) for text in texts if "[^" in text.text}
    taken: set[str] = set()
    renamed = {text.name: text for text in texts}
    for name, shown in visible.items():
        own = {match[1] for match in _NOTE.finditer(shown)}
        clashing = own & taken
        taken |= own
        if clashing:
            suffix = re.sub(r"[\s\[\]^]", "-", name)
            labels = "|".join(sorted(map(re.escape, clashing), reverse=True))
            text = _renamed(renamed[name].text, shown, rf"\[\^({labels})(?=\])", f"@{suffix}")
            renamed[name] = replace(renamed[name], text=text)
    return renamed


def _renamed(text: str, shown: str, pattern: str, suffix: str) -> str:
    """Return *text* with *suffix* after each match of *pattern* outside of code.

    *shown* is *text* without code.
    """
    ends = [match.end() for match in re.finditer(pattern, shown)]
    starts = [0, *ends]
    return suffix.join(text[one:other] for one, other in zip(starts, [*ends, None], strict=True))


class _Lines:
    """The lines of the whole text, while they are collected, and the places they come from."""

    def __init__(self, desk: _Desk, texts: Mapping[str, _Text]) -> None:
        self.lines: list[str] = []
        self.parts: list[Part] = []
        self._desk = desk
        self._place = desk.main.place_in
        self._size = 0
        self._texts = {
            name: (
                text.text.rstrip("\n").split("\n"),
                {include.line: include for include in text.includes()},
            )
            for name, text in texts.items()
        }

    def add(self, name: str, indent: str = "", depth: int = 1) -> None:
        """Add the file *name* and all that it includes, as separate blocks indented by *indent*."""
        lines, includes = self._texts[name]
        self._begin(name, 1)
        for number, line in enumerate(lines, 1):
            if include := includes.get(number):
                where = self._place(name, number)
                _refuse_depth(depth, where)
                inner = self._desk.read(include.name, where, "included file")
                self._put("")
                self.add(inner.name, indent + include.indent, depth + 1)
                self._begin(name, number)
                self._put("")
            else:
                self._put(f"{indent}{line}" if line.strip() else line)
        self._put("")

    def _begin(self, name: str, line: int) -> None:
        where = self._place(name, line)
        self.parts.append(Part(len(self.lines) + 1, where))
        if len(self.parts) > MOST_PARTS:
            message = f"files are included more than {MOST_PARTS:,} times"
            raise SourceError(message, where=where, remedy="write what repeats once")

    def _put(self, line: str) -> None:
        self.lines.append(line)
        self._size += len(line) + 1
        if self._size > MAXIMUM_BYTES:
            message = (
                f"with all that it includes the text is longer than {MAXIMUM_BYTES // 2**20} MB"
            )
            raise SourceError(message, where=self.parts[-1].where, remedy="include less")
