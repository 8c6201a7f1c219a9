"""Preflight measures correctly, and no file can harm it."""

from __future__ import annotations

import io
import time
import zlib
from dataclasses import replace

import pikepdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from chapbook.checks.reading import Unreadable
from chapbook.pdf.facts import Space
from chapbook.preflight import PrintRequest, preflight
from chapbook.preflight.order import Part, guess_part, trim_of
from chapbook.preflight.read import read_pdf
from chapbook.preflight.verdict import Certainty
from chapbook.printing.vendors import PRINTERS, TRIMS
from tests.preflight.specimens import (
    EIGHTH,
    INCH,
    Layout,
    Wrap,
    cover,
    finished,
    form,
    image,
    interior,
    painting,
)

SHORT = Layout(pages=6)
KDP = PRINTERS["kdp"]
REQUEST = PrintRequest(KDP, KDP.papers["white"])


def test_ink_is_measured_to_a_quarter_of_a_millimeter() -> None:
    page = read_pdf(interior(SHORT)).pages[0]
    assert page.ink.box is not None
    assert page.ink.box.left == pytest.approx(0.6 * 25.4, abs=0.25)
    assert page.media.width_mm - page.ink.box.right == pytest.approx(0.4 * 25.4, abs=0.25)
    assert page.ink.box.bottom == pytest.approx(0.5 * 25.4, abs=0.25)


def test_a_page_whose_corner_is_not_the_origin_is_measured_alike() -> None:
    def moved(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            for key in ("/MediaBox", "/TrimBox"):
                page.obj[key] = Array([float(side) + 1000 for side in page.obj[key]])
            page.obj.Contents = pdf.make_stream(
                b"1 0 0 1 1000 1000 cm\n" + page.obj.Contents.read_bytes()
            )

    as_is, as_moved = read_pdf(interior(SHORT)).pages[0], read_pdf(interior(SHORT, moved)).pages[0]
    assert as_is.ink.box is not None
    assert as_moved.ink.box is not None
    assert as_moved.ink.box.left == pytest.approx(as_is.ink.box.left, abs=0.02)
    assert as_moved.trim == as_is.trim


def test_an_image_counts_at_its_printed_size_within_forms() -> None:
    inner = form("0.5 0 0 0.5 0 0 cm /X1 Do", XObject={"X1": image(300)})
    change = painting("144 0 0 144 50 50 cm /X2 Do", XObject={"X2": inner})
    (picture,) = read_pdf(interior(SHORT, change)).pages[4].painted.pictures
    assert picture.ppi == pytest.approx(300)
    assert picture.space is Space.GRAY


def test_a_cover_is_recognized_by_its_shape() -> None:
    assert guess_part(read_pdf(cover(Wrap()))) is Part.COVER
    assert guess_part(read_pdf(interior(SHORT))) is Part.INTERIOR


def test_bleed_is_seen_where_no_trim_box_states_the_size() -> None:
    six_by_nine = replace(SHORT, width=6 * INCH, height=9 * INCH, has_trim_box=False)
    for layout in (six_by_nine, replace(six_by_nine, bleed=EIGHTH)):
        trim, is_assumed = trim_of(read_pdf(interior(layout)), KDP)
        assert trim.matches(TRIMS["us-trade"])
        assert is_assumed


def test_a_cover_alone_is_not_judged_by_a_page_count_that_nobody_knows() -> None:
    (result,) = preflight({"cover.pdf": cover(Wrap())}, REQUEST)
    assert "print-spine-width" in result.codes(Certainty.UNMEASURED)
    assert not any(finding.severity.value == "error" for finding in result.findings)


def test_every_finding_names_source_date_and_certainty() -> None:
    (result,) = preflight({"book.pdf": interior(SHORT)}, REQUEST)
    assert result.findings
    for finding in result.findings:
        assert "2026-11" in finding.message or "Chapbook's advice" in finding.message
        assert any(each.value in finding.message for each in Certainty)


def test_a_figure_that_is_not_confirmed_makes_no_error() -> None:
    ingram = PRINTERS["ingram"]
    (result,) = preflight(
        {"book.pdf": interior(SHORT)}, PrintRequest(ingram, ingram.papers["white"])
    )
    counted = [finding for finding in result.findings if finding.code.value == "print-page-count"]
    assert [item.severity.value for item in counted] == ["warning"]
    assert "only the vendor can tell" in counted[0].message


# Hostile and damaged files ----------------------------------------------------------------------


def test_what_is_no_pdf_is_one_finding() -> None:
    for content in (b"", b"%PDF-1.7\nno more", b"PK\x03\x04", bytes(1000)):
        (result,) = preflight({"x.pdf": content}, REQUEST)
        assert [finding.code.value for finding in result.findings] == ["unreadable"]


def test_a_file_locked_with_a_password_is_reported_as_such() -> None:
    with pikepdf.open(io.BytesIO(interior(SHORT))) as pdf:
        locked = finished(pdf, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(Unreadable, match="password"):
        read_pdf(locked)


def test_a_stream_that_decodes_to_gigabytes_is_left_alone() -> None:
    squeezer = zlib.compressobj(9)
    bomb = b"".join(squeezer.compress(bytes(10**7)) for _ in range(40)) + squeezer.flush()

    def change(pdf: pikepdf.Pdf) -> None:
        stream = pdf.make_stream(b"")
        stream.write(bomb, filter=Name.FlateDecode)
        pdf.pages[0].obj.Contents = stream

    pdf_bytes = io.BytesIO()
    with pikepdf.open(io.BytesIO(interior(SHORT))) as pdf:
        change(pdf)
        pdf.save(
            pdf_bytes, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none
        )
    assert len(pdf_bytes.getvalue()) < 10**6
    page = read_pdf(pdf_bytes.getvalue()).pages[0]
    assert page.painted.why_unread


def test_forms_that_multiply_end_and_are_reported_as_unread() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        inner = form("0 0 1 1 re f")(pdf)
        for _ in range(9):
            inner = form("/X Do " * 30, XObject={"X": inner})(pdf)
        painting("/X Do", page=1, XObject={"X": inner})(pdf)

    start_s = time.monotonic()
    page = read_pdf(interior(replace(SHORT, pages=2), change)).pages[0]
    assert "instructions" in page.painted.why_unread
    assert time.monotonic() - start_s < 120


def test_a_form_that_draws_itself_ends() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        loop = pdf.make_indirect(form("/X Do")(pdf))
        loop.Resources = Dictionary(XObject=Dictionary(X=loop))
        painting("/X Do", page=1, XObject={"X": loop})(pdf)

    page = read_pdf(interior(replace(SHORT, pages=2), change)).pages[0]
    assert "nested" in page.painted.why_unread


def test_a_page_of_enormous_size_is_measured_coarsely_or_not_at_all() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.MediaBox = Array([0, 0, 10**7, 20])
        pdf.pages[1].obj.MediaBox = Array([0, 0, 14_400, 14_400])

    read = read_pdf(interior(SHORT, change))
    assert read.pages[0].ink.why_unread
    assert read.pages[1].ink.box is not None


_WHOLE = interior(Layout(pages=2), painting("/X1 Do", page=1, XObject={"X1": image(4)}))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, len(_WHOLE) - 1), st.integers(0, 255)), max_size=40),
    st.integers(0, len(_WHOLE)),
)
@example(damage=[(75, 0), (164, 0)], length=0)  # a tree of pages that counts wrong
def test_no_damage_ends_in_anything_but_findings(
    damage: list[tuple[int, int]], length: int
) -> None:
    content = bytearray(_WHOLE)
    for at, byte in damage:
        content[at] = byte
    (result,) = preflight({"x.pdf": bytes(content[: max(length, len(content) // 2)])}, REQUEST)
    assert result.findings


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("/MediaBox", Array([0, 0, 100])),
        ("/MediaBox", Name.Wrong),
        ("/TrimBox", Array([Name.A, 0, 0, 0])),
        ("/Rotate", Name.Wrong),
        ("/UserUnit", "far"),
        ("/Annots", 7),
        ("/Resources", 7),
        ("/Contents", 7),
        ("/Parent", 7),
    ],
)
def test_values_of_the_wrong_kind_end_in_findings(key: str, value: object) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[1].obj[key] = value

    (result,) = preflight({"x.pdf": interior(SHORT, change)}, REQUEST)
    assert result.findings
