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
    """A call of a note that nobody wrote."""
    known = [f"[^{name}]" for name in _NOTES.findall(text.source)]
    for found in _NOTE.finditer(text.source):
        call = found[0]
        if call not in known and text.says(call):
            advice = did_you_mean(call, known, f"write it: {call}: …")
            yield Slip(found.start(), f"there is no note {call}: {advice}")


def references(text: Text) -> Iterator[Slip]:
    """A link by a name that has no address."""
    known = {name.casefold(): name for name in _ADDRESSES.findall(text.source)}
    for found in _REFERENCE.finditer(text.source):
        name = found[2] or found[1]
        is_other = name.startswith(("@", "^")) or found[1].startswith(("@", "^"))
        if not is_other and name.casefold() not in known and text.says(f"][{found[2]}]"):
            advice = did_you_mean(name, known.values(), f"write it: [{name}]: https://…")
            yield Slip(found.start(), f"there is no address called [{shown(name)}]: {advice}")


def links(text: Text) -> Iterator[Slip]:
    """A link whose words and address stand apart, or in each other's brackets."""
    for found in _APART.finditer(text.source):
        told = f"“{shown(found[0])}” is no link: leave no space between ] and ("
        yield Slip(found.start(), told)
    for found in _REVERSED.finditer(text.source):
        told = f"“{shown(found[0])}” is no link: write [{shown(found[1])}]({found[2][:60]})"
        yield Slip(found.start(), told)


def wiki_links(text: Text) -> Iterator[Slip]:
    """A link in a wiki's manner."""
    for found in _WIKI.finditer(text.source):
        if text.says("[["):
            words = shown(found[3] or found[2])
            address = shown(found[2]) if found[1] else "#…"
            told = f"“{shown(found[0])}” is no link here: write {found[1]}[{words}]({address})"
            yield Slip(found.start(), told)


def strong(text: Text) -> Iterator[Slip]:
    """Two asterisks of which the other two are missing, or stand apart from their words."""
    for block in re.finditer(r"(?:[^\n]+\n?)+", text.source):
        signs = [found for found in _STRONG.finditer(block[0]) if not _within_word(found)]
        apart = [found for found in signs if _APART_FROM_WORDS.match(block[0], found.start())]
        begins = (_BEGINS.match(block[0], found.start()) for found in signs)
        begun = [found for found in begins if found and text.says(found[0])]
        if len(signs) % 2 and begun:
            told = "these ** begin strong words that do not end in this paragraph: close it with **"
            yield Slip(block.start() + begun[-1].start(), told)
        elif apart and not len(signs) % 2 and text.says(f" {apart[0][0]} "):
            told = "leave no space between ** and the words that shall be strong"
            yield Slip(block.start() + apart[0].start(), f"these ** are read as they stand: {told}")


def _within_word(sign: re.Match[str]) -> bool:
    around = sign.string[: sign.start()][-1:], sign.string[sign.end() :][:1]
    return all(map(str.isalnum, around))


def attributes(text: Text) -> Iterator[Slip]:
    """Attributes in braces that stand apart from what they are meant for."""
    for found in _ATTRIBUTES.finditer(text.source):
        if text.says(found[1].partition("=")[0]):
            told = f"{shown(found[1])} is read as words: write it right behind what it is for"
            yield Slip(found.start(1), f"{told}, without a space")


def lost_characters(text: Text) -> Iterator[Slip]:
    """The sign that a program leaves in place of what it could not read; each line once."""
    for found in re.finditer("\ufffd[^\ufffd\n]*", text.source):
        told = "a program could not read what stood here, and left the sign U+FFFD"
        yield Slip(found.start(), f"{told}: type the character that stood there")


def mojibake(text: Text) -> Iterator[Slip]:
    """UTF-8 that some program took for Windows-1252: the bytes tell."""
    seen = set()
    for found in _FOREIGN.finditer(text.source):
        line = text.source.count("\n", 0, found.start())
        meant = _meant(found[0])
        if meant and line not in seen:
            seen.add(line)
            told = f"“{shown(found[0])}” was “{shown(meant)}” before another program misread it"
            yield Slip(found.start(), f"{told}: open the original as UTF-8, or type it anew")


def _meant(garbled: str) -> str:
    try:
        return garbled.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""
