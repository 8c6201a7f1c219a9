"""Each metadata key has the same value in the PDF, the EPUB, the web page and both feeds.

The files are read with pikepdf, lxml and json alone, never with Chapbook's own readers.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree

from chapbook.catalog import Masthead, catalog_files
from chapbook.catalog.gather import gather
from chapbook.design.templates import Design, load_templates
from tests.cases import Built, build_manuscript

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "opf": "http://www.idpf.org/2007/opf",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "terms": "http://purl.org/dc/terms/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}
MANUSCRIPT = """---
title: All of it
subtitle: A book
author:
  - name: Ada Lovelace
    orcid: http://orcid.org/0000-0002-1825-0097
  - Charles Babbage
contributor:
  - name: Luigi Menabrea
    role: trl
date: 1843-10
lang: en-GB
identifier: urn:uuid:00000000-0000-4000-8000-00000000000c
edition: "2.1"
keywords: [engines, "numbers, of Bernoulli"]
abstract: What it is about.
publisher: Taylor & Sons
rights: © 1843, all rights "reserved"
isbn: 978-0-306-40615-7
documentclass: book
---

# One

Words.
"""


@dataclass(frozen=True)
class Files:
    """The finished files of a manuscript as any program reads them, and its catalog's feeds."""

    built: Built
    feeds: Mapping[str, bytes]

    def opf(self, path: str) -> list[str]:
        """Return what *path* selects in the package document."""
        with zipfile.ZipFile(BytesIO(self.built.files["epub"])) as book:
            return _selected(book.read("EPUB/content.opf"), path)

    def meta(self, name: str) -> list[str]:
        """The contents of the web page's `meta` elements of this name."""
        path = f"//h:meta[@name='{name}' or @property='{name}']/@content"
        return [str(each) for each in self.built.html.xpath(path, namespaces=NS)]

    @property
    def linked_data(self) -> dict[str, Any]:
        """The web page's JSON-LD."""
        (script,) = self.built.html.xpath("//h:script[@type]", namespaces=NS)
        data: dict[str, Any] = json.loads(script.text)
        return data

    def xmp(self, name: str) -> list[str]:
        """The values of a property of the PDF's XMP."""
        with pikepdf.open(BytesIO(self.built.files["pdf"])) as pdf:
            packet = pdf.Root.Metadata.read_bytes()
        return _selected(packet, f"//{name}//rdf:li | //{name}[not(*)]")

    def info(self, name: str) -> str:
        """An entry of the PDF's information dictionary."""
        with pikepdf.open(BytesIO(self.built.files["pdf"])) as pdf:
            return str(pdf.trailer.Info.get(f"/{name}", ""))

    def atom(self, path: str) -> list[str]:
        """Return what *path* selects in the work's entry of the OPDS 1.2 catalog."""
        (entry,) = (feed for name, feed in self.feeds.items() if name.endswith("entry.atom"))
        return _selected(entry, path)

    @property
    def opds2(self) -> dict[str, Any]:
        """The metadata of the work's publication document in the OPDS 2.0 catalog."""
        (text,) = (feed for name, feed in self.feeds.items() if name.endswith("publication.json"))
        metadata: dict[str, Any] = json.loads(text)["metadata"]
        return metadata


def _selected(content: bytes, path: str) -> list[str]:
    selected: Any = etree.fromstring(content).xpath(path, namespaces=NS)
    return [_text(each) for each in selected]


def _text(node: Any) -> str:
    return " ".join("".join(node.itertext() if hasattr(node, "itertext") else node).split())


def files_of(text: str, folder: Path) -> Files:
    """Build *text* in the three formats below *folder*, and a catalog of them."""
    path = folder / "main.md"
    path.write_text(text, "utf-8")
    built = build_manuscript(path)
    out = folder / "out"
    out.mkdir()
    for suffix, content in built.files.items():
        (out / f"main.{suffix}").write_bytes(content)
    works = gather(out, folder / "none").works
    design = Design(load_templates(None), "serif")
    result = catalog_files(works, Masthead(), design, [])
    return Files(built, {name: content for name, content in result if isinstance(content, bytes)})


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return files_of(MANUSCRIPT, tmp_path_factory.mktemp("all"))


def test_the_check_finds_nothing(files: Files) -> None:
    assert files.built.check_findings == ()
    assert files.built.findings == ()


@pytest.mark.parametrize(
    ("dublin_core", "value"),
    [
        ("publisher", ["Taylor & Sons"]),
        ("rights", ['© 1843, all rights "reserved"']),
        ("subject", ["engines", "numbers, of Bernoulli"]),
        ("description", ["What it is about."]),
        ("date", ["1843-10"]),
        ("language", ["en-GB"]),
        ("creator", ["Ada Lovelace", "Charles Babbage"]),
        ("contributor", ["Luigi Menabrea"]),
    ],
)
def test_each_element_of_dublin_core_has_the_same_value(
    files: Files, dublin_core: str, value: list[str]
) -> None:
    assert files.opf(f"//dc:{dublin_core}") == value
    assert files.xmp(f"dc:{dublin_core}") == value
    assert files.meta(f"DC.{dublin_core}") == value


def test_both_identifiers_are_the_same_everywhere(files: Files) -> None:
    names = ["urn:uuid:00000000-0000-4000-8000-00000000000c", "urn:isbn:9780306406157"]
    assert files.opf("//dc:identifier") == names
    assert files.xmp("dc:identifier") + files.xmp("xmp:Identifier") == names
    assert files.meta("DC.identifier") == names
    assert files.atom("terms:identifier") == names
    assert [files.opds2["identifier"], *files.opds2["altIdentifier"]] == names
    assert files.linked_data["identifier"] == names[0]
    assert re.sub("-", "", files.linked_data["isbn"]) == "9780306406157"


def test_titles_editions_and_people_are_the_same_everywhere(files: Files) -> None:
    assert files.opf("//dc:title") == ["All of it", "A book"]
    whole = "All of it: A book"
    assert files.xmp("dc:title") == files.meta("DC.title") == files.atom("a:title") == [whole]
    assert files.info("Title") == files.linked_data["name"] == whole
    assert (files.opds2["title"], files.opds2["subtitle"]) == ("All of it", "A book")
    assert files.opf("//opf:meta[@property='schema:bookEdition']") == ["2.1"]
    assert files.xmp("xmpMM:VersionID") == files.meta("chapbook.edition") == ["2.1"]
    assert files.linked_data["bookEdition"] == "2.1"
    assert files.info("Author") == "Ada Lovelace, Charles Babbage"
    assert files.atom("a:author/a:name") == ["Ada Lovelace", "Charles Babbage"]
    assert files.atom("a:contributor/a:name") == ["Luigi Menabrea"]
    assert [each["name"] for each in files.opds2["author"]] == ["Ada Lovelace", "Charles Babbage"]
    assert [each["name"] for each in files.opds2["translator"]] == ["Luigi Menabrea"]
    assert [each["name"] for each in files.linked_data["translator"]] == ["Luigi Menabrea"]


def test_an_orcid_is_one_address_everywhere(files: Files) -> None:
    address = "https://orcid.org/0000-0002-1825-0097"
    assert files.opf("//opf:meta[@property='schema:identifier']") == [address]
    assert files.meta("citation_author_orcid") == [address]
    assert files.linked_data["author"][0]["sameAs"] == address


def test_the_feeds_have_what_the_files_have(files: Files) -> None:
    assert files.atom("terms:publisher") == ["Taylor & Sons"] == [files.opds2["publisher"]]
    assert files.atom("a:rights") == ['© 1843, all rights "reserved"']
    assert files.atom("a:category/@term") == files.opds2["subject"]
    assert files.atom("a:summary") == ["What it is about."] == [files.opds2["description"]]
    assert files.atom("terms:issued") == ["1843-10"]
    assert files.opds2["published"] == "1843-10-01"
    assert files.atom("terms:language") == ["en-GB"] == [files.opds2["language"]]
