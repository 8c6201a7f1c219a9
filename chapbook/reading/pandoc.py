"""Run pandoc: once for each manuscript, in its sandbox, with limited time and memory.

No other module runs it. The binary is the one in pypandoc. The process is started here, because
pypandoc's `convert_text` cannot limit time or memory and starts pandoc three times.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from chapbook.model.document import Manuscript
from chapbook.model.errors import Code, Finding, Place, SourceError, ToolchainError, warning
from chapbook.reading import author_filters
from chapbook.reading.bibliography import Citing, missing_work, unreadable_bibliography
from chapbook.reading.bounded_process import run_bounded
from chapbook.reading.lua_filters import DESCRIPTIONS, LANGUAGES, PAGE_BREAKS, REFERENCES
from chapbook.reading.lua_hidden_content import LEFT_OUT
from chapbook.reading.pandoc_warnings import explain, haskell_string
from chapbook.reading.raw_latex import RAW_TEX
from chapbook.reading.source_positions import without_code

LONGEST_SECONDS = 120.0  # a 1,000-page book takes 10 s
MOST_MEMORY = "4g"  # pandoc's heap: a 1,000-page book takes 1.5 GB

_FORMAT = (
    # We read the front matter block ourselves, and no later block may override it.
    "markdown-yaml_metadata_block-pandoc_title_block"
    "+abbreviations"  # removes their definitions from the text: see transforms/abbreviations.py
    # Habits of authors on the web.
    "+autolink_bare_uris+emoji"
    "-implicit_header_references-latex_macros+raw_html+raw_tex"
)
_CITES = re.compile(r"\[-?@|(?<![\w.])@\{?(?:fig|tbl|eq|sec|lst)[:-]\w")
"""Text that needs the extension `citations`. It makes pandoc exponential in unmatched `[`."""

_HTML = (
    "--to=html5",
    "--template=pivot.html",
    "--mathml",
    "--wrap=preserve",
    "--syntax-highlighting=none",
    "--email-obfuscation=none",
    "--verbose",  # otherwise raw LaTeX is dropped silently
)
_FILTERS = (
    {"left-out": LEFT_OUT, "references": REFERENCES},
    {
        "page-breaks": PAGE_BREAKS,
        "latex": RAW_TEX,
        "descriptions": DESCRIPTIONS,
        "languages": LANGUAGES,
    },
)
"""The filters that run before citations are made, and those that run after."""
_TREE_FILE = "tree.json"
_TREE = f"""
function Pandoc(document)
  local file = assert(io.open("{_TREE_FILE}", "w"))
  file:write(pandoc.write(document, "json"))
  file:close()
end
"""
"""The last filter: it writes pandoc's own tree beside the HTML, so that one run gives both."""

_SEPARATOR = "\x02"  # the text before it is JSON, which escapes this character
_TEMPLATE = f"$meta-json$\n{_SEPARATOR}\n$body$\n"


@dataclass(frozen=True, slots=True)
class Source:
    """The input of pandoc: the Markdown below the front matter block, and Markdown metadata.

    `first_line` is the line of the manuscript's text on which `text` begins. `added` are the lines
    of `text` that the manuscript does not have, in order. `citing` is None without a bibliography.
    """

    text: str
    rich: Mapping[str, str]
    manuscript: Manuscript
    first_line: int = 1
    citing: Citing | None = None
    added: tuple[int, ...] = ()

    def place(self, line: int | None = None) -> Place:
        """Return the place of a line of `text`, from 1, or of the whole manuscript without one."""
        if not line:
            return self.manuscript.place(None)
        return self.manuscript.place(line - bisect_left(self.added, line) + self.first_line - 1)


@dataclass(frozen=True, slots=True)
class Converted:
    """The output of pandoc: an HTML fragment, Markdown metadata as HTML, and its warnings.

    `tree_json` is pandoc's own tree, if it was asked for.
    """

    html: str
    metadata_html: Mapping[str, str]
    findings: tuple[Finding, ...]
    tree_json: str = ""


def convert(source: Source, *, with_tree: bool = False) -> Converted:
    """Return *source* and its Markdown metadata as HTML5, from one run of pandoc.

    *with_tree* asks for pandoc's own tree too, from the same run. Raises SourceError if pandoc
    fails or exceeds its limits, and ToolchainError if there is no pandoc.
    """
    output = _run(source, _HTML, with_tree=with_tree)
    head, _, html = output.text.partition(f"{_SEPARATOR}\n")
    metadata = _read_json(head)
    rich = {key: html for key, html in metadata.items() if key in source.rich}
    return Converted(html, rich, tuple(_warnings(output.messages, source)), output.tree_json)


def parse(source: Source, converted: Converted | None = None) -> Mapping[str, Any]:
    """Return *source* as pandoc's own tree (`pandoc-types`), to check the HTML of `convert`.

    The tree in *converted* is taken, if it is given; pandoc runs otherwise. Markdown metadata are
    in `meta`. Raises the same errors as `convert`.
    """
    tree_json = converted.tree_json if converted else ""
    tree = _read_json(tree_json or _run(source, ("--to=json",)).text)
    return {**tree, "meta": {key: tree["meta"][key] for key in source.rich if key in tree["meta"]}}


def version() -> str:
    """Return the version of pandoc, such as "3.9", or "unknown" if it does not print one."""
    command = [binary(), "--version"]
    try:
        answer = subprocess.run(command, capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    match = re.match(rb"pandoc\S* (\S+)", answer.stdout)
    return match[1].decode() if match else "unknown"


def _read_json(text: str) -> Mapping[str, Any]:
    try:
        read: Mapping[str, Any] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ToolchainError(
            "pandoc's answer cannot be read",
            remedy="run: pip install --force-reinstall pypandoc_binary",
        ) from error
    return read


@cache
def binary() -> str:
    """Return the path of pandoc. Raises ToolchainError if there is none."""
    spec = find_spec("pypandoc")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        bundled = Path(folder, "files", "pandoc")
        if bundled.is_file():
            return str(bundled)
    try:
        # A pypandoc without the binary knows where else pandoc may be installed.
        from pypandoc import get_pandoc_path

        return str(get_pandoc_path())
    except (ImportError, OSError) as error:
        raise ToolchainError(
            "pandoc is missing", remedy="run: pip install pypandoc_binary"
        ) from error


class _Output(NamedTuple):
    """The output of one run of pandoc, its messages, and its tree, if it was asked for."""

    text: str
    messages: str
    tree_json: str


def _run(source: Source, writer: Sequence[str], *, with_tree: bool = False) -> _Output:
    """Run pandoc once."""
    citations = "+" if source.citing or _CITES.search(source.text) else "-"
    command = [
        binary(),
        f"--from={_FORMAT}{citations}citations",
        "--sandbox",
        "--metadata-file=metadata.json",
    ]
    cite = source.citing.options if source.citing else ()
    first, last = _FILTERS
    last = {**last, "tree": _TREE} if with_tree else last
    before, after = ([f"--lua-filter={name}.lua" for name in run] for run in (first, last))
    ours = [*before, *cite, *after]
    limits = ["+RTS", f"-M{MOST_MEMORY}", "-RTS"]
    # The shell's locale must not reach the text: pandoc takes languages and encodings from it.
    environment = {"LC_ALL": "C.UTF-8", "PATH": author_filters.search_path(source.manuscript)}
    environment["HOME"] = os.devnull
    try:
        with tempfile.TemporaryDirectory(prefix="chapbook-") as folder:
            Path(folder, "pivot.html").write_text(_TEMPLATE, "utf-8")
            for name, program in {**first, **last}.items():
                Path(folder, f"{name}.lua").write_text(program, "utf-8")
            cited = source.citing.metadata if source.citing else {}
            metadata = json.dumps(
                {**source.rich, **cited}, ensure_ascii=False
            )  # YAML has no escapes for surrogates
            Path(folder, "metadata.json").write_text(metadata, "utf-8")
            for file in source.citing.given if source.citing else ():
                Path(folder, file.name).write_bytes(file.content)
            theirs = author_filters.lay_out(source.manuscript, Path(folder))
            finished = run_bounded(
                [*command, *theirs, *ours, *writer, *limits],
                source.text.encode(),
                LONGEST_SECONDS,
                Path(folder),
                environment,
            )
            tree = Path(folder, _TREE_FILE)
            tree_json = tree.read_text("utf-8") if with_tree and tree.is_file() else ""
    except subprocess.TimeoutExpired as error:
        theirs_too = author_filters.names(source.manuscript)
        raise SourceError(
            f"pandoc{f' with {theirs_too}' if theirs_too else ''} did not finish in "
            f"{LONGEST_SECONDS:.0f} seconds",
            where=source.place(_most_open(source.text)),
            remedy="look for many unmatched [ or * in one paragraph, and write \\[ or \\*",
        ) from error
    except OSError as error:
        raise ToolchainError(
            f"pandoc cannot be started: {error.strerror}",
            remedy="run: pip install --force-reinstall pypandoc_binary",
        ) from error
    messages = finished.stderr.decode("utf-8", "replace")
    if finished.returncode != 0:
        raise _failure(finished.returncode, messages, source)
    return _Output(finished.stdout.decode("utf-8"), messages, tree_json)


def _most_open(text: str) -> int | None:
    """Return the first line of the paragraph with the most unmatched `[`, if there are many."""
    worst, most, line = None, 7, 1
    for paragraph in re.split(r"(?<=\n)[ \t]*\n", text):
        unmatched = paragraph.count("[") - paragraph.count("]")
        if unmatched > most:
            worst, most = line, unmatched
        line += paragraph.count("\n") + 1
    return worst


_LINE = re.compile(r"\(?line (\d+)(?:,? column \d+\)?)?")
_HEAP_EXHAUSTED = 251  # GHC's exit code when -M is reached


def _failure(code: int, messages: str, source: Source) -> SourceError:
    if code < 0:
        return SourceError(
            f"pandoc was ended by signal {-code}",
            where=source.place(),
            remedy="free memory, or split the manuscript",
        )
    if code == _HEAP_EXHAUSTED or "heap" in messages.lower():
        return SourceError(
            f"pandoc needs more than {MOST_MEMORY.upper()}B of memory",
            where=source.place(),
            remedy="look for deep nesting, or split the manuscript",
        )
    if source.citing and (unread := unreadable_bibliography(messages, source.citing)):
        return unread
    if failed := author_filters.failure(messages, source.manuscript):
        return failed
    line = _LINE.search(messages)
    reason = " ".join(messages.split())[:200] or f"exit code {code}"
    return SourceError(
        f"pandoc cannot read it: {reason}",
        where=source.place(int(line[1]) if line else None),
        remedy="write this place in another way",
    )


_LEVEL = re.compile(r"^\[(WARNING|INFO)\] ?", re.MULTILINE)
_MISSING = re.compile(r"Citeproc: citation (\S+) not found")
_NOT_RENDERED = re.compile(r'Not rendering Raw\w+ \(Format "(.*?)"\) "(.*)"', re.DOTALL)


def _warnings(messages: str, source: Source) -> Iterator[Finding]:
    """Yield pandoc's warnings. Of its other messages only those about lost raw text count."""
    parts = _LEVEL.split(messages)[1:]
    text, cursors = without_code(source.text), dict[str, int]()
    for level, message in zip(parts[::2], parts[1::2], strict=True):
        if dropped := _NOT_RENDERED.match(message):
            raw = haskell_string(dropped[2])
            at = _line_of_raw(raw.partition("\n")[0].strip(), source.text, text, cursors)
            what = "LaTeX" if dropped[1] in {"tex", "latex"} else dropped[1]
            loss = f"raw {what} is not supported and was left out: {' '.join(raw.split())[:60]}"
            loss += "; write it in Markdown, or in HTML"
            yield warning(Code.RAW_DROPPED, loss, source.place(at))
        elif source.citing and (missing := _MISSING.match(message)):
            yield from missing_work(missing[1], source.citing.keys, source.manuscript)
        elif theirs := author_filters.warned(message, source.manuscript):
            yield warning(Code.CONVERSION, *theirs)
        elif level == "WARNING":
            explained = explain(message, source.text)
            yield warning(Code.CONVERSION, explained.message, source.place(explained.line))


def _line_of_raw(raw: str, source: str, text: str, cursors: dict[str, int]) -> int | None:
    """Return the line of the next *raw* in *source*. *text* is the source without code."""
    marked = re.compile(rf"`{re.escape(raw)}`+{{=")  # text that is marked as raw
    bare = re.compile(rf"{re.escape(raw)}(?![A-Za-z])")
    bare_first = raw.startswith("\\")  # other formats must be marked
    searches = [(text, bare), (source, marked)] if bare_first else [(source, marked)]
    for within, pattern in (*searches, (source, bare)):
        if match := pattern.search(within, cursors.get(raw, 0)):
            cursors[raw] = match.end()
            return source.count("\n", 0, match.start()) + 1
    return None
