"""What citations are made from: the bibliographies and the style beside the manuscript, judged.

pandoc reads and fetches whatever its metadata name, sandboxed or not (measured with 3.9): so it is
given copies under names of ours, and no style that would have it fetch another.
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
    """Bibliographies under names of ours, the style, and the keys of the works that are known.

    `names` are what the author calls the `files`.
    """

    files: tuple[SourceFile, ...]
    names: tuple[str, ...]
    style: SourceFile | None
    lang: str
    nocite: str
    keys: frozenset[str]

    @property
    def given(self) -> tuple[SourceFile, ...]:
        """The files that stand in pandoc's folder while it runs."""
        return (*self.files, self.style) if self.style else self.files

    @property
    def options(self) -> tuple[str, ...]:
        """The options by which pandoc makes citations of them."""
        style = (f"--csl={self.style.name}",) if self.style else ()
        named = (f"--bibliography={file.name}" for file in self.files)
        return ("--citeproc", *named, *style)

    @property
    def metadata(self) -> Mapping[str, object]:
        """The metadata that citations go by."""
        told: dict[str, object] = {"lang": self.lang, "link-citations": True}
        return {**told, "nocite": self.nocite} if self.nocite else told


def citing(block: Metablock, manuscript: Manuscript) -> Citing | None:
    """What *manuscript* cites from; None where it names no bibliography.

    Raises SourceError for a bibliography or a style that cannot be used.
    """
    bibliographies = list(_named("bibliography", block, manuscript))
    if not bibliographies:
        return None
    files, keys = [], set[str]()
    for number, (file, where) in enumerate(bibliographies, 1):
        kind = _KINDS.get(posixpath.splitext(file.name)[1].lower())
        if kind is None:
            told = f"the bibliography “{file.name}” is of no kind that is read"
            raise SourceError(told, where=where, remedy="save it as .bib, .json or .yaml")
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
    """The files that *key* names, as they were read at the left edge."""
    entry = block.entries.get(key)
    if entry is None or not entry.value:
        return
    files = {file.name: file for file in manuscript.beside}
    for name in names_in(entry, FILE_KEYS[key]):
        if (file := files.get(posixpath.normpath(name))) is None:
            told = f"the {FILE_KEYS[key]} “{name[:80]}” was not read"
            raise SourceError(told, where=entry.where, remedy="put it beside the manuscript")
        yield file, entry.where


# Bibliographies --------------------------------------------------------------------------------


def _keys(file: SourceFile, kind: str) -> set[str]:
    """The keys by which the works in *file* are cited."""
    if len(file.content) > LARGEST_BIBLIOGRAPHY:
        told = f"longer than {LARGEST_BIBLIOGRAPHY // 2**20} MB"
        raise SourceError(told, where=Place(file.name), remedy="take out what is not cited")
    text = _decoded(file)
    if kind == "json":
        return _json_keys(text, file.name)
    if kind == "yaml":
        if found := _YAML_ALIAS.search(text):
            where = Place(file.name, text.count("\n", 0, found.end()) + 1)
            raise SourceError("YAML aliases are not taken", where=where, remedy="write it out")
        return set(_YAML_KEY.findall(text))
    return set(_BIBTEX_KEY.findall(text))


def _decoded(file: SourceFile) -> str:
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.content.count(b"\n", 0, error.start) + 1
        told = f"not UTF-8: byte {error.start} is 0x{file.content[error.start]:02x}"
        raise SourceError(told, where=Place(file.name, line), remedy="save it as UTF-8") from error


def _json_keys(text: str, name: str) -> set[str]:
    try:
        works = json.loads(text)
    except json.JSONDecodeError as error:
        told = f"not JSON: {error.msg}"
        where = Place(name, error.lineno)
        raise SourceError(told, where=where, remedy="export it once more as CSL JSON") from error
    except RecursionError as error:
        raise SourceError("nested too deeply", where=Place(name), remedy="flatten it") from error
    if not isinstance(works, list):
        told = "it is no list of works"
        raise SourceError(told, where=Place(name), remedy="export it once more as CSL JSON")
    return {str(work["id"]) for work in works if isinstance(work, dict) and "id" in work}


# Styles ----------------------------------------------------------------------------------------


def _judged_style(file: SourceFile) -> SourceFile:
    """A style that stands on its own: of a dependent one pandoc would fetch the parent."""
    where = Place(file.name)
    ours = "take one from the Citation Style Language's repository of styles"
    if len(file.content) > LARGEST_STYLE:
        raise SourceError("it is too long for a citation style", where=where, remedy=ours)
    root = _xml(file, ours)
    if root.tag != f"{_CSL}style":
        raise SourceError("it is no citation style (CSL 1.0)", where=where, remedy=ours)
    for link in root.iter(f"{_CSL}link"):
        if link.get("rel") == "independent-parent":
            parent = link.get("href", "").rpartition("/")[2]
            told = f"this style only names another, “{parent}”, and nothing is fetched"
            remedy = f"save {parent}.csl beside the manuscript and name that"
            raise SourceError(told, where=where, remedy=remedy)
    if root.find(f"{_CSL}citation") is None:
        raise SourceError("the style does not say how to cite", where=where, remedy=ours)
    return SourceFile(_STYLE, file.content)


def _xml(file: SourceFile, remedy: str) -> Element:
    text = _decoded(file)
    if found := re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        told = "a document type, which can hold anything"
        where = Place(file.name, text.count("\n", 0, found.start()) + 1)
        raise SourceError(told, where=where, remedy="take the declaration out")
    try:
        return fromstring(file.content)
    except (ParseError, ValueError, LookupError) as error:
        line = error.position[0] if isinstance(error, ParseError) else None
        told = f"not XML: {error}"
        raise SourceError(told, where=Place(file.name, line), remedy=remedy) from error


# Findings --------------------------------------------------------------------------------------


def missing_work(key: str, known: frozenset[str], manuscript: Manuscript) -> Iterator[Finding]:
    """A finding wherever the manuscript cites *key*, which no bibliography has."""
    labels = _LABEL.findall(manuscript.text) if _LABEL.match(f"#{key}") else []
    advice = did_you_mean(key, {*known, *labels}, "add it to the bibliography")
    told = f"no bibliography has the key “{key}”; {advice}"
    pattern = re.compile(rf"(?<!\w)@\{{?{re.escape(key)}(?!\w|[:.#$%&+?<>~/-]+\w)")
    places = [
        manuscript.place_at(found.start())
        for found in pattern.finditer(without_code(manuscript.text))
    ]
    for where in places or [manuscript.place(None)]:
        yield error(Code.CITATION_MISSING, told, where)


def unreadable_bibliography(said: str, citing: Citing) -> SourceError | None:
    """The error for what pandoc *said* of a bibliography, with its own name and line."""
    found = re.search(r"Error reading bibliography file (\S+?):\s*(.*)", said, re.DOTALL)
    if found is None:
        return None
    names = {file.name: name for file, name in zip(citing.files, citing.names, strict=True)}
    line = re.search(r"\(line (\d+), column \d+\):?", found[2])
    told = " ".join(found[2].replace(line[0] if line else "", "").split())[:160]
    where = Place(names.get(found[1], found[1]), int(line[1]) if line else None)
    remedy = "look there for a brace or a comma that is missing"
    return SourceError(f"the bibliography cannot be read: {told}", where=where, remedy=remedy)
