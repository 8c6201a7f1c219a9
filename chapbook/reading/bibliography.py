"""The bibliographies and the citation style beside the manuscript, checked before use.

pandoc reads and downloads whatever its metadata name, even in the sandbox (measured with 3.9). So
it gets copies under names of ours, and no style that would make it download another.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, fromstring

from chapbook.lang.nearest_names import did_you_mean
from chapbook.model.document import Manuscript, SourceFile
from chapbook.model.errors import Code, Finding, Place, SourceError, error
from chapbook.reading.front_matter import Metablock
from chapbook.reading.resources import FILE_KEYS, names_in
from chapbook.reading.source_positions import without_code

LARGEST_BIBLIOGRAPHY = 16 * 2**20  # bytes: 40,000 works
LARGEST_STYLE = 2**20
DEFAULT_LANGUAGE = "en"

_STYLE = "style.csl"
_CSL = "{http://purl.org/net/xbiblio/csl}"
_KINDS = {".bib": "bib", ".bibtex": "bibtex", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}
_BIBTEX_KEY = re.compile(
    r"^[ \t]*@(?!comment|string|preamble)\w+\s*[{(]\s*([^\s,{}]+)\s*,", re.IGNORECASE | re.MULTILINE
)
_LABEL = re.compile(r"#((?:fig|tbl|eq|lst|sec)[:-][^\s{}]+)")  # Quarto's look like keys
_YAML_KEY = re.compile(r"^\s*(?:-\s+)?id:\s+[\"']?([^\s\"']+)", re.MULTILINE)
_YAML_ALIAS = re.compile(
    r"^\s*(?:-\s+)*(?:[\w-]+:\s+)?\*[\w-]+\s*$|[\[,]\s*\*[\w-]+\s*[,\]]", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Citing:
    """Bibliographies under names of ours, the style, and the keys of all works in them.

    `names` are the author's names of the `files`.
    """

    files: tuple[SourceFile, ...]
    names: tuple[str, ...]
    style: SourceFile | None
    lang: str
    nocite: str
    keys: frozenset[str]

    @property
    def given(self) -> tuple[SourceFile, ...]:
        """The files that are written into pandoc's folder while it runs."""
        return (*self.files, self.style) if self.style else self.files

    @property
    def options(self) -> tuple[str, ...]:
        """The options for citations in pandoc's command."""
        style = (f"--csl={self.style.name}",) if self.style else ()
        named = (f"--bibliography={file.name}" for file in self.files)
        return ("--citeproc", *named, *style)

    @property
    def metadata(self) -> Mapping[str, object]:
        """The metadata that pandoc uses for citations."""
        metadata: dict[str, object] = {"lang": self.lang, "link-citations": True}
        return {**metadata, "nocite": self.nocite} if self.nocite else metadata


def citing(block: Metablock, manuscript: Manuscript) -> Citing | None:
    """Return what *manuscript* cites from, or None if it names no bibliography.

    Raises SourceError if a bibliography or style cannot be used.
    """
    bibliographies = list(_named("bibliography", block, manuscript))
    if not bibliographies:
        return None
    files, keys = [], set[str]()
    for number, (file, where) in enumerate(bibliographies, 1):
        kind = _KINDS.get(posixpath.splitext(file.name)[1].lower())
        if kind is None:
            message = f"the bibliography “{file.name}” is of no kind that is read"
            raise SourceError(message, where=where, remedy="save it as .bib, .json or .yaml")
        keys |= _keys(file, kind)
        files.append(SourceFile(f"bibliography-{number}.{kind}", file.content))
    styles = [_judged_style(file) for file, _ in _named("csl", block, manuscript)]
    return Citing(
        files=tuple(files),
        names=tuple(file.name for file, _ in bibliographies),
        style=styles[0] if styles else None,
        lang=_text(block, "lang") or DEFAULT_LANGUAGE,
        nocite=_text(block, "nocite"),
        keys=frozenset(keys),
    )


def _text(block: Metablock, key: str) -> str:
    entry = block.entries.get(key)
    return entry.value.strip() if entry and isinstance(entry.value, str) else ""


def _named(
    key: str, block: Metablock, manuscript: Manuscript
) -> Iterator[tuple[SourceFile, Place]]:
    """Yield the files that *key* names, and where. The files were read at the left edge."""
    entry = block.entries.get(key)
    if entry is None or not entry.value:
        return
    files = {file.name: file for file in manuscript.beside}
    for name in names_in(entry, FILE_KEYS[key]):
        if (file := files.get(posixpath.normpath(name))) is None:
            message = f"the {FILE_KEYS[key]} “{name[:80]}” was not read"
            raise SourceError(message, where=entry.where, remedy="put it beside the manuscript")
        yield file, entry.where


# Bibliographies --------------------------------------------------------------------------------


def _keys(file: SourceFile, kind: str) -> set[str]:
    """Return the citation keys of the works in *file*."""
    if len(file.content) > LARGEST_BIBLIOGRAPHY:
        message = f"longer than {LARGEST_BIBLIOGRAPHY // 2**20} MB"
        raise SourceError(message, where=Place(file.name), remedy="take out what is not cited")
    text = _decoded(file)
    if kind == "json":
        return _json_keys(text, file.name)
    if kind == "yaml":
        if match := _YAML_ALIAS.search(text):
            where = Place(file.name, text.count("\n", 0, match.end()) + 1)
            raise SourceError("YAML aliases are not allowed", where=where, remedy="write it out")
        return set(_YAML_KEY.findall(text))
    return set(_BIBTEX_KEY.findall(text))


def _decoded(file: SourceFile) -> str:
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.content.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8: byte {error.start} is 0x{file.content[error.start]:02x}"
        raise SourceError(
            message, where=Place(file.name, line), remedy="save it as UTF-8"
        ) from error


def _json_keys(text: str, name: str) -> set[str]:
    try:
        works = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg}"
        where = Place(name, error.lineno)
        raise SourceError(message, where=where, remedy="export it once more as CSL JSON") from error
    except RecursionError as error:
        raise SourceError("nested too deeply", where=Place(name), remedy="flatten it") from error
    if not isinstance(works, list):
        message = "it is not a list of works"
        raise SourceError(message, where=Place(name), remedy="export it once more as CSL JSON")
    return {str(work["id"]) for work in works if isinstance(work, dict) and "id" in work}


# Styles ----------------------------------------------------------------------------------------


def _judged_style(file: SourceFile) -> SourceFile:
    """Return the style in *file* under our name.

    Raises SourceError for an invalid style, and for a dependent one: pandoc would download its
    parent.
    """
    where = Place(file.name)
    ours = "take one from the Citation Style Language's repository of styles"
    if len(file.content) > LARGEST_STYLE:
        raise SourceError("it is too long for a citation style", where=where, remedy=ours)
    root = _xml(file, ours)
    if root.tag != f"{_CSL}style":
        raise SourceError("it is not a citation style (CSL 1.0)", where=where, remedy=ours)
    for link in root.iter(f"{_CSL}link"):
        if link.get("rel") == "independent-parent":
            parent = link.get("href", "").rpartition("/")[2]
            message = f"this style only names another, “{parent}”, and nothing is fetched"
            remedy = f"save {parent}.csl beside the manuscript and name that"
            raise SourceError(message, where=where, remedy=remedy)
    if root.find(f"{_CSL}citation") is None:
        raise SourceError("the style does not say how to cite", where=where, remedy=ours)
    return SourceFile(_STYLE, file.content)


def _xml(file: SourceFile, remedy: str) -> Element:
    text = _decoded(file)
    if match := re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        message = "a document type, which can hold anything"
        where = Place(file.name, text.count("\n", 0, match.start()) + 1)
        raise SourceError(message, where=where, remedy="take the declaration out")
    try:
        return fromstring(file.content)
    except (ParseError, ValueError, LookupError) as error:
        line = error.position[0] if isinstance(error, ParseError) else None
        message = f"not XML: {error}"
        raise SourceError(message, where=Place(file.name, line), remedy=remedy) from error


# Findings --------------------------------------------------------------------------------------


def missing_work(key: str, known: frozenset[str], manuscript: Manuscript) -> Iterator[Finding]:
    """Yield a finding for each place where the manuscript cites *key*, a key without a work."""
    labels = _LABEL.findall(manuscript.text) if _LABEL.match(f"#{key}") else []
    advice = did_you_mean(key, {*known, *labels}, "add it to the bibliography")
    message = f"no bibliography has the key “{key}”; {advice}"
    pattern = re.compile(rf"(?<!\w)@\{{?{re.escape(key)}(?!\w|[:.#$%&+?<>~/-]+\w)")
    places = [
        manuscript.place_at(match.start())
        for match in pattern.finditer(without_code(manuscript.text))
    ]
    for where in places or [manuscript.place(None)]:
        yield error(Code.CITATION_MISSING, message, where)


def unreadable_bibliography(messages: str, citing: Citing) -> SourceError | None:
    """Return the error for pandoc's *messages* about a bibliography, or None.

    It has the author's name of the file, and the line.
    """
    match = re.search(r"Error reading bibliography file (\S+?):\s*(.*)", messages, re.DOTALL)
    if match is None:
        return None
    names = {file.name: name for file, name in zip(citing.files, citing.names, strict=True)}
    line = re.search(r"\(line (\d+), column \d+\):?", match[2])
    message = " ".join(match[2].replace(line[0] if line else "", "").split())[:160]
    where = Place(names.get(match[1], match[1]), int(line[1]) if line else None)
    remedy = "look there for a brace or a comma that is missing"
    return SourceError(f"the bibliography cannot be read: {message}", where=where, remedy=remedy)
