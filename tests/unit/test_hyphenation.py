"""The patterns for a language tag, and that no break changes a letter."""

from __future__ import annotations

import pyphen
import pytest

from chapbook import weasy
from chapbook.weasy.hyphenation import Hyphenator, patterns


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ("en en-US en-Latn en-Latn-US eng en-US-x-house", "en_US"),
        ("en-GB en-gb en-Latn-GB en-AU en-IE en-001 en-150 en-DE en-GB-oxendict", "en_GB"),
        ("de de-DE de-Latn de-LI de-1901 deu", "de_DE"),
        ("de-AT de-Latn-AT", "de_AT"),
        ("de-CH de-CH-1901", "de_CH"),
        ("pt pt-BR pt-Latn", "pt_BR"),
        ("pt-PT pt-AO pt-Latn-MZ", "pt_PT"),
        ("sr sr-RS sr-Cyrl sr-Cyrl-ME", "sr"),
        ("sr-Latn sr-Latn-RS sr-ME sh", "sr_Latn"),
        ("no nb nb-NO no-NO no-Latn", "nb_NO"),
        ("nn nn-NO", "nn_NO"),
        ("fr fr-CA fr-CH", "fr"),
        ("nl nl-BE", "nl_NL"),
        ("es-MX es-419", "es"),
    ],
)
def test_a_tag_means_the_patterns_of_its_region_or_of_the_likely_one(tags: str, name: str) -> None:
    assert {tag: patterns(tag) for tag in tags.split()} == dict.fromkeys(tags.split(), name)


@pytest.mark.parametrize("tag", ["zh", "zh-Hant-TW", "ja", "ar", "und", "x-own", "", "en-Shaw"])
def test_what_has_no_patterns_is_not_hyphenated(tag: str) -> None:
    assert patterns(tag) is None


def test_every_file_of_patterns_is_found_by_its_own_tag() -> None:
    names = {path.name[5:-4] for path in pyphen.LANGUAGES.values()}
    assert {patterns(name.replace("_", "-")) for name in names} == names


def test_hungarian_breaks_that_change_letters_are_left_out() -> None:
    breaks = list(Hyphenator(lang="hu_HU").iterate("hosszasan"))
    assert breaks
    assert {"".join(parts) for parts in breaks} == {"hosszasan"}


def test_pyphen_still_takes_the_first_file_and_still_changes_letters() -> None:
    """If this fails, `chapbook.weasy.hyphenation` can be simplified."""
    assert pyphen.LANGUAGES["en"] == pyphen.LANGUAGES["en_GB"]
    assert {"".join(parts) for parts in pyphen.Pyphen(lang="hu_HU").iterate("hosszasan")} != {
        "hosszasan"
    }


def test_weasyprint_asks_for_these_patterns() -> None:
    weasy.load()
    from weasyprint.text import line_break

    with weasy.patched():
        assert line_break.pyphen.language_fallback("en") == "en_US"
        assert line_break.pyphen.Pyphen is Hyphenator
