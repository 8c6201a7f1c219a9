"""Sentences and words, as the writing of many languages parts them."""

from __future__ import annotations

import re

_PUNCTUATION = r"\s!-/:-@\[-`{-~¡-¿\u2000-\u206f\u2e00-\u2e7f\u3000-\u303f،؛؟۔।॥\uff00-\uff0f"
# Written without spaces: each sign is a word, with the marks that stand on it.
_SPACELESS = "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0edf\u1000-\u109f\u1780-\u17df"
_WORD = re.compile(
    rf"[{_SPACELESS}\U00020000-\U0003ffff]"
    rf"|[^{_PUNCTUATION}{_SPACELESS}]+"
    rf"(?:['’.,·-](?=[^{_PUNCTUATION}])[^{_PUNCTUATION}{_SPACELESS}]+)*"
    r"|\s+|\S"
)
_LETTERS = re.compile(r"[\s\u00ad\u200b-\u200d\u2010\u2011\u2060\ufeff-]+")


def sentences(text: str, language: str) -> list[str]:
    """The sentences of *text*, each with the space after it; its words are all in them."""
    import sentencex

    primary = language.partition("-")[0].lower()
    found = [each for each in sentencex.segment(primary, text) if each.strip()]
    return _whole(found) if "".join(found).split() == text.split() else [text]


def _whole(found: list[str]) -> list[str]:
    """What has no letter is no sentence, but the end of the one before it."""
    joined: list[str] = []
    for each in found:
        if joined and (not any(map(str.isalpha, each)) or _is_initial(joined[-1])):
            joined[-1] += each
        else:
            joined.append(each)
    return joined


def _is_initial(sentence: str) -> bool:
    """Whether a sentence is but a number or an abbreviation, as in “M. Dupont” or “3. bölüm”."""
    return len(sentence.strip()) <= 3 and sentence.strip().endswith(".")


def tokens(text: str) -> list[str]:
    """The words, signs and spaces of *text*; together they are *text*.

    >>> tokens("It’s 3.5, no?")
    ['It’s', ' ', '3.5', ',', ' ', 'no', '?']
    """
    return _WORD.findall(text)


def is_word(token: str) -> bool:
    """Whether *token* is more than a sign."""
    return any(map(str.isalnum, token))


def word_count(text: str) -> int:
    """How many words *text* has."""
    return sum(map(is_word, tokens(text)))


def letters(text: str) -> str:
    """*text* without spaces and hyphens, which the ends of lines add and take."""
    return _LETTERS.sub("", text)
