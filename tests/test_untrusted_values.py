"""Every metadata key and every attribute that survives, each with every value that could do harm.

The keys and the attributes are the program's own tables: what is added there is tested here.
"""

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from io import BytesIO
from pathlib import Path

import html5lib
import pikepdf
import pytest
from lxml import etree

from chapbook.checks import reports
from chapbook.cli.inputs import job
from chapbook.model.dom import VOID_ELEMENTS
from chapbook.model.errors import SourceError
from chapbook.pipeline import Built, build
from chapbook.reading.allowlist import (
    ATTRIBUTES,
    DATA_ATTRIBUTES,
    ELEMENTS,
    GLOBAL_ATTRIBUTES,
    MATHML_ATTRIBUTES,
)
from chapbook.reading.front_matter import ALIASES, INNER_KEYS, KEYS
from chapbook.reading.manuscript import CONTROL_CHARACTER
from chapbook.reading.resources import FILE_KEYS
from tests.test_safety import PIXEL, SECRET, everything, listener, no_network

__all__ = ["listener", "no_network"]  # fixtures

FORMATS = ("pdf", "epub", "html")
ALL_KEYS = sorted(KEYS | set(ALIASES))
NAME_FILES = {*FILE_KEYS, "chapters", "cover-image"}
"""The keys that may name a file beside the manuscript: its text is published on purpose."""

VALUES: Mapping[str, str] = {
    "path": "PARENT/secret.html",
    "address": "file://PARENT/secret.html",
    "upwards": "../secret.html",
    "beside": "private.html",
    "web": "URL/x.html",
    "page": "data:text/html,<script>alert(1)</script>",
    "script": " javascript:alert(1)",
    "tag": "\"'></title></style><script src=URL/s.js></script><img src=URL/i.png onerror=x>",
    "handler": "\" onload=\"alert(1)\" style=\"background:url(URL/h.png)\" x='",
    "sheet": "x\"'; } @import url(URL/i.css); * { background: url(file://PARENT/secret.html) } /*",
    "markup": "\\input{PARENT/secret.html} {% include 'PARENT/secret.html' %}{{ view }} $body$ "
    "![x](../secret.png) ![y](URL/y.png)",
    "controls": "a\bb\x7fc\x85d\ufffee\u202ef",
    "long": f"/{'क' * 150}",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The manuscript's folder, in which the build runs; in it and beside it lie secrets."""
    for name in ("secret.html", "book/private.html"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"<p>{SECRET}</p>", "utf-8")
        assert len(str(path)) < 200, "a parser would not take it for a name"
    (tmp_path / "secret.png").write_bytes(PIXEL + SECRET.encode())
    (tmp_path / "book" / "ok.png").write_bytes(PIXEL)
    monkeypatch.chdir(tmp_path / "book")
    return tmp_path / "book"


def metadata(value: object, keys: Sequence[str]) -> str:
    """A front matter block that sets each of *keys* to *value*, a line each: JSON is YAML."""
    lines = []
    for key in keys:
        inner = dict.fromkeys(sorted(INNER_KEYS.get(ALIASES.get(key, key), ())), value)
        both: object = [value, inner] if ALIASES.get(key, key) in PEOPLE else inner or value
        lines.append(f"{key}: {json.dumps(both)}")
    return "\n".join(["---", *lines, "---", ""])


PEOPLE = {"author", "contributor"}


def marked(value: str) -> str:
    """A text with *value* in every attribute that survives, of every element that does.

    The `src` of an image is the exception: test_safety.py has what may not stand there.
    """
    quoted = CONTROL_CHARACTER.sub(lambda findings: f"&#{ord(findings[0])};", escape(value))
    data = " ".join(f'{name}="{quoted}"' for name in sorted(DATA_ATTRIBUTES))
    blocks = []
    for tag in sorted(ELEMENTS):
        names = sorted(GLOBAL_ATTRIBUTES | ATTRIBUTES.get(tag, frozenset()))
        own = " ".join(f'{name}="{"ok.png" if name == "src" else quoted}"' for name in names)
        start = f"<{tag} {own} {data}>"
        blocks.append(start if tag in VOID_ELEMENTS else f"{start}word</{tag}>")
        if tag in INSIDE:
            blocks[-1] = INSIDE[tag].format(blocks[-1])
    attributes = " ".join(f'{name}="{quoted}"' for name in sorted(MATHML_ATTRIBUTES))
    row = f"<mrow {attributes}><mi {attributes}>x</mi><mo {attributes}>=</mo></mrow>"
    blocks.append(f"<p><math {attributes}>{row}</math></p>")
    braces = quoted.replace("\\", "\\\\")
    words = " ".join(
        f'{name.removeprefix("data-")}="{braces}"'
        for name in sorted(
            (GLOBAL_ATTRIBUTES | DATA_ATTRIBUTES | {"startFrom", "width"}) - {"class"}
        )
    )
    blocks += [f"# One {{{words}}}", f"[span]{{{words}}}", f"::: {{.note {words}}}\ndiv\n:::"]
    blocks += [f"```{{.python .numberLines {words}}}\nx = 1\n```"]
    return "\n\n".join(blocks) + "\n"


INSIDE = dict.fromkeys(("tr", "tbody", "thead", "tfoot", "caption", "col"), "<table>{}</table>")
INSIDE |= dict.fromkeys(("td", "th"), "<table><tr>{}</tr></table>")
INSIDE |= {"li": "<ul>{}</ul>", "rp": "<ruby>{}</ruby>", "rt": "<ruby>{}</ruby>"}


def built_without_what_stops_it(
    folder: Path, value: object, keys: Sequence[str], text: str
) -> Built:
    """The build with as many of *keys* as it goes on with: what stops it is one of their lines."""
    left, path = list(keys), folder / "book.md"
    while True:
        path.write_text(metadata(value, left) + text, "utf-8")
        try:
            return build(job(str(path)), FORMATS)
        except SourceError as error:
            refused = error
        line = (refused.where and refused.where.line) or 0
        assert 2 <= line < len(left) + 2, f"no key stops it: {refused}"
        del left[line - 2]


@pytest.mark.parametrize("name", VALUES)
def test_no_value_opens_runs_or_breaks_anything(
    name: str, folder: Path, listener: tuple[str, list[str]], no_network: list[object]
) -> None:
    address, requests = listener
    requests.clear()
    value = VALUES[name].replace("PARENT", str(folder.parent)).replace("URL", address)
    keys = [key for key in ALL_KEYS if name != "beside" or key not in NAME_FILES]
    assert_quiet(built_without_what_stops_it(folder, value, keys, marked(value)))
    assert requests == []
    assert no_network == []


@pytest.mark.parametrize("shape", [list, dict.fromkeys], ids=["lists", "objects"])
def test_no_list_of_values_does_either(
    shape: Callable[[list[str]], object],
    folder: Path,
    listener: tuple[str, list[str]],
    no_network: list[object],
) -> None:
    address, requests = listener
    requests.clear()
    messages = [each for name, each in VALUES.items() if name not in {"beside", "controls"}]
    values = [
        each.replace("PARENT", str(folder.parent)).replace("URL", address) for each in messages
    ]
    assert_quiet(built_without_what_stops_it(folder, shape(values), ALL_KEYS, "Text.\n"))
    assert requests == []
    assert no_network == []


def test_what_is_odd_can_be_read_back(folder: Path) -> None:
    path = folder / "book.md"
    path.write_text(marked("x"), "utf-8")
    asked = job(str(path))
    files = {
        Path(f"book{artefact.suffix}"): artefact.content
        for artefact in build(asked, FORMATS).artefacts
    }
    assert {report.path for report in reports(asked, files)} == set(files)


def assert_quiet(built: Built) -> None:
    """Assert that all formats were written, and that nothing in them runs, fetches or leaks."""
    assert {artefact.format for artefact in built.artefacts} == set(FORMATS)
    for output in built.artefacts:
        assert SECRET.encode() not in everything(output.format, output.content), output.format
        assert list(FAULTS[output.format](output.content)) == [], output.format


def faults_of_html(content: bytes) -> Iterator[str]:
    yield from faults_of_tree(html5lib.parse(content, "lxml", namespaceHTMLElements=False))


def faults_of_epub(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(content)) as book:
        for name in book.namelist():
            if name.endswith((".xhtml", ".opf", ".ncx", ".svg", ".xml")):
                tree = etree.fromstring(book.read(name)).getroottree()  # raises where it is not XML
                yield from faults_of_tree(tree)


def faults_of_tree(tree: etree._ElementTree) -> Iterator[str]:
    """Yield what in *tree* runs or fetches."""
    for node in tree.iter(etree.Element):
        tag = etree.QName(node).localname
        if tag == "script" and node.get("type") == "application/ld+json":
            json.loads(node.text or "")
        elif tag in {"script", "iframe", "object", "embed", "base", "form", "foreignObject"}:
            yield f"<{tag}>"
        if tag == "style" and ("@import" in (node.text or "") or "127.0.0.1" in (node.text or "")):
            yield "a style that fetches"
        for name, given in node.items():
            value = str(given)
            if is_active(tag, etree.QName(name).localname, value.strip().lower()):
                yield f"{name!r}={value} of <{tag}>"


ADDRESSES = frozenset(
    "action background cite codebase data formaction href longdesc manifest ping poster profile "
    "src srcset usemap".split()
)


def is_active(tag: str, name: str, value: str) -> bool:
    """Return whether an attribute runs, is fetched, or links to a dangerous address."""
    if name.startswith("on") or (name == "style" and "url(" in value):
        return True
    if name not in ADDRESSES:
        return False
    if tag in {"a", "blockquote", "q", "ins", "del"}:
        return value.startswith(("javascript:", "vbscript:", "data:", "file:"))
    if tag == "link" and "127.0.0.1" not in value:
        return False  # a stylesheet of ours, or the name of a vocabulary
    return ":" in value and not value.startswith(("data:image/", "data:font/"))


def faults_of_pdf(content: bytes) -> Iterator[str]:
    with pikepdf.open(BytesIO(content)) as pdf:
        for item in pdf.objects:
            if not isinstance(item, pikepdf.Dictionary):
                continue
            if item.get("/S") in {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR"}:
                yield str(item.S)
            address = str(item.get("/URI", "")).lower()
            if address and not address.startswith(("http:", "https:", "mailto:", "tel:")):
                yield address


FAULTS = {"html": faults_of_html, "epub": faults_of_epub, "pdf": faults_of_pdf}


@pytest.mark.parametrize(
    "markup",
    [
        "<script>x</script>",
        '<p onclick="x">y</p>',
        '<img src="http://127.0.0.1/x.png">',
        '<a href=" JavaScript:x">y</a>',
        '<a href="data:text/html,x">y</a>',
        "<style>@import 'x'</style>",
        '<svg><image href="file:///x"/></svg>',
        '<iframe srcdoc="x"></iframe>',
    ],
)
def test_the_judge_of_pages_sees_what_is_active(markup: str) -> None:
    assert list(faults_of_html(f"<!DOCTYPE html><title>x</title>{markup}".encode()))


def test_the_judge_of_pdfs_sees_what_is_active() -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.OpenAction = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript))
        pdf.Root.Link = pdf.make_indirect(pikepdf.Dictionary(URI=pikepdf.String("file:///x")))
        packed = BytesIO()
        pdf.save(packed)
    assert len(list(faults_of_pdf(packed.getvalue()))) == 2
