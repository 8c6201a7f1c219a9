"""A text that is a file's name, or too long to be one, is still used as a text."""

from __future__ import annotations

import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from tests.cases import FOLDER, XHTML, Built, build_case, build_text

DC = {"dc": "http://purl.org/dc/elements/1.1/", **XHTML}
ANY_FILE = "/etc/passwd"  # a file that every machine of these tests has
PATHS = f"""\
---
title: {ANY_FILE}
subtitle: {Path(__file__)}
author: {ANY_FILE}
abstract: '`{ANY_FILE}`'
keywords: [{ANY_FILE}]
publisher: ./main.md
rights: main.md
running-title: {ANY_FILE}
number-sections: true
lang: en
---

# {ANY_FILE}

: {ANY_FILE}

| {ANY_FILE} |
|---|
| main.md |

> {ANY_FILE}
"""
LONG = "这段说明故意写得很长，超过二百五十五个字节，没有任何文件可以叫这个名字。" * 4


@cache
def paths() -> Built:
    return build_text(PATHS)


@cache
def long() -> Built:
    return build_text(f"---\nlang: zh\ntitle: 长\ndescription: {LONG}\n---\n\n文。\n")


def descriptions(built: Built) -> dict[str, str]:
    """The description in the metadata of each format."""
    with zipfile.ZipFile(BytesIO(built.files["epub"])) as package:
        opf = next(name for name in package.namelist() if name.endswith(".opf"))
        epub = etree.fromstring(package.read(opf)).findtext(".//dc:description", "", DC)
    with pikepdf.open(BytesIO(built.files["pdf"])) as pdf:
        xmp = etree.fromstring(pdf.Root.Metadata.read_bytes())
        description = xmp.xpath(
            "string(//dc:description//text()[normalize-space()])", namespaces=DC
        )
    html = built.html.xpath("string(//h:meta[@name='description']/@content)", namespaces=XHTML)
    return {"epub": epub, "pdf": str(description), "html": html}


def test_a_subtitle_that_is_a_path_is_printed_as_it_is_written() -> None:
    built = build_case("title-is-a-file")
    for name, text in built.texts.items():
        assert "/etc/hostname" in text, name
    assert set(descriptions(built).values()) == {"/etc/debian_version"}


def test_every_text_that_is_a_path_is_printed_as_it_is_written() -> None:
    files = [Path(ANY_FILE), Path(__file__)]
    lines = [line for file in files for line in file.read_text().splitlines() if len(line) > 20]
    for name, text in paths().texts.items():
        assert text.count(ANY_FILE) >= 5, name  # title, author, heading, table, quotation
        assert "".join(str(Path(__file__)).split()) in "".join(text.split()), name
        assert not [line for line in lines if line in text], name


@pytest.mark.parametrize("name", ["description-long", "Chinese"])
def test_a_description_is_metadata_whatever_its_length_and_script(name: str) -> None:
    if name == "Chinese":
        built, written = long(), LONG
    else:
        built = build_case(name)
        source = (FOLDER / name / "main.md").read_text("utf-8")
        written = source.partition("description: ")[2].partition("\n")[0].strip()
    assert len(written.encode()) > 255
    assert descriptions(built) == dict.fromkeys(("epub", "pdf", "html"), written)
    assert not [finding for finding in built.check_findings if finding.severity.value == "error"]
