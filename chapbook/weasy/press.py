"""Writes pages for a printing press: with boxes, without links, as PDF/X-4 if the printer wants it.

WeasyPrint 70 dates PDF/X by the clock unless it gets a time, gives it a random DocumentID, and
takes an output intent only from an `@color-profile` with `components`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from chapbook.model.document import Written
from chapbook.weasy import Dossier, Sheet, typeset
from chapbook.weasy.structure import turn_pages
from chapbook.weasy.turned import turn_across

_NAMESPACE = uuid.UUID("a0c3d0f2-41a5-5d31-8a3a-94f1f6a1b7c2")  # ours, for files of a work
_DOCUMENT_ID = re.compile(rb"xmp\.did:[0-9a-f-]{36}")
_INTENT = """@color-profile device-cmyk {
  src: url(profile:);
  rendering-intent: relative-colorimetric;
  components: cyan, magenta, yellow, black;
}
"""


def typeset_for_press(
    page: Element,
    sheet: Sheet,
    pictures: Mapping[str, tuple[bytes, str]],
    dossier: Dossier,
    profile: bytes | None,
) -> Written:
    """Return *page* as PDF/X-4 with *profile*, or as plain PDF 1.7 without."""
    assets = dict(pictures)
    css = sheet.css
    if profile is not None:
        assets["profile:"] = (profile, "application/vnd.iccprofile")
        css = f"{_INTENT}{css}"
    options: dict[str, Any] = {"pdf_variant": "pdf/x-4"} if profile else {"pdf_version": "1.7"}
    with typeset(page, Sheet(css, sheet.faces), assets) as pages:
        written = pages.write_as(
            _metadata(dossier, css), **options, finisher=partial(_turn, dossier)
        )
    return replace(written, findings=(*pages.findings, *written.findings))


def _turn(dossier: Dossier, document: Any, pdf: Any) -> None:
    turn_across(document, pdf)
    turn_pages(pdf, dossier.metadata.direction)


def _metadata(dossier: Dossier, css: str) -> Any:
    from weasyprint.pdf.metadata import DocumentMetadata

    # Derived from everything in which files of the same work differ.
    document_id = uuid.uuid5(_NAMESPACE, f"{dossier.digest}\n{css}")

    class Metadata(DocumentMetadata):  # type: ignore[misc]
        def generate_rdf_metadata(self, *arguments: Any) -> bytes:
            written: bytes = super().generate_rdf_metadata(*arguments)
            return _DOCUMENT_ID.sub(f"xmp.did:{document_id}".encode(), written)

    moment = dossier.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return Metadata(
        title=dossier.metadata.full_title,
        authors=[person.name for person in dossier.metadata.authors],
        generator=dossier.generator,
        created=moment,
        modified=moment,
        lang=dossier.metadata.lang,
    )
