"""What WeasyPrint logs, as findings: above all the characters for which no face has a glyph."""

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
    """One finding for all characters that the same faces would have."""
    by_extra: dict[str | None, list[str]] = {}
    for character in dict.fromkeys(characters):
        by_extra.setdefault(fonts.extra_wanted(character), []).append(character)
    for extra, lacking in by_extra.items():
        shown = ", ".join(f"“{each}” (U+{ord(each):04X})" for each in lacking[:3])
        more = f" and {len(lacking) - 3} more characters" if len(lacking) > 3 else ""
        remedy = "write it in another way, or as a picture"
        if extra:
            remedy = f"run: pip install 'chapbook[{extra}]'"
        yield error(Code.GLYPH_MISSING, f"no face has a glyph for {shown}{more}; {remedy}")


def findings_of(messages: Sequence[str]) -> Iterator[Finding]:
    """What WeasyPrint logged, as findings."""
    messages = [*dict.fromkeys(messages)]
    yield from _missing(chr(int(found[1], 16)) for found in map(_NOTDEF.search, messages) if found)
    for message in messages:
        if _NOTDEF.search(message):
            continue
        if "no required alt description" not in message:
            yield warning(Code.STYLE_IGNORED, f"layout: {' '.join(message.split())[:200]}")


@contextmanager
def captured_log() -> Iterator[list[str]]:
    """WeasyPrint reports through a logger: collect what it says instead of printing it."""
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
