"""Turns what WeasyPrint logs into findings, above all characters for which no face has a glyph."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from chapbook.design import fonts
from chapbook.model.errors import Code, Finding, error, warning

_NOTDEF = re.compile(
    r"\.notdef glyph rendered for Unicode string unsupported by fonts: .*\(U\+([0-9A-F]+)\)",
    re.DOTALL,
)


def _missing(characters: Iterable[str]) -> Iterator[Finding]:
    """Yield one finding for all characters that the same extra would add."""
    by_extra: dict[str | None, list[str]] = {}
    for character in dict.fromkeys(characters):
        by_extra.setdefault(fonts.extra_wanted(character), []).append(character)
    for extra, lacking in by_extra.items():
        shown = ", ".join(f"“{character}” (U+{ord(character):04X})" for character in lacking[:3])
        more = f" and {len(lacking) - 3} more characters" if len(lacking) > 3 else ""
        remedy = "write it in another way, or as a picture"
        if extra:
            remedy = f"run: pip install 'chapbook[{extra}]'"
        yield error(Code.GLYPH_MISSING, f"no face has a glyph for {shown}{more}; {remedy}")


def findings_of(messages: Sequence[str]) -> Iterator[Finding]:
    """Yield what WeasyPrint logged as findings."""
    messages = [*dict.fromkeys(messages)]
    yield from _missing(chr(int(match[1], 16)) for match in map(_NOTDEF.search, messages) if match)
    for message in messages:
        if _NOTDEF.search(message):
            continue
        if "no required alt description" not in message:
            yield warning(Code.STYLE_IGNORED, f"layout: {' '.join(message.split())[:200]}")


@contextmanager
def captured_log() -> Iterator[list[str]]:
    """Collect the messages of WeasyPrint's logger instead of printing them."""
    messages: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("weasyprint")
    before, propagates = list(logger.handlers), logger.propagate
    logger.handlers, logger.propagate = [handler], False
    try:
        yield messages
    finally:
        logger.handlers, logger.propagate = before, propagates
