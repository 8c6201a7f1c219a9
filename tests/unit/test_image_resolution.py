"""Images too coarse for print are reported with line, pixels an inch, and remedy."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from PIL import Image

from chapbook.cli import inputs
from chapbook.layout.image_resolution import coarse_images
from chapbook.model.document import Asset, Document, Manuscript
from chapbook.model.errors import Code, Severity
from chapbook.model.metadata import Metadata
from chapbook.pipeline import build
from chapbook.printing.settings import PrintSettings

TEXT = "One.\n\n![map](map.png)\n"


def document(printer: str, media_type: str = "image/png", width_px: int = 600) -> Document:
    metadata = Metadata(
        title="T",
        title_html="T",
        lang="en",
        identifier="urn:x",
        printing=PrintSettings(printer=printer),
    )
    asset = Asset("map.png", media_type, b"", width_px, width_px)
    manuscript = Manuscript("essay.md", "essay", TEXT.encode(), TEXT)
    return Document(metadata, Element("article"), manuscript, assets={"map.png": asset})


@pytest.mark.parametrize(
    ("printer", "width_mm", "severity"),
    [
        ("home", 102.0, Severity.NOTE),  # 149.4 of 150: as good as asked for
        ("home", 105.0, Severity.NOTE),
        ("kdp", 60.0, Severity.WARNING),
        ("lulu", 60.0, Severity.WARNING),
        ("press", 60.0, Severity.NOTE),
    ],
)
def test_each_printer_has_its_own_measure(
    printer: str, width_mm: float, severity: Severity
) -> None:
    result = list(coarse_images(document(printer), {"asset:map.png": width_mm}))
    assert len(result) == (width_mm != 102.0)
    if result:
        ppi = f"{600 / (width_mm / 25.4):.0f} pixels an inch"
        assert ppi in result[0].message
        assert (result[0].code, result[0].severity) == (Code.PRINT_RESOLUTION, severity)
        assert str(result[0].where) == "essay.md:3"


def test_what_is_drawn_or_not_printed_is_never_coarse() -> None:
    drawing = document("kdp", "image/svg+xml", 10)
    assert list(coarse_images(drawing, {"asset:map.png": 100.0})) == []
    assert list(coarse_images(document("kdp"), {})) == []


def test_the_size_is_that_on_the_page(tmp_path: Path) -> None:
    Image.new("RGB", (100, 50)).save(tmp_path / "map.png")
    (tmp_path / "essay.md").write_text(
        "---\ntitle: T\nlang: en\nidentifier: urn:uuid:00000000-0000-4000-8000-000000000001\n---\n"
        "\n![Small](map.png){width=1cm}\n\n![Large](map.png){width=2in}\n"
    )
    built = build(inputs.job(str(tmp_path / "essay.md")), ("pdf",))
    messages = [finding for finding in built.findings if finding.code is Code.PRINT_RESOLUTION]
    assert len(messages) == 1
    assert "has 50 pixels an inch as printed, 51 mm wide" in messages[0].message


def test_a_tall_picture_shares_a_small_page_with_its_caption(tmp_path: Path) -> None:
    Image.new("L", (300, 900)).save(tmp_path / "tall.png")
    (tmp_path / "essay.md").write_text(
        "---\ntitle: T\nlang: en\nidentifier: urn:uuid:00000000-0000-4000-8000-000000000001\n"
        f"print: {{trim: 4.25x6.87in}}\n---\n\n![{'A long caption. ' * 12}](tall.png)\n"
    )
    (result,) = build(inputs.job(str(tmp_path / "essay.md")), ("pdf",)).artefacts
    assert result.extent == "2 pages", "the title's, and the picture's"
