"""The bytes of a manuscript become text, or an error that names the wrong byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.model.document import Manuscript
from chapbook.model.errors import SourceError
from chapbook.reading.manuscript import CONTROL_CHARACTER, MAXIMUM_BYTES, decode


@pytest.mark.parametrize(
    "content", [b"a\nb\n", b"a\r\nb\r\n", b"a\rb\r", b"\xef\xbb\xbfa\nb\n", b"\xef\xbb\xbfa\r\nb\r"]
)
def test_line_ends_and_bom_do_not_matter(content: bytes) -> None:
    result = decode("essay.md", "essay", content)
    assert result.text == "a\nb\n"
    assert result.content == content


def test_a_manuscript_has_a_longest_length() -> None:
    with pytest.raises(SourceError, match="longer than 64 MB"):
        decode("essay.md", "essay", b"a" * (MAXIMUM_BYTES + 1))


def outcome(content: bytes) -> Manuscript | SourceError:
    try:
        return decode("essay.md", "essay", content)
    except SourceError as error:
        return error


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_a_source_error(content: bytes) -> None:
    result = outcome(content)
    if isinstance(result, Manuscript):
        assert "\r" not in result.text
        assert not CONTROL_CHARACTER.search(result.text)
    else:
        assert result.where is not None
        assert result.remedy


@given(st.integers(0, 40), st.integers(0x80, 0xBF))
def test_the_byte_and_its_line_are_named(lines: int, wrong: int) -> None:
    content = b"ab\n" * lines + bytes([wrong])
    with pytest.raises(SourceError) as raised:
        decode("essay.md", "essay", content)
    assert f"byte {3 * lines} is 0x{wrong:02x}" in raised.value.message
    assert raised.value.where is not None
    assert raised.value.where.line == lines + 1
