"""The allow-list of the one DOM: elements, attributes, and the values of attributes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlsplit

ELEMENTS = frozenset(
    "a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del details "
    "dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark "
    "ol p pre q rp rt ruby s samp section small span strong sub summary sup table tbody td tfoot "
    "th thead time tr u ul var wbr".split()
)
# MathML Core (W3C), and the annotation with the TeX.
MATHML_ELEMENTS = frozenset(
    "math semantics annotation mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror "
    "mpadded mphantom msub msup msubsup munder mover munderover mmultiscripts mprescripts none "
    "mtable mtr mtd menclose mfenced".split()
)
# These have no words of the author, so they are left out with their content.
DROPPED_WHOLE = frozenset(
    "script style template noscript head title audio embed iframe object svg video".split()
)
# Wrappers of pandoc and of whole pages, which are unwrapped without a finding.
UNWRAPPED_SILENTLY = frozenset({"hgroup", "label", "main"})

# A title may have phrases, but no links, pictures or blocks.
PHRASING = frozenset(
    "abbr b bdi bdo br cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong "
    "sub sup u var wbr".split()
)

GLOBAL_ATTRIBUTES = frozenset("id class lang dir title role".split())
ATTRIBUTES = {
    "a": frozenset({"href"}),
    "img": frozenset("src alt width height".split()),
    "td": frozenset("colspan rowspan headers".split()),
    "th": frozenset("colspan rowspan headers scope abbr".split()),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "ol": frozenset("start reversed type".split()),
    "li": frozenset({"value"}),
    "blockquote": frozenset({"cite"}),
    "q": frozenset({"cite"}),
    "del": frozenset("cite datetime".split()),
    "ins": frozenset("cite datetime".split()),
    "time": frozenset({"datetime"}),
    "details": frozenset({"open"}),
}
MATHML_ATTRIBUTES = frozenset(
    "display encoding mathvariant stretchy fence separator form accent accentunder width height "
    "depth lspace rspace voffset linethickness rowspacing columnspacing columnalign rowalign "
    "notation open close separators displaystyle scriptlevel columnlines rowlines minsize maxsize "
    "movablelimits symmetric largeop rowspan columnspan".split()
)
DATA_ATTRIBUTES = frozenset(
    f"data-{name}"
    for name in (
        "caption cb-formats cites credit entry fig-alt filename layout-ncol lst-cap range see "
        "see-also sort startfrom xref"
    ).split()
)
"""The `data-` attributes, including that prefix, which a transform reads and removes."""

PLACES = frozenset({"left", "right"})
"""The places of an image beside the text: classes, or HTML 4's `align` of `img`."""

# Attributes of pandoc or the author without meaning for a reader, dropped without a finding.
SILENT_ATTRIBUTES = re.compile(
    r"data-.*|aria-.*|style|type|checked|disabled|tabindex|xmlns.*|rel|target|download|loading|"
    r"decoding|srcset|sizes|crossorigin|referrerpolicy|fetchpriority"
)
_LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

WIDEST_SPAN = 1000  # HTML's own limit on colspan (HTML 4.9.11); WeasyPrint has none


def hiding(attributes: Mapping[str, str]) -> str | None:
    """Return the attribute that hides an element (HTML 6.1; CSS 2.2, 9.2.4), or None."""
    if "hidden" in attributes:
        return "hidden"
    return "style" if _UNSEEN.search(attributes.get("style", "")) else None


_UNSEEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def settled_link(value: str) -> str | None:
    r"""Return the address *value* in a safe form; None if it is not allowed.

    Links lead to the web, to a mailbox, to a telephone, or into the text.

    >>> settled_link("https://example.org/a b")
    'https://example.org/a%20b'
    >>> settled_link("java\tscript:alert(1)") is None
    True
    """
    # Browsers ignore these inside an address and at its ends (WHATWG URL, 4.4), so we must too.
    address = re.sub(r"[\t\n\r]", "", value).strip(_TRIMMED)
    try:
        # White space inside a scheme is an attempt to hide it.
        parts = urlsplit(re.sub(r"\s", "", address))
        parts.port  # noqa: B018 - raises if it is not a number
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme and (
        scheme not in _LINK_SCHEMES or (scheme in {"http", "https"} and not parts.hostname)
    ):
        return None
    if not scheme and not address.startswith("#"):
        return None
    if not scheme:
        return address  # a fragment: an id may be spelled with anything
    # Escape what an address must not contain (RFC 3986, 2), for validators of EPUB and HTML.
    return re.sub(r'[\s<>"{}|\\^`\x00-\x20]', lambda found: quote(found[0]), address)


def link_remedy(value: str) -> str:
    """Return what to write instead of the address *value*, which is not supported.

    >>> link_remedy("www.example.org/a")
    'write https://www.example.org/a'
    """
    if _HOST.match(value.strip()):
        return f"write https://{value.strip()[:60]}"
    if _MARKDOWN.search(value):
        return "link to a heading here, such as #methods, or to its address, https://…"
    return "put it on the web and write its whole address, https://…"


_HOST = re.compile(
    r"(?:www\.[\w-]+(?:\.[\w-]+)+|[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|edu|gov|info|io))(?![\w.-])"
)
_MARKDOWN = re.compile(r"\.(?:md|markdown|qmd|rmd)(?:#|$)", re.IGNORECASE)
_TRIMMED = "".join(map(chr, range(0x21))) + "\u00a0"


def _is_link(value: str) -> bool:
    return settled_link(value) is not None


def _is_span(value: str) -> bool:
    return (
        re.fullmatch(r"\s*[0-9]+\s*", value) is not None
        and 1 <= int(value.strip()[:9]) <= WIDEST_SPAN
    )


def _is_number(value: str) -> bool:
    return re.fullmatch(r"\s*-?[0-9]{1,9}\s*", value) is not None


def _is_length(value: str) -> bool:
    return re.fullmatch(r"\s*-?[0-9]{0,5}(?:\.[0-9]*)?(?:px|em|ex|%)?\s*", value) is not None


CHECKS: dict[str, Callable[[str], bool]] = {
    "href": _is_link,
    "cite": lambda value: _is_link(value) and not value.startswith("#"),
    "width": _is_length,
    "height": _is_length,
    "colspan": _is_span,
    "rowspan": _is_span,
    "span": _is_span,
    "start": _is_number,
    "value": _is_number,
    "lang": lambda value: _LANGUAGE.fullmatch(value.strip()) is not None,
    "dir": lambda value: value.strip() in {"ltr", "rtl", "auto"},
    "scope": lambda value: value.strip() in {"row", "col", "rowgroup", "colgroup"},
    "role": lambda value: re.fullmatch(r"[a-z -]+", value.strip()) is not None,
    "type": lambda value: value.strip() in {"1", "a", "A", "i", "I"},
}
MATHML_CHECKS: dict[str, Callable[[str], bool]] = dict.fromkeys(("rowspan", "columnspan"), _is_span)
