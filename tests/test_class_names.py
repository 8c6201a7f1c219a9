"""Authors may give any class: none is mistaken for one of Chapbook's, in any format or check."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pikepdf

from chapbook.checks import check_files
from chapbook.cli import inputs
from chapbook.model import vocabulary
from chapbook.pipeline import Job, build

ROOT = Path(__file__).parents[1]
HEAD = "---\ntitle: Classes\nlang: en\nidentifier: urn:x\ndate: 2026-11-23\n---\n\nBefore.\n\n"
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0h40v20z"/></svg>'
)
ELEMENTS = """
# Heading {number} {{#h{number} .{name}}}

Words and [a span {number}]{{.{name}}}, [a link {number}](#h{number}){{.{name}}},
`code {number}`{{.{name}}}.

::: {{.{name}}}
A div {number}.

Its second paragraph.
:::

Before ![A picture {number}](a.svg){{.{name}}} after.

| a | b |
|---|---|
| {number} | c |

: Caption {number} {{.{name}}}

<ul class="{name}"><li class="{name}">Item {number}</li><li>Another</li></ul>

```{{.text .{name}}}
code {number}
```
"""
NEUTRAL = "neutral"  # as a name that means nothing


def css_names() -> set[str]:
    names: set[str] = set()
    for path in (ROOT / "templates").rglob("*.css"):
        rules = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        names |= set(re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", rules)))
    return names


def template_names() -> set[str]:
    names: set[str] = set()
    for path in (ROOT / "templates").glob("*.*html"):
        for value in re.findall(r'class="([^"]*)"', path.read_text("utf-8")):
            names |= set(re.findall(r"[a-z][\w-]+", re.sub(r"\{[{%].*?[%}]\}", " ", value)))
    return names


def every_name() -> list[str]:
    """Every name in code, stylesheets and templates, without the prefix; not the authors' own."""
    ours = {*vocabulary.OURS, *css_names(), *template_names()}
    ours |= {f"{vocabulary.WIDTH}50", f"{vocabulary.DIGITS}2", "level1", "uri"}
    bare = {name.removeprefix(vocabulary.PREFIX) for name in ours}
    return sorted(bare - vocabulary.AUTHORS - PANDOCS - {""})


PANDOCS = frozenset("csl-block csl-entry csl-indent csl-left-margin csl-right-inline".split())
"""Classes that pandoc itself uses, such as parts of a bibliography."""


def job(folder: Path, names: list[str]) -> Job:
    parts = [ELEMENTS.format(number=number, name=name) for number, name in enumerate(names)]
    (folder / "a.svg").write_text(PICTURE, "utf-8")
    path = folder / "classes.md"
    path.write_text(HEAD + "\n".join(parts), "utf-8")
    return inputs.job(str(path))


def shown(content: bytes, suffix: str) -> Any:
    """Return what a reader sees in a file, without the names of classes."""
    if suffix == ".pdf":
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return [page.Contents.read_bytes() for page in pdf.pages]
    if suffix == ".epub":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return [_bare(packed.read(each)) for each in packed.namelist() if "html" in each]
    return _bare(content).partition("<main>")[2]


def _bare(content: bytes) -> str:
    text = re.sub(r' class="([^"]*)"', _without_authors, content.decode())
    return re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)


def _without_authors(match: re.Match[str]) -> str:
    names = [name for name in match[1].split() if vocabulary.is_ours(name)]
    return f' class="{" ".join(names)}"' if names else ""


def build_outputs(folder: Path, names: list[str]) -> tuple[dict[str, Any], list[str]]:
    of = job(folder, names)
    built = build(of, ("pdf", "epub", "html"))
    files = {each.suffix: each.content for each in built.artefacts}
    paths = {folder / f"classes{suffix}": content for suffix, content in files.items()}
    findings = [*built.findings, *check_files(of, paths)]
    text = sorted(f"{each.code.value} {each.where}" for each in findings)
    return {suffix: shown(content, suffix) for suffix, content in files.items()}, text


def test_a_class_of_an_author_changes_nothing(tmp_path: Path) -> None:
    names = every_name()
    files, text = build_outputs(tmp_path, names)
    wanted, wanted_text = build_outputs(tmp_path, [NEUTRAL] * len(names))
    assert text == wanted_text
    for suffix, content in files.items():
        assert content == wanted[suffix], suffix


def test_a_class_of_an_author_with_our_prefix_is_removed(tmp_path: Path) -> None:
    job(tmp_path, sorted(vocabulary.OURS)[:3])
    of = inputs.job(str(tmp_path / "classes.md"))
    (page,) = build(of, ("html",)).artefacts
    text = page.content.decode().partition("<main>")[2]
    assert not [name for name in sorted(vocabulary.OURS)[:3] if name in text]


def test_stylesheets_and_templates_use_our_names_alone() -> None:
    numbered = re.compile(rf"(?:{vocabulary.WIDTH}|{vocabulary.DIGITS})\d+(?:px)?")
    used = {name for name in css_names() | template_names() if vocabulary.is_ours(name)}
    used.discard(vocabulary.PREFIX)  # of a name that a template puts together
    assert {name for name in used if not numbered.fullmatch(name)} <= vocabulary.OURS
