"""Errors: each is one line with the problem, its place and the remedy."""

import io
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF
from typing import Any, NamedTuple

import pytest
from PIL import Image

from chapbook.cli.inputs import job
from chapbook.pipeline import publish

GOOD = "---\ntitle: A good one\nlang: en\nidentifier: urn:x\n---\n\n# One\n\nWords.\n"
SOURCE, DESIGN, TOOLCHAIN, OUTPUT, USAGE = 3, 4, 5, 6, 2


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith("error: ")]


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", **extra}


def chapbook(folder: Path, *arguments: str | bytes, given: bytes = b"", **extra: Any) -> Ended:
    done = subprocess.run(
        [sys.executable, "-m", "chapbook", *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        env=environment({"PYTHONPATH": str(Path(__file__).parents[1]), **extra}),
        timeout=120,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def build(folder: Path, *arguments: str | bytes, given: bytes = b"", **extra: Any) -> Ended:
    return chapbook(folder, "build", "--format", "html", *arguments, given=given, **extra)


def cpu_seconds() -> float:
    """Return the CPU time of this process and its children, which other processes do not change."""
    return sum(sum(resource.getrusage(whose)[:2]) for whose in (RUSAGE_SELF, RUSAGE_CHILDREN))


@contextmanager
def untouched(out: Path, name: str = "essay.html") -> Iterator[None]:
    """A former output, and the whole folder, that must be the same afterwards."""
    out.mkdir(exist_ok=True)
    (out / name).write_bytes(b"the former edition")
    before = state(out)
    yield
    assert state(out) == before


def state(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
    }


def assert_one_line(ended: Ended, code: int, says: str) -> None:
    assert len(ended.errors) == 1, ended.err
    assert re.search(says, ended.errors[0]), ended.errors[0]
    assert ended.code == code, ended.err
    assert "Traceback" not in ended.err
    assert "a defect of Chapbook" not in ended.err
    assert " — " in ended.errors[0], f"no remedy: {ended.errors[0]}"


# The manuscript --------------------------------------------------------------------------------


def yaml(block: str) -> bytes:
    return f"---\n{block}\n---\n\nWords.\n".encode()


BROKEN: dict[str, tuple[bytes, str]] = {
    "latin-1": ("# A\n\ncaf\u00e9\n".encode("latin-1"), r"essay\.md:3: not UTF-8: byte 8 is 0xe9"),
    "latin-1 after BOM": (b"\xef\xbb\xbfa\n\xe9\n", r"essay\.md:2: not UTF-8: byte 5 is 0xe9"),
    "utf-16": ("words\n".encode("utf-16"), r"essay\.md:1: UTF-16, not UTF-8: byte 0 is 0xff"),
    "utf-16 without BOM": ("words\n".encode("utf-16-le"), r"essay\.md:1: .*U\+0000"),
    "shift-jis": ("日本語\n".encode("shift-jis"), r"essay\.md:1: not UTF-8: byte 0"),
    "empty": (b"", r"essay\.md: the manuscript is empty"),
    "blank": (b"\n \t\n", r"essay\.md: the manuscript is empty"),
    "only a block": (b"---\ntitle: T\n---\n", r"essay\.md: there is no text below the front"),
    "only a comment": (b"<!-- words -->\n", r"essay\.md: the manuscript has no text"),
    "NUL": (b"a\n\nb\0c\n", r"essay\.md:3: the control character U\+0000"),
    "escape": (b"a\nb\x1b[31m\n", r"essay\.md:2: the control character U\+001B"),
    "C1": ("a\n\x92s\n".encode(), r"essay\.md:2: the control character U\+0092"),
    "noncharacter": ("a\n\ufffe\n".encode(), r"essay\.md:2: the control character U\+FFFE"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", r"essay\.md:1: not UTF-8: byte 0 is 0x89"),
    "colon": (yaml("lang: en\ntitle: One: two"), r"essay\.md:3: .*quotes"),
    "at sign": (yaml("title: @me"), r"essay\.md:2: .*'@'"),
    "percent": (yaml("title: T\nauthor: %me"), r"essay\.md:3: .*'%'"),
    "backtick": (yaml("title: `T`"), r"essay\.md:2: .*'`'"),
    "open quote": (yaml('title: "T\nauthor: A\nlang: en'), r"essay\.md:2: .*never closed"),
    "open single quote": (yaml("lang: en\ntitle: 'T\nauthor: A"), r"essay\.md:3: .*never closed"),
    "tab": (yaml("title: T\n\tauthor: A"), r"essay\.md:3: .*a tab"),
    "bracket": (yaml("title: [Draft] T"), r"essay\.md:2: the front matter block is not YAML"),
    "template tag": (yaml("lang: en\ntitle: {{ page.title }}"), r"essay\.md:3: .*quotes"),
    "template statement": (yaml("title: {% x %}"), r"essay\.md:2: .*'%'"),
    "alias": (yaml("title: *T"), r"essay\.md:2: YAML aliases"),
    "anchor": (yaml("a: x\ntitle: &T x"), r"essay\.md:3: YAML anchors"),
    "bomb": (yaml("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"), r"essay\.md:2: YAML anchors"),
    "tag": (yaml("title: !!python/object/apply:os.system [id]"), r"essay\.md:2: YAML tags"),
    "own sign": (yaml("title: !important"), r"essay\.md:2: YAML tags"),
    "twice": (yaml("title: A\nlang: en\ntitle: B"), r"essay\.md:4: “title” is set twice.*line 2"),
    "twice in a person": (
        yaml("author:\n  - name: A\n    name: B"),
        r"essay\.md:4: “name” is set twice",
    ),
    "list": (yaml("- a\n- b"), r"essay\.md:2: the front matter block has no keys"),
    "words": (yaml("only words"), r"essay\.md:2: the front matter block has no keys"),
    "key of a list": (yaml("? [a, b]\n: c"), r"essay\.md:2: a metadata key must be a word"),
    "never closed": (b"---\ntitle: T\n\nWords.\n", r"essay\.md:1: .*has no end"),
    "deep": (yaml(f"x: 1\ntitle: {'[' * 5000}{']' * 5000}"), r"essay\.md:3: .*nested"),
    "control by escape": (yaml('lang: en\nauthor: "a\\0b"'), r"essay\.md:3: .*U\+0000"),
    "surrogate by escape": (yaml('author: "a\\ud800b"'), r"essay\.md:2: .*U\+D800"),
    "indented": (yaml("title: A\n subtitle: B"), r"essay\.md:3: the front matter block is not"),
    "huge block": (yaml("title: T\n# " + "x" * 300_000), r"essay\.md:1: .*longer than 256 KB"),
    "missing image": (b"a\n\n![b](no.png)\n", r"essay\.md:3: the image “no\.png” is missing"),
    "broken image": (b"a\n\n![b](broken.png)\n", r"essay\.md:3: the image “broken\.png” is broken"),
    "truncated image": (b"a\n\n![b](half.png)\n", r"essay\.md:3: the image “half\.png” is broken"),
    "empty image": (b"![b](empty.png)\n", r"essay\.md:1: the image “empty\.png” is broken"),
    "other image": (b"![b](x.tiff)\n", r"essay\.md:1: the image “x\.tiff” .*save it as PNG"),
    "broken SVG": (b"a\n\n![b](broken.svg)\n", r"essay\.md:3: the image “broken\.svg” is broken"),
    "no SVG": (b"![b](page.svg)\n", r"essay\.md:1: the image “page\.svg” is no SVG"),
    "quotes": (b">" * 1000 + b" a\n", r"essay\.md:1: .*more than 100 deep"),
    "divs": (b"<div>" * 1000 + b"a\n", r"essay\.md:1: .*more than 100 deep"),
    "fenced divs": (b"::: a\n" * 200 + b"b\n", r"essay\.md:201: .*more than 100 deep"),
    "spans": (b"a\n\n" + b"<b>" * 3000 + b"c\n", r"essay\.md:3: .*more than 100 deep"),
    "lists": (
        "".join(f"{'  ' * depth}- a\n" for depth in range(150)).encode(),
        r"essay\.md:51: .*more than 100 deep",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    whole, other = io.BytesIO(), io.BytesIO()
    Image.effect_noise((64, 64), 50).save(whole, "PNG")
    Image.new("L", (4, 4)).save(other, "TIFF")
    return {
        "broken.png": b"no picture",
        "half.png": whole.getvalue()[: len(whole.getvalue()) // 2],
        "empty.png": b"",
        "x.tiff": other.getvalue(),
        "broken.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>",
        "page.svg": b"<html><svg/></html>",
    }


@pytest.mark.parametrize(("content", "says"), BROKEN.values(), ids=BROKEN)
def test_broken_manuscripts(
    tmp_path: Path, pictures: dict[str, bytes], content: bytes, says: str
) -> None:
    for name, picture in pictures.items():
        (tmp_path / name).write_bytes(picture)
    (tmp_path / "essay.md").write_bytes(content)
    with untouched(tmp_path / "build"):
        assert_one_line(build(tmp_path, "essay.md"), SOURCE, says)


MISNAMED = {
    "missing": ("no.md", r"no\.md: there is no such file"),
    "folder": ("build", r"build: this is a folder"),
    "in a file": ("essay.md/x.md", r"essay\.md/x\.md: "),
    "too long": ("x" * 5000, r"x: cannot be read"),
    "device": ("/dev/null", r"/dev/null: the manuscript is empty"),
}


@pytest.mark.parametrize(("name", "says"), MISNAMED.values(), ids=MISNAMED)
def test_misnamed_manuscripts(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    with untouched(tmp_path / "build"):
        assert_one_line(build(tmp_path, name), SOURCE, says)


def test_no_manuscript_at_all(tmp_path: Path) -> None:
    assert_one_line(build(tmp_path), SOURCE, r"source/: there is no manuscript in it")


SETTINGS = {
    "no TOML": (b"lang = en\n", r"chapbook\.toml:1: not TOML"),
    "line": (b'lang = "en"\n\ntitle = "T\n', r"chapbook\.toml:3: not TOML"),
    "twice": (b'lang = "en"\nlang = "de"\n', r"chapbook\.toml:[23]: not TOML"),
    "not UTF-8": (b'lang = "en"\nauthor = "\xe9"\n', r"chapbook\.toml:2: not UTF-8: byte 22"),
    "deep": (b"x = " + b"[" * 5000 + b"]" * 5000, r"chapbook\.toml.*nested"),
    "control": (b'lang = "en"\nauthor = "\\u0000"\n', r"chapbook\.toml:2: .*U\+0000"),
}


@pytest.mark.parametrize(("content", "says"), SETTINGS.values(), ids=SETTINGS)
def test_broken_settings(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    (tmp_path / "chapbook.toml").write_bytes(content)
    with untouched(tmp_path / "build"):
        assert_one_line(build(tmp_path, "essay.md"), SOURCE, says)


def test_settings_that_are_a_folder(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    (tmp_path / "chapbook.toml").mkdir()
    assert_one_line(build(tmp_path, "essay.md"), SOURCE, r"chapbook\.toml: ")


# What is odd but good -------------------------------------------------------------------------

ODD = {
    "BOM": b"\xef\xbb\xbf" + GOOD.encode(),
    "CRLF": GOOD.replace("\n", "\r\n").encode(),
    "CR": GOOD.replace("\n", "\r").encode(),
    "no end of line": GOOD.rstrip().encode(),
    "no metadata": b"Words.",
    "empty block": b"---\n---\n\nWords.\n",
    "dots": GOOD.replace("\n---\n\n", "\n...\n\n").encode(),
    "rule": b"---\n\nWords.\n\n---\n",
    "colspan": b'<table><tr><td colspan="1000000">a</td></tr></table>\n',
    "emphasis": b"*a **b " * 2000 + b"\n",
    "stars": b"*" * 5000 + b"a" + b"*" * 5000 + b"\n",
    "brackets": b"abc [def " * 30 + b"@someone\n",
    "internal names": b'[a](#b){.noteref}\n\n<section class="footnotes"><p>c</p></section>\n\n'
    b'<a class="footnote-ref" href="#fn1">1</a> [d]{.task}\n\nE[^1]\n\n[^1]: F\n',
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_odd_manuscripts(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "essay.md").write_bytes(content)
    ended = build(tmp_path, "essay.md")
    assert (ended.code, ended.errors) == (0, []), ended.err
    if content.endswith(b"Words.\n"):
        assert b"Words." in (tmp_path / "build" / "essay.html").read_bytes()


def test_a_huge_picture_is_refused(tmp_path: Path) -> None:
    Image.new("1", (13_000, 13_000)).save(tmp_path / "huge.png")
    (tmp_path / "essay.md").write_text("a\n\n![The sea](huge.png)\n", "utf-8")
    started = cpu_seconds()
    ended = build(tmp_path, "essay.md")
    assert ended.code == 0
    assert "essay.md:3: warning: the image “huge.png” is not used: it has" in ended.err
    assert b"The sea" in (tmp_path / "build" / "essay.html").read_bytes()
    assert cpu_seconds() - started < 10


def test_a_missing_glyph_is_reported_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text("a\n\nb `𒀀`\n", "utf-8")
    ended = chapbook(tmp_path, "build", "--format", "pdf", "essay.md")
    assert ended.code == 8, "a check found an error"
    assert "essay.md:3: error: no face has a glyph for" in ended.err


def test_an_unknown_theme_is_reported_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text("---\nlang: en\ntheme: gothic\n---\n\na\n", "utf-8")
    ended = build(tmp_path, "essay.md")
    assert ended.code == 0
    assert "essay.md:3: warning: “theme” is “gothic”; it can be " in ended.err
    assert "serif" in ended.err


@pytest.mark.parametrize(
    "name", ["a b.md", "früh 日本.md", "-x.md", "--help.md", "a'b\"c.md", ".md"]
)
def test_odd_names(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(GOOD, "utf-8")
    ended = build(tmp_path, "--", name)
    assert ended.code == 0, ended.err
    assert (tmp_path / "build" / f"{Path(name).stem}.html").is_file()


def test_a_name_that_is_not_unicode(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("Words.", "utf-8")
    except OSError:
        pytest.skip("this file system knows Unicode names alone")
    ended = build(tmp_path, b"caf\xe9.md")
    assert ended.code == 0, ended.err
    assert b"Words." in (tmp_path / "build" / os.fsdecode(b"caf\xe9.html")).read_bytes()


def test_standard_input(tmp_path: Path) -> None:
    ended = build(tmp_path, "-", given=b"a ![b](c.png)\n")
    assert ended.code == 0
    assert "standard input:1: warning: the image “c.png” is not used" in ended.err
    assert (tmp_path / "build" / "manuscript.html").is_file()
    assert_one_line(build(tmp_path, "-"), SOURCE, "standard input: the manuscript is empty")


@pytest.mark.parametrize("codec", ["ascii", "latin-1"])
def test_a_terminal_with_few_characters(tmp_path: Path, codec: str) -> None:
    (tmp_path / "日本.md").write_text("[a](x.md)", "utf-8")
    ended = build(tmp_path, "日本.md", PYTHONIOENCODING=codec)
    assert ended.code == 0, ended.err
    assert_one_line(build(tmp_path, "ない.md", PYTHONIOENCODING="utf-8"), SOURCE, "ない")


# The command line ------------------------------------------------------------------------------

MISUSED = {
    "option": (["build", "--fromat", "pdf"], r"--fromat"),
    "command": (["buidl"], r"buidl"),
    "format": (["build", "--format", "docx"], r"docx"),
    "no value": (["build", "--out"], r"--out"),
    "of all": (["--verbose"], r"--verbose"),
    "two of a stem": (["build", "essay.md", "other/essay.md"], r"essay\.md and other/essay\.md"),
}


@pytest.mark.parametrize(("arguments", "says"), MISUSED.values(), ids=MISUSED)
def test_misuse(tmp_path: Path, arguments: list[str], says: str) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "essay.md").write_text(GOOD, "utf-8")
    with untouched(tmp_path / "build"):
        ended = chapbook(tmp_path, *arguments)
        assert_one_line(ended, USAGE, says)
        assert len(ended.err.splitlines()) == 1


def test_the_same_one_twice_is_built_once(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    ended = build(tmp_path, "essay.md", "essay.md")
    assert (ended.code, ended.out.count("layout"), ended.out.count("essay.html")) == (0, 1, 1)


# The output ------------------------------------------------------------------------------------


def _file_in_the_way(folder: Path) -> str:
    (folder / "out").write_text("a file", "utf-8")
    return "out"


def _file_above(folder: Path) -> str:
    (folder / "out").write_text("a file", "utf-8")
    return "out/deeper"


def _folder_as_file(folder: Path) -> str:
    (folder / "out" / "essay.html").mkdir(parents=True)
    return "out"


UNWRITABLE = {
    "a file in the way": (_file_in_the_way, r"out: there is a file with the name of this folder"),
    "a file above": (_file_above, r"out/deeper: there is a file with the name of this folder"),
    "a folder as file": (_folder_as_file, r"out/essay\.html: there is a folder with"),
    "proc": (lambda _: "/proc/self/fdinfo/x", r"/proc/self/fdinfo/x: cannot be written"),
    "too long": (lambda _: "x" * 300, r"x: cannot be written: File name too long"),
}


@pytest.mark.parametrize(("prepare", "says"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_unwritable_folders(tmp_path: Path, prepare: object, says: str) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    assert callable(prepare)
    out = prepare(tmp_path)
    before = state(tmp_path)
    assert_one_line(build(tmp_path, "essay.md", "--out", out), OUTPUT, says)
    assert state(tmp_path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    (tmp_path / "out").mkdir(mode=0o555)
    assert_one_line(build(tmp_path, "essay.md", "--out", "out"), OUTPUT, "Permission denied")


LIMITED = """import resource, signal
import chapbook.cli.output
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
real = chapbook.cli.output.write_files
def write_files(files):
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    real(files)
chapbook.cli.output.write_files = write_files
"""


def hook(folder: Path, code: str) -> dict[str, Any]:
    """An environment in which *code* runs before Chapbook does."""
    site = folder / "site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(code, "utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(site), str(Path(__file__).parents[1])])}


def test_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    with untouched(tmp_path / "build"):
        ended = build(tmp_path, "essay.md", **hook(tmp_path, LIMITED))
        assert_one_line(ended, OUTPUT, r"build/essay\.html: cannot be written: File too large")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_full_disk_behind_standard_output(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "chapbook", "build", "--format", "html", "essay.md"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment({"PYTHONPATH": str(Path(__file__).parents[1])}),
            check=False,
        )
    assert done.returncode == OUTPUT
    assert done.stderr.decode().splitlines() == ["error: output: No space left on device"]


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "chapbook", "build", "--format", "html", "essay.md"],
        cwd=tmp_path,
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment({"PYTHONPATH": str(Path(__file__).parents[1])}),
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


# The toolchain ---------------------------------------------------------------------------------

NO_PANGO = """
import cffi
real = cffi.FFI.dlopen
def dlopen(self, name, *arguments):
    if name and "pango" in name:
        raise OSError(f"cannot load library '{name}': {name}: cannot open shared object file")
    return real(self, name, *arguments)
cffi.FFI.dlopen = dlopen
"""


def test_missing_pango(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    with untouched(tmp_path / "build", "essay.pdf"):
        ended = chapbook(
            tmp_path, "build", "--format", "pdf", "essay.md", **hook(tmp_path, NO_PANGO)
        )
        assert_one_line(ended, TOOLCHAIN, r"cannot load .*pango.*apt install")
    # The web page carries the printed pages, which without Pango nobody knows.
    with untouched(tmp_path / "build", "essay.html"):
        ended = build(tmp_path, "essay.md", **hook(tmp_path, NO_PANGO))
        assert_one_line(ended, TOOLCHAIN, r"cannot load .*pango.*apt install")


def fake_pandoc(folder: Path, script: str | None) -> dict[str, Any]:
    """An environment in which pypandoc brings *script* as its pandoc, or no pandoc at all."""
    files = folder / "site" / "pypandoc" / "files"
    files.mkdir(parents=True)
    fallback = "def get_pandoc_path():\n    raise OSError('No pandoc was found')\n"
    (files.parent / "__init__.py").write_text(fallback, "utf-8")
    if script is not None:
        (files / "pandoc").write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (files / "pandoc").chmod(0o755)
    return hook(
        folder, "import chapbook.reading.pandoc\nchapbook.reading.pandoc.LONGEST_SECONDS = 0.5\n"
    )


PANDOCS = {
    "missing": (None, TOOLCHAIN, r"pandoc is missing — run: pip install pypandoc_binary"),
    "hangs": ("sleep 60", SOURCE, r"essay\.md: pandoc did not finish in "),
    "out of memory": ("exit 251", SOURCE, r"essay\.md: pandoc needs more than .* of memory"),
    "killed": ("kill -9 $$", SOURCE, r"essay\.md: pandoc was ended by signal 9"),
    "fails": (
        "echo 'Error at (line 3, column 1): what' >&2; exit 64",
        SOURCE,
        r"essay\.md:8: pandoc cannot read it: .*what",
    ),
    "says nothing": ("exit 0", TOOLCHAIN, r"pandoc"),
    "is no program": (":", TOOLCHAIN, r"pandoc cannot be started"),
}


@pytest.mark.parametrize(("script", "code", "says"), PANDOCS.values(), ids=PANDOCS)
def test_bad_pandocs(tmp_path: Path, script: str | None, code: int, says: str) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    extra = fake_pandoc(tmp_path, script)
    if script == ":":
        (tmp_path / "site" / "pypandoc" / "files" / "pandoc").write_bytes(b"\x7fELFno")
    with untouched(tmp_path / "build"):
        assert_one_line(build(tmp_path, "essay.md", **extra), code, says)


def test_pandoc_has_a_limit_of_memory(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text("Words and *words* and words.\n\n" * 20_000, "utf-8")
    extra = hook(
        tmp_path, "import chapbook.reading.pandoc\nchapbook.reading.pandoc.MOST_MEMORY = '24m'\n"
    )
    with untouched(tmp_path / "build"):
        ended = build(tmp_path, "essay.md", **extra)
        assert_one_line(ended, SOURCE, r"essay\.md: pandoc needs more than 24MB of memory")


def test_unmatched_brackets_take_no_time(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text("abc [def " * 60 + "@someone\n", "utf-8")
    started = cpu_seconds()
    assert build(tmp_path, "essay.md").code == 0
    assert cpu_seconds() - started < 10


def test_twenty_thousand_headings_take_bounded_time(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text("".join(f"# H{n}\n\n" for n in range(20_000)), "utf-8")
    started = cpu_seconds()
    publication = publish(job(str(tmp_path / "essay.md")))
    assert len(list(publication.document.body.iter("section"))) == 20_000
    assert cpu_seconds() - started < 60


# The design ------------------------------------------------------------------------------------

TEMPLATES = {
    "syntax": ("web.html", "<p>\n{% if %}\n", r"templates/web\.html:2: "),
    "unclosed": ("parts.html", "\n\n{{ view.title\n", r"templates/parts\.html:\d: "),
    "unknown value": ("web.html", "<p>\n\n{{ view.wishes }}\n", r"templates/web\.html:3: "),
    "unknown name": ("web.html", "{{ wishes }}\n", r"templates/web\.html:1: .*wishes"),
    "escape": ("web.html", "{{ ''.__class__.__mro__ }}", r"templates/web\.html:1: .*unsafe"),
    "endless": ("web.html", "{{ range(999999999)|list }}", r"templates/web\.html:1: "),
    "no template": ("web.html", "\n{% include 'no.html' %}", r"templates/web\.html:2: .*no\.html"),
    "not UTF-8": ("web.html", b"\n\xe9", r"templates/web\.html:2: not UTF-8: byte 1"),
    "words": ("words/en.toml", "a = b\n", r"templates/words/en\.toml:1: not TOML"),
}


@pytest.mark.parametrize(("name", "content", "says"), TEMPLATES.values(), ids=TEMPLATES)
def test_broken_templates(tmp_path: Path, name: str, content: str | bytes, says: str) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    path = tmp_path / "templates" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with untouched(tmp_path / "build"):
        assert_one_line(build(tmp_path, "essay.md"), DESIGN, says)


def test_an_unset_token(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "print.css").write_text("\np { color: var(--wish) }\n", "utf-8")
    with untouched(tmp_path / "build", "essay.pdf"):
        ended = chapbook(tmp_path, "build", "--format", "pdf", "essay.md")
        assert_one_line(ended, DESIGN, r"templates/print\.css:2: the token --wish is not set")


# Being stopped ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
@pytest.mark.parametrize("moment", ["reading", "writing"])
def test_being_stopped(tmp_path: Path, sent: signal.Signals, code: int, moment: str) -> None:
    """Stopped while pandoc runs, and between the writing of a file and its renaming."""
    (tmp_path / "essay.md").write_text(GOOD, "utf-8")
    begun = tmp_path / "begun"
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    if moment == "reading":
        extra = fake_pandoc(tmp_path, f"touch '{begun}'; exec sleep 30")
        waiting = "import chapbook.reading.pandoc\nchapbook.reading.pandoc.LONGEST_SECONDS = 30\n"
    else:
        waiting = (
            "import os, pathlib, time\nreal = os.fsync\ndef fsync(number):\n"
            f"    real(number); pathlib.Path({str(begun)!r}).touch(); time.sleep(30)\n"
            "os.fsync = fsync\n"
        )
    extra = hook(tmp_path, waiting)
    with untouched(tmp_path / "build"):
        process = subprocess.Popen(
            [sys.executable, "-m", "chapbook", "build", "--format", "html", "essay.md"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**environment(extra), "TMPDIR": str(scratch)},
        )
        deadline = time.monotonic() + 20
        while not begun.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(sent)
        _, err = process.communicate(timeout=20)
    assert err.decode().splitlines() == ["error: stopped; earlier files are unchanged"]
    assert process.returncode == code
    assert list(scratch.iterdir()) == []
