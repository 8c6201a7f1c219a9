"""Image files of a manuscript are found and checked, and their faults are reported."""

import io
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from chapbook.model.document import Asset
from chapbook.model.errors import Place, SourceError
from chapbook.reading.image_files import LARGEST_BYTES, AssetRefused, read_asset

WHERE = Place("essay.md", 3)


def packed(form: str, mode: str = "RGB", size: tuple[int, int] = (4, 3)) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size).save(stream, form)
    return stream.getvalue()


def read(folder: Path, content: bytes, name: str = "p.png", href: str = "") -> Asset:
    (folder / name).write_bytes(content)
    return read_asset(href or name, folder, WHERE)


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("GIF", "image/gif"),
        ("WEBP", "image/webp"),
        ("AVIF", "image/avif"),
    ],
)
def test_what_e_readers_show_is_taken(tmp_path: Path, form: str, media_type: str) -> None:
    content = packed(form)
    assert read(tmp_path, content) == Asset("p.png", media_type, content, 4, 3)


def test_a_telephones_picture_is_a_jpeg(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (4, 3)).save(
        stream, "MPO", save_all=True, append_images=[Image.new("RGB", (4, 3))]
    )
    assert read(tmp_path, stream.getvalue()).media_type == "image/jpeg"


def test_the_size_of_a_picture_is_that_of_the_scene(tmp_path: Path) -> None:
    exif, stream = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    Image.new("RGB", (4, 3)).save(stream, "JPEG", exif=exif)
    result = read(tmp_path, stream.getvalue())
    assert (result.width_px, result.height_px) == (3, 4)


@pytest.mark.parametrize("form", ["TIFF", "BMP", "ICO", "PPM", "PDF", "EPS"])
def test_what_they_do_not_show_is_reported(tmp_path: Path, form: str) -> None:
    with pytest.raises(SourceError, match="save it as PNG") as raised:
        read(tmp_path, packed(form))
    assert raised.value.where == WHERE


def test_too_many_pixels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AssetRefused, match="64 million"):
        read(tmp_path, packed("PNG", "1", (13_000, 13_000)))
    with pytest.raises(AssetRefused, match="64 million"):
        read(
            tmp_path, packed("GIF", "P", (1, 1))[:6] + b"\xff\xff\xff\xff" + packed("GIF", "P")[10:]
        )


def test_too_many_bytes_are_refused(tmp_path: Path) -> None:
    with (tmp_path / "p.png").open("wb") as stream:
        stream.truncate(LARGEST_BYTES + 1)
    with pytest.raises(AssetRefused, match="larger than 64 MB"):
        read_asset("p.png", tmp_path, WHERE)


def test_addresses_are_read_as_browsers_read_them(tmp_path: Path) -> None:
    for href in ("a%20b.png", "a b.png", "./a%20b.png", "a%20b.png?v=1", "a%20b.png#x"):
        assert read(tmp_path, packed("PNG"), "a b.png", href).href == "a b.png"


def test_standard_input_has_nothing_beside_it() -> None:
    with pytest.raises(AssetRefused, match="standard input"):
        read_asset("p.png", None, WHERE)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="40" height="30"', (40, 30)),
        ('width="40px" height="30.4px"', (40, 30)),
        ('viewBox="0 0 20 10"', (20, 10)),
        ('width="100%" height="100%" viewBox="0,0,20,10"', (20, 10)),
        ("", (300, 150)),
        ('width="0" height="0"', (1, 1)),
        ('width="1e99" height="5"', (300, 150)),
        ('width="210mm" height="297mm" viewBox="0 0 210 297"', (794, 1123)),  # Inkscape
        ('width="460.8pt" height="345.6pt" viewBox="0 0 460.8 345.6"', (614, 461)),  # matplotlib
        ('width="100%" style="max-width: 20px" viewBox="0 0 20 10"', (20, 10)),  # Mermaid
        ('width="2in" viewBox="0 0 20 10"', (192, 96)),
    ],
)
def test_the_size_of_an_svg(tmp_path: Path, attributes: str, size: tuple[int, int]) -> None:
    result = read(
        tmp_path, f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode(), "p.svg"
    )
    assert (result.width_px, result.height_px) == size
    assert result.media_type == "image/svg+xml"


def test_an_svg_is_known_by_its_first_sign(tmp_path: Path) -> None:
    preamble = b"\xef\xbb\xbf\n<?xml version='1.0'?>\n<!-- " + b"x" * 9000 + b" -->\n"
    body = b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>'
    assert read(tmp_path, preamble.replace(b"\n<?", b"<?") + body).media_type == "image/svg+xml"


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "AVIF"]),
    st.integers(0, 400),
    st.binary(max_size=12),
)
def test_damaged_pictures_are_taken_or_reported(
    tmp_path: Path, form: str, at: int, damage: bytes
) -> None:
    content = packed(form, "RGB", (8, 8))
    content = content[:at] + damage + content[at + len(damage) :]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            read(tmp_path, content)
        except (SourceError, AssetRefused) as error:
            message = str(error)
        else:
            message = "taken"
    assert message


@pytest.mark.parametrize(
    ("href", "remedy"),
    [
        ("mpa.png", "did you mean “map.png”?"),
        ("MAP.PNG", "did you mean “map.png”?"),
        ("map.png.png", "did you mean “map.png”?"),
        ("plate.jpg", "did you mean “plates/plate.jpg”?"),
        (
            "elephant.gif",
            "put it beside the manuscript or correct its name, counted from that folder",
        ),
    ],
)
def test_a_missing_picture_is_reported_with_the_nearest(
    tmp_path: Path, href: str, remedy: str
) -> None:
    (tmp_path / "plates").mkdir()
    for name in ("map.png", "plates/plate.jpg", "essay.md"):
        (tmp_path / name).touch()
    with pytest.raises(SourceError) as raised:
        read_asset(href, tmp_path, WHERE)
    assert raised.value.remedy == remedy


def test_a_truncated_picture_is_reported_after_a_layout_too(tmp_path: Path) -> None:
    # WeasyPrint lets Pillow take truncated pictures, in the whole process.
    from chapbook.weasy.loading import load

    load()
    content = packed("PNG", "RGB", (300, 300))
    with pytest.raises(SourceError, match="broken"):
        read(tmp_path, content[: len(content) // 2])


@pytest.mark.parametrize(
    ("href", "advice"),
    [
        ("https://example.org/a.png", "download it and put it beside"),
        ("//example.org/a.png", "download it and put it beside"),
        ("file:///pictures/a.png", "copy it into the manuscript's folder"),
        ("C:/Pictures/a.png", "copy it into the manuscript's folder"),
        ("/pictures/a.png", "copy it into the manuscript's folder"),
        ("../a.png", "copy it into the manuscript's folder"),
    ],
)
def test_how_to_bring_what_is_elsewhere_is_reported(tmp_path: Path, href: str, advice: str) -> None:
    with pytest.raises(AssetRefused, match=advice):
        read_asset(href, tmp_path, WHERE)
