"""The one place that runs pandoc: once a manuscript, sandboxed, its time and memory limited.

The binary is the one that pypandoc brings; its `convert_text` cannot bound time or memory and
starts pandoc three times, so the process is started here.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from chapbook.conversion import explain
from chapbook.document import Manuscript
from chapbook.errors import Code, Finding, Place, SourceError, ToolchainError, warning

LONGEST_SECONDS = 120.0  # a 1,000-page book takes 10 s
MOST_MEMORY = "4g"  # pandoc's heap: a 1,000-page book takes 1.5 GB

_FORMAT = (
    # The metadata block is read by us, and nothing further down may override it.
    "markdown-yaml_metadata_block-pandoc_title_block"
    # Makes pandoc exponential in unmatched `[`; without a bibliography it changes no word.
    "-citations"
    # What authors on the web write.
    "+autolink_bare_uris+emoji+lists_without_preceding_blankline"
    "-implicit_header_references-latex_macros+raw_html+raw_tex"
)
_HTML = (
    "--to=html5",
    "--lua-filter=page-breaks.lua",
    "--template=pivot.html",
    "--mathml",
    "--section-divs",
    "--wrap=preserve",
    "--syntax-highlighting=none",
    "--email-obfuscation=none",
    "--verbose",  # else raw LaTeX is dropped without a word
)
_PAGE_BREAKS = r"""
local tex = {newpage = true, pagebreak = true, clearpage = true, cleardoublepage = true}

local function is_break(raw)
  local command = raw.text:match("^%s*\\(%a+)%s*%[?%d?%]?%s*$")
  local comment = raw.text:match("^%s*<!%-%-([%s%a-]*)%-%->%s*$")
  comment = comment and comment:lower():gsub("[%s-]", "")
  return raw.format:match("tex") and tex[command] or raw.format == "html" and comment == "pagebreak"
end

local function page_break()
  return pandoc.Div({}, pandoc.Attr("", {"pagebreak"}))
end

function RawBlock(raw)
  if is_break(raw) then return page_break() end
end

function Para(block)
  local only = block.content[1]
  if #block.content == 1 and only.t == "RawInline" and is_break(only) then return page_break() end
end

function Div(div)
  if div.classes:includes("pagebreak") or div.classes:includes("page-break") then
    if #div.content == 0 then return page_break() end
  end
end
"""
"""Every way to write a page break becomes an empty div of one class."""

_SEPARATOR = "\x02"  # the head is JSON, which escapes it
_TEMPLATE = f"$meta-json$\n{_SEPARATOR}\n$body$\n"


@dataclass(frozen=True, slots=True)
class Source:
    """What pandoc is given: Markdown below the metadata block, and strings that are Markdown.

    `first_line` is the line of the manuscript's text on which `text` begins.
    """

    text: str
    rich: Mapping[str, str]
    manuscript: Manuscript
    first_line: int = 1

    def place(self, line: int | None = None) -> Place:
        """Where that line of `text`, counted from 1, stands; without one, the whole manuscript."""
        return self.manuscript.place(line + self.first_line - 1 if line else None)


@dataclass(frozen=True, slots=True)
class Converted:
    """pandoc's answer: an HTML fragment, rich metadata as HTML, and its warnings."""

    html: str
    metadata_html: Mapping[str, str]
    findings: tuple[Finding, ...]


def convert(source: Source) -> Converted:
    """*source* as HTML5, its rich metadata too, in the same run.

    Raises SourceError where pandoc gives up or exceeds its limits, ToolchainError where there is
    no pandoc.
    """
    output, messages = _run(source, _HTML)
    head, _, html = output.partition(f"{_SEPARATOR}\n")
    return Converted(html, _read_json(head), tuple(_warnings(messages, source)))


def parse(source: Source) -> Mapping[str, Any]:
    """*source* as pandoc's own tree (`pandoc-types`): for proof, beside `convert`'s HTML.

    Its rich metadata stand in `meta`. Raises as `convert` does.
    """
    output, _ = _run(source, ("--to=json",))
    return _read_json(output)


def version() -> str:
    """The version of the pandoc that is run, such as "3.9"; "unknown" where it does not tell."""
    try:
        told = subprocess.run([binary(), "--version"], capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    found = re.match(rb"pandoc\S* (\S+)", told.stdout)
    return found[1].decode() if found else "unknown"


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
    """The path of pandoc. Raises ToolchainError where there is none."""
    spec = find_spec("pypandoc")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        bundled = Path(folder, "files", "pandoc")
        if bundled.is_file():
            return str(bundled)
    try:
        # Where pypandoc comes without its binary it knows where else one may be installed.
        from pypandoc import get_pandoc_path

        return str(get_pandoc_path())
    except (ImportError, OSError) as error:
        raise ToolchainError(
            "pandoc is missing", remedy="run: pip install pypandoc_binary"
        ) from error


def _run(source: Source, writer: Sequence[str]) -> tuple[str, str]:
    """What pandoc writes, and what it says meanwhile."""
    command = [
        binary(),
        f"--from={_FORMAT}",
        "--sandbox",
        "--metadata-file=metadata.json",
        *writer,
        *("+RTS", f"-M{MOST_MEMORY}", "-RTS"),
    ]
    # The shell's locale must not reach the text: pandoc takes languages and encodings from it.
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.defpath, "HOME": os.devnull}
    try:
        with tempfile.TemporaryDirectory(prefix="chapbook-") as folder:
            Path(folder, "pivot.html").write_text(_TEMPLATE, "utf-8")
            Path(folder, "page-breaks.lua").write_text(_PAGE_BREAKS, "utf-8")
            Path(folder, "metadata.json").write_text(json.dumps(dict(source.rich)), "utf-8")
            finished = subprocess.run(
                command,
                input=source.text.encode(),
                capture_output=True,
                timeout=LONGEST_SECONDS,
                cwd=folder,
                env=environment,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise SourceError(
            f"pandoc did not finish in {LONGEST_SECONDS:.0f} seconds",
            where=source.place(),
            remedy="look for many unmatched [ or * in one paragraph",
        ) from error
    except OSError as error:
        raise ToolchainError(
            f"pandoc cannot be started: {error.strerror}",
            remedy="run: pip install --force-reinstall pypandoc_binary",
        ) from error
    messages = finished.stderr.decode("utf-8", "replace")
    if finished.returncode != 0:
        raise _failure(finished.returncode, messages, source)
    return finished.stdout.decode("utf-8"), messages


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
    line = _LINE.search(messages)
    said = " ".join(messages.split())[:200] or f"exit code {code}"
    return SourceError(
        f"pandoc cannot read it: {said}",
        where=source.place(int(line[1]) if line else None),
        remedy="write what stands there in another way",
    )


_SAID = re.compile(r"^\[(WARNING|INFO)\] ?", re.MULTILINE)
_NOT_RENDERED = re.compile(r'Not rendering Raw\w+ \(Format "(.*?)"\) "(.*)"', re.DOTALL)


def _warnings(messages: str, source: Source) -> Iterator[Finding]:
    """What pandoc warns of; of what it only mentions, the raw text that HTML cannot carry."""
    parts = _SAID.split(messages)[1:]
    cursor = 0
    for level, message in zip(parts[::2], parts[1::2], strict=True):
        if dropped := _NOT_RENDERED.match(message):
            raw = _haskell_string(dropped[2])
            found = source.text.find(raw.partition("\n")[0], cursor)
            at = source.text.count("\n", 0, found) + 1 if found >= 0 else None
            cursor = max(cursor, found + 1)
            told = f"raw {dropped[1]} is not carried and was left out: {' '.join(raw.split())[:60]}"
            yield warning(Code.RAW_DROPPED, told, source.place(at))
        elif level == "WARNING":
            told_of = explain(message, source.text)
            yield warning(Code.CONVERSION, told_of.message, source.place(told_of.line))


def _haskell_string(shown: str) -> str:
    r"""The text of a string as Haskell shows it.

    >>> _haskell_string(r"\\emph{\233}\nx")
    '\\emph{é}\nx'
    """
    named = {"n": "\n", "t": "\t", "&": ""}
    return re.sub(
        r"\\(\d+|.)",
        lambda found: chr(int(found[1])) if found[1].isdigit() else named.get(found[1], found[1]),
        shown,
    )
