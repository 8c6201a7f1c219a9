"""Divide text of many languages into sentences and words."""

from __future__ import annotations

import re

_PUNCTUATION = r"\s!-/:-@\[-`{-~¡-¿\u2000-\u206f\u2e00-\u2e7f\u3000-\u303f،؛؟۔।॥\uff00-\uff0f"
# Scripts without spaces: each character, with its marks, is a word.
_SPACELESS = "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0edf\u1000-\u109f\u1780-\u17df"
_WORD = re.compile(
    rf"[{_SPACELESS}\U00020000-\U0003ffff]"
    rf"|[^{_PUNCTUATION}{_SPACELESS}]+"
    rf"(?:['’.,·-](?=[^{_PUNCTUATION}])[^{_PUNCTUATION}{_SPACELESS}]+)*"
    r"|\s+|\S"
)
_LETTERS = re.compile(r"[\s\u00ad\u200b-\u200d\u2010\u2011\u2060\ufeff-]+")


def sentences(text: str, language: str) -> list[str]:
    """Return the sentences of *text*, each with the space after it. No word is lost."""
    import sentencex

    primary = language.partition("-")[0].lower()
    parts = [each for each in sentencex.segment(primary, text) if each.strip()]
    return _whole(parts) if "".join(parts).split() == text.split() else [text]


def _whole(parts: list[str]) -> list[str]:
    """Return *parts* as whole sentences: a part without letters is joined to the one before it."""
    joined: list[str] = []
    for each in parts:
        if joined and (not any(map(str.isalpha, each)) or _is_initial(joined[-1])):
            joined[-1] += each
        else:
            joined.append(each)
    return joined


def _is_initial(sentence: str) -> bool:
    """Return whether *sentence* is only a number or an abbreviation: “M. Dupont”, “3. bölüm”."""
    return len(sentence.strip()) <= 3 and sentence.strip().endswith(".")


def tokens(text: str) -> list[str]:
    """Return the words, signs and spaces of *text*. Joined together they are *text*.

    >>> tokens("It’s 3.5, no?")
    ['It’s', ' ', '3.5', ',', ' ', 'no', '?']
    """
    return _WORD.findall(text)


def is_word(token: str) -> bool:
    """Return whether *token* has a letter or a digit."""
    return any(map(str.isalnum, token))


def word_count(text: str) -> int:
    """Return the number of words in *text*."""
    return sum(map(is_word, tokens(text)))


def letters(text: str) -> str:
    """Return *text* without spaces and hyphens, because line breaks add and remove them."""
    return _LETTERS.sub("", text)
