"""An SVG may come from anywhere. The result is a harmless picture of bounded size."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.images.svg import AssetRefused, Broken, Drawing, judge_svg
from chapbook.images.svg_styles import still_rules, still_style, still_value

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="9" height="9">{}</svg>'
)

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytg"
    "AAAABJRU5ErkJggg=="
)


def judge(inner: str, judge_picture: Callable[[bytes], object] = len) -> Drawing:
    return judge_svg(SVG.format(inner).encode(), judge_picture)


HARMFUL = [
    "<script>SENTINEL</script>",
    "<SCRIPT>SENTINEL</SCRIPT>",
    '<script href="http://SENTINEL/"/>',
    '<h:script xmlns:h="http://www.w3.org/1999/xhtml">SENTINEL</h:script>',
    '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="SENTINEL"/></foreignObject>',
    '<g onload="SENTINEL"/>',
    '<a href="javascript:SENTINEL"><g/></a>',
    '<a xlink:href="JavaScript:SENTINEL"><g/></a>',
    '<image href="http://SENTINEL/x.png"/>',
    '<image xlink:href="//SENTINEL/x.png"/>',
    '<image href="file:///SENTINEL"/>',
    '<image href="../SENTINEL.png"/>',
    '<image href="data:image/svg+xml,SENTINEL"/>',
    '<image href="data:text/html,SENTINEL"/>',
    '<use href="http://SENTINEL/x.svg#a"/>',
    '<feImage href="http://SENTINEL/x.png"/>',
    '<rect fill="url(http://SENTINEL/x.svg#a)"/>',
    "<rect filter=\"url( 'http://SENTINEL/x.svg#a')\"/>",
    '<rect style="fill:url(http://SENTINEL/)"/>',
    '<rect style="fill:u\\72l(http://SENTINEL/)"/>',
    "<rect style=\"background:image-set('http://SENTINEL/')\"/>",
    '<style>@import "http://SENTINEL/";</style>',
    "<style>@\\69mport 'http://SENTINEL/';</style>",
    "<style>@font-face{src:url(http://SENTINEL/)}</style>",
    "<style>a{fill:/**/url(/**/http://SENTINEL/)}</style>",
    "<style>a{fill:<![CDATA[url(http://SENTINEL/)]]></style>",
    '<g xml:base="http://SENTINEL/"><use href="#a"/></g>',
    '<set attributeName="href" to="javascript:SENTINEL"/>',
    '<animate attributeName="href" values="javascript:SENTINEL"/>',
    "<style>.a{fill:red;background:url(http://SENTINEL/)}</style>",
    "<style>@media screen{.a{fill:url(http://SENTINEL/)}}</style>",
    "<style>@keyframes SENTINEL{from{fill:red}}</style>",
    '<rect style="fill:red;cursor:url(http://SENTINEL/),auto"/>',
    '<rect fill="light-dark(url(http://SENTINEL/), red)"/>',
    '<image xlink:href="data:image/png;base64,SENTINEL!"/>',
    "<metadata><x:y xmlns:x='urn:x'>SENTINEL</x:y></metadata>",
    "<!-- SENTINEL --><?xml-stylesheet href='http://SENTINEL/'?>",
]


@pytest.mark.parametrize("inner", HARMFUL)
def test_svg_is_a_still_picture(inner: str) -> None:
    drawing = judge(inner)
    assert b"SENTINEL" not in drawing.content
    assert (drawing.width_px, drawing.height_px) == (9, 9)


def test_svg_keeps_what_is_harmless() -> None:
    inner = (
        '<style>.a{fill:url(#g)}</style><linearGradient id="g"/>'
        '<a href="#x"><rect class="a" fill="url(#g)"/></a><use href="#g"/><text>words</text>'
        '<image href="data:image/png;base64,AAAA"/>'
    )
    drawing = judge(inner)
    for part in (b".a{fill:url(#g)}", b'fill="url(#g)"', b'href="#g"', b"words", b"base64,AAAA"):
        assert part in drawing.content
    assert drawing.losses == ()


@pytest.mark.parametrize(
    ("inner", "kept"),
    [
        ("<style>.a{fill:red;mask:url(http://x/)} .b{fill:#00f}</style>", b".a{fill:red}"),
        ("<style>@import 'x'; .b{fill:#00f}</style>", b".b{fill:#00f}"),
        ("<style>@media (prefers-color-scheme:dark){.a{fill:#fff}}.b{x:1}</style>", b">.b{x:1}<"),
        ("<rect style=\"fill:red;-x-font:'Sans\\, Bold';stroke:blue\"/>", b"stroke:blue"),
        ('<rect style="fill:light-dark(rgb(1, 2, 3), var(--d, #fff))"/>', b"fill:rgb(1, 2, 3)"),
        ('<rect fill="light-dark(#111, #eee)"/>', b'fill="#111"'),
        (
            '<path d="M 0 0 L 1 1" transform="translate(1,2) rotate(3)"/>',
            b"translate(1,2) rotate(3)",
        ),
    ],
)
def test_what_loads_goes_and_the_rest_of_a_style_stays(inner: str, kept: bytes) -> None:
    assert kept in judge(inner).content


@given(st.lists(st.sampled_from(
    ["url(", "'#a'", "#a", "http://SENTINEL", ")", "light-dark(", ",", "red", "\\", "/*", "*/",
     "src(", "'", '"', "{", "}", ";", "fill:", " ", "image-set(", "u\\72l(", "@import "]
), max_size=12))  # fmt: skip
def test_no_style_keeps_an_address_that_could_be_loaded(parts: list[str]) -> None:
    css = "".join(parts)
    for kept in (
        still_style(f"fill:{css}"),
        still_value(css),
        still_rules(f".a{{fill:{css}}}", bool)[0],
    ):
        match = re.search(
            r"(?<![\w-])(?:url|src|image-set)\(\s*['\"]?\s*(?!#)[^\s'\")]",
            kept or "",
            re.IGNORECASE,
        )
        assert match is None, kept


def test_of_choices_the_one_that_can_be_drawn_is() -> None:
    drawing = judge(
        '<switch><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">Label</p></foreignObject>'
        "<text>Label</text></switch>"
        '<switch><g requiredFeatures="x"/><a><text>Text is not SVG</text></a></switch>'
    )
    assert b"<text>Label</text>" in drawing.content
    assert b"switch" not in drawing.content
    assert b"not SVG" not in drawing.content
    assert drawing.losses == ()


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">My  words</p></foreignObject>',
         "loses words that are set as HTML, “My words”"),
        ('<image href="photo.jpg"/>', "loses the picture “photo.jpg”"),
        ('<image xlink:href="data:image/tiff;base64,AAAA"/>', "loses the picture “data:image/tiff"),
        ('<image href="data:image/png;base64,A"/>', "loses the picture"),
        ("<style>@font-face{font-family:x;src:url(data:font/woff2;base64,AA)}</style>", "faces"),
    ],
)  # fmt: skip
def test_what_a_drawing_loses_is_reported(inner: str, message: str) -> None:
    drawing = judge(inner)
    assert len(drawing.losses) == 1
    assert message in drawing.losses[0]
    assert b"<image" not in drawing.content


def test_what_nobody_sees_goes_without_a_word() -> None:
    inner = (
        '<metadata/><n:named xmlns:n="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"/>'
        '<foreignObject/><script>x</script><rect onclick="x"/>'
    )
    assert judge(inner).losses == ()


def test_an_embedded_picture_is_judged_and_its_address_is_plain() -> None:
    judged: list[bytes] = []
    spread = PIXEL.replace("AAAA", "AA\nAA ").replace("image/png;", "image/png;charset=utf-8;")
    drawing = judge(f'<image xlink:href="{spread}"/>', judged.append)
    assert PIXEL.encode() in drawing.content
    assert judged[0].startswith(b"\x89PNG")

    def refuse(_: bytes) -> None:
        raise AssetRefused("it has more than 64 million pixels")

    with pytest.raises(AssetRefused, match="64 million"):
        judge(f'<image href="{PIXEL}"/>', refuse)

    def broken(_: bytes) -> None:
        raise Broken("broken")

    assert "loses the picture" in judge(f'<image href="{PIXEL}"/>', broken).losses[0]


def _nested_use(levels: int) -> str:
    layers = [f'<g id="a0">{"<rect/>" * 10}</g>']
    for level in range(1, levels):
        uses = f'<use href="#a{level - 1}"/>' * 10
        layers.append(f'<g id="a{level}">{uses}</g>')
    return f'<defs>{"".join(layers)}</defs><use href="#a{levels - 1}"/>'


def _nested_patterns(levels: int) -> str:
    layers = []
    for level in range(1, levels):
        rectangles = f'<rect fill="url(#p{level - 1})"/>' * 10
        layers.append(f'<pattern id="p{level}">{rectangles}</pattern>')
    return f'{"".join(layers)}<rect fill="url(#p{levels - 1})"/>'


@pytest.mark.parametrize(
    "inner",
    [
        _nested_use(12),
        _nested_patterns(12),
        '<g id="a"><use href="#a"/></g>',
        '<use href="#b"/><g id="b"><use href="#c"/></g><g id="c"><use href="#b"/></g>',
        "".join(f'<g id="u{n}"><use href="#u{n + 1}"/></g>' for n in range(5000)),
    ],
    ids=["use", "patterns", "itself", "circle", "chain"],
)
def test_svg_bombs_are_refused(inner: str) -> None:
    with pytest.raises(AssetRefused):
        judge(inner)
