"""The standing rules of the code: who may import whom, and what is kept to the edges.

Each rule is one test that lists all offenders, and one that plants an offender and sees it.
"""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from chapbook.cli import COMMANDS
from tests.syntax_trees import MODULES, ROOT, Rule, imported, offenders, unit

# Each foreign library and where it may be named, with what it is there for.
ADAPTERS: Mapping[str, frozenset[str]] = {
    "PIL": frozenset(
        "catalog checks.pictures images.grayscale images.process_colors images.rasters "
        "pdf preflight reading.image_files writers.epub.images".split()
    ),  # judges images, remakes them
    "babel": frozenset(
        "catalog design.template_context lang.likely_subtags reading.value_advice "
        "transforms.decimals "
        "weasy.hyphenation".split()
    ),  # dates; names of languages; decimal signs; likely regions
    "bagit": frozenset({"archive.bag"}),
    "click": frozenset({"cli"}),  # build_cache uses it to find the folder of packages
    "cssselect2": frozenset({"weasy"}),  # the tree that WeasyPrint lays out
    "ebooklib": frozenset({"writers.epub.ebooklib_adapter", "writers.epub.patches"}),
    "fontTools": frozenset({"design.fonts", "weasy.embedded_fonts"}),
    "jinja2": frozenset({"design.templates", "writers.html.metadata"}),
    "latex2mathml": frozenset({"reading.tex_math", "reading.tex_symbols"}),
    "lxml": frozenset(
        {"catalog", "checks", "images.svg", "writers.epub.ncx"}
    ),  # parses SVG, writes the NCX, reads back
    "ocfl": frozenset({"archive.ocfl"}),  # judges archives; opens URLs
    "packaging": frozenset({"archive.toolchain"}),  # which packages a package requires here
    "markupsafe": frozenset({"design.template_context", "writers"}),
    "pikepdf": frozenset(
        "catalog checks diff.pages images.pdf_colors pdf preflight writers.print.booklet "
        "writers.print.prepress".split()
    ),
    "pydyf": frozenset({"weasy"}),
    "pygments": frozenset({"transforms.highlighting"}),
    "pypandoc": frozenset({"reading.pandoc"}),
    "pyphen": frozenset({"weasy.hyphenation"}),
    "pypdfium2": frozenset(
        {"catalog", "checks", "preflight", "writers.cover", "writers.epub.drawings"}
    ),  # rasterizes the cover; reads text back
    "rapidfuzz": frozenset({"diff.align"}),
    "segno": frozenset({"cli"}),  # a code for a telephone's camera
    "sentencex": frozenset({"diff.words"}),
    "starlette": frozenset({"serving"}),
    "tinyhtml5": frozenset({"model.dom"}),  # HTML into our tree
    "tinycss2": frozenset(
        {"checks", "design.template_overrides", "images.svg_styles"}
    ),  # takes stylesheets apart
    "uharfbuzz": frozenset({"checks", "design.fonts", "layout.shaping"}),
    "uvicorn": frozenset({"serving"}),
    "weasyprint": frozenset({"weasy"}),
    "yaml": frozenset({"reading.yaml_reader"}),
    "ziamath": frozenset(
        "layout.patches layout.patches.nodes_mnode layout.patches.nodes_mtable".split()
    ),
}

# What no module between the edges may touch: it would not be a function of its arguments.
IMPURE_MODULES = frozenset(
    "asyncio ftplib getpass http locale multiprocessing platform random secrets select signal "
    "smtplib socket ssl subprocess tempfile threading time urllib.request".split()
)
IMPURE_NAMES = frozenset(
    "chmod cwd environ exists fsync getcwd getenv getpid home input is_dir is_file iterdir mkdir "
    "mkdtemp mkstemp now open putenv read_bytes read_text rglob stat today umask unlink utcnow "
    "uuid1 uuid4 write_bytes write_text".split()
)
ALLOWED: Mapping[str, tuple[str, str]] = {
    "__main__": ("signal", "a process is told to stop"),
    "archive.disk": ("fsync mkdir open unlink", "changes the archive, at the right edge"),
    "archive.local": ("is_dir is_file open", "reads the archive"),
    "archive.remote": (
        "getpid open time uuid4",
        "reads the archive; tells the holders of its lock apart, and waits for them",
    ),
    "archive.bag": (
        "is_file mkdir read_bytes rglob tempfile write_bytes",
        "bagit works on a folder: it is given one of its own",
    ),
    "archive.snapshot": (
        "is_file mkdir read_bytes tempfile write_bytes",
        "reads the author's folder, at the left edge; lays an edition out to build it",
    ),
    "archive.toolchain": ("platform read_bytes read_text rglob", "asks what is installed"),
    "model.patching": ("threading", "threads take turns to put patches on"),
    "reading.image_files": ("exists is_file open", "reads the images, at the left edge"),
    "catalog.epub_record": ("open", "reads three members of a finished file"),
    "catalog.html_record": ("open", "reads a finished file"),
    "catalog.pdf_record": ("read_bytes", "pikepdf's, of a stream in memory"),
    "catalog.covers": ("open", "Pillow's, of bytes"),
    "catalog.gather": ("exists is_dir is_file open stat", "finds the finished files"),
    "checks.epubcheck": (
        "is_file read_bytes subprocess tempfile write_bytes",
        "runs EPUBCheck, and hands it the book",
    ),
    "pdf.file": ("open", "pikepdf's, of bytes or of a finished file"),
    "pdf.fonts": ("read_bytes", "pikepdf's, of a stream in memory"),
    "checks.pictures": ("open", "Pillow's, of bytes"),
    "images.grayscale": ("open", "Pillow's, of bytes"),
    "images.process_colors": ("open", "Pillow's, of bytes"),
    "images.rasters": ("open", "Pillow's, of bytes"),
    "writers.print.prepress": ("open", "pikepdf's, of bytes"),
    "images.pdf_colors": ("open", "pikepdf's, of bytes"),
    "images.cmyk_profiles": (
        "is_file read_bytes",
        "finds the CMYK profile, as fonts finds the faces",
    ),
    "writers.print.booklet": ("open", "pikepdf's, of bytes"),
    "checks.read_pdf": ("read_bytes", "pikepdf's, of a stream in memory"),
    "cli": ("open", "leaves a closed pipe"),
    "cli.failures": ("environ", "asks whether a developer wants a traceback"),
    "cli.release": ("environ getpass now", "takes the moment and the user's name"),
    "cli.which": ("read_bytes", "reads loose files"),
    "cli.build": ("is_file read_bytes stat time", "tells sizes and seconds"),
    "cli.printers": ("is_file read_bytes stat", "reads finished PDFs"),
    "cli.catalog": (
        "cwd mkdir tempfile write_bytes",
        "takes the templates of the folder it runs in; lays an archive's editions out",
    ),
    "cli.check": ("is_file read_bytes stat", "reads finished files, and finds their manuscripts"),
    "cli.serve": ("is_file", "looks whether there is a catalog"),
    "cli.diff": ("is_file", "tells a manuscript from an edition's name"),
    "design.templates": ("read_bytes read_text", "reads the templates, at the left edge"),
    "reading.bounded_process": ("signal subprocess", "runs programs, and ends them"),
    "reading.author_filters": ("chmod mkdir write_bytes", "lays the filters out for pandoc"),
    "design.fonts": ("environ is_file", "finds the faces; keeps the system's from fontconfig"),
    "reading.manuscript": ("open", "reads the manuscript, at the left edge"),
    "reading.front_matter": ("exists is_file open", "reads chapbook.toml, at the left edge"),
    "cli.output": (
        (
            "chmod exists fsync getpid is_dir is_file iterdir mkdir mkdtemp mkstemp open tempfile "
            "umask unlink write_bytes"
        ),
        "writes, at the right edge",
    ),
    "reading.pandoc": (
        "is_file read_text subprocess tempfile write_bytes write_text",
        "runs pandoc, and hands it a template and bibliographies; reads its tree",
    ),
    "writers.epub.images": ("open", "Pillow's, of bytes"),
    "cli.build_cache": ("is_file iterdir read_bytes rglob stat", "compares what was with what is"),
    "pdf.painted_content": ("read_bytes", "pikepdf's, of a stream in memory"),
    "pdf.images": ("read_bytes", "the same"),
    "serving.listening": ("socket", "listens where the user says"),
    "reading.source_files": ("cwd is_dir is_file rglob", "finds the files, at the left edge"),
}


# Packages --------------------------------------------------------------------------------------


def lint_imports(folder: Path) -> str:
    """Return what import-linter reports about `chapbook` in *folder*, by its `pyproject.toml`."""
    code = "from importlinter.cli import lint_imports_command as lint; lint()"
    command = [sys.executable, "-c", code, "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == ("1 kept, 0 broken" in done.stdout), done.stderr
    return "" if done.returncode == 0 else done.stdout


def layers() -> tuple[str, ...]:
    """The packages from above to below, as import-linter is given them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    [contract] = settings["tool"]["importlinter"]["contracts"]
    return tuple(contract["layers"])


def test_a_package_imports_from_those_below_it() -> None:
    assert lint_imports(ROOT) == ""


@pytest.mark.parametrize(
    ("path", "source", "text"),
    [
        ("printing/low.py", "from chapbook.cli import high", "printing.low -> chapbook.cli"),
        ("model/low.py", "def f():\n    import chapbook.pdf", "model.low -> chapbook.pdf"),
        (
            "pipeline.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import chapbook.checks",
            "pipeline -> chapbook.checks",
        ),
        ("new/__init__.py", "", "chapbook.new"),
        ("cli/high.py", "def f():\n    import chapbook.pdf", ""),
        ("__main__.py", "import chapbook.cli", ""),
    ],
)
def test_an_import_upwards_is_seen(tmp_path: Path, path: str, source: str, text: str) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in (*(f"{layer}/__init__.py" for layer in layers() if layer != "pipeline"), path):
        (tmp_path / "chapbook" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "chapbook" / name).touch()
    for name in ("__init__.py", "pipeline.py"):
        (tmp_path / "chapbook" / name).touch()
    (tmp_path / "chapbook" / path).write_text(source, "utf-8")
    report = " ".join(lint_imports(tmp_path).split())
    assert text in report
    assert bool(text) == bool(report)


def layers_described(text: str) -> tuple[str, ...]:
    """The packages that ARCHITECTURE.md lists, each in a row of its own."""
    section = re.search(r"^## Who may import whom\n(.*?)^## ", text, re.DOTALL | re.MULTILINE)
    return tuple(re.findall(r"^\| `(\w+)`", section[1], re.MULTILINE)) if section else ()


def test_architecture_names_the_same_packages() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert layers_described(text) == layers()
    assert layers_described(text.replace("| `weasy`", "| weasy")) != layers()


# Circles ---------------------------------------------------------------------------------------


def modules_imported(tree: ast.Module, known: Collection[str]) -> set[str]:
    """The modules among *known* that *tree* imports, lazily or for its types alone too."""
    names = {name.removeprefix("chapbook.") for name in imported(tree)}
    return {name if name in known else name.rpartition(".")[0] for name in names} & set(known)


def circles(trees: Mapping[str, ast.Module]) -> list[list[str]]:
    """The circles in which modules import one another, until none would be left."""
    graph = {name: modules_imported(tree, trees) - {name} for name, tree in trees.items()}
    result: list[list[str]] = []
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            result.append(error.args[1])
            imported_one, importing = error.args[1][:2]  # each is imported by the next
            graph[importing].discard(imported_one)
        else:
            return result


def test_nothing_imports_in_a_circle() -> None:
    assert circles(MODULES) == []


@pytest.mark.parametrize(
    "back",
    [
        "from chapbook.one import it",
        "from chapbook import one",
        "def f():\n    import chapbook.one",
        "if TYPE_CHECKING:\n    from chapbook.one import It",
    ],
)
def test_every_circle_is_seen(back: str) -> None:
    others = {"a.b": "import chapbook.a", "a": "from chapbook.a.b import it"}
    sources = {"one": "import chapbook.two", "two": "import chapbook.three", "three": back}
    trees = {name: ast.parse(source) for name, source in {**sources, **others}.items()}
    assert sorted(map(sorted, map(set, circles(trees)))) == [["a", "a.b"], sorted(sources)]
    assert len(circles({**trees, "three": ast.parse("import json")})) == 1


# What a module may do --------------------------------------------------------------------------


def foreign(name: str, tree: ast.Module) -> Iterator[str]:
    """The foreign libraries that a module imports, and that are for others alone."""
    libraries = {unit(module) for module in imported(tree)} - {"chapbook", "__future__"}
    for library in sorted(libraries - set(sys.stdlib_module_names)):
        if not {name, unit(name)} & ADAPTERS.get(library, frozenset()):
            yield f"{library} is not for it"


def test_foreign_libraries_stay_with_their_adapters() -> None:
    assert offenders(foreign) == []


def asked(tree: ast.Module) -> set[str]:
    """Yield what in *tree* uses a clock, the network, the environment or the disk."""
    result = {
        module
        for name in imported(tree)
        for module in IMPURE_MODULES
        if name == module or name.startswith(f"{module}.")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in IMPURE_NAMES:
            result.add(node.attr)
        elif isinstance(node, ast.Name) and node.id in {"open", "input"}:
            result.add(node.id)
    return result


def impure(name: str, tree: ast.Module) -> Iterator[str]:
    """Return what a module uses without being in ALLOWED, and what it no longer uses."""
    allowed = set(ALLOWED.get(name, ("", ""))[0].split())
    result = asked(tree)
    yield from (f"{word} is not allowed" for word in sorted(result - allowed))
    yield from (f"{word} is allowed for nothing" for word in sorted(allowed - result))


def test_only_the_edges_ask_the_world() -> None:
    assert offenders(impure) == []


def swallowed(_: str, tree: ast.Module) -> Iterator[str]:
    """The handlers of a module that would take every error, Ctrl-C too, for one of theirs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            if node.type is None:
                yield f"line {node.lineno}: a bare except"
            elif ast.unparse(node.type) == "BaseException" and not any(
                isinstance(inner, ast.Raise) for inner in ast.walk(node)
            ):
                yield f"line {node.lineno}: Ctrl-C would end here"


def test_no_error_is_swallowed_unseen() -> None:
    assert offenders(swallowed) == []


PLANTED: tuple[tuple[Rule, str, str, int], ...] = (  # rule, module, source, offenses
    (foreign, "model.dom", "import weasyprint", 1),
    (foreign, "model.dom", "def f():\n    from lxml import etree\n    import pikepdf.models", 2),
    (foreign, "weasy.pages", "import unknown_library, weasyprint", 1),
    (foreign, "weasy.pages", "import json\nfrom weasyprint import HTML", 0),
    (impure, "model.dom", "import time", 1),
    (impure, "model.dom", "from urllib.request import urlopen", 1),
    (impure, "model.dom", "import os\ndef f(path): os.environ['A']; path.read_bytes()", 2),
    (impure, "model.dom", "open('a')\ninput()\nimport datetime\ndatetime.date.today()", 3),
    (impure, "model.dom", "from urllib.parse import quote\nimport datetime", 0),
    (impure, "design.fonts", "import os\nos.environ", 1),  # `is_file` is allowed for nothing
    (swallowed, "cli", "try:\n    f()\nexcept:\n    raise", 1),
    (swallowed, "cli", "try:\n    f()\nexcept BaseException:\n    pass", 1),
    (swallowed, "cli", "try:\n    f()\nexcept BaseException:\n    raise", 0),
    (swallowed, "cli", "try:\n    f()\nexcept ValueError:\n    pass", 0),
)


@pytest.mark.parametrize(("rule", "name", "source", "count"), PLANTED)
def test_a_planted_offense_is_seen(rule: Rule, name: str, source: str, count: int) -> None:
    assert len(offenders(rule, {name: ast.parse(source)})) == count


def stale(trees: Mapping[str, ast.Module]) -> list[str]:
    """The rows of both tables that allow what no module of *trees* does."""
    used = {
        (unit(library), place)
        for name, tree in trees.items()
        for library in imported(tree)
        for place in (name, unit(name))
    }
    rows = [(library, place) for library, places in ADAPTERS.items() for place in sorted(places)]
    unused = [f"{place} does not import {library}" for library, place in rows]
    return [
        *(line for line, row in zip(unused, rows, strict=True) if row not in used),
        *(f"there is no {name}" for name in ALLOWED if name not in trees),
    ]


def test_no_table_allows_what_nothing_does() -> None:
    assert stale(MODULES) == []
    fewer = {name: tree for name, tree in MODULES.items() if name != "reading.yaml_reader"}
    assert stale(fewer) == ["reading.yaml_reader does not import yaml"]
    fewer = {name: tree for name, tree in MODULES.items() if name != "cli.serve"}
    assert stale(fewer) == ["cli does not import segno", "there is no cli.serve"]


# Complexity ------------------------------------------------------------------------------------

COMPLEXITY = "C901,PLR0904,PLR0911,PLR0912,PLR0913,PLR0914,PLR0915,PLR0916,PLR0917,PLR1702"


def too_complex(*arguments: str, source: str | None = None) -> list[tuple[str, str]]:
    """Return what exceeds the limits in `pyproject.toml`: the rule, and the place."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--ignore-noqa", "--quiet"]
    command += ["--output-format", "json", "--select", COMPLEXITY, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, input=source, capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    return [
        (each["code"], f"{each['filename']}, line {each['location']['row']}: {each['message']}")
        for each in json.loads(done.stdout)
    ]


def test_no_function_holds_too_much() -> None:
    assert too_complex("chapbook") == []


def function(*body: str, parameters: str = "a") -> str:
    return "\n".join((f"def f({parameters}):", *(f"    {line}" for line in body)))


@pytest.mark.parametrize(
    ("code", "source"),
    [
        ("C901", function(*["if a: a()"] * 10)),
        ("PLR0904", "class A:\n" + "\n".join(f"    def f{n}(self): ..." for n in range(27))),
        ("PLR0911", function(*["if a: return 1"] * 7)),
        ("PLR0912", function(*["if a: a()"] * 11)),
        ("PLR0913", function("...", parameters="a, *, b, c, d, e, f")),
        ("PLR0914", function(*(f"b{n} = a" for n in range(24)))),
        ("PLR0915", function(*["a()"] * 35)),
        ("PLR0916", function("if a and a.b and a.c or a.d and a.e or a.f: a()")),
        ("PLR0917", function("...", parameters="a, b, c, d, e, f")),
        ("PLR1702", function(*("  " * n + "if a:" for n in range(6)), "  " * 6 + "a()")),
    ],
)
def test_a_function_that_holds_too_much_is_seen(code: str, source: str) -> None:
    unnoticed = f"# ruff: noqa\n{source}"  # nobody excuses himself
    result = too_complex("--stdin-filename", "chapbook/planted.py", "-", source=unnoticed)
    assert code in {rule for rule, _ in result}


# Start -----------------------------------------------------------------------------------------

SLOW = (
    "PIL babel bagit ebooklib fontTools fsspec jinja2 lxml ocfl pikepdf pypdfium2 tinyhtml5 "
    "uharfbuzz weasyprint yaml"
)


def loaded(arguments: list[str], before: str = "") -> set[str]:
    """The libraries that are imported when a command ends; *before* is run first."""
    code = (
        "import atexit, os, sys\nreal = os._exit\n"
        "def tell(code):\n"
        "    print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)\n"
        "    sys.stderr.flush(); real(code)\n"
        f"os._exit = tell\nsys.argv = ['chapbook', *{arguments!r}]\n{before}\n"
        "from chapbook.__main__ import main\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "click" in done.stderr.split(), "the list of modules was not printed"
    return set(done.stderr.split())


def test_help_imports_nothing_slow() -> None:
    helps = [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)]
    result = {" ".join(each): loaded(each) & set(SLOW.split()) for each in helps}
    assert {command: slow for command, slow in result.items() if slow} == {}


def test_a_slow_import_is_seen() -> None:
    assert loaded(["--version"], before="import yaml") & set(SLOW.split()) == {"yaml"}


def tracked() -> list[Path]:
    if shutil.which("git") is None:
        pytest.skip("git is not installed: apt-get install git")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


MACHINE = re.compile(
    rb"(?<![\w$])/(?:home|Users|work)/[a-z]|[A-Z]:\\\\Users|pypi\.[a-z]+\.internal"
)


def machine_paths(content: bytes) -> list[bytes]:
    """The lines of *content* that name a folder or a server of one machine."""
    return [line[:80] for line in content.splitlines() if MACHINE.search(line)]


def test_no_path_of_a_machine_is_tracked() -> None:
    result = {
        path.relative_to(ROOT).as_posix(): lines
        for path in tracked()
        if path.is_file() and path != Path(__file__)
        if (lines := machine_paths(path.read_bytes()))
    }
    assert result == {}


@pytest.mark.parametrize(
    "line",
    [
        b"see /home/ada/book",
        b"'/Users/ada'",
        b"(/" + b"work/it)",
        rb"C:\\Users",
        b"pypi.x.internal",
    ],
)
def test_a_path_of_a_machine_is_seen(line: bytes) -> None:
    assert machine_paths(b"one\n" + line + b"\n") == [line]
    assert machine_paths(b"$HOME/home/x, https://example.org/home/x\n") == []
