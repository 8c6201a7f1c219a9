"""Sorts labels of editions in the order that people expect: 1.0.0, 1.1.0, 2.0.0; dates; "first".

A label is free text. Runs of digits count as numbers, ordinals as the numbers that they name, and
dates by their year first. A preliminary label (`rc`, `draft`) comes before the release.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

Key = tuple[tuple[int, int, str], ...]

_BEFORE, _END, _NUMBER, _WORD = range(4)

# These come before the label of the release (Semantic Versioning 2.0.0, item 11).
_PRELIMINARY = {
    word: rank
    for rank, words in enumerate(
        ("dev", "draft proof", "pre preview", "alpha", "beta", "rc candidate")
    )
    for word in words.split()
}

# Ordinals as a title page writes them, in the languages of the interface's words.
_ORDINALS = {
    word: number
    for row in (
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
        "one two three four five six seven eight nine ten eleven twelve",
        "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte",
        "première deuxième troisième quatrième cinquième sixième septième huitième neuvième",
        "premier second",
        "primera segunda tercera cuarta quinta sexta séptima octava novena décima",
        "birinci ikinci üçüncü dördüncü beşinci altıncı yedinci sekizinci dokuzuncu onuncu",
        "الأولى الثانية الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة",
    )
    for number, word in enumerate(row.split(), 1)
}
_MONTHS = {
    word: number
    for number, month in enumerate(
        "january february march april may june july august september october november "
        "december".split(),
        1,
    )
    for word in (month, month[:3])
}

_NUMERAL_SUFFIX = re.compile(r"(?<=\d)(?:st|nd|rd|th|e|er|ère|ème|º|ª)\b", re.IGNORECASE)
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")  # up to 39, which is enough for editions
_VALUES = {"I": 1, "V": 5, "X": 10}
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_MONTH_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.? +)?([a-z]{3,9})\.? +(?:(\d{1,2})(?:st|nd|rd|th)?, *)?(\d{4})",
    re.IGNORECASE,
)
_LONGEST_NUMBER = 100  # digits; Python refuses to read 4,300
_TOKEN = re.compile(r"\d+|[^\W\d_]+")


def label_key(label: str) -> Key:
    """Return a key that sorts labels as people do.

    >>> sorted(["10.0.0", "2.0.0", "1.0.0", "1.0.0-rc.1"], key=label_key)
    ['1.0.0-rc.1', '1.0.0', '2.0.0', '10.0.0']
    >>> sorted(["third", "first", "second"], key=label_key)
    ['first', 'second', 'third']
    """
    text = unicodedata.normalize("NFKC", label).strip()
    tokens = _date(text)
    parts = [(_NUMBER, part, "") for part in tokens] if tokens else list(_tokens(text))
    return tuple(chain(parts, [(_END, 0, ""), (_WORD, 0, label)]))


def _date(text: str) -> list[int]:
    """Return year, month and day of a date that does not begin with its year; else nothing."""
    if match := _DAY_FIRST.fullmatch(text):
        return [int(match[3]), int(match[2]), int(match[1])]
    match = _MONTH_NAMED.fullmatch(text)
    if match and (month := _MONTHS.get(match[2].lower())):
        day = match[1] or match[3]
        return [int(match[4]), month, *([int(day)] if day else [])]
    return []


def _tokens(text: str) -> Iterator[tuple[int, int, str]]:
    for token in _TOKEN.findall(_NUMERAL_SUFFIX.sub("", text)):
        word = token.casefold()
        if token.isdecimal() and len(token) <= _LONGEST_NUMBER:
            yield _NUMBER, int(token), ""
        elif _ROMAN.fullmatch(token):
            yield _NUMBER, _roman(token), ""
        elif word in _ORDINALS:
            yield _NUMBER, _ORDINALS[word], ""
        elif word in _PRELIMINARY:
            yield _BEFORE, _PRELIMINARY[word], ""
        elif word != "v":  # v1.0 is 1.0
            yield _WORD, 0, word


def _roman(numeral: str) -> int:
    values = [_VALUES[letter] for letter in numeral]
    return sum(
        -value if value < after else value
        for value, after in zip(values, [*values[1:], 0], strict=True)
    )
