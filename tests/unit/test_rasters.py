"""Raster images on paper and in browsers are upright and in screen colors."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageCms

from chapbook.images.rasters import for_browsers, for_paper
from chapbook.model.document import Asset
from tests.icc import WIDE, matrix_profile
from tests.validators import tools

SIZE = (60, 40)
RED = (200, 60, 60)


def asset(image: Image.Image, kind: str, **options: object) -> Asset:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return Asset("a", f"image/{kind.lower()}", stream.getvalue(), *image.size)


def shown(result: tuple[bytes, str]) -> Image.Image:
    content, media_type = result
    image = Image.open(io.BytesIO(content), formats=[media_type.removeprefix("image/")])
    image.load()
    return image


def is_near(image: Image.Image, wanted: tuple[int, ...], most: int = 5) -> bool:
    point = image.getpixel((9, 9))
    result = point if isinstance(point, tuple) else (point,)
    pairs = zip(result, wanted, strict=True)
    return all(abs(value - want) <= most for value, want in pairs)  # type: ignore[operator]


@pytest.mark.parametrize(("kind", "mode"), [
    ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("JPEG", "RGB"), ("JPEG", "L"),
    ("GIF", "P"),
])  # fmt: skip
def test_what_is_right_as_it_is_stays(kind: str, mode: str) -> None:
    plain = asset(Image.new(mode, SIZE), kind)
    assert for_paper(plain) == for_browsers(plain) == (plain.content, plain.media_type)


def test_an_srgb_profile_changes_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    tagged = asset(Image.new("RGB", SIZE, RED), "JPEG", icc_profile=profile)
    assert for_paper(tagged)[0] == tagged.content


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_paper_shows_what_a_profile_means_and_browsers_follow_it(kind: str) -> None:
    wide = matrix_profile(WIDE)
    tagged = asset(Image.new("RGB", SIZE, RED), kind, icc_profile=wide)
    assert is_near(shown(for_paper(tagged)), (219, 37, 49))
    assert for_paper(tagged) == for_paper(tagged)
    assert "icc_profile" not in shown(for_paper(tagged)).info
    assert for_browsers(tagged) == (tagged.content, tagged.media_type)


def test_what_is_clear_stays_clear_under_a_profile() -> None:
    tagged = asset(Image.new("RGBA", SIZE, (*RED, 128)), "PNG", icc_profile=matrix_profile(WIDE))
    assert is_near(shown(for_paper(tagged)), (219, 37, 49, 128))


@pytest.mark.parametrize(("kind", "mode", "made_as"), [
    ("WEBP", "RGB", "image/jpeg"), ("WEBP", "RGBA", "image/png"), ("AVIF", "RGB", "image/jpeg"),
    ("AVIF", "RGBA", "image/png"),
])  # fmt: skip
def test_a_photograph_stays_one_on_paper(kind: str, mode: str, made_as: str) -> None:
    color = RED if mode == "RGB" else (*RED, 200)
    result = for_paper(asset(Image.new(mode, SIZE, color), kind))
    assert result[1] == made_as
    assert is_near(shown(result), color, 8)


def test_inks_become_screen_colors_everywhere() -> None:
    inks = asset(Image.new("CMYK", SIZE, (0, 255, 255, 0)), "JPEG")
    for item in (for_paper(inks), for_browsers(inks)):
        assert item[1] == "image/jpeg"
        assert is_near(shown(item), (255, 0, 0), 8)


def test_inks_are_what_their_profile_says() -> None:
    inks = Image.new("CMYK", SIZE, (255, 0, 0, 0))
    packed = asset(inks, "JPEG", icc_profile=tools.cmyk_profile())
    result = shown(for_browsers(packed))
    assert result.mode == "RGB"
    assert not is_near(result, (0, 255, 255), 12), "cyan ink is no light"
    red, green, blue = result.getpixel((9, 9))  # type: ignore[misc]
    assert red < 60 < green < blue


def test_a_picture_held_upright_is_packed_once_and_well() -> None:
    image = Image.effect_noise(SIZE, 80).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    result = shown(for_paper(asset(image, "JPEG", quality=95, exif=exif)))
    assert result.size == (40, 60)
    assert result.getexif().get(0x0112, 1) == 1


def test_sixteen_bits_a_point_are_shown_as_eight() -> None:
    deep = asset(Image.new("I;16", SIZE, 0x8000), "PNG")
    wide = asset(Image.new("I;16", SIZE, 0x8000), "PNG", icc_profile=b"nothing")
    assert for_paper(deep)[1] == for_paper(wide)[1] == "image/png"
