"""The styles of a drawing, without what could load anything, move, or turn dark.

CSS can fetch by `url()`, by functions of images, and behind escapes. What does is taken out,
declaration by declaration, so that the rest of a drawing keeps its colors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Token: TypeAlias = Any
"""A component value of tinycss2."""

# What can load beside `url()` (CSS Images 3 and 4).
_LOADING = frozenset(
    "image image-set -webkit-image-set -moz-image-rect src cross-fade -webkit-cross-fade element "
    "-moz-element attr expression paint".split()
)
_SUSPECT = re.compile(
    r"url|light-dark|\\|@|image|src|cross-fade|element|attr|expression|paint\s*\(|[{}]",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"\\|/\*")


def still_rules(css: str, may_refer: Callable[[str], bool]) -> tuple[str, bool]:
    """The rules of a stylesheet that may stay, and whether faces of its own went.

    *may_refer* tells whether a reference to the part of the drawing of this name may stay.
    At-rules go: they import, bring faces, move things, or suit the screen on which they are read.
    """
    import tinycss2

    kept, had_faces = [], False
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword == "font-face":
            had_faces = True
        elif rule.type == "qualified-rule":
            selector = tinycss2.serialize(rule.prelude)
            declarations = _declarations(rule.content, may_refer)
            if declarations and "<" not in selector and not _HIDDEN.search(selector):
                kept.append(f"{selector}{{{declarations}}}")
    return "\n".join(kept), had_faces


def still_style(css: str) -> str:
    """The declarations of a `style` attribute that may stay."""
    if not _SUSPECT.search(css):
        return css
    return _declarations(css, lambda _: True)


def still_value(value: str) -> str | None:
    """The *value* of a presentation attribute as it may stay; None where it may not."""
    if not _SUSPECT.search(value):
        return value
    import tinycss2

    return _written(tinycss2.parse_component_value_list(value), lambda _: True)


def _declarations(css: str | Sequence[Token], may_refer: Callable[[str], bool]) -> str:
    import tinycss2

    kept = []
    for each in tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True):
        if each.type == "declaration":
            value = _written(each.value, may_refer)
            if value is not None and not _HIDDEN.search(each.name):
                important = " !important" if each.important else ""
                kept.append(f"{each.name}:{value.strip()}{important}")
    return ";".join(kept)


def _written(tokens: Sequence[Token], may_refer: Callable[[str], bool]) -> str | None:
    """*tokens* as text, of two colors for light and dark the first; None where they load."""
    import tinycss2

    light = [inner for token in tokens for inner in _light(token)]
    if any(_loads(token) for token in light):
        return None
    written = tinycss2.serialize(light)
    if "\\" in written:
        return None
    return REFERENCE.sub(lambda found: found[0] if may_refer(found[1]) else "none", written)


REFERENCE = re.compile(r"url\(\s*['\"]?\s*#([^'\")]+?)\s*['\"]?\s*\)", re.IGNORECASE)
"""An address within the drawing; its name is the group."""


def _light(token: Token) -> Sequence[Token]:
    """*token*, or the first of the colors of `light-dark()` (CSS Color 5, 8)."""
    if token.type != "function" or token.lower_name != "light-dark":
        return [token]
    arguments = token.arguments
    end = next((n for n, each in enumerate(arguments) if each == ","), len(arguments))
    return [inner for each in arguments[:end] for inner in _light(each)]


def _loads(token: Token) -> bool:
    """Whether *token* could fetch something: whatever is not plainly inside the drawing."""
    if token.type in ("url", "string", "comment"):
        # No drawing needs brackets in the others; a laxer parser may take them for an address.
        is_address = token.type == "url"
        return not token.value.strip().startswith("#") if is_address else "(" in token.value
    if token.type in ("at-keyword", "error", "{} block"):
        return True
    if token.type == "function":
        if token.lower_name in _LOADING:
            return True
        if token.lower_name == "url":  # with a string in it
            return not _leads_inside(token.arguments)
        return any(map(_loads, token.arguments))
    content = getattr(token, "content", None)
    return any(map(_loads, content)) if isinstance(content, list) else False


def _leads_inside(arguments: Sequence[Token]) -> bool:
    told = [each for each in arguments if each.type not in ("whitespace", "comment")]
    return len(told) == 1 and told[0].type == "string" and told[0].value.strip().startswith("#")
