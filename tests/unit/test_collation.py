import random
from itertools import pairwise

import pytest

from chapbook.lang.collation import initial, sort_key

# As the dictionaries and telephone books of these languages have them.
ORDERED = {
    "en": ["a", "Ångström", "apple", "Apple", "zebra"],
    "de": ["Ofen", "offen", "Öffner", "Osten", "Straße", "Strasser", "Zypern"],
    "sv": ["Oslo", "zebra", "Åbo", "Ärla", "Öland"],
    "da": ["zebra", "Ærø", "Østerbro", "Århus"],
    "es": ["nube", "nuez", "ñandú", "oca"],
    "cs": ["cena", "čaj", "hora", "chata", "ihned"],
    "hu": ["cukor", "csak", "dal", "öt", "paprika"],
    "tr": ["hala", "ışık", "izmir", "şeker", "tuz"],
    "pl": ["lato", "łódka", "mama", "zebra", "źrebak", "żaba"],
    "is": ["dagur", "ðe", "egg", "zeta", "þing", "æði", "öl"],
    "ru": ["ёж", "ива", "йод", "яблоко", "Latin"],
    "uk": ["гора", "ґанок", "єнот", "жаба", "іній", "їжак", "йод"],
    "el": ["άλφα", "βήτα", "ώρα"],
    "ar": ["أحمد", "باب", "تمر", "ثلج", "كتاب", "يد"],
    "fa": [
        "آب",
        "بام",
        "پدر",
        "تاب",
        "چای",
        "حال",
        "ژاله",
        "سال",
        "کتاب",
        "گل",
        "لب",
        "هوا",
        "یاد",
    ],
    "ur": ["بات", "پانی", "تارا", "ٹوپی", "ثواب", "گھر", "وقت", "یار"],
    "he": ["אב", "מים", "מלך", "תורה"],
    "hi": ["अनार", "आम", "कमल", "खत", "हवा"],
    "ja": ["アイ", "いぬ", "かき", "がっこう", "さくら", "パン", "わに"],
    "ko": ["가방", "나무", "라디오", "하늘"],
}


@pytest.mark.parametrize("lang", ORDERED)
def test_words_stand_as_the_language_orders_them(lang: str) -> None:
    shuffled = ORDERED[lang][:]
    random.Random(1).shuffle(shuffled)
    assert sorted(shuffled, key=lambda word: sort_key(word, lang)) == ORDERED[lang]


def test_accents_and_case_part_only_what_is_the_same_without_them() -> None:
    words = ["cote", "Cote", "coté", "côte", "coté b"]
    assert sorted(words, key=lambda word: sort_key(word, "fr"))[:2] == ["cote", "Cote"]
    assert sort_key("coté", "fr") != sort_key("cote", "fr")
    for one, other in pairwise(["Müller A", "Muller B", "Müller C"]):
        assert sort_key(one, "de") < sort_key(other, "de")


def test_letters_of_an_index_are_those_of_the_language() -> None:
    swedish = [initial(word, "sv") for word in ("ånger", "Zebra", "42", "„Ost“")]
    assert swedish == ["Å", "Z", "", "O"]
    assert [initial(word, "hu") for word in ("csak", "cukor", "őz")] == ["Cs", "C", "Ö"]
    assert (initial("izmir", "tr"), initial("Işık", "tr")) == ("İ", "I")
    assert (initial("がっこう", "ja"), initial("パン", "ja"), initial("漢字", "ja")) == (
        "か",
        "は",
        "",
    )
    assert (initial("하늘", "ko"), initial("كتاب", "ar"), initial("אב", "he")) == ("ㅎ", "ك", "א")
