"""Embedded fonts: CIDs are glyph numbers, and names are made only of the bytes."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from chapbook.design import fonts
from chapbook.design.faces import SCRIPTS, Face
from chapbook.weasy.embedded_fonts import for_pdf, subset_tag
from tests import golden_cases as cases

CJK = sorted(
    {face for script in SCRIPTS if script.extra == "cjk" for face in (*script.serif, *script.sans)},
    key=lambda face: face.file,
)


def top_dict(content: bytes) -> Any:
    return TTFont(io.BytesIO(content))["CFF "].cff.topDictIndex[0]


@pytest.mark.parametrize("face", CJK, ids=lambda face: face.file)
def test_every_cid_is_its_glyphs_number_and_no_outline_is_another(face: Face) -> None:
    cut = fonts.cut(face, "漢字語言日本かな한글、。 ").truetype
    mended = for_pdf(cut)
    before, after = top_dict(cut), top_dict(mended)
    count = after.numGlyphs
    assert [f"cid{number:05}" for number in range(1, count)] == after.charset[1:]
    assert before.charset != after.charset  # else the test says nothing
    outlines = [
        [top.CharStrings.charStringsIndex[n].bytecode for n in range(count)]
        for top in (before, after)
    ]
    assert outlines[0] == outlines[1]
    assert [*before.FDSelect.gidArray] == [*after.FDSelect.gidArray]


def test_what_is_not_keyed_by_cids_loses_only_what_shaping_reads() -> None:
    (face, *_) = fonts.faces("Source Serif 4")
    cut = fonts.cut(face, "abc").truetype
    before, after = (TTFont(io.BytesIO(each)).reader for each in (cut, for_pdf(cut)))
    assert {*before.keys()} - {*after.keys()} == {"GDEF", "STAT"}
    assert {*after.keys()} <= {*before.keys()}
    kept = {*after.keys()} - {"head"}  # which holds the sum of all
    assert all(before[name] == after[name] for name in kept)


def test_the_tag_of_a_subset_is_made_of_the_embedded_bytes_alone() -> None:
    content = cases.make("languages").files
    (pdf,) = (item for path, item in content.items() if path.suffix == ".pdf")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        descriptors = [
            item
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        files = [
            next(item[name].read_bytes() for name in ("/FontFile2", "/FontFile3") if name in item)
            for item in descriptors
        ]
        tags = [str(item.FontName)[1:].partition("+")[0] for item in descriptors]
        assert len(tags) > 2
        assert tags == [subset_tag(content) for content in files]
        assert len({*tags}) == len(tags)
        names = [[*page.Resources.Font] for page in document.pages]
    # In page streams fonts are numbered: Pango's words for them differ between its versions.
    assert all(re.fullmatch(r"/F\d+", name) for page in names for name in page)
