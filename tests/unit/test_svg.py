"""An SVG may come from anywhere: what is kept of it is a still picture of bounded size."""

import pytest

from chapbook.svg import AssetRefused, judge_svg

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="9" height="9">{}</svg>'
)

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
    "<metadata><x:y xmlns:x='urn:x'>SENTINEL</x:y></metadata>",
    "<!-- SENTINEL --><?xml-stylesheet href='http://SENTINEL/'?>",
]


@pytest.mark.parametrize("inner", HARMFUL)
def test_svg_is_a_still_picture(inner: str) -> None:
    _, cleaned, width, height = judge_svg(SVG.format(inner).encode())
    assert b"SENTINEL" not in cleaned
    assert (width, height) == (9, 9)


def test_svg_keeps_what_is_harmless() -> None:
    inner = (
        '<style>.a{fill:url(#g)}</style><linearGradient id="g"/>'
        '<a href="#x"><rect class="a" fill="url(#g)"/></a><use href="#g"/><text>words</text>'
        '<image href="data:image/png;base64,AAAA"/>'
    )
    _, cleaned, _, _ = judge_svg(SVG.format(inner).encode())
    for part in (b".a{fill:url(#g)}", b'fill="url(#g)"', b'href="#g"', b"words", b"base64,AAAA"):
        assert part in cleaned


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
        judge_svg(SVG.format(inner).encode())
