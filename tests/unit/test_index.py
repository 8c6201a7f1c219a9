"""The index: which entries there are, in which order, and which pages each names."""

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from chapbook.cli.inputs import job
from chapbook.layout.page_locators import drop_repeated, mark_repeated
from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import classes, is_page_ref, text_of
from chapbook.pipeline import publish


def document(folder: Path, text: str, lang: str = "en") -> Document:
    (folder / "x.md").write_text(f"---\ntitle: T\nlang: {lang}\n---\n\n{text}\n", "utf-8")
    return publish(job(str(folder / "x.md"))).document


def index(of: Document) -> Element:
    (result,) = [node for node in of.body.iter() if node.get("role") == "doc-index"]
    return result


def entries(of: Document) -> list[str]:
    """Return the entries' words, with a # for each page reference, indented by level."""
    reported: list[str] = []

    def tell(node: Element, depth: int) -> None:
        for child in node:
            if child.tag == "li":
                reported.append("  " * depth + _shown(child))
            tell(child, depth + (child.tag == "li"))

    tell(index(of), 0)
    return reported


def _shown(node: Element) -> str:
    words = "#" if is_page_ref(node) else node.text or ""
    inner = (_shown(child) for child in node if child.tag != "ul")
    tails = [child.tail or "" for child in node if child.tag != "ul"]
    return words + "".join(
        f"{text}{tail}".rstrip("\n") for text, tail in zip(inner, tails, strict=True)
    )


def reported_by(of: Document) -> list[tuple[int | None, str]]:
    findings = [each for each in of.findings if each.code.value == "index-entry"]
    return [(each.where.line if each.where else None, each.message) for each in findings]


def test_terms_are_listed_once_and_in_the_order_of_the_alphabet(tmp_path: Path) -> None:
    result = document(tmp_path, "[pear]{.index} [Apple]{.index} [fig]{.index} [apple]{.index}")
    assert entries(result) == ["apple, #, #", "fig, #", "pear, #"]
    assert text_of(result.body).startswith("pear Apple fig apple Index")


@pytest.mark.parametrize(
    ("lang", "order"), [("de", ["Öl", "Ort", "Zoll"]), ("sv", ["Ort", "Zoll", "Öl"])]
)
def test_the_order_is_that_of_the_language(tmp_path: Path, lang: str, order: list[str]) -> None:
    result = document(tmp_path, "[Öl]{.index} [Zoll]{.index} [Ort]{.index}", lang)
    assert [line.partition(",")[0] for line in entries(result)] == order
    groups = [node for node in index(result).iter("ul") if "cb-index-group" in classes(node)]
    assert len(groups) == {"de": 2, "sv": 3}[lang]


def test_entries_stand_below_others_and_lead_to_others(tmp_path: Path) -> None:
    text = (
        '[Mary]{.index entry="Stuart, Mary"} [oak]{.index entry="trees!oak"} [tree]{.index'
        ' entry=trees see-also="woods"}\n\n[]{.index entry=lambs see="Stuart, Mary; trees!oak"}'
        " [woods]{.index sort=aaa}"
    )
    result = document(tmp_path, text)
    assert entries(result) == [
        "woods, #",
        "lambs, see Stuart, Mary; trees, oak",
        "Stuart, Mary, #",
        "trees, #, see also woods",
        "  oak, #",
    ]
    links = [node for node in index(result).iter("a") if not is_page_ref(node)]
    ids = {node.get("id"): text_of(node) for node in index(result).iter("li")}
    assert [ids[link.get("href", "")[1:]].split(",")[0] for link in links] == [
        "Stuart",
        "oak",
        "woods",
    ]


def test_a_range_names_its_first_page_and_its_last(tmp_path: Path) -> None:
    text = (
        "[]{.index entry=war range=start} a [war]{.index} b\n\n[]{.index entry=war range=end} c "
        "[war]{.index range=start} [war]{.index range=end}"
    )
    assert entries(document(tmp_path, text)) == ["war, #–#, #, #–#"]


def test_terms_of_notes_headings_and_tables_lead_to_where_they_are(tmp_path: Path) -> None:
    text = (
        "# A [heading]{.index}\n\na^[b [note]{.index}]\n\n| [cell]{.index} |\n|---|\n| x |\n\n"
        ": [Caption]{.index #own}\n\n[there](#own)"
    )
    result = document(tmp_path, text)
    assert entries(result) == ["Caption, #", "cell, #", "heading, #", "note, #"]
    trees = [result.body, *(note.body for note in result.notes)]
    ids = {node.get("id"): text_of(node) for tree in trees for node in tree.iter()}
    leads = [ids[node.get("href", "")[1:]] for node in index(result).iter("a") if is_page_ref(node)]
    assert leads == ["", "cell", "heading", "note"]  # beside an author's own name ours is empty
    assert "own" in ids


def test_the_emphasis_of_a_term_is_kept_and_nothing_else_of_it(tmp_path: Path) -> None:
    result = document(tmp_path, "[*Hamlet*^[A play.] by [W. S.](https://a.example)]{.index}")
    (heading,) = [node for node in index(result).iter() if "cb-index-heading" in classes(node)]
    assert [node.tag for node in heading.iter()] == ["span", "em"]
    assert text_of(heading) == "Hamlet by W. S."


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("[a]{.index}\n\n# Index {.index}\n\nOf all.\n\n# Z", "Of all.", "Z"),
        ("[a]{.index}\n\n::: index\n:::\n\nZ", "a", "Z"),
        ("[a]{.index}\n\n# Z\n\nz", "z", ""),
    ],
    ids=["heading", "div", "end"],
)
def test_the_index_stands_where_its_author_wants_it(
    tmp_path: Path, text: str, before: str, after: str
) -> None:
    result = document(tmp_path, text)
    words = text_of(result.body)
    assert f"{before} a, {after}".strip() in words.replace("Index a,", "a,")
    assert len(index(result).findall(".//li")) == 1


def test_a_text_without_terms_has_no_index(tmp_path: Path) -> None:
    result = document(tmp_path, "# Index {.index}\n\nWords, and `[a]{.index}`.")
    assert result.body.find(".//ul") is None


def test_what_cannot_be_listed_is_reported_with_its_line(tmp_path: Path) -> None:
    text = (
        "[a]{.index}\n\n[]{.index}\n\n[]{.index entry=b see=nothing}\n\n"
        "[c]{.index range=start}\n\n[d]{.index range=end}"
    )
    assert reported_by(document(tmp_path, text)) == [
        (8, 'a term of the index has no words: write [word]{.index} or entry="word"'),
        (14, "the range of “d” in the index ends before it begins"),
        (12, "the range of “c” in the index begins and never ends"),
        (10, "the index has no entry “nothing”, which a “see” names; only its words are printed"),
    ]


def test_the_entrys_attributes_reach_no_format(tmp_path: Path) -> None:
    result = document(tmp_path, '[a]{.index entry="b" sort=c}\n\n::: {entry=x}\ny\n:::')
    assert not [
        node for node in result.body.iter() if node.get("data-entry") or node.get("data-sort")
    ]


FOLIOS = {"idx-1": "1", "idx-2": "1", "idx-3": "2", "idx-4": "2", "idx-5": "3"}


def test_a_page_is_named_once(tmp_path: Path) -> None:
    text = "[a]{.index} [a]{.index} [a]{.index range=start} [a]{.index range=end} [a]{.index}"
    tree = index(document(tmp_path, text))
    assert mark_repeated(tree, FOLIOS)
    assert not mark_repeated(tree, FOLIOS)  # nothing new
    hidden = [node for node in tree.iter("span") if vocabulary.REPEATED in classes(node)]
    assert [len(node.findall(".//a")) for node in hidden] == [1, 1]
    assert mark_repeated(tree, {**FOLIOS, "idx-4": "3"})  # the pages are others now
    drop_repeated(tree, FOLIOS)
    leads = [node.get("href") for node in tree.iter("a")]
    assert leads == ["#idx-1", "#idx-3", "#idx-5"]
