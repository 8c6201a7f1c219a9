"""Addresses, and where they may be broken."""

from __future__ import annotations

import pytest

from chapbook.layout.address_breaks import allow_breaks, pieces
from chapbook.model import vocabulary
from chapbook.model.dom import element
from chapbook.transforms.addresses import mark_in


def marked(text: str, tag: str = "p") -> list[str]:
    body = element("body", element(tag, text))
    mark_in(body)
    return [
        node.text or "" for node in body.iter("span") if node.get("class") == vocabulary.ADDRESS
    ]


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/archive/proceedings.html?page=2&part=b#end",
        "HTTP://EXAMPLE.ORG/INDEX.HTML",
        "www.example.org/straße",
        "example.org/proceedings",
        "proceedings.example.org",
        "doi:10.1000/182-proceedings",
        "10.1000/proceedings.2019",
        "cartographical.department@example.org",
        "representatives.docx",
        "README.MD",
        "proceedings_of_the_society",
        "/usr/share/documentation",
        "~/documentation/supplement",
        "../documentation",
        "source/documentation/supplement",
        "documentation/supplement.html",
        r"C:\Users\documentation",
        r"\\server\documentation",
    ],
)
@pytest.mark.parametrize("around", ["{}", "See ({}), and", "“{}.”", "at {}; so"])
def test_addresses_and_names_of_files_are_marked_without_what_stands_around_them(
    address: str, around: str
) -> None:
    assert marked(around.format(address)) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "and/or",
        "e.g. this, i.e. that, z.B. jenes",
        "the U.S.A. and 3.14159",
        "Entscheidung/Verordnung",
        "2019/20/21",
        "The end. Another sentence",
        "a well-known, twenty-first-century phrase",
        "representatives—attempted",
        "5 km/h",
    ],
)
def test_words_are_none(text: str) -> None:
    assert marked(text) == []


def test_code_is_left_to_itself() -> None:
    assert marked("proceedings_of_the_society", "code") == []


@pytest.mark.parametrize(
    ("address", "broken"),
    [
        (
            "https://example.org/nineteenth-century/index.html",
            "https:// example .org/ nineteenth -century/ index .html",
        ),
        ("example.org/find?words=two&part=b#end", "example .org/ find ?words =two &part =b #end"),
        ("10.1000/182-proceedings_2019", "10.1000/ 182 -proceedings _2019"),
        ("--format-of-representatives", "--format -of -representatives"),
    ],
)
def test_a_break_stands_after_a_slash_or_before_another_sign(address: str, broken: str) -> None:
    assert " ".join(pieces(address)) == broken


def test_breaks_add_no_character() -> None:
    words = "see proceedings-of-the-society.example.org/supplement and --format=presentations"
    code = element("code", words)
    listing = element("pre", element("code", words))
    tree = element("div", element("p", code), listing)
    allow_breaks(tree)
    assert "".join(code.itertext()) == words
    assert len(list(code.iter("wbr"))) == 7
    assert not list(listing.iter("wbr"))
