"""Colors for a press: black becomes black ink alone, and no color uses more ink than allowed."""

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chapbook.images.process_colors import in_process_colors, limited, separated_picture
from tests.validators import tools

share = st.floats(0, 1)


@pytest.fixture(scope="module")
def profile() -> bytes:
    return tools.cmyk_profile()


def painted(*colors: tuple[float, float, float]) -> bytes:
    """Return a PDF page with a square of each color, and one inside a form."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(100, 100))
    squares = "".join(f"{r} {g} {b} rg {r} {g} {b} RG 0 0 9 9 re B\n" for r, g, b in colors)
    form = pdf.make_stream(squares.encode())
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = pikepdf.Array([0, 0, 9, 9])
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm=form))
    pdf.pages[0].Contents = pdf.make_stream(f"{squares}/Fm Do".encode())
    packed = io.BytesIO()
    pdf.save(packed)
    return packed.getvalue()


def inks(pdf: bytes) -> list[tuple[str, list[float]]]:
    """Return every color operator of the page and its form, with its operands."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        return [
            (str(each.operator), [float(operand) for operand in each.operands])
            for holder in (page, page.resources.XObject.Fm)
            for each in pikepdf.parse_content_stream(holder)
            if str(each.operator) in {"rg", "RG", "g", "G", "k", "K", "cs", "sc", "scn"}
        ]


def test_every_color_is_separated_in_forms_too(profile: bytes) -> None:
    pdf, left = in_process_colors(painted((0.48, 0.18, 0.12), (0.1, 0.3, 0.9)), profile, 240)
    result = inks(pdf)
    assert left == ()
    assert [operator for operator, _ in result] == ["k", "K"] * 4
    assert all(sum(operands) <= 2.4 + 1e-3 for _, operands in result)


def test_black_is_black_ink_alone_and_white_is_bare_paper(profile: bytes) -> None:
    pdf, _ = in_process_colors(painted((0, 0, 0), (1, 1, 1)), profile, 240)
    assert [operands for operator, operands in inks(pdf) if operator == "k"] == [
        [0, 0, 0, 1],
        [0, 0, 0, 0],
    ] * 2


def test_a_gradient_is_reported_as_left(profile: bytes) -> None:
    with pikepdf.open(io.BytesIO(painted((0, 0, 0)))) as document:
        shading = pikepdf.Dictionary(ShadingType=2, ColorSpace=pikepdf.Name.DeviceRGB)
        document.pages[0].Resources.Shading = pikepdf.Dictionary(Sh=document.make_indirect(shading))
        packed = io.BytesIO()
        document.save(packed)
    _, left = in_process_colors(packed.getvalue(), profile, 240)
    assert left == ("a drawing with a color gradient",)


@given(st.tuples(share, share, share, share), st.floats(1.0, 4.0))
def test_inks_are_limited_by_less_of_the_colors_never_of_the_black(
    given_inks: tuple[float, ...], most: float
) -> None:
    result = limited(given_inks, most)
    assert sum(result) <= max(most, given_inks[3]) + 1e-3
    assert result[3] == given_inks[3]
    assert all(one <= other + 1e-4 for one, other in zip(result, given_inks, strict=True))


def test_pictures_are_separated_within_the_limit(profile: bytes) -> None:
    drawn = Image.linear_gradient("L").resize((64, 64))
    picture = Image.merge("RGB", (drawn, drawn.rotate(90), drawn.rotate(180)))
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    content, media_type = separated_picture(packed.getvalue(), profile, 240, "#7a2e1f")
    with Image.open(io.BytesIO(content)) as separated:
        assert (separated.mode, separated.size, media_type) == ("CMYK", (64, 64), "image/jpeg")
        channels = zip(*(channel.tobytes() for channel in separated.split()), strict=True)
        most = max(sum(pixel) for pixel in channels) / 255
    assert 1.5 < most <= 2.41


def test_what_is_transparent_shows_the_ground(profile: bytes) -> None:
    packed = io.BytesIO()
    Image.new("RGBA", (16, 16), (0, 0, 0, 0)).save(packed, "PNG")
    clear, _ = separated_picture(packed.getvalue(), profile, 300, "#1f4e7a")
    packed = io.BytesIO()
    Image.new("RGB", (16, 16), "#1f4e7a").save(packed, "PNG")
    solid, _ = separated_picture(packed.getvalue(), profile, 300, "white")
    assert clear == solid
