"""The adapter to WeasyPrint: takes a tree and its stylesheets, and returns laid-out pages and PDFs.

WeasyPrint 70 has these limits, which this package works around:
- it takes only markup: `_tree_html` passes our tree, in which a paragraph may contain a block;
- it opens any address: `_fetcher` returns only what it was given;
- it makes the area of a link twice: `areas.py`;
- it dates attachments by the clock: `_attachments` takes the time from the edition;
- it claims PDF/A or PDF/UA, not both, and writes XMP that readers ignore: `xmp.py`;
- it gives notes no ID, and puts the paragraphs of a loose list outside any LBody: `structure.py`
  follows ISO 14289-1;
- its import starts compilers and loads modules that we never use: `loading.py`.
`patches/` changes WeasyPrint's own modules where nothing else helps, while it lays out and writes.
"""

from __future__ import annotations

import re
import warnings
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from dataclasses import replace as with_changes
from functools import cached_property, partial
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from chapbook.design import fonts
from chapbook.design.fonts import Instance
from chapbook.model.document import Written
from chapbook.model.errors import SourceError
from chapbook.weasy.areas import drop_inner_areas
from chapbook.weasy.image_widths import image_widths_mm
from chapbook.weasy.lines import Line, read_lines
from chapbook.weasy.loading import load
from chapbook.weasy.messages import captured_log, findings_of
from chapbook.weasy.pages import Beginning, beginnings, labels, page_labels
from chapbook.weasy.patches import patched
from chapbook.weasy.structure import finish, number_pages, turn_pages
from chapbook.weasy.table_headers import head_cells
from chapbook.weasy.turned import turn_across
from chapbook.weasy.unseen import replace_unseen
from chapbook.weasy.xmp import Dossier, xmp

__all__ = [
    "Beginning",
    "Dossier",
    "Mend",
    "Pages",
    "Proof",
    "Sheet",
    "draw",
    "lay_out",
    "load",
    "patched",
    "typeset",
]

_FACE_SCHEME, _ASSET_SCHEME = "face:", "asset:"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A stylesheet for the page, and the faces that it may use."""

    css: str
    faces: tuple[Instance, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """Laid-out pages for proofreading: the page of each id (from 0), the lines, and the folios.

    `lay_out` sets a tree by itself on one endless page and returns its lines. After the last proof
    there is no further layout, so a change to the tree would not be printed.
    """

    pages: Mapping[str, int]
    lines: tuple[Line, ...]
    labels: Sequence[str]
    lay_out: Callable[[Element], tuple[Line, ...]]
    is_last: bool = False


Mend = Callable[[Proof], bool]
"""Reads a proof and may change the tree; returns whether it wants another layout."""

MOST_LAYOUTS = 4


class Pages:
    """Pages that WeasyPrint has laid out. They hold memory and font files until `close`.

    The attributes say where in the tree each page begins, on which page each id is, how wide each
    image is printed, and what layout reported.
    """

    def __init__(self, document: Any, messages: Sequence[str], resources: ExitStack) -> None:
        self._document: Any = document
        self._resources = resources
        self.page_count = len(document.pages)
        self.findings = tuple(findings_of(messages))

    @cached_property
    def beginnings(self) -> tuple[Beginning, ...]:
        """The beginning of each page."""
        return beginnings(self._document)

    @cached_property
    def folios(self) -> Mapping[str, str]:
        """The folio of the page on which each id is."""
        folios = labels(self._document)
        return {name: folios[page] for name, page in _pages_of_ids(self._document).items()}

    @cached_property
    def image_widths_mm(self) -> Mapping[str, float]:
        """The largest width of each image, by its `src`."""
        return image_widths_mm(self._document)

    def write(self, dossier: Dossier) -> Written:
        """Return the pages as one file that conforms to PDF/A-3a and PDF/UA-1."""
        self._document.metadata = xmp(dossier)
        drop_inner_areas(self._document)
        return self.write_as(
            pdf_variant="pdf/a-3a",
            attachments=_attachments(load(), dossier),
            finisher=partial(_finish, direction=dossier.metadata.direction),
        )

    def write_as(self, metadata: Any = None, **options: Any) -> Written:
        """Return the pages as a PDF with the *options* of WeasyPrint. Raises like `lay_out`."""
        if metadata is not None:
            self._document.metadata = metadata
        with patched(), captured_log() as messages, _refusals():
            content = self._document.write_pdf(**options)
        return Written(bytes(content), self.page_count, tuple(findings_of(messages)))

    def close(self) -> None:
        """Release the pages and their font files."""
        self._document = None
        self._resources.close()


def _finish(document: Any, pdf: Any, *, direction: str) -> None:
    finish(pdf)
    head_cells(document)
    turn_across(document, pdf)
    turn_pages(pdf, direction)
    number_pages(pdf, page_labels(document))


def draw(
    page: Element, sheet: Sheet, assets: Mapping[str, tuple[bytes, str]] = MappingProxyType({})
) -> Written:
    """Lay out *page* and return it as a plain PDF, to be rasterized and not for readers."""
    with typeset(page, sheet, assets) as pages:
        drawn = pages.write_as(uncompressed_pdf=True)
    return with_changes(drawn, findings=(*pages.findings, *drawn.findings))


@contextmanager
def typeset(
    page: Element, sheet: Sheet, assets: Mapping[str, tuple[bytes, str]]
) -> Iterator[Pages]:
    """Yield the pages of *page*, and close them when the context ends."""
    pages = lay_out(page, sheet, assets)
    try:
        yield pages
    finally:
        pages.close()


def lay_out(
    page: Element, sheet: Sheet, assets: Mapping[str, tuple[bytes, str]], mend: Mend | None = None
) -> Pages:
    """Lay out *page*, and return the pages without writing a file.

    *assets* maps each `src` in the tree to its bytes and media type. The page is laid out again
    whenever *mend* returns True, up to MOST_LAYOUTS times.
    Raises SourceError if the text is nested too deeply, or cannot be laid out at all.
    """
    weasyprint = load()
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _fetcher(weasyprint, sheet.faces, assets)
    rules = [face.font_face(f"{_FACE_SCHEME}{face.face.key}") for face in sheet.faces]
    with ExitStack() as resources, patched(), captured_log() as messages, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No fonts configured")
        with fonts.confined():
            configuration = FontConfiguration()
        # Its folder of fonts must be removed when we end: see __main__._leave.
        resources.callback(configuration.__del__)
        profiles: dict[str, Any] = {}
        css = weasyprint.CSS(
            string="\n".join([*rules, sheet.css]),
            font_config=configuration,
            url_fetcher=fetcher,
            base_url=_ASSET_SCHEME,
            color_profiles=profiles,
        )
        html = _tree_html(weasyprint, page, fetcher)

        def lay_out_alone(galley: Element) -> tuple[Line, ...]:
            tree = _tree_html(weasyprint, _endless(page, galley), fetcher)
            paper = weasyprint.CSS(string=_ENDLESS, font_config=configuration, url_fetcher=fetcher)
            set_alone = tree.render(font_config=configuration, stylesheets=[css, paper])
            return read_lines(set_alone)

        with _refusals():
            for number in range(1, MOST_LAYOUTS + 1):
                messages.clear()
                document = html.render(
                    font_config=configuration, stylesheets=[css], color_profiles=profiles
                )
                if mend is None:
                    break
                pages = _pages_of_ids(document), read_lines(document), labels(document)
                if not mend(Proof(*pages, lay_out_alone, is_last=number == MOST_LAYOUTS)):
                    break
        return Pages(document, messages, resources.pop_all())


@contextmanager
def _refusals() -> Iterator[None]:
    """Raise SourceError if WeasyPrint fails."""
    try:
        yield
    except RecursionError as cause:
        raise SourceError(
            "the text is nested too deeply to be laid out",
            remedy="flatten the lists, quotes or tables",
        ) from cause
    except ZeroDivisionError as cause:
        raise SourceError("the text cannot be laid out: a size of zero") from cause


_ENDLESS = "@page { size: 2000px 10000000px; margin: 0 }"


def _endless(page: Element, galley: Element) -> Element:
    """Return a page with only *galley* on it, in the language and with the classes of *page*."""
    root = Element("html", page.attrib)
    for body in page.iter("body"):
        root.append(Element("body", body.attrib))
        root[0].append(galley)
    return root


def _pages_of_ids(document: Any) -> dict[str, int]:
    pages: dict[str, int] = {}
    for number, page in enumerate(document.pages):
        for name in page.anchors:
            pages.setdefault(name, number)
    return pages


# Input ----------------------------------------------------------------------------------------


def _tree_html(weasyprint: Any, page: Element, fetcher: Any) -> Any:
    import cssselect2

    replace_unseen(page)

    class TreeHTML(weasyprint.HTML):  # type: ignore[misc]
        def __init__(self) -> None:
            self.base_url = _ASSET_SCHEME
            self.url_fetcher = fetcher
            self.media_type = "print"
            self.wrapper_element = cssselect2.ElementWrapper.from_html_root(
                page, content_language=None
            )
            self.etree_element = self.wrapper_element.etree_element

    return TreeHTML()


_EMBEDDED = re.compile(r"data:(image/(?:png|jpeg|gif|webp|avif));base64,([\w+/=%]+)", re.ASCII)


def _fetcher(
    weasyprint: Any, faces: Sequence[Instance], assets: Mapping[str, tuple[bytes, str]]
) -> Any:
    known = {f"{_FACE_SCHEME}{face.face.key}": (face.truetype, "font/ttf") for face in faces}
    # WeasyPrint asks in ASCII (RFC 3987, 3.1) for an image whose name has a space or an umlaut.
    known |= {weasyprint.urls.iri_to_uri(url): asset for url, asset in assets.items()}

    def fetch(url: str) -> Any:
        if embedded := _EMBEDDED.fullmatch(url):  # in a drawing, and checked together with it
            content, media_type = b64decode(unquote(embedded[2])), embedded[1]
        elif url in known:
            content, media_type = known[url]
        else:
            raise ValueError(f"refused: {url}")
        return weasyprint.urls.URLFetcherResponse(url, content, {"Content-Type": media_type})

    fetch._fail_on_errors = False  # type: ignore[attr-defined]  # noqa: SLF001 - asked for by 70
    return fetch


_SOURCE_TYPES = {  # WeasyPrint would ask the system, and systems differ
    ".md": "text/markdown",
    ".bib": "application/x-bibtex",
    ".csl": "application/vnd.citationstyles.style+xml",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}


def _attachments(weasyprint: Any, dossier: Dossier) -> list[Any]:
    """Return the files of the manuscript, sorted like keys of a name tree (ISO 32000-1, 7.9.6)."""
    names = sorted(dossier.sources, key=str.encode)
    files = {
        f"{_ASSET_SCHEME}{number}": (
            dossier.sources[name],
            _SOURCE_TYPES.get(PurePosixPath(name).suffix.lower(), "text/plain"),
        )
        for number, name in enumerate(names)
    }
    return [
        weasyprint.Attachment(
            url=url,
            url_fetcher=_fetcher(weasyprint, (), files),
            name=name,
            description="The manuscript from which this file was made",
            created=dossier.moment,
            modified=dossier.moment,
            relationship="Source",
        )
        for url, name in zip(files, names, strict=True)
    ]
