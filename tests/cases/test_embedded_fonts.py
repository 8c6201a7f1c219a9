"""Every reader of PDF finds the glyphs of every face, and no text shows a missing one."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from chapbook.design.fonts import UNSEEN
from tests.cases import build_case, build_text
from tests.drawn import by_mupdf, by_pdfium, by_poppler, differing_pages

LANGUAGES = {
    "ja": "外のことが起きたときにノーと言いやすくなります。**太い**と`符号`",
    "ko": "한국어 문서를 쓰는 일은 漢字 어렵지 않습니다. **굵은** `코드`",
    "zh-CN": "写文档让人更容易拒绝范围之外的事情。**粗体**与`代码`",
    "zh-TW": "寫文件讓人更容易拒絕範圍之外的事情。**粗體**與`程式`",
}
SPACES_AND_MARKS = sorted(each for each in UNSEEN if each > "\xa0") + list("\u1680\u0301\u3099")


@cache
def pdf_of(name: str) -> bytes:
    if name in LANGUAGES:
        return build_text(f"---\ntitle: T\nlang: {name}\n---\n\n{LANGUAGES[name]}\n").files["pdf"]
    if name == "unseen":
        lines = (
            f"a{each}b 漢{each}字 한{each}글 ك{each}ل `漢{each}字{each} c{each}`\n"
            for each in SPACES_AND_MARKS
        )
        return build_text("---\ntitle: T\nlang: en\n---\n\n" + "\n".join(lines)).files["pdf"]
    return build_case(name).files["pdf"]


NAMES = ("cjk-charset", "notdef-in-code", "unseen", *LANGUAGES)


@pytest.mark.parametrize("name", NAMES)
def test_mupdf_and_poppler_draw_what_pdfium_draws(name: str) -> None:
    pdf = pdf_of(name)
    drawn = by_pdfium(pdf)
    assert differing_pages(by_mupdf(pdf), drawn) == []
    assert differing_pages(by_poppler(pdf), drawn) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_text_shows_a_missing_glyph(name: str) -> None:
    with pikepdf.open(BytesIO(pdf_of(name))) as pdf:
        assert all(b"cidchar" not in encoding for encoding in encodings(pdf))
        shown = [glyph for page in pdf.pages for glyph in glyphs(page)]
    assert len(shown) > 10
    assert 0 not in shown


def test_a_page_that_a_reader_leaves_blank_is_seen() -> None:
    drawn = by_pdfium(pdf_of("cjk-charset"))
    blank = [picture.point(lambda _: 255) for picture in drawn]
    assert differing_pages(blank, drawn) != []


def encodings(pdf: pikepdf.Pdf) -> list[bytes]:
    """The encodings of fonts that are not simply the glyphs' numbers."""
    return [
        item.Encoding.read_bytes()
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary)
        and item.get("/Type") == "/Font"
        and isinstance(item.get("/Encoding"), pikepdf.Stream)
    ]


def glyphs(page: pikepdf.Page) -> list[int]:
    """The number of every glyph that the page's text shows."""
    shown: list[int] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), instruction.operands
        if operator in {"Tj", "TJ"}:
            parts: Any = operands[0] if operator == "TJ" else operands
            for part in parts:
                if isinstance(part, pikepdf.String):
                    shown += (int(pair, 16) for pair in re.findall("....", bytes(part).hex()))
    return shown
