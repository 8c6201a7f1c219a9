"""A manuscript is untrusted: what it must not do is refused and reported with its line."""

import os
import re
import socket
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from chapbook.cli.inputs import job
from chapbook.model.errors import ChapbookError, Code, Finding, SourceError
from chapbook.pipeline import Built, build

SECRET = "SENTINEL-7f3a9c"  # noqa: S105 - not a real secret
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
FORMATS = ("pdf", "epub", "html")


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address on loopback, and the requests that came to it."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", requests
    server.shutdown()
    server.server_close()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The addresses that this process tried to connect to; each attempt fails."""
    attempts: list[object] = []

    def refuse(_: socket.socket, address: object) -> None:
        attempts.append(address)
        raise OSError("the tests allow no connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    return attempts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The manuscript's folder; the files beside that folder are secret."""
    (tmp_path / "secret.png").write_bytes(PIXEL + SECRET.encode())
    (tmp_path / "secret.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"><text>{SECRET}</text></svg>', "utf-8"
    )
    (tmp_path / "secret.txt").write_text(SECRET, "utf-8")
    inside = tmp_path / "book"
    inside.mkdir()
    (inside / "ok.png").write_bytes(PIXEL)
    return inside


def build_text(folder: Path, text: str, formats: tuple[str, ...] = ()) -> Built:
    path = folder / "book.md"
    path.write_text(text, "utf-8")
    return build(job(str(path)), formats)


def findings_of(built: Built) -> list[Finding]:
    """Return the findings about refusals, without notes about assumptions."""
    return [
        finding
        for finding in built.findings
        if finding.code not in {Code.TITLE_MISSING, Code.LANGUAGE_MISSING, Code.IDENTIFIER_MISSING}
    ]


def everything(artefact_name: str, content: bytes) -> bytes:
    """All bytes of a finished file, decompressed."""
    if artefact_name == "epub":
        with zipfile.ZipFile(BytesIO(content)) as book:
            return b"\n".join([*map(str.encode, book.namelist()), *map(book.read, book.namelist())])
    if artefact_name == "pdf":
        with pikepdf.open(BytesIO(content)) as pdf:
            parts = [pikepdf.unparse_content_stream([])]
            for item in pdf.objects:
                if isinstance(item, pikepdf.Stream):
                    try:
                        parts.append(item.read_bytes())
                    except pikepdf.PdfError:
                        parts.append(item.read_raw_bytes())
                else:
                    parts.append(bytes(str(item), "utf-8", "replace"))
            return b"\n".join(parts)
    return content


# Everything at once, in every format ------------------------------------------------------------

HOSTILE = """\
---
title: 'A <b onclick="x()">bold</b> <script>alert(1)</script>![p](URL/title.png) title'
subtitle: '[link](javascript:alert(1)) </title><script src=URL/s.js></script>'
lang: 'en"><script>alert(1)</script>'
author: '</title><script src="URL/author.js"></script>'
keywords: ['"><img src=URL/keyword.png onerror=x>']
abstract: 'An abstract ![x](../secret.png) <iframe src="URL/abstract"></iframe>'
publisher: '"/><script>alert(2)</script>'
rights: '&lt;script&gt; "> <svg onload=x>'
identifier: 'urn:x"><script>alert(3)</script>'
include-in-header: URL/b.html
epub-cover-image: URL/c.png
css: URL/style.css
cover-image: ../secret.png
include-before: ../secret.txt
header-includes: <script src="URL/h.js"></script>
---

# One {onclick="x()" style="position:fixed;background:url(URL/bg.png)"}

<script src="URL/script.js">alert(1)</script>

<link rel="stylesheet" href="URL/link.css">
<link rel="attachment" href="../secret.txt">
<base href="URL/">
<meta http-equiv="refresh" content="0;url=URL/refresh">
<style>@import "URL/import.css"; p { background: url(URL/css.png) }</style>

<img src="URL/img.png" onerror="x()" srcset="URL/set.png 2x" alt="remote">
<img src="../secret.png" alt="up"> <img src="..%2fsecret.png" alt="encoded">
<img src="/etc/passwd" alt="absolute"> <img src="file:///etc/passwd" alt="file">
<img src="/proc/self/environ" alt="environ"> <img src="..\\\\secret.png" alt="backslash">
<img src="ok.png%00.svg" alt="nul"> <img src="//127.0.0.1/x.png" alt="protocol">

<object data="URL/object.swf"><p>object words</p></object>
<embed src="URL/embed.swf">
<iframe src="URL/frame.html">frame</iframe>
<video src="URL/v.mp4" poster="URL/poster.png">video words</video>
<audio src="URL/a.mp3"></audio>
<table background="URL/table.png"><tr><td background="URL/cell.png">cell</td></tr></table>
<svg><image href="URL/svg.png"/><use href="URL/u.svg#x"/><script>alert(1)</script></svg>
<form action="URL/form"><input type="image" src="URL/input.png"><button>Send</button></form>
<p style="background-image:url('URL/style.png')">styled</p>
<math><mtext><img src="URL/math.png" alt="in math"></mtext></math>

[one](javascript:alert(1)) [two](JaVaScRiPt:alert(2)) [three](vbscript:x) [four](file:///etc/passwd)
[five](data:text/html;base64,PHNjcmlwdD4=) <a href="java&#10;script:alert(6)">six</a>
<a href="&#106;avascript&colon;alert(7)">seven</a> <a href=" &#1;javascript:alert(8)">eight</a>
<a href="https://example.org/" ping="URL/ping">good</a>

`<script src="URL/raw.js"></script>`{=html} `\\\\input{/etc/passwd}`{=latex}

```{=html}
<script>alert("raw block")</script>
```

![figure](URL/figure.png) ![link out](out.png) ![folder out](dir/secret.png)

A note.[^n]

[^n]: With <script>alert(9)</script> and ![p](../secret.png).
"""


@pytest.fixture
def hostile(folder: Path, listener: tuple[str, list[str]], no_network: list[object]) -> Built:
    (folder / "out.png").symlink_to(folder.parent / "secret.png")
    (folder / "dir").symlink_to(folder.parent, target_is_directory=True)
    url, requests = listener
    requests.clear()
    built = build_text(folder, HOSTILE.replace("URL", url).replace("\\\\", "\\"), FORMATS)
    assert requests == []
    assert no_network == []
    return built


def test_nothing_connects_and_no_secret_gets_out(hostile: Built) -> None:
    manuscript = hostile.document.manuscript.content
    for artefact in hostile.artefacts:
        # The PDF carries the manuscript itself, which its author wrote.
        content = everything(artefact.format, artefact.content).replace(manuscript, b"")
        assert SECRET.encode() not in content, artefact.format
        assert b"root:" not in content, artefact.format
        assert b"PYTEST_CURRENT_TEST" not in content, artefact.format


def pages(built: Built) -> list[bytes]:
    """The web page, and every document of the EPUB."""
    documents: list[bytes] = []
    for artefact in built.artefacts:
        if artefact.format == "html":
            documents.append(artefact.content)
        if artefact.format == "epub":
            with zipfile.ZipFile(BytesIO(artefact.content)) as book:
                documents += [book.read(name) for name in book.namelist() if name.endswith("html")]
    return documents


def test_no_page_runs_or_loads_anything(hostile: Built) -> None:
    assert len(pages(hostile)) > 1
    for content in pages(hostile):
        tree = etree.HTML(content)
        for node in tree.iter(etree.Element):
            if node.tag == "link" and str(node.get("rel", "")).startswith("schema."):
                continue  # Dublin Core's way of naming a vocabulary: no browser follows it
            assert node.tag not in {"object", "embed", "iframe", "video", "audio", "form", "base"}
            assert node.tag != "script" or node.get("type") == "application/ld+json"
            assert node.get("http-equiv", "").lower() != "refresh"
            for name, value in node.attrib.items():
                assert is_quiet(str(node.tag), str(name), str(value)), (node.tag, name, value)
        styles = " ".join(str(node.text) for node in tree.iter("style"))
        styles += " ".join(str(node.get("style", "")) for node in tree.iter(etree.Element))
        assert "@import" not in styles
        assert not re.search(r"url\(\s*['\"]?(?!data:|#|['\"])[a-z]+:", styles, re.IGNORECASE)


def is_quiet(tag: str, name: str, value: str) -> bool:
    """Return whether an attribute neither runs nor fetches."""
    if name in {"src", "srcset", "poster", "background", "data", "action", "ping"}:
        return value.startswith("data:") or ":" not in value
    if name == "href" and tag == "link":
        return value.startswith("data:") or "//" not in value
    runs = re.match(r"\s*(?:java|vb)script|\s*data:text|\s*file:", value, re.IGNORECASE)
    return not name.startswith("on") and not runs


def test_the_pdf_runs_nothing(hostile: Built) -> None:
    content = next(each.content for each in hostile.artefacts if each.format == "pdf")
    with pikepdf.open(BytesIO(content)) as pdf:
        assert "/OpenAction" not in pdf.Root
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary):
                assert item.get("/S") not in {"/JavaScript", "/Launch", "/SubmitForm"}


def test_metadata_do_not_break_out(hostile: Built) -> None:
    metadata = hostile.document.metadata
    assert metadata.title == "A bold p title"
    assert "<script" not in metadata.title_html
    assert metadata.lang == "en"
    html = next(each.content for each in hostile.artefacts if each.format == "html")
    tree = etree.HTML(html)
    assert [node.tag for node in tree.iter("title")] == ["title"]
    assert "author.js" in "".join(map(str, tree.itertext())), "the author's name is shown as words"


def test_every_refusal_has_its_line(hostile: Built) -> None:
    assert [
        item for item in findings_of(hostile) if item.where is None or not item.where.line
    ] == []
    text = hostile.document.manuscript.text.split("\n")
    expected = {
        Code.LINK_REFUSED: 8,
        Code.IMAGE_REFUSED: 14,  # cover-image among them
        Code.ELEMENT_REFUSED: 20,
        Code.ATTRIBUTE_REFUSED: 8,
        Code.METADATA_KEY: 5,
    }
    for code, count in expected.items():
        assert len([item for item in findings_of(hostile) if item.code is code]) >= count, code
    for each in findings_of(hostile):
        if each.where and (each.where.line or 0) <= 10:
            continue  # in the front matter block: its key's line
        if each.code is Code.ELEMENT_REFUSED and (tag := re.match(r"<(\w+)>", each.message)):
            assert each.where is not None
            assert each.where.line is not None
            line = text[each.where.line - 1]
            assert f"<{tag[1]}" in line, str(each)


# One thing at a time --------------------------------------------------------------------------

REFUSED = {
    "script": ("a\n\n<script>x</script>\n", Code.ELEMENT_REFUSED, [3]),
    "the same again": (
        "<script>1</script>\n\na\n\n<script>2</script>\n",
        Code.ELEMENT_REFUSED,
        [1, 5],
    ),
    "after the same in code": (
        "`<script>` is\n\n```\n<script>\n```\n\n    <script>\n\nb\n\n<script>2</script>\n",
        Code.ELEMENT_REFUSED,
        [11],
    ),
    "after one in a comment": (
        "a <!-- <script> -->\n\n<script>2</script>\n",
        Code.ELEMENT_REFUSED,
        [3],
    ),
    "inside one that is left out": (
        "a\n\n<svg><style>x</style></svg>\n\n<p><style>y</style>z</p>\n",
        Code.ELEMENT_REFUSED,
        [3, 5],
    ),
    "style before text": ("<style>p { color: red }</style>\n\na\n", Code.ELEMENT_REFUSED, [1]),
    "handler": (
        'a\n\n<p onclick="x">b</p>\n\n<p onclick="x">c</p>\n',
        Code.ATTRIBUTE_REFUSED,
        [3, 5],
    ),
    "handler in braces": ("a\n\n[b]{onclick=x}\n", Code.ATTRIBUTE_REFUSED, [3]),
    "bare attribute": ("a\n\n<p contenteditable>b</p>\n", Code.ATTRIBUTE_REFUSED, [3]),
    "style that positions": (
        'a\n\n<p style="width:50%; position: fixed">b</p>\n',
        Code.ATTRIBUTE_REFUSED,
        [3],
    ),
    "style that we keep": ('<p style="text-align: center; width:50%">b</p>\n', None, []),
    "javascript": ("a\n\n[b](javascript:x)\n\n[c](javascript:x)\n", Code.LINK_REFUSED, [3, 5]),
    "reference link": ("a\n\n[b][r] [c][r]\n\n[r]: javascript:x\n", Code.LINK_REFUSED, [5]),
    "entities": ('a\n\n<a href="&#106;ava&#x73;cript&colon;x">b</a>\n', Code.LINK_REFUSED, [3]),
    "no semicolons": ('a\n\n<a href="&#0000106avascript:x">b</a>\n', Code.LINK_REFUSED, [3]),
    "newline in scheme": ('a\n\n<a href="java\nscript:x">b</a>\n', Code.LINK_REFUSED, [3]),
    "tab in scheme": ('a\n\n<a href="java&Tab;script:x">b</a>\n', Code.LINK_REFUSED, [3]),
    "no-break space": ('a\n\n<a href="\u00a0javascript:x">b</a>\n', Code.LINK_REFUSED, [3]),
    "no host": ("a\n\n[b](http:///etc/passwd)\n", Code.LINK_REFUSED, [3]),
    "other file": ("a\n\n[b](other.md) and [c](/assets/x y.pdf)\n", Code.LINK_REFUSED, [3, 3]),
    "not ASCII": ("a\n\n[b](früh/über.md)\n", Code.LINK_REFUSED, [3]),
    "remote image": ("a\n\n![b](https://example.org/x.png)\n", Code.IMAGE_REFUSED, [3]),
    "twice": ("a\n\n![b](/x.png)\n\nc\n\n![b](/x.png)\n", Code.IMAGE_REFUSED, [3, 7]),
    "reference image": ("![b][i]\n\n[i]: /x.png\n", Code.IMAGE_REFUSED, [3]),
    "spaces": ("a\n\n![b](</x y.png>)\n", Code.IMAGE_REFUSED, [3]),
    "data": ("a\n\n![b](data:image/png;base64,AAAA)\n", Code.IMAGE_REFUSED, [3]),
    "image without address": ("a\n\n<img alt=x>\n", Code.IMAGE_REFUSED, [3]),
    "video by Markdown": ("a\n\n![words](film.mp4)\n", Code.ELEMENT_REFUSED, [3]),
    "image in a note": ("a[^1]\n\nb\n\n[^1]: c ![d](../e.png)\n", Code.IMAGE_REFUSED, [5]),
    "control by entity": ("a\n\nb &#8; c\n", Code.ELEMENT_REFUSED, [3]),
    "control in an attribute": ('a\n\n<p title="x&#8;">b</p>\n', Code.ELEMENT_REFUSED, [3]),
    "broken fragment": ("a\n\n[b](#nowhere)\n\n[c](#nowhere)\n", Code.LINK_BROKEN, [3, 5]),
    "colspan": (
        'a\n\n<table><tr><td colspan="1000000">b</td></tr></table>\n',
        Code.ATTRIBUTE_REFUSED,
        [3],
    ),
    "wide and high": (
        'a\n\n<table><tr><td colspan="1000" rowspan="1000">b</td></tr></table>\n',
        Code.ATTRIBUTE_REFUSED,
        [3, 3],
    ),
    "raw attribute": ("a\n\n```{=html}\n<script>x</script>\n```\n", Code.ELEMENT_REFUSED, [4]),
    "formula": ("a\n\n$\\no{x}$ and $\\no{y}$\n\n$\\no{x}$\n", Code.MATH_SOURCE_SHOWN, [3, 3, 5]),
    "later metadata": (
        "a\n\n---\ntitle: b\nbibliography: /etc/passwd\n---\n\nc\n",
        Code.METADATA_KEY,
        [3],
    ),
}


@pytest.mark.parametrize(("text", "code", "lines"), REFUSED.values(), ids=REFUSED)
def test_refusals_have_the_right_lines(
    folder: Path, text: str, code: Code | None, lines: list[int]
) -> None:
    result = findings_of(build_text(folder, text))
    assert [each.where.line for each in result if each.code is code and each.where] == lines
    # A film that Markdown calls an image falls back to a link, which is refused as well.
    beside = {Code.LINK_REFUSED} if "film" in text else {Code.ALT_MISSING}
    assert {each.code for each in result} <= {code, *beside}
    head = "---\nlang: en\ntitle: T\n---\n\n"
    result = findings_of(build_text(folder, head + text))
    assert [each.where.line for each in result if each.code is code and each.where] == [
        line + 5 for line in lines
    ]


@pytest.mark.parametrize(
    "href",
    [
        "../secret.png", "..%2fsecret.png", "%2e%2e/secret.png", "a/../../secret.png",
        "/etc/passwd", "%2fetc%2fpasswd", "file:///etc/passwd", "/proc/self/environ", "/dev/zero",
        "out.png", "dir/secret.png", "circle.png", "pipe.png", "null.png", "sub", ".", "",
        "C:%5Csecret.png", "..%5csecret.png", "ok.png%00", "ok.png%00.svg",
        "http://127.0.0.1:9/x.png", "//127.0.0.1:9/x.png", "ftp://x/y.png", "http://[::1",
        "data:image/png;base64,AAAA", "\\\\server\\share\\x.png",
    ],
)  # fmt: skip
def test_no_image_from_elsewhere(folder: Path, no_network: list[object], href: str) -> None:
    (folder / "out.png").symlink_to(folder.parent / "secret.png")
    (folder / "dir").symlink_to(folder.parent, target_is_directory=True)
    (folder / "circle.png").symlink_to(folder / "circle.png")
    (folder / "null.png").symlink_to("/dev/zero")
    (folder / "sub").mkdir()
    os.mkfifo(folder / "pipe.png")
    built = build_text(folder, f'a\n\n<img src="{href}" alt="the picture\'s words">\n')
    assert [item.code for item in findings_of(built)] == [Code.IMAGE_REFUSED]
    assert [item.where.line for item in findings_of(built) if item.where] == [3]
    assert "the picture's words" in "".join(built.document.body.itertext())
    assert built.document.assets == {}
    assert no_network == []


def test_links_that_stay_inside_are_followed(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "a b.png").symlink_to(folder / "ok.png")
    built = build_text(folder, "![x](sub/a%20b.png) ![x](./ok.png) ![x](sub/../ok.png)\n")
    assert sorted(built.document.assets) == ["ok.png", "sub/a b.png"]
    assert [item.code for item in findings_of(built)] == [Code.IMAGE_REFUSED], (
        "`..` is always refused"
    )


def test_a_name_that_no_file_can_have(folder: Path) -> None:
    with pytest.raises(SourceError, match=r"book\.md:1: the image .* cannot be read"):
        build_text(folder, f"![x]({'a' * 5000}.png)\n")


# Settings and templates that come with it -----------------------------------------------------


def test_settings_are_no_way_out(folder: Path) -> None:
    (folder.parent / "x.toml").write_text(f'title = "{SECRET}"', "utf-8")
    (folder / "chapbook.toml").symlink_to(folder.parent / "x.toml")
    with pytest.raises(SourceError, match=r"chapbook\.toml"):
        build_text(folder, "a\n")


def test_settings_are_no_pipe(folder: Path) -> None:
    os.mkfifo(folder / "chapbook.toml")
    with pytest.raises(SourceError, match=r"chapbook\.toml"):
        build_text(folder, "a\n")


def test_settings_do_not_break_out(folder: Path) -> None:
    (folder / "chapbook.toml").write_text(
        'author = "</title><script>x</script>"\ncss = "/etc/passwd"\n', "utf-8"
    )
    built = build_text(folder, "# T\n\na\n", ("html",))
    assert b"<script>x" not in built.artefacts[0].content
    assert [(item.code, item.where and item.where.line) for item in findings_of(built)] == [
        (Code.METADATA_KEY, 2)
    ]


@pytest.mark.parametrize(
    "named",
    [
        "bibliography: URL/b.bib",
        "bibliography: /etc/passwd",
        "bibliography: ../secret.bib",
        "bibliography: [ok.bib, '%2e%2e/secret.bib']",
        "bibliography: out.bib",
        "bibliography: ok.bib\ncsl: URL/c.csl",
        "bibliography: ok.bib\ncsl: ../secret.svg",
    ],
)
def test_citations_are_made_of_nothing_but_what_lies_beside(
    folder: Path, named: str, listener: tuple[str, list[str]]
) -> None:
    address, requests = listener
    (folder / "ok.bib").write_text("@book{a, title = {A}, year = 1}\n", "utf-8")
    (folder.parent / "secret.bib").write_text(f"@book{{b, title = {{{SECRET}}}}}\n", "utf-8")
    (folder / "out.bib").symlink_to(folder.parent / "secret.bib")
    head = f"---\ntitle: T\n{named.replace('URL', address)}\n---\n\n"
    with pytest.raises(SourceError, match=r"not used|is missing") as refused:
        build_text(folder, f"{head}As [@a; @b] says.\n", ("html",))
    assert refused.value.where
    assert refused.value.where.line in (3, 4)
    assert requests == []


def test_templates_are_no_way_out(folder: Path) -> None:
    (folder / "templates").symlink_to(folder.parent, target_is_directory=True)
    (folder.parent / "parts.html").write_text(SECRET, "utf-8")
    with pytest.raises(ChapbookError, match="templates"):
        build_text(folder, "a\n", ("html",))


@pytest.mark.parametrize(
    "trick",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ view.html.__globals__ }}",
        "{{ view.__init__.__globals__['__builtins__'] }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ ''|attr('__class__') }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../secret.txt' %}",
        "{{ '%s'.__format__ }}",
        "{{ range(10**9) }}",
        "{{ 1 / 0 }}",
        "{{ view.nothing }}",
        "{{ 'a'.join(1) }}",
        "{% for x in 5 %}{% endfor %}",
        "{% if %}",
    ],
)
def test_templates_stay_in_their_sandbox(folder: Path, trick: str) -> None:
    (folder / "templates").mkdir()
    (folder / "templates" / "web.html").write_text(f"<p>\n{trick}\n</p>", "utf-8")
    with pytest.raises(ChapbookError, match=r"templates/web\.html:2: ") as raised:
        build_text(folder, "a\n", ("html",))
    assert raised.value.exit_code == 4


# Pictures ---------------------------------------------------------------------------------------

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'
TENFOLD = "".join(f'<!ENTITY l{n} "{"".join([f"&l{n - 1};"] * 10)}">' for n in range(1, 12))
BILLION_LAUGHS = f'<!DOCTYPE svg [<!ENTITY l0 "ha">{TENFOLD}]>'


def test_svg_entities_give_nothing_away(folder: Path) -> None:
    (folder / "e.svg").write_text(
        f'<!DOCTYPE svg [<!ENTITY e SYSTEM "file://{folder.parent}/secret.txt">]>'
        + SVG.format("<text>&e;</text>"),
        "utf-8",
    )
    (folder / "d.svg").write_text(
        f'<!DOCTYPE svg SYSTEM "file://{folder.parent}/secret.txt">' + SVG.format("<g/>"), "utf-8"
    )
    built = build_text(folder, "![x](e.svg)\n\n![x](d.svg)\n", ("html", "epub"))
    assert [item.where.line for item in findings_of(built) if item.where] == [1]
    for artefact in built.artefacts:
        assert SECRET.encode() not in everything(artefact.format, artefact.content)


@pytest.mark.parametrize("inner", ["<text>&l11;</text>", '<g id="&l11;"/>'])
def test_laughs_end_soon(folder: Path, inner: str) -> None:
    (folder / "l.svg").write_text(BILLION_LAUGHS + SVG.format(inner), "utf-8")
    with pytest.raises(SourceError, match=r"book\.md:1: the image “l\.svg” is broken"):
        build_text(folder, "![x](l.svg)\n")
