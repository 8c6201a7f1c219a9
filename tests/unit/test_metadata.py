"""Dates, check digits and titles."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.model.edition import Edition, digest
from chapbook.model.metadata import Date, Metadata
from chapbook.model.people import orcid_of
from chapbook.printing.isbn import is_isbn13

DATES = {
    "2026": datetime(2026, 1, 1, tzinfo=UTC),
    "2026-11": datetime(2026, 11, 1, tzinfo=UTC),
    "2026-11-22": datetime(2026, 11, 22, tzinfo=UTC),
    "2026-11-22T10:30Z": datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
    "2026-11-22T10:30:05+02:00": datetime(2026, 11, 22, 8, 30, 5, tzinfo=UTC),
    "2026-11-22T10:30:05.25-05:00": datetime(2026, 11, 22, 15, 30, 5, 250_000, tzinfo=UTC),
    "0044-03-15": datetime(44, 3, 15, tzinfo=UTC),
}


@pytest.mark.parametrize(("text", "moment"), DATES.items())
def test_the_six_forms_of_w3c_dates(text: str, moment: datetime) -> None:
    date = Date.parse(text)
    assert date is not None
    assert date.moment == moment
    assert date.iso == text


@pytest.mark.parametrize(
    "text",
    [
        "", "18. December 2020", "2026-1", "2026-13", "2026-02-30", "2026-11-22T10:30",
        "2026-11-22 10:30Z", "22/11/2026", "0000", "２０２６", "2026-11-22T25:00Z", "2026\n",
        "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+14:00",
    ],
)  # fmt: skip
def test_what_is_no_w3c_date(text: str) -> None:
    assert Date.parse(text) is None


@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    date = Date.parse(text)
    if date is not None:
        assert date.moment.year in {date.year - 1, date.year, date.year + 1}


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("978-0-306-40615-7", True),
        ("979 10 90636 07 1", True),
        ("978-0-306-40615-8", False),
        ("0-306-40615-2", False),
        ("977-0-306-40615-7", False),
        ("٩٧٨٠٣٠٦٤٠٦١٥٧", False),
        ("", False),
    ],
)
def test_isbn(text: str, valid: bool) -> None:
    assert is_isbn13(text) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("0000-0002-1825-0097", True),
        ("https://orcid.org/0000-0002-1694-233X", True),
        ("0000-0002-1825-0098", False),
        ("0000000218250097", False),
        ("http://www.orcid.org/0000-0002-1825-0097/", True),
        ("https://example.org/0000-0002-1825-0097", False),
    ],
)
def test_orcid(text: str, valid: bool) -> None:
    assert (orcid_of(text) is not None) is valid


def test_a_full_title_joins_as_catalogues_do() -> None:
    bare = Metadata("A", "A", "en", "urn:x")
    assert bare.full_title == "A"
    assert Metadata("A", "A", "en", "urn:x", subtitle="B").full_title == "A: B"


def test_an_edition_without_date_has_the_first_that_zip_knows() -> None:
    edition = Edition("urn:x", None, None, digest(b""))
    assert edition.timestamp == datetime(1980, 1, 1, tzinfo=UTC)
    dated = Edition("urn:x", "1", Date("2026-11-22"), digest(b""))
    assert dated.timestamp == datetime(2026, 11, 22, tzinfo=UTC)
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
