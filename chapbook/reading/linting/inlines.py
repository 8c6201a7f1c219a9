"""Slips within a line: notes, links, emphasis, attributes, encodings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chapbook.lang.nearest_names import did_you_mean
from chapbook.reading.linting.slip import Slip, Text, shown

_NOTE = re.compile(r"(?<!\\)\[\^([^\[\]\s^]+)\](?!:)")
_NOTES = re.compile(r"^[ >]{0,8}\[\^([^\[\]\s^]+)\]:", re.MULTILINE)
_REFERENCE = re.compile(r"(?<![\\\w])!?\[([^\[\]\n]+)\]\[([^\[\]\n]*)\]")
_ADDRESSES = re.compile(r"^[ >]{0,8}\[([^\[\]\n^][^\[\]\n]*)\]:[ \t]*\S", re.MULTILINE)
_APART = re.compile(r"(?<![\\\w])!?\[[^\[\]\n]+\][ \t]+\((?:https?://|#|www\.)[^()\s]+\)")
_REVERSED = re.compile(r"(?<![\\\w])\(([^()\n]+)\)\[((?:https?://|#|www\.)[^\[\]\s]+)\]")
_WIKI = re.compile(r"(?<!\\)(!?)\[\[([^\[\]\n|]+)(?:\|([^\[\]\n]+))?\]\]")
_ATTRIBUTES = re.compile(r"[ \t](\{(?:[#.][\w:-]+|[\w-]+=[^\s{}]+)(?:[ \t]+[^\s{}]+)*[ \t]*\})")
_STRONG = re.compile(r"(?<![\\*])\*\*(?!\*)")
_BEGINS = re.compile(r"(?<![^\s(\[“‘\"'—–])\*\*\w+")
_APART_FROM_WORDS = re.compile(r"(?<!\S)\*\*[ \t]+\w")
_FOREIGN = re.compile(r"[\xc2-\xf4][^\x00-\x7f]+")


def notes(text: Text) -> Iterator[Slip]:
    """Find calls of notes that do not exist."""
    known = [f"[^{name}]" for name in _NOTES.findall(text.source)]
    for match in _NOTE.finditer(text.source):
        call = match[0]
        if call not in known and text.has(call):
            advice = did_you_mean(call, known, f"write it: {call}: …")
            yield Slip(match.start(), f"there is no note {call}: {advice}")


def references(text: Text) -> Iterator[Slip]:
    """Find reference links whose name has no address."""
    known = {name.casefold(): name for name in _ADDRESSES.findall(text.source)}
    for match in _REFERENCE.finditer(text.source):
        name = match[2] or match[1]
        is_other = name.startswith(("@", "^")) or match[1].startswith(("@", "^"))
        if not is_other and name.casefold() not in known and text.has(f"][{match[2]}]"):
            advice = did_you_mean(name, known.values(), f"write it: [{name}]: https://…")
            yield Slip(match.start(), f"there is no address called [{shown(name)}]: {advice}")


def links(text: Text) -> Iterator[Slip]:
    """Find links with a space between words and address, or with exchanged brackets."""
    for match in _APART.finditer(text.source):
        message = f"“{shown(match[0])}” is not a link: leave no space between ] and ("
        yield Slip(match.start(), message)
    for match in _REVERSED.finditer(text.source):
        message = f"“{shown(match[0])}” is not a link: write [{shown(match[1])}]({match[2][:60]})"
        yield Slip(match.start(), message)


def wiki_links(text: Text) -> Iterator[Slip]:
    """Find links in the syntax of wikis."""
    for match in _WIKI.finditer(text.source):
        if text.has("[["):
            words = shown(match[3] or match[2])
            address = shown(match[2]) if match[1] else "#…"
            message = (
                f"“{shown(match[0])}” is not a link here: write {match[1]}[{words}]({address})"
            )
            yield Slip(match.start(), message)


def strong(text: Text) -> Iterator[Slip]:
    """Find pairs of asterisks without a closing pair, or with a space before their words."""
    for block in re.finditer(r"(?:[^\n]+\n?)+", text.source):
        signs = [match for match in _STRONG.finditer(block[0]) if not _within_word(match)]
        apart = [match for match in signs if _APART_FROM_WORDS.match(block[0], match.start())]
        begins = (_BEGINS.match(block[0], match.start()) for match in signs)
        begun = [match for match in begins if match and text.has(match[0])]
        if len(signs) % 2 and begun:
            message = (
                "these ** begin strong words that do not end in this paragraph: close it with **"
            )
            yield Slip(block.start() + begun[-1].start(), message)
        elif apart and not len(signs) % 2 and text.has(f" {apart[0][0]} "):
            message = "leave no space between ** and the strong words"
            yield Slip(
                block.start() + apart[0].start(), f"these ** are read as they stand: {message}"
            )


def _within_word(sign: re.Match[str]) -> bool:
    around = sign.string[: sign.start()][-1:], sign.string[sign.end() :][:1]
    return all(map(str.isalnum, around))


def attributes(text: Text) -> Iterator[Slip]:
    """Find attributes in braces with a space before them."""
    for match in _ATTRIBUTES.finditer(text.source):
        if text.has(match[1].partition("=")[0]):
            message = f"{shown(match[1])} is read as words: write it right behind what it is for"
            yield Slip(match.start(1), f"{message}, without a space")


def lost_characters(text: Text) -> Iterator[Slip]:
    """Find the sign that programs write for unreadable characters, once for each line."""
    for match in re.finditer("\ufffd[^\ufffd\n]*", text.source):
        message = "a program could not read what stood here, and left the sign U+FFFD"
        yield Slip(match.start(), f"{message}: type the character that stood there")


def mojibake(text: Text) -> Iterator[Slip]:
    """Find UTF-8 that a program read as Windows-1252. The bytes show it."""
    seen = set()
    for match in _FOREIGN.finditer(text.source):
        line = text.source.count("\n", 0, match.start())
        meant = _meant(match[0])
        if meant and line not in seen:
            seen.add(line)
            message = f"“{shown(match[0])}” was “{shown(meant)}” before another program misread it"
            yield Slip(match.start(), f"{message}: open the original as UTF-8, or type it again")


def _meant(garbled: str) -> str:
    try:
        return garbled.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""
