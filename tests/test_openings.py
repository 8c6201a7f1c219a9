"""No text is taken for the name of a file or for an address.

Many libraries open whatever a text names. The table OPENINGS says how each of their calls that
would do so may be called, and the test reads every call in the code.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pytest

from tests.syntax_trees import offenders, unit
from tests.test_architecture import ADAPTERS


class Opening(NamedTuple):
    """The ways to call a function that opens the file or the address in a text.

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
    result: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                result[alias.asname or unit(alias.name)] = (
                    alias.name if alias.asname else unit(alias.name)
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            result |= {
                alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names
            }
    return result


def makings(tree: ast.Module) -> Iterator[tuple[ast.Call, dict[str, set[str]]]]:
    """Yield every call in *tree*, with the known types of names at its place."""
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
    """Return the type of *node* as far as it can be inferred; a path as text is a path."""
    if isinstance(node, ast.Name):
        return known.get(node.id, {"?"})
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "resolve":
            return type_of(node.func.value, known)
        name = ast.unparse(node.func).split(".")[-1]
        return type_of(node.args[0], known) & {"Path"} or {"?"} if name == "str" else {name}
    return {"?"}


def careless_openings(_: str, tree: ast.Module) -> Iterator[str]:
    """The calls in *tree* that might open what a text names."""
    names = real_names(tree)
    for call, known in makings(tree):
        first, dot, rest = ast.unparse(call.func).partition(".")
        name = f"{names.get(first, first)}{dot}{rest}"
        if name in OPENINGS and not is_careful(call, OPENINGS[name], known):
            yield f"line {call.lineno}: {ast.unparse(call)}"


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
    assert offenders(careless_openings) == []


def unjudged(libraries: Iterable[str]) -> set[str]:
    """Return the *libraries* that are in no table of functions that open files."""
    judged = {unit(name) for name in OPENINGS} | TAKE_TEXT_AS_TEXT | OPEN_WHAT_THE_USER_NAMES
    return set(libraries) - judged


def test_every_foreign_library_is_judged() -> None:
    assert unjudged(ADAPTERS) == set(), "what does it do with a text that names a file?"
    assert unjudged([*ADAPTERS, "new_library"]) == {"new_library"}


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
    assert len([*careless_openings("planted", ast.parse(careless))]) == 1


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
    assert [*careless_openings("planted", ast.parse(careful))] == []
