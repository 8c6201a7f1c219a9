"""Sort words as readers of a language expect, and find the index letter of each word.

Python sorts by code point, which puts Österreich after Zypern. This module compares by levels, as
the Unicode Collation Algorithm (UTS 10) does: first letters, then accents, then case. The tables
below hold the letters that a language adds to its alphabet, from CLDR's rules. (No library on PyPI
does this without the system's ICU, and its version would be one more input.)
Han characters are sorted by radical, as in Unicode. To sort a term by its reading, give the reading
as its key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

SortKey = tuple[tuple[tuple[int, int, int], ...], str, str]

# The first letter is of the base alphabet. The others follow it as separate letters. Letters joined
# by `=` count as the same letter and differ only as accents do.
_OWN_LETTERS: Mapping[str, str] = {
    "az": "c ç|e ə|g ğ|h x ı|k q|o ö|s ş|u ü",
    "be uk": "г ґ|е є|и і ї|у ў",
    "bs hr": "c č ć|d dž đ|l lj|n nj|s š|z ž",
    "cs": "c č|h ch|r ř|s š|z ž",
    "cy": "c ch|d dd|f ff|g ng|l ll|p ph|r rh|t th",
    "da nb nn no": "z æ=ä ø=ö å",
    "eo": "c ĉ|g ĝ|h ĥ|j ĵ|s ŝ|u ŭ",
    "es": "n ñ",
    "et": "s š z ž|w õ ä ö ü",
    "fa ps": "ا ء|ب پ|ج چ|ز ژ|ق ک=ك گ|ن و ه=ة ی=ي=ى",
    "fi sv": "z å ä=æ ö=ø",
    "hu": "c cs|d dz dzs|g gy|l ly|n ny|o ö=ő|s sz|t ty|u ü=ű|z zs",
    "is": "d ð|z þ æ=ä ö=ø å",
    "lt": "c č|s š|z ž",
    "lv": "c č|g ģ|k ķ|l ļ|n ņ|s š|z ž",
    "mk sr": "д ђ ѓ|з ѕ|и ј|л љ|н њ|т ћ ќ|ч џ",
    "pl": "a ą|c ć|e ę|l ł|n ń|o ó|s ś|z ź ż",
    "ro": "a ă â|i î|s ș=ş|t ț=ţ",
    "sk": "a ä|c č|d dž|h ch|o ô|s š|z ž",
    "sl": "c č ć|d đ|s š|z ž",
    "sq": "c ç|d dh|e ë|g gj|l ll|n nj|r rr|s sh|t th|x xh|z zh",
    "tr": "c ç|g ğ|h ı|o ö|s ş|u ü",
    "ur": "ب پ|ت ٹ|ج چ|د ڈ|ر ڑ|ز ژ|ق ک=ك گ|ن ں و ہ=ه=ة ھ ء ی=ي=ى ے",
}
# Letters that Unicode does not decompose, but that are sorted as others (from the table of UTS 10).
_SPELLED = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ß": "ss", "ı": "i",
        "ة": "ت", "ى": "ي", "ـ": "", "ー": "",
        "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
        "ぁ": "あ", "ぃ": "い", "ぅ": "う", "ぇ": "え", "ぉ": "お", "っ": "つ",
        "ゃ": "や", "ゅ": "ゆ", "ょ": "よ", "ゎ": "わ",
    }
)  # fmt: skip
# Accents, Hebrew and Arabic vowel signs, nuktas, and voicing marks of kana.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
                    "\u093c\u09bc\u3099\u309a]")  # fmt: skip
_WHOLE = frozenset("йї")  # separate letters, although Unicode decomposes them
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_KANA_ROWS = "あかさたなはまやらわ"
_HANGUL_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# Languages that sort their own script before the Latin one (CLDR's reordering of scripts).
_NOT_LATIN = frozenset(
    "ar be bg bn el fa gu he hi hy ja ka km kn ko mk ml mr ne or pa ps ru ta te th uk ur yi zh "
    "sr".split()
)
_PUNCTUATION, _DIGIT, _LETTER, _FOREIGN = range(4)


def sort_key(text: str, lang: str) -> SortKey:
    """Return the key that sorts *text* among other texts in the language *lang*.

    >>> sorted(["Zürich", "Öland", "Oslo", "Åbo"], key=lambda name: sort_key(name, "sv"))
    ['Oslo', 'Zürich', 'Åbo', 'Öland']
    """
    plain = _lowered(text, lang)
    primary = tuple(weight for weight, _ in _letters(plain, lang))
    return primary, unicodedata.normalize("NFD", plain), text.swapcase()


def initial(text: str, lang: str) -> str:
    """Return the letter under which an index in *lang* lists *text*.

    Signs are skipped. Return "" where a digit or a Han character comes first, and where no letter
    follows.

    >>> initial("Österreich", "de"), initial("Österberg", "sv"), initial("chata", "cs")
    ('O', 'Ö', 'Ch')
    """
    for (kind, _, _), letter in _letters(_lowered(text, lang), lang):
        if kind in (_LETTER, _FOREIGN):
            return _heading(letter, lang)
        if kind == _DIGIT:
            break
    return ""


def _heading(letter: str, lang: str) -> str:
    code = ord(letter[0])
    if 0xAC00 <= code <= 0xD7A3:
        return _HANGUL_INITIALS[(code - 0xAC00) // 588]
    if 0x3041 <= code <= 0x3096:
        return max((row for row in _KANA_ROWS if row <= letter), default=letter)
    if unicodedata.name(letter[0], "").startswith("CJK"):
        return ""
    return "İ" if letter == "i" and lang.startswith(("tr", "az")) else letter.capitalize()


def _lowered(text: str, lang: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    if lang.partition("-")[0] in ("tr", "az"):
        text = text.replace("I", "ı").replace("İ", "i")
    return text.lower().translate(_KATAKANA)


def _letters(text: str, lang: str) -> Iterator[tuple[tuple[int, int, int], str]]:
    """Yield the weight of each letter of *text*, and the letter under which it is listed."""
    code = lang.partition("-")[0].lower()
    own = _own_letters(code)
    longest = max(map(len, own), default=1)
    at = 0
    while at < len(text):
        match = next(
            (part for size in range(longest, 0, -1) if (part := text[at : at + size]) in own), None
        )
        at += len(match or "x")
        if match:
            anchor, position, letter = own[match]
            yield (_LETTER, ord(anchor), position), letter
            continue
        for base in _bases(text[at - 1]):
            yield (_kind(base, code), ord(base), 0), base


def _bases(character: str) -> str:
    if character in _WHOLE or "\uac00" <= character <= "\ud7a3":
        return character
    plain = _MARKS.sub("", unicodedata.normalize("NFD", character.translate(_SPELLED)))
    return plain.translate(_SPELLED)


def _kind(character: str, code: str) -> int:
    if character.isdecimal():
        return _DIGIT
    if not character.isalpha() and not unicodedata.category(character).startswith("M"):
        return _PUNCTUATION
    return _FOREIGN if code in _NOT_LATIN and character < "\u0370" else _LETTER


@cache
def _own_letters(code: str) -> Mapping[str, tuple[str, int, str]]:
    """Return the added letters of the language *code*.

    Each has the letter that it follows, its position after that letter, and the index letter.
    """
    rules = next((rules for codes, rules in _OWN_LETTERS.items() if code in codes.split()), "")
    own: dict[str, tuple[str, int, str]] = {}
    for rule in filter(None, rules.split("|")):
        anchor, *groups = rule.split()
        for position, group in enumerate(groups, 1):
            letters = group.split("=")
            own |= dict.fromkeys(letters, (anchor, position, letters[0]))
    return own
