"""No hyphen is added to an address, in any format, and none is lost from what is copied."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tests.cases import Built, build_case, build_text

HEAD = "---\ntitle: T\nlang: en-US\nidentifier: urn:x\n---\n\n"
ADDRESSES = (
    "https://library.example.org/collections/cartography/nineteenth-century/representatives.html",
    "https://doi.org/10.1000/proceedings-of-the-cartographical-society.2019.0045",
    "cartographical.department.representatives@library-of-proceedings.example.org",
    "documentation/proceedings/nineteenth-century/representatives-of-the-society.html",
    "proceedings_of_the_cartographical_society-nineteenth_century-supplement.pdf",
)


def printed_letters(built: Built) -> str:
    """All that is printed, as it is copied: an added hyphen is U+FFFE for PDFium."""
    return re.sub(r"[\r\n ]", "", "".join(built.pdf_pages))


@pytest.fixture(scope="module")
def every_kind() -> Built:
    filler = ("", "of ", "of many ", "of many more ", "of many more things ")
    ways = ("{}", "<{}>", "`{}`", "[{}](https://example.org/)", "*{}*")
    lines = [
        f"Words {words}before {way.format(address)} and after it.\n"
        for address in ADDRESSES
        for way, words in zip(ways, filler, strict=True)
        if way != "<{}>" or "://" in address
    ]
    note = f"A note.[^n]\n\n[^n]: Words of a note before {ADDRESSES[0]} and after it.\n"
    return build_text(HEAD + "\n".join(lines) + "\n" + note)


def test_the_addresses_of_the_case_are_copied_as_they_were_typed() -> None:
    built = build_case("url-hyphen")
    printed = printed_letters(built)
    assert "/proceedings/hash/6aca97005c68f1206823815f66102863-Abstract-and-Supplement" in printed
    assert "/nineteenth-century/index.html" in printed
    assert built.check_findings == ()


def test_no_hyphen_and_no_other_character_is_added_in_print(every_kind: Built) -> None:
    printed = printed_letters(every_kind)
    for address in ADDRESSES:
        assert printed.count(address) >= 4, address
    assert not re.search("[\u200b\u2060\u00ad]", printed)


def test_no_line_of_an_address_ends_with_its_own_hyphen(every_kind: Built) -> None:
    parts = [line.strip() for page in every_kind.pdf_pages for line in page.splitlines()]
    assert not [line for line in parts if line.endswith(("-", "_", ".html-", "#"))]


def test_e_readers_and_browsers_are_asked_not_to_hyphenate(every_kind: Built) -> None:
    with zipfile.ZipFile(io.BytesIO(every_kind.files["epub"])) as package:
        sheets = "".join(
            package.read(name).decode() for name in package.namelist() if name.endswith(".css")
        )
    for sheet in (sheets, every_kind.files["html"].decode()):
        assert re.search(r"\.cb-address\s*\{[^}]*(?<![\w-])hyphens:\s*none", sheet)
    marked = every_kind.xpath("//*[contains(@class, 'cb-address')]")
    assert len(marked) >= 2 * 4 * len(ADDRESSES) - 4
    assert {"".join(node.itertext()) for node in marked} == set(ADDRESSES)


def test_a_reference_says_its_address_without_hyphens() -> None:
    bib = (
        "@article{a, title={On maps}, author={Doe, Ann}, year={2019}, journal={Maps},"
        " doi={10.1000/proceedings-of-the-cartographical-society.2019.0045}}"
    )
    head = HEAD.replace("lang:", "bibliography: a.bib\nlang:")
    built = build_text(head + "Words [@a].\n", **{"a.bib": bib.encode()})
    assert ADDRESSES[1].removeprefix("https://") in printed_letters(built)
    assert built.check_findings == ()
