"""A finished file may be anybody's: what would fill memory or start a program is refused."""

import io
import struct
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from chapbook.archive.which import metadata_of
from chapbook.catalog.pdf_record import about_pdf
from chapbook.checks import read_file
from chapbook.checks.pictures import measure
from chapbook.checks.reading import Unreadable
from chapbook.pdf.file import MOST_DECODED_BYTES

BROKEN = "an image in it is broken"
TOO_LARGE = "an image in it has more pixels than are decoded"


def png(width: int, height: int) -> bytes:
    """Return a PNG with this size in its head, and only one row."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(width * 3 + 1))), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
        for name, content in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def packed(kind: str) -> bytes:
    """A picture of noise in the format that Pillow calls *kind*."""
    content = io.BytesIO()
    Image.effect_noise((99, 99), 50).save(content, kind)
    return content.getvalue()


PICTURES = {
    "400 million pixels": (png(20_000, 20_000), TOO_LARGE),
    "100 million pixels": (png(10_000, 10_000), TOO_LARGE),
    "a PNG that is cut off": (packed("PNG")[:3000], BROKEN),
}


def page_with(picture: bytes) -> bytes:
    address = f"data:image/png;base64,{b64encode(picture).decode()}"
    return (
        f'<html><body><main><h1>T</h1><img src="{address}" alt="x"></main></body></html>'.encode()
    )


def book_with(picture: bytes) -> bytes:
    """An EPUB like ours, with one document and *picture* in it."""
    files = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": b'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:'
        b'container"><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>',
        "p.opf": b'<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        b'<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        b'<item id="n" href="n.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        b'</manifest><spine><itemref idref="a"/></spine></package>',
        "a.xhtml": b'<html xmlns="http://www.w3.org/1999/xhtml"><body><main><p>'
        b'<img src="i.png" alt="x"/></p></main></body></html>',
        "n.xhtml": b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
        "i.png": picture,
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as book:
        for name, content in files.items():
            book.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(("suffix", "wrapped"), [(".html", page_with), (".epub", book_with)])
def test_pictures_that_cannot_be_decoded_are_refused(
    name: str, suffix: str, wrapped: Callable[[bytes], bytes]
) -> None:
    picture, message = PICTURES[name]
    with pytest.raises(Unreadable, match=message):
        read_file(suffix, wrapped(picture))


def test_which_says_nothing_of_a_bomb() -> None:
    assert metadata_of(page_with(png(20_000, 20_000))).title is None


@pytest.mark.parametrize(("suffix", "wrapped"), [(".html", page_with), (".epub", book_with)])
def test_no_picture_starts_a_program(
    suffix: str, wrapped: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    # For a drawing of PostScript Pillow starts Ghostscript.
    started: list[object] = []
    monkeypatch.setattr("PIL.EpsImagePlugin.Ghostscript", lambda *given: started.append(given))
    assert measure(packed("EPS")) is None
    with suppress(Unreadable):
        read_file(suffix, wrapped(packed("EPS")))
    assert started == []


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A PDF of 300 kB whose metadata unpack to more than is decoded."""
    squeezer = zlib.compressobj(9)
    zeros = bytes(10**7)
    content = b"".join(squeezer.compress(zeros) for _ in range(MOST_DECODED_BYTES // 10**7 + 4))
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.StructTreeRoot = pikepdf.Dictionary(K=pikepdf.Array())
        stream = pdf.make_stream(b"")
        stream.write(content + squeezer.flush(), filter=pikepdf.Name.FlateDecode)
        pdf.Root.Metadata = stream
        written = io.BytesIO()
        pdf.save(written, compress_streams=False, fix_metadata_version=False)
    assert len(written.getvalue()) < 2**20
    return written.getvalue()


def test_a_pdf_that_unpacks_to_gigabytes_is_refused(bomb: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(bomb)
    with pytest.raises(Unreadable):
        about_pdf(path)
    with pytest.raises(Unreadable):
        read_file(".pdf", bomb)
    assert metadata_of(bomb).title is None
