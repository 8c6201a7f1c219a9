"""Clean the styles of a drawing: remove what could load files, move, or switch to dark colors.

CSS can load files by `url()`, by image functions, and by either of them hidden behind escapes. Only
the declarations that do so are removed, so that the rest of the drawing keeps its colors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Token: TypeAlias = Any
"""A component value of tinycss2."""

# Functions besides `url()` that can load files (CSS Images 3 and 4).
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
    """Return the rules of a stylesheet that may stay, and whether faces were removed.

    *may_refer* takes the name of a part of the drawing and returns whether a reference to it may
    stay. All at-rules are removed: they import, load faces, animate, or depend on the screen.
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
    """Return the declarations of a `style` attribute that may stay."""
    if not _SUSPECT.search(css):
        return css
    return _declarations(css, lambda _: True)


def still_value(value: str) -> str | None:
    """Return the cleaned *value* of a presentation attribute, or None if it must be removed."""
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
    """Return *tokens* as text, or None if they could load something.

    Of a pair of colors for light and dark mode only the first is kept.
    """
    import tinycss2

    light = [inner for token in tokens for inner in _light(token)]
    if any(_loads(token) for token in light):
        return None
    text = tinycss2.serialize(light)
    if "\\" in text:
        return None
    return REFERENCE.sub(lambda match: match[0] if may_refer(match[1]) else "none", text)


REFERENCE = re.compile(r"url\(\s*['\"]?\s*#([^'\")]+?)\s*['\"]?\s*\)", re.IGNORECASE)
"""A reference to a part of the same drawing. The group is the name of the part."""


def _light(token: Token) -> Sequence[Token]:
    """Return *token*, or for `light-dark()` its first color (CSS Color 5, 8)."""
    if token.type != "function" or token.lower_name != "light-dark":
        return [token]
    arguments = token.arguments
    end = next((n for n, each in enumerate(arguments) if each == ","), len(arguments))
    return [inner for each in arguments[:end] for inner in _light(each)]


def _loads(token: Token) -> bool:
    """Return whether *token* could load something: all that is not clearly inside the drawing."""
    if token.type in ("url", "string", "comment"):
        # No drawing needs a bracket in a string or comment, and a laxer parser may read an address.
        is_address = token.type == "url"
        return not token.value.strip().startswith("#") if is_address else "(" in token.value
    if token.type in ("at-keyword", "error", "{} block"):
        return True
    if token.type == "function":
        if token.lower_name in _LOADING:
            return True
        if token.lower_name == "url":  # with a string as its argument
            return not _leads_inside(token.arguments)
        return any(map(_loads, token.arguments))
    content = getattr(token, "content", None)
    return any(map(_loads, content)) if isinstance(content, list) else False


def _leads_inside(arguments: Sequence[Token]) -> bool:
    given = [each for each in arguments if each.type not in ("whitespace", "comment")]
    return len(given) == 1 and given[0].type == "string" and given[0].value.strip().startswith("#")
