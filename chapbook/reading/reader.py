"""Read a manuscript into a checked `Document`: its metadata, the one DOM, and its images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree.ElementTree import Element

from chapbook.lang.quotation_marks import set_marks
from chapbook.model.document import Asset, Document, Manuscript
from chapbook.model.dom import text_of
from chapbook.model.errors import Code, Finding, Place, SourceError, warning
from chapbook.model.metadata import Metadata
from chapbook.model.plain_text import plain_text
from chapbook.reading import front_matter, pandoc
from chapbook.reading.bibliography import citing
from chapbook.reading.dialects import translate, with_gaps
from chapbook.reading.illustrations import read_images
from chapbook.reading.image_files import AssetRefused, read_asset
from chapbook.reading.linting import unread
from chapbook.reading.metadata_reader import describe, language, rich_strings
from chapbook.reading.sanitizer import sanitize, sanitize_inline
from chapbook.reading.source_positions import Places
from chapbook.reading.tex_math import set_formulas
from chapbook.reading.yaml_reader import Entry


@dataclass(frozen=True, slots=True)
class Conversion:
    """A manuscript and the project's metadata, and what one run of pandoc made of them.

    `block` is the manuscript after splitting, `source` the input of pandoc, and `findings` are
    about the syntax that was translated for it.
    """

    manuscript: Manuscript
    defaults: Mapping[str, Entry]
    block: front_matter.Metablock
    source: pandoc.Source
    findings: tuple[Finding, ...]
    converted: pandoc.Converted

    def is_of(self, manuscript: Manuscript, defaults: Mapping[str, Entry]) -> bool:
        """Return whether pandoc would make the same of *manuscript* and *defaults*."""
        return self.manuscript == manuscript and self.defaults == defaults


def convert(
    manuscript: Manuscript, defaults: Mapping[str, Entry], *, with_tree: bool = False
) -> Conversion:
    """Split *manuscript*, and run pandoc once; *with_tree* keeps pandoc's own tree, to check by.

    *defaults* are the project's metadata. Raises SourceError and ToolchainError as pandoc does.
    """
    block = front_matter.split(manuscript, defaults)
    source, translated = pandoc_source(block, manuscript)
    converted = pandoc.convert(source, with_tree=with_tree)
    return Conversion(manuscript, defaults, block, source, translated, converted)


def read(conversion: Conversion, folder: Path | None, themes: tuple[str, ...]) -> Document:
    """Read the manuscript of *conversion*. Its images are below *folder*.

    *themes* are the names of themes. Raises SourceError if it cannot be read at all. All other
    faults are findings.
    """
    block, converted = conversion.block, conversion.converted
    start = len(conversion.manuscript.text) - len(block.text)
    manuscript = conversion.source.manuscript
    places = Places(manuscript)
    body, refused = sanitize(converted.html, places)
    refused_formulas = set_formulas(body, converted.findings, Places(manuscript))
    set_marks(body, lang := language(block))
    if body.find(".//img") is None and body.find(".//hr") is None and not text_of(body):
        message = "the manuscript has no text"
        if block.first_line > 1:
            message = "there is no text below the front matter block"
        raise SourceError(message, where=Place(manuscript.name), remedy="write something")
    rich: dict[str, Element] = {}
    refused_inline: list[Finding] = []
    for key, html in converted.metadata_html.items():
        where = block.where(key) or Place(manuscript.name)
        rich[key], refusals = sanitize_inline(html, where)
        set_marks(rich[key], lang)
        refused_inline += refusals
    metadata, assumed = describe(block, rich, sole_heading(body), manuscript, themes)
    slips = tuple(unread(manuscript, start, body))
    assets, images = read_images(body, folder, places)
    cover, unfit = _read_cover(metadata, folder, block.where("cover-image"))
    findings = (
        *manuscript.findings,
        *block.findings,
        *conversion.findings,
        *assumed,
        *refused_formulas,
        *refused_inline,
        *refused,
        *slips,
        *images,
        *unfit,
    )
    return Document(metadata, body, manuscript, (), assets, cover, findings)


def pandoc_source(
    block: front_matter.Metablock, manuscript: Manuscript
) -> tuple[pandoc.Source, tuple[Finding, ...]]:
    """Return the input of pandoc for *manuscript*, and findings about translated syntax.

    *block* is the result of splitting *manuscript*. The manuscript of the returned source has the
    translated text. Its lines have the same numbers.
    """
    cited = citing(block, manuscript)
    start = len(manuscript.text) - len(block.text)
    read = replace(manuscript, text=manuscript.text[:start] + block.text)  # later blocks are blank
    translation = translate(read, start, cited.keys if cited else frozenset())
    text = translation.manuscript.text[start:]
    source = pandoc.Source(
        text=with_gaps(text, translation.gaps),
        rich=rich_strings(block),
        manuscript=translation.manuscript,
        first_line=block.first_line,
        citing=cited,
        added=tuple(gap.line + before for before, gap in enumerate(translation.gaps)),
    )
    return source, translation.findings


def _read_cover(
    metadata: Metadata, folder: Path | None, where: Place | None
) -> tuple[Asset | None, list[Finding]]:
    """Return the picture for the cover, or None without one or if it is refused, and findings."""
    href = metadata.cover_image
    if not href or where is None:
        return None, []
    try:
        cover = read_asset(href, folder, where)
    except AssetRefused as refusal:
        message = f"the cover-image “{href[:80]}” is not used: {refusal}"
        return None, [warning(Code.IMAGE_REFUSED, message, where)]
    return cover, [
        warning(Code.IMAGE_CHANGED, f"the cover-image “{href[:80]}” {loss}", where)
        for loss in cover.losses
    ]


def sole_heading(body: Element) -> str | None:
    """Return the text of the only first-level heading if it is the first heading of all."""
    headings = [node for node in body.iter() if node.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    first_level = [node for node in headings if node.tag == "h1"]
    if len(first_level) == 1 and headings[0] is first_level[0]:
        return plain_text(first_level[0]) or None
    return None
