"""The standing rules of the code: who may import whom, and what is kept to the edges."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

from chapbook.cli import COMMANDS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "chapbook"
LONGEST_MODULE = 300  # lines; DESIGN asks for 250, and a docstring more may be worth it

# From below to above, in the order of the data's way: a package imports from itself and from those
# before it. `pipeline` is the one module among them.
LAYERS: tuple[str, ...] = (
    "printing",
    "model",
    "lang",
    "images",
    "reading",
    "design",
    "transforms",
    "weasy",
    "layout",
    "writers",
    "pipeline",
    "pdf",
    "checks",
    "preflight",
    "archive",
    "diff",
    "catalog",
    "serving",
    "cli",
)
RANK = {unit: rank for rank, unit in enumerate(LAYERS)}

# Each foreign library and where it may be named, with what it is there for.
ADAPTERS: Mapping[str, frozenset[str]] = {
    "PIL": frozenset(
        "catalog checks.pictures images.grayscale images.process_colors images.rasters "
        "pdf preflight reading.image_files writers.epub.images".split()
    ),  # judges images, remakes them
    "babel": frozenset(
        "catalog design.template_context reading.value_advice transforms.decimals "
        "weasy.hyphenation".split()
    ),  # dates; names of languages; decimal signs; likely regions
    "bagit": frozenset({"archive.bag"}),
    "click": frozenset({"cli"}),  # build_cache asks it where packages lie, importing nothing
    "cssselect2": frozenset({"weasy"}),  # the tree that WeasyPrint lays out
    "ebooklib": frozenset({"writers.epub.ebooklib_adapter"}),
    "fontTools": frozenset({"design.fonts", "weasy.embedded_fonts"}),
    "jinja2": frozenset({"design.templates"}),
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
    "ziamath": frozenset({"layout.ziamath_tables"}),
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
        "is_file subprocess tempfile write_bytes write_text",
        "runs pandoc, and hands it a template and bibliographies",
    ),
    "writers.epub.images": ("open", "Pillow's, of bytes"),
    "cli.build_cache": ("is_file iterdir read_bytes rglob stat", "compares what was with what is"),
    "pdf.operands": ("read_bytes", "pikepdf's, of a stream in memory"),
    "pdf.images": ("read_bytes", "the same"),
    "serving.listening": ("socket", "listens where the user says"),
    "reading.source_files": ("cwd is_dir is_file rglob", "finds the files, at the left edge"),
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module's dotted name below `chapbook`, and its syntax tree."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        yield name or "chapbook", ast.parse(path.read_text("utf-8"))


MODULES = dict(modules())


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted names that *tree* imports, at its top or within a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def unit(name: str) -> str:
    """The first part of a dotted name: a module of `chapbook`, or a package in it."""
    return name.split(".", maxsplit=1)[0]


def own_imports(tree: ast.Module) -> set[str]:
    names = (name for name in imported(tree) if name.startswith("chapbook."))
    return {unit(name.removeprefix("chapbook.")) for name in names} & set(RANK)


def test_every_module_has_its_layer() -> None:
    units = {unit(name) for name in MODULES} - {"chapbook", "__main__"}
    assert units == set(RANK), "write it into LAYERS and into ARCHITECTURE.md"


def test_architecture_names_the_same_layers() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    section = re.search(r"## Who may import whom\n.*?```\n(.*?)```", text, re.DOTALL)
    assert section
    assert tuple(re.findall(r"^(\w+)", section[1], re.MULTILINE)) == LAYERS[::-1]


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_downwards(name: str) -> None:
    if unit(name) not in RANK:
        return
    upwards = {other for other in own_imports(MODULES[name]) if RANK[other] > RANK[unit(name)]}
    assert not upwards


def modules_imported(tree: ast.Module, known: Iterable[str]) -> set[str]:
    """The modules among *known* that *tree* imports, lazily or for its types alone too."""
    names = {name.removeprefix("chapbook.") for name in imported(tree)}
    return {name if name in known else name.rpartition(".")[0] for name in names} & set(known)


def circles(trees: Mapping[str, ast.Module]) -> list[str]:
    """The modules that import one another in a circle; of each circle that was found first."""
    graph = {name: modules_imported(tree, trees) - {name} for name, tree in trees.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


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
def test_a_circle_is_seen(back: str) -> None:
    sources = {"one": "import chapbook.two", "two": "import chapbook.three", "three": back}
    trees = {name: ast.parse(source) for name, source in sources.items()}
    assert set(circles(trees)) == set(sources)
    assert circles({**trees, "three": ast.parse("import json")}) == []


@pytest.mark.parametrize("name", MODULES)
def test_foreign_libraries_stay_with_their_adapters(name: str) -> None:
    foreign = {unit(module) for module in imported(MODULES[name])} - {"chapbook", "__future__"}
    foreign -= set(sys.stdlib_module_names)
    for library in foreign:
        places = ADAPTERS.get(library, frozenset())
        assert {name, unit(name)} & places, f"{library} is not for {name}"


def impure(tree: ast.Module) -> set[str]:
    """What in *tree* asks the world: a clock, the network, the environment, the disk."""
    found = {
        module
        for name in imported(tree)
        for module in IMPURE_MODULES
        if name == module or name.startswith(f"{module}.")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in IMPURE_NAMES:
            found.add(node.attr)
        elif isinstance(node, ast.Name) and node.id in {"open", "input"}:
            found.add(node.id)
    return found


@pytest.mark.parametrize("name", MODULES)
def test_only_the_edges_ask_the_world(name: str) -> None:
    allowed, _ = ALLOWED.get(name, ("", ""))
    assert impure(MODULES[name]) == set(allowed.split()), "ALLOWED says what is allowed, and why"


# What takes a text for the name of a file, or for an address, or opens whatever it is given ------


class Opening(NamedTuple):
    """How a callable that would open the file or the address in a text may be called.

    Its first argument is made by one of `takes`, or is a parameter annotated with nothing else;
    where `takes` is empty there is no positional argument. `named` are the arguments that it must
    have, by name: `name`, or `name=value`.
    """

    takes: frozenset[str]
    named: frozenset[str] = frozenset()


STREAM = frozenset({"BytesIO", "StringIO"})
FILE = frozenset({"Path"})  # the caller was given a path, and means it
BYTES = frozenset({"bytes"})
NOTHING: frozenset[str] = frozenset()
SAFE_PARSER = frozenset({"resolve_entities=False", "no_network=True"})

OPENINGS: Mapping[str, Opening | None] = {  # None: not at all
    "PIL.Image.open": Opening(STREAM, frozenset({"formats"})),  # some of the others start programs
    "PIL.ImageCms.ImageCmsProfile": Opening(STREAM),
    "PIL.ImageCms.getOpenProfile": None,
    "PIL.ImageFont.truetype": None,
    "bagit.make_bag": Opening(FILE),
    "ebooklib.epub.read_epub": None,
    "ebooklib.epub.write_epub": None,
    "fontTools.ttLib.TTFont": Opening(STREAM),
    "html5lib.parse": None,
    "jinja2.FileSystemLoader": None,
    "jinja2.PackageLoader": None,
    "jinja2.Environment": None,  # only in its sandbox
    "lxml.etree.HTMLParser": None,
    "lxml.etree.XMLParser": Opening(NOTHING, SAFE_PARSER),
    "lxml.etree.XSLT": None,
    "lxml.etree.iterparse": None,
    "lxml.etree.parse": None,
    "lxml.html.parse": None,
    "numpy.load": None,
    "pikepdf.AttachedFileSpec.from_filepath": None,
    "pikepdf.Job": None,
    "pikepdf.Pdf.open": None,
    "pikepdf.open": Opening(STREAM | FILE),
    "pygments.lexers.load_lexer_from_file": None,
    "pypandoc.convert_file": None,
    "pypandoc.convert_text": None,
    "pyphen.Pyphen": Opening(NOTHING, frozenset({"lang"})),
    "pypdfium2.PdfDocument": Opening(BYTES | FILE),
    "shutil.unpack_archive": None,
    "tarfile.TarFile": None,
    "tarfile.open": None,
    "tinyhtml5.HTMLParser": None,
    "tinyhtml5.parse": Opening(STREAM),
    "uharfbuzz.Blob.from_file_path": Opening(FILE),
    "weasyprint.Attachment": Opening(NOTHING, frozenset({"url", "url_fetcher"})),
    "weasyprint.CSS": Opening(NOTHING, frozenset({"string", "url_fetcher"})),
    "weasyprint.HTML": Opening(NOTHING, frozenset({"string", "url_fetcher"})),
    "weasyprint.default_url_fetcher": None,
    "xml.dom.minidom.parse": None,
    "xml.etree.ElementTree.iterparse": None,
    "xml.etree.ElementTree.parse": None,
    "xml.sax.parse": None,
    "zipfile.ZipFile": Opening(STREAM | FILE),
}
TAKE_TEXT_AS_TEXT = frozenset(  # looked through: they open nothing that a text names
    "babel click cssselect2 latex2mathml markupsafe packaging pydyf rapidfuzz segno sentencex "
    "tinycss2 yaml ziamath".split()
)
OPEN_WHAT_THE_USER_NAMES = frozenset({"ocfl", "starlette", "uvicorn"})  # an archive, a folder


def real_names(tree: ast.Module) -> dict[str, str]:
    """The dotted name behind each imported name of *tree*."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or unit(alias.name)] = (
                    alias.name if alias.asname else unit(alias.name)
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {
                alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names
            }
    return found


def makings(tree: ast.Module) -> Iterator[tuple[ast.Call, dict[str, set[str]]]]:
    """Every call of *tree*, with the types of the names that are known where it stands."""
    waiting: list[tuple[ast.AST, dict[str, set[str]]]] = [(tree, {})]
    while waiting:
        node, known = waiting.pop()
        if isinstance(node, ast.FunctionDef):
            known = known | dict(local_types(node))
        if isinstance(node, ast.Call):
            yield node, known
        waiting += [(child, known) for child in ast.iter_child_nodes(node)]


def local_types(function: ast.FunctionDef) -> Iterator[tuple[str, set[str]]]:
    """The parameters of *function* by their annotations, and what it makes by a call."""
    for parameter in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        yield parameter.arg, words_of(parameter.annotation) if parameter.annotation else {"Any"}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, type_of(node.value, {})


def words_of(annotation: ast.expr) -> set[str]:
    """The last words of the names in *annotation*: of `io.BytesIO | Path`, both."""
    return {name.split(".")[-1] for name in re.findall(r"[\w.]+", ast.unparse(annotation))}


def type_of(node: ast.expr, known: Mapping[str, set[str]]) -> set[str]:
    """What *node* can be seen to be; a path written as text, as bindings to C want it, is one."""
    if isinstance(node, ast.Name):
        return known.get(node.id, {"?"})
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "resolve":
            return type_of(node.func.value, known)
        name = ast.unparse(node.func).split(".")[-1]
        return type_of(node.args[0], known) & {"Path"} or {"?"} if name == "str" else {name}
    return {"?"}


def careless_openings(tree: ast.Module) -> list[str]:
    """The calls in *tree* that might open what a text names."""
    names = real_names(tree)
    careless = []
    for call, known in makings(tree):
        first, dot, rest = ast.unparse(call.func).partition(".")
        name = f"{names.get(first, first)}{dot}{rest}"
        if name in OPENINGS and not is_careful(call, OPENINGS[name], known):
            careless.append(f"line {call.lineno}: {ast.unparse(call)}")
    return careless


def is_careful(call: ast.Call, rule: Opening | None, known: Mapping[str, set[str]]) -> bool:
    if rule is None:
        return False
    given = {word.arg for word in call.keywords}
    given |= {f"{word.arg}={ast.unparse(word.value)}" for word in call.keywords}
    if not rule.named <= given:
        return False
    if not rule.takes:
        return not call.args
    return bool(call.args) and type_of(call.args[0], known) <= rule.takes


def test_no_text_is_taken_for_the_name_of_a_file() -> None:
    found = {name: careless_openings(tree) for name, tree in MODULES.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_every_foreign_library_is_judged() -> None:
    judged = {unit(name) for name in OPENINGS} | TAKE_TEXT_AS_TEXT | OPEN_WHAT_THE_USER_NAMES
    assert set(ADAPTERS) - judged == set(), "what does it do with a text that names a file?"


@pytest.mark.parametrize(
    "careless",
    [
        "import tinyhtml5\ntinyhtml5.parse(markup)",
        "from tinyhtml5 import parse\ndef f(markup: str): return parse(markup)",
        "from tinyhtml5 import parse as read\nread('<p>')",
        "from PIL import Image\nImage.open(io.BytesIO(content))",
        "from PIL import Image\ndef f(c: bytes): Image.open(c, formats=FORMATS)",
        "import pikepdf\ndef f(it: str | Path): pikepdf.open(it)",
        "import pypdfium2\ndef f(it): pypdfium2.PdfDocument(it)",
        "import pypdfium2\ndef f(it: Copy): pypdfium2.PdfDocument(it.path)",
        "def f():\n    from lxml import etree\n    etree.parse(path)",
        "from lxml import html\nhtml.parse(io.BytesIO(content))",
        "from lxml import etree\netree.XMLParser(resolve_entities=True, no_network=True)",
        "def f(weasyprint): weasyprint.CSS(string=css)",
        "def f(weasyprint): weasyprint.HTML(markup, url_fetcher=fetch)",
        "import uharfbuzz as hb\ndef f(name: str): hb.Blob.from_file_path(str(name))",
        "from pypandoc import convert_text\nconvert_text(text, 'html', 'md')",
    ],
)
def test_a_careless_opening_is_seen(careless: str) -> None:
    assert len(careless_openings(ast.parse(careless))) == 1


@pytest.mark.parametrize(
    "careful",
    [
        "from tinyhtml5 import parse\nparse(StringIO(markup), namespace_html_elements=False)",
        "def f(pdf: bytes):\n    import pypdfium2\n    pypdfium2.PdfDocument(pdf)",
        "import zipfile\ndef f():\n    packed = io.BytesIO()\n    zipfile.ZipFile(packed, 'w')",
        "import json\njson.loads(text)",
    ],
)
def test_a_careful_opening_is_left_alone(careful: str) -> None:
    assert careless_openings(ast.parse(careful)) == []


@pytest.mark.parametrize("name", MODULES)
def test_no_error_is_swallowed_unseen(name: str) -> None:
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno}: a bare except"
            caught = ast.unparse(node.type)
            assert caught != "BaseException" or any(
                isinstance(inner, ast.Raise) for inner in ast.walk(node)
            ), f"line {node.lineno}: Ctrl-C would end here"


def test_modules_can_be_read_at_one_sitting() -> None:
    longer = {
        path.relative_to(ROOT).as_posix(): lines
        for path in PACKAGE.rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_MODULE
    }
    assert longer == {}


SLOW = (
    "PIL babel bagit ebooklib fontTools fsspec jinja2 lxml ocfl pikepdf pypdfium2 tinyhtml5 "
    "uharfbuzz weasyprint yaml"
)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)]
)
def test_help_imports_nothing_slow(arguments: list[str]) -> None:
    code = (
        "import atexit, os, sys\nreal = os._exit\n"
        "def tell(code):\n"
        "    print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)\n"
        "    sys.stderr.flush(); real(code)\n"
        f"os._exit = tell\nsys.argv = ['chapbook', *{arguments!r}]\n"
        "from chapbook.__main__ import main\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(done.stderr.split()) & set(SLOW.split()) == set()
    assert "click" in done.stderr.split(), "the list of modules was not told"


def tracked() -> list[Path]:
    if shutil.which("git") is None:
        pytest.skip("git is not installed: apt-get install git")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_no_path_of_a_machine_is_tracked() -> None:
    machine = re.compile(
        rb"(?<![\w$])/(?:home|Users|work)/[a-z]|[A-Z]:\\\\Users|pypi\.[a-z]+\.internal"
    )
    found = [
        f"{path.relative_to(ROOT)}: {line[:80]!r}"
        for path in tracked()
        if path.is_file() and path != Path(__file__)
        for line in path.read_bytes().splitlines()
        if machine.search(line)
    ]
    assert found == []
