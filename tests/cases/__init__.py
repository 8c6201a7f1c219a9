"""Small manuscripts that authors really wrote, built and read back by independent readers.

A case is a folder here with its manuscript (``main.md`` or ``index.md``) and what lies beside it.
The assertions stand in ``test_*.py``, one module for each subject. They read the finished files
with lxml, html5lib and PDFium, never with Chapbook's own readers.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import html5lib
import pypdfium2
from lxml import etree

from chapbook.checks import check_files
from chapbook.cli import inputs
from chapbook.model.errors import Finding
from chapbook.pipeline import build

FOLDER = Path(__file__).parent
ALL = ("pdf", "epub", "html")
XHTML = {"h": "http://www.w3.org/1999/xhtml", "epub": "http://www.idpf.org/2007/ops"}


@dataclass(frozen=True)
class Built:
    """A case's finished files, as their readers see them."""

    files: Mapping[str, bytes]  # by format: pdf, epub, html
    findings: tuple[Finding, ...]
    check_findings: tuple[Finding, ...]

    @cached_property
    def epub_documents(self) -> dict[str, Any]:
        """Every XHTML document of the EPUB, parsed, by its name in the package."""
        with zipfile.ZipFile(BytesIO(self.files["epub"])) as package:
            return {
                name: etree.fromstring(package.read(name))
                for name in package.namelist()
                if name.endswith(".xhtml")
            }

    @cached_property
    def html(self) -> Any:
        """The web page, parsed by the HTML algorithm; elements are in the XHTML namespace."""
        return html5lib.parse(self.files["html"], treebuilder="lxml", namespaceHTMLElements=True)

    @cached_property
    def pdf_pages(self) -> tuple[str, ...]:
        """The text of every page of the PDF, as PDFium reads it."""
        with pypdfium2.PdfDocument(self.files["pdf"]) as document:
            return tuple(page.get_textpage().get_text_range() for page in document)

    @property
    def texts(self) -> dict[str, str]:
        """All words of each format, white space folded: for “never printed” and “still there”."""
        epub = " ".join(map(words, self.epub_documents.values()))
        body = self.html.getroot().find("h:body", XHTML)
        result = {"epub": epub, "html": words(body), "pdf": " ".join(self.pdf_pages)}
        return {name: " ".join(text.split()) for name, text in result.items()}

    def xpath(self, path: str) -> list[Any]:
        """Return what *path* (prefix ``h``) selects in the EPUB, then in the web page."""
        trees = [*self.epub_documents.values(), self.html]
        return [each for tree in trees for each in tree.xpath(path, namespaces=XHTML)]


def build_manuscript(path: Path) -> Built:
    """Build the manuscript *path* in the three formats, and let `check` read them."""
    job = inputs.job(str(path))
    publication = build(job, ALL)
    files = {artefact.suffix.lstrip("."): artefact.content for artefact in publication.artefacts}
    paths = {Path(f"{path.stem}.{suffix}"): content for suffix, content in files.items()}
    return Built(files, tuple(publication.findings), tuple(check_files(job, paths)))


INLINE = frozenset("a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small".split())
INLINE |= frozenset("span strong sub sup u var".split())


def words(element: Any) -> str:
    """The text of *element*, with a space wherever a block or a line begins or ends."""
    text = element.text or ""
    for child in element:
        text += words(child) if isinstance(child.tag, str) else ""
        text += child.tail or ""
    return text if etree.QName(element).localname in INLINE else f" {text} "


@cache
def build_case(name: str) -> Built:
    """Build the case in the folder *name*, once for all tests of this process."""
    folder = FOLDER / name
    main = folder / "main.md"
    return build_manuscript(main if main.exists() else folder)


def build_text(text: str, **beside: bytes) -> Built:
    """Build a manuscript given as *text*, with the files *beside* it (name → content)."""
    folder = Path(tempfile.mkdtemp(prefix="case-"))
    try:
        (folder / "main.md").write_text(text, "utf-8")
        for name, content in beside.items():
            (folder / name).write_bytes(content)
        return build_manuscript(folder / "main.md")
    finally:
        shutil.rmtree(folder)
