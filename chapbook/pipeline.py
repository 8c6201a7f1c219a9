"""Takes the bytes of a manuscript, and returns the finished files in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from chapbook.design.template_overrides import without_effect
from chapbook.design.templates import Design, themes
from chapbook.model.document import Artefact, Document, Layout, Manuscript, Publication
from chapbook.model.edition import Edition
from chapbook.model.errors import Finding
from chapbook.reading.reader import Conversion
from chapbook.reading.yaml_reader import Entry
from chapbook.writers.registry import FORMATS, PAGED, Format, Options


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that a build needs, read before it begins."""

    manuscript: Manuscript
    folder: Path | None  # the folder of its images; None for standard input
    defaults: Mapping[str, Entry]
    templates: Mapping[str, str]
    conversion: Conversion | None = None  # if pandoc has already read the same manuscript


@dataclass(frozen=True, slots=True)
class Built:
    """A document, and the files made from it."""

    document: Document
    artefacts: tuple[Artefact, ...]
    layout: Layout | None = None  # closed; None if no format needed pages

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, each once, in the order of the build."""
        findings = [*self.document.findings]
        for artefact in self.artefacts:
            findings += artefact.findings
        return tuple(dict.fromkeys(findings))


def build(
    job: Job,
    formats: Iterable[str],
    report_step: Callable[[str], None] = lambda _step: None,
    options: Options = MappingProxyType({}),
) -> Built:
    """Make *formats* from the manuscript, with those of *options* that each of them has.

    *report_step* is called with the name of each step.
    """
    from chapbook.design.face_use import suited
    from chapbook.design.template_context import View
    from chapbook.layout.page_layout import lay_out
    from chapbook.layout.pagination import paginate
    from chapbook.layout.passages import PRINTED, for_format

    report_step("reading")
    publication = publish(job)
    design = Design(job.templates, publication.metadata.theme)
    design = suited(design, View.of(publication, design))
    rows = [FORMATS[name] for name in formats]
    with ExitStack() as ending:
        if any(row.needs_pages for row in rows):
            report_step("layout")
            layout = lay_out(for_format(publication, PRINTED), design)
            ending.callback(layout.close)
            if PAGED not in rows:
                layout.close()  # nothing writes the pages themselves
            publication = paginate(replace(publication, layout=layout))
        artefacts = tuple(_write(rows, publication, design, report_step, options))
    return Built(publication.document, artefacts, publication.layout)


def _write(
    rows: Sequence[Format],
    publication: Publication,
    design: Design,
    report_step: Callable[[str], None],
    options: Options,
) -> Iterator[Artefact]:
    """Yield the files of *publication* in each of the formats *rows*."""
    from chapbook.layout.passages import for_format

    for row in rows:
        report_step(row.name)
        artefact = row.write(for_format(publication, row.family), design, options)
        yield from (artefact, *artefact.companions)


def publish(job: Job) -> Publication:
    """Read the manuscript and apply the house style."""
    from chapbook.reading.reader import convert, read
    from chapbook.transforms import prepare

    conversion = job.conversion or convert(job.manuscript, job.defaults)
    document = read(conversion, job.folder, themes(job.templates))
    unused_rules = tuple(without_effect(job.templates))
    document = replace(document, findings=(*document.findings, *unused_rules))
    metadata = document.metadata
    words = Design(job.templates, metadata.theme).words(metadata.lang)
    document = prepare(replace(document, words=words))
    edition = Edition(
        identifier=metadata.identifier,
        label=metadata.edition,
        date=metadata.date,
        source_digest=job.manuscript.digest,
    )
    return Publication(document, edition)
