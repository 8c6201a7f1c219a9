"""The images of an EPUB: upright, in screen colors, small enough, and else as they were."""

import io
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from PIL import Image

from chapbook.checks import reports
from chapbook.cli import inputs
from chapbook.design.templates import Design, load_templates
from chapbook.model.document import Asset, Document, Manuscript
from chapbook.model.errors import Code
from chapbook.model.metadata import Metadata
from chapbook.pipeline import publish
from chapbook.writers.epub.drawings import draw
from chapbook.writers.epub.images import MOST_DRAWINGS, MOST_PIXELS, Picture, pictures
from chapbook.writers.epub.writer import write_epub
from tests.icc import WIDE, matrix_profile

METADATA = Metadata(title="T", title_html="T", lang="en", identifier="urn:x")
LARGE = (2400, 1600)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}">'
    "{2}</svg>"
)


def packed(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def document(*assets: Asset) -> Document:
    body = fromstring("<article/>")
    manuscript = Manuscript("a.md", "a", b"", "")
    return Document(METADATA, body, manuscript, assets={asset.href: asset for asset in assets})


def made_of(content: bytes, media_type: str) -> Picture:
    with Image.open(io.BytesIO(content)) as image:
        asset = Asset("a", media_type, content, *image.size)
    first, second = (pictures(document(asset), {})["a"] for _ in range(2))
    assert first == second, "the same image gives the same bytes"
    return first


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.content))
    image.load()
    assert image.size == (picture.width_px, picture.height_px)
    return image


def halves(mode: str, left: object, right: object, size: tuple[int, int] = LARGE) -> Image.Image:
    image = Image.new(mode, size, left)  # type: ignore[arg-type]
    image.paste(right, (size[0] // 2, 0, *size))  # type: ignore[arg-type]
    return image


@pytest.mark.parametrize(
    ("mode", "kind", "media_type"),
    [("RGB", "JPEG", "image/jpeg"), ("L", "PNG", "image/png"), ("RGB", "PNG", "image/png")],
)
def test_what_readers_bear_goes_in_as_it_is(mode: str, kind: str, media_type: str) -> None:
    content = packed(Image.new(mode, (1600, 1200)), kind)
    result = made_of(content, media_type)
    assert (result.content, result.media_type) == (content, media_type)


@pytest.mark.parametrize(
    ("left", "right", "kind", "mode"),
    [
        ((200, 10, 10), (10, 10, 200), "JPEG", "RGB"),
        ((200, 10, 10), (10, 10, 200), "PNG", "RGB"),
        ((200, 10, 10, 255), (10, 10, 200, 0), "PNG", "RGBA"),
        (40, 220, "PNG", "L"),
        ((40, 255), (220, 128), "PNG", "LA"),
        (0, 255, "PNG", "1"),
        (10_000, 20_560, "PNG", "I;16"),
    ],
)
def test_large_images_are_made_smaller_and_look_the_same(
    left: object, right: object, kind: str, mode: str
) -> None:
    result = made_of(packed(halves(mode, left, right), kind), f"image/{kind.lower()}")
    image = opened(result)
    assert image.width * image.height <= MOST_PIXELS
    assert abs(image.width / image.height - 1.5) < 0.002
    assert image.width * image.height > MOST_PIXELS * 0.99
    scale = 1 / 256 if mode == "I;16" else 1
    for x, wanted in ((image.width // 4, left), (3 * image.width // 4, right)):
        got = image.getpixel((x, image.height // 2))
        values = got if isinstance(got, tuple) else (got,)
        wants = wanted if isinstance(wanted, tuple) else (wanted,)
        is_clear = len(wants) == 4 and wants[3] == 0  # of what cannot be seen no color is asked
        pairs = zip(
            values[-1:] if is_clear else values, wants[-1:] if is_clear else wants, strict=True
        )
        assert all(abs(value - want * scale) <= 4 for value, want in pairs)


def test_a_palette_with_a_clear_color_stays_clear() -> None:
    image = halves("P", 0, 1)
    image.putpalette([0, 0, 0, 250, 0, 0])
    result = opened(made_of(packed(image, "PNG", transparency=0), "image/png"))
    assert result.getpixel((10, 10))[3] == 0  # type: ignore[index]
    assert result.getpixel((result.width - 10, 10)) == (250, 0, 0, 255)


@pytest.mark.parametrize(("mode", "clear"), [("RGB", (9, 9, 9)), ("L", 9)])
def test_the_color_that_stands_for_none_stays_none(mode: str, clear: object) -> None:
    image = halves(mode, clear, "white")
    result = opened(made_of(packed(image, "PNG", transparency=clear), "image/png"))
    assert result.getpixel((10, 10))[-1] == 0  # type: ignore[index]
    assert result.getpixel((result.width - 10, 10))[-1] == 255  # type: ignore[index]


def test_a_telephones_picture_with_a_second_one_behind_it_stays_a_photograph() -> None:
    frames = [Image.new("RGB", LARGE, color) for color in ("teal", "red")]
    content = packed(frames[0], "MPO", save_all=True, append_images=frames[1:])
    result = made_of(content, "image/jpeg")
    assert result.media_type == "image/jpeg"
    red, green, blue = opened(result).getpixel((9, 9))  # type: ignore[misc]
    assert max(red, 128 - green, 128 - blue) < 8


@pytest.mark.parametrize("size", [(600, 400), LARGE])
def test_what_a_camera_says_about_turning_is_done(size: tuple[int, int]) -> None:
    image = halves("RGB", (250, 250, 250), (5, 5, 5), size)
    exif = Image.Exif()
    exif[0x0112] = 6  # held so that its left is the top of the scene: turn it clockwise
    result = opened(made_of(packed(image, "JPEG", exif=exif), "image/jpeg"))
    assert result.height > result.width
    assert result.getexif().get(0x0112, 1) == 1
    assert result.getpixel((result.width // 2, 10))[0] > 240  # type: ignore[index]
    assert result.getpixel((result.width // 2, result.height - 10))[0] < 15  # type: ignore[index]


def test_colors_by_another_profile_become_those_of_screens() -> None:
    wide = matrix_profile(WIDE)
    for kind, size in (("JPEG", (600, 400)), ("PNG", (60, 40)), ("JPEG", LARGE)):
        image = halves("RGB", (200, 60, 60), (0, 0, 0), size)
        result = opened(made_of(packed(image, kind, icc_profile=wide), f"image/{kind.lower()}"))
        assert "icc_profile" not in result.info
        pairs = zip(result.getpixel((9, 9)), (219, 37, 49), strict=True)  # type: ignore[arg-type]
        assert all(abs(value - want) <= 3 for value, want in pairs)


@pytest.mark.parametrize(("kind", "mode", "made_as"), [
    ("AVIF", "RGB", "image/jpeg"), ("AVIF", "RGBA", "image/png"), ("WEBP", "RGB", "image/jpeg"),
])  # fmt: skip
def test_kinds_that_readers_do_not_know_are_made_again(kind: str, mode: str, made_as: str) -> None:
    right = "white" if mode == "RGB" else (255, 255, 255, 99)
    content = packed(halves(mode, "teal", right, (60, 40)), kind)
    result = made_of(content, f"image/{kind.lower()}")
    assert result.media_type == made_as
    pairs = zip(opened(result).getpixel((9, 9))[:3], (0, 128, 128), strict=True)  # type: ignore[index]
    assert all(abs(value - want) <= 6 for value, want in pairs)


def test_of_a_moving_avif_the_first_picture_is_shown() -> None:
    frames = [Image.new("RGB", (60, 40), color) for color in ("teal", "red")]
    content = packed(frames[0], "AVIF", save_all=True, append_images=frames[1:])
    result = made_of(content, "image/avif")
    assert result.was_moving
    assert opened(result).getpixel((9, 9))[0] < 20  # type: ignore[index]


@pytest.mark.parametrize("profile", [None, b"no profile"])
def test_inks_become_screen_colors(profile: bytes | None) -> None:
    image = halves("CMYK", (0, 255, 255, 0), (0, 0, 0, 255), (600, 400))
    result = opened(made_of(packed(image, "JPEG", icc_profile=profile), "image/jpeg"))
    assert result.mode == "RGB"
    assert "icc_profile" not in result.info
    red, green, blue = result.getpixel((50, 50))  # type: ignore[misc]
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize(("mode", "media_type"), [("RGB", "image/jpeg"), ("RGBA", "image/png")])
def test_webp_becomes_what_every_reader_knows(mode: str, media_type: str) -> None:
    content = packed(Image.new(mode, (30, 20), (0, 99, 99, 99)[: len(mode)]), "WEBP", lossless=True)
    assert made_of(content, "image/webp").media_type == media_type


def test_a_small_moving_image_moves_on_and_a_large_one_is_stilled() -> None:
    def moving(size: tuple[int, int]) -> bytes:
        frames = [Image.new("P", size, color) for color in (0, 1)]
        return packed(frames[0], "GIF", save_all=True, append_images=frames[1:])

    small = made_of(moving((20, 20)), "image/gif")
    assert (small.media_type, small.was_moving) == ("image/gif", False)
    assert made_of(moving(LARGE), "image/gif").was_moving


def test_an_image_made_again_is_known_by_its_look_and_another_is_not(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photograph = halves("CMYK", (0, 90, 90, 0), (90, 0, 0, 90))
    (tmp_path / "a.jpg").write_bytes(packed(photograph, "JPEG", exif=exif))
    (tmp_path / "b.png").write_bytes(packed(halves("LA", (0, 255), (90, 60)), "PNG"))
    text = "---\ntitle: T\nlang: en\n---\n\n![One.](a.jpg)\n\n![Two.](b.png)\n"
    (tmp_path / "m.md").write_text(text, "utf-8")
    job = inputs.job(str(tmp_path / "m.md"))
    publication = publish(job)
    result = write_epub(publication, Design(job.templates, "serif")).content
    (report,) = reports(job, {tmp_path / "m.epub": result})
    assert report.findings == ()
    (tmp_path / "b.png").write_bytes(packed(halves("LA", (90, 60), (0, 255)), "PNG"))
    (report,) = reports(job, {tmp_path / "m.epub": result})
    assert [finding.code for finding in report.findings] == [Code.FIGURES_DIFFER]


# Drawings -----------------------------------------------------------------------------------------


def drawn(*drawings: str) -> list[Picture]:
    assets = [
        Asset(f"{number:03}.svg", "image/svg+xml", SVG.format(300, 150, inner).encode(), 300, 150)
        for number, inner in enumerate(drawings)
    ]
    output = document(*assets)
    result = pictures(output, draw(output, Design(load_templates(None), "serif")))
    return [result[asset.href] for asset in assets]


def test_a_plain_drawing_stays_one_and_has_a_picture_of_it() -> None:
    (result,) = drawn('<rect width="150" height="150" fill="#ff0000"/>')
    assert (result.name, result.media_type) == ("images/image-1.svg", "image/svg+xml")
    assert result.fallback is not None
    with Image.open(io.BytesIO(result.fallback.content)) as picture:
        assert picture.size == (1200, 600)
        assert picture.convert("RGB").getpixel((300, 300)) == (255, 0, 0)
        assert picture.convert("RGB").getpixel((900, 300)) == (255, 255, 255)


@pytest.mark.parametrize(
    "inner",
    [
        '<text x="10" y="80">Words</text>',
        '<g transform="scale(2)"><rect width="9" height="9"/></g>',
        "<style>rect { fill: red }</style><rect width='9' height='9'/>",
    ],
)
def test_what_kindle_does_not_draw_is_a_picture(inner: str) -> None:
    (result,) = drawn(inner)
    assert (result.name, result.media_type) == ("images/image-1.png", "image/png")
    assert (result.width_px, result.height_px) == (300, 150), "as large as the drawing is"
    with Image.open(io.BytesIO(result.content)) as picture:
        darkest, lightest = picture.convert("L").getextrema()
        assert darkest != lightest, "it is not blank"


def test_a_book_of_many_drawings_shows_pictures_of_them() -> None:
    plain = '<rect width="150" height="150"/>'
    kinds = {item.media_type for item in drawn(*[plain] * MOST_DRAWINGS)}
    assert kinds == {"image/svg+xml"}
    kinds = {item.media_type for item in drawn(*[plain] * (MOST_DRAWINGS + 1))}
    assert kinds == {"image/png"}


def test_a_huge_drawing_is_pictured_within_the_limit() -> None:
    asset = Asset("a.svg", "image/svg+xml", SVG.format(9000, 6000, "").encode(), 9000, 6000)
    result = draw(document(asset), Design(load_templates(None), "serif"))
    with Image.open(io.BytesIO(result["a.svg"])) as picture:
        assert 0 < picture.width * picture.height <= MOST_PIXELS
