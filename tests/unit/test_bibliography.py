"""Citations: their bibliographies and styles, what is refused, and the resulting text."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapbook.cli.inputs import job
from chapbook.model.document import Document
from chapbook.model.dom import text_of
from chapbook.model.errors import SourceError
from chapbook.pipeline import publish

WORKS = "@book{hart2011, author={Hart, Ada}, title={Rivers}, publisher={Delta}, year={2011}}\n"
CSL = 'xmlns="http://purl.org/net/xbiblio/csl" version="1.0"'
INFO = "<info><title>T</title><id>t</id><updated>2026-01-01T00:00:00Z</updated></info>"
NOTES = (
    f'<style {CSL} class="note">{INFO}<citation><layout suffix="."><names variable="author"/>'
    '<text variable="title" prefix=", "/></layout></citation></style>'
)
DEPENDENT = (
    f"<style {CSL}><info><title>T</title><id>t</id><updated>2026-01-01T00:00:00Z</updated>"
    '<link href="http://www.zotero.org/styles/apa" rel="independent-parent"/></info></style>'
)


def prepared(folder: Path, text: str, more: str = "", **files: str) -> Document:
    for name, content in {"works_bib": WORKS, **files}.items():
        Path(folder, name.replace("_", ".")).write_text(content, "utf-8")
    head = f"---\ntitle: T\nlang: en\nidentifier: urn:x\nbibliography: works.bib\n{more}\n---\n\n"
    path = Path(folder, "m.md")
    path.write_text(head + text, "utf-8")
    return publish(job(str(path))).document


def refused(folder: Path, more: str, **files: str) -> str:
    with pytest.raises(SourceError) as raised:
        prepared(folder, "[@hart2011]", more, **files)
    return str(raised.value)


def test_works_lead_to_their_entries_and_entries_back(tmp_path: Path) -> None:
    body = prepared(tmp_path, "As [@hart2011, 3] and [@hart2011].\n\nAgain [@hart2011].").body
    links = [(text_of(node), node.get("href"), node.get("id")) for node in body.iter("a")]
    assert links == [
        ("Hart 2011, 3", "#ref-hart2011", "cite-hart2011-1"),
        ("Hart 2011", "#ref-hart2011", None),
        ("Hart 2011", "#ref-hart2011", "cite-hart2011-2"),
        ("", "#cite-hart2011-1", None),
        ("", "#cite-hart2011-2", None),
    ]
    assert [text_of(node) for node in body.iter("h2")] == ["References"]


def test_a_note_style_makes_notes(tmp_path: Path) -> None:
    document = prepared(tmp_path, "As said [@hart2011].", "csl: notes.csl", notes_csl=NOTES)
    assert [text_of(node) for node in document.body.iter("p")] == ["As said."]
    assert [text_of(note.body) for note in document.notes] == ["Ada Hart, Rivers."]


def test_every_citation_of_a_missing_key_is_reported_with_its_line(tmp_path: Path) -> None:
    document = prepared(tmp_path, "As [@hart2010].\n\nAnd @hart2010, `[@hart2010]`.")
    messages = [
        f"{finding.where.line}: {finding.message}" for finding in document.findings if finding.where
    ]
    says = "no bibliography has the key “hart2010”; did you mean “hart2011”?"
    assert messages == [f"9: {says}", f"11: {says}"]


def test_without_a_bibliography_a_citation_stays_and_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "m.md"
    path.write_text("---\ntitle: T\nlang: en\nidentifier: urn:x\n---\n\nAs [@hart2011, 3].\n")
    document = publish(job(str(path))).document
    assert [text_of(node) for node in document.body.iter("p")] == ["As [@hart2011, 3]."]
    (findings,) = document.findings
    assert "set bibliography:" in str(findings)
    assert findings.where
    assert findings.where.line == 7


def test_the_author_chooses_where_the_references_stand(tmp_path: Path) -> None:
    text = "As [@hart2011].\n\n# Works\n\n::: {#refs}\n:::\n\n# End\n\nEnd.\n"
    body = prepared(tmp_path, text).body
    assert [text_of(node) for node in body.iter("h2")] == ["Works", "End"]
    section = body.find("section")
    assert section is not None
    assert section.get("role") == "doc-bibliography"


def test_what_is_not_cited_can_be_listed(tmp_path: Path) -> None:
    body = prepared(tmp_path, "Text.", 'nocite: "@*"').body
    assert next(text_of(node) for node in body.iter("div")) == "Hart, Ada. 2011. Rivers. Delta."


def test_a_style_that_only_names_another_is_refused(tmp_path: Path) -> None:
    message = refused(tmp_path, "csl: apa6.csl", apa6_csl=DEPENDENT)
    assert message.startswith(
        "apa6.csl: this style only names another, “apa”, and nothing is fetched"
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<!DOCTYPE x [<!ENTITY a 'b'>]>\n<style/>", "x.csl:1: a document type"),
        ("<html/>", "x.csl: it is not a citation style"),
        ("<style>\n<a></style>", "x.csl:2: not XML"),
        (f"<style {CSL}>{INFO}</style>", "x.csl: the style does not say how to cite"),
    ],
)
def test_what_is_no_style_is_refused(tmp_path: Path, content: str, says: str) -> None:
    assert refused(tmp_path, "csl: x.csl", x_csl=content).startswith(says)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (
            "bad.bib",
            f"{WORKS}\n@book{{a, title={{x\n",
            "bad.bib:4: the bibliography cannot be read: unexpected",
        ),
        ("bad.json", '[\n{"id": }]', "bad.json:2: not JSON"),
        ("bad.json", '{"id": "a"}', "bad.json: it is not a list of works"),
        ("bad.yaml", "references:\n- &a [x]\n- [*a, *a]\n", "bad.yaml:3: YAML aliases"),
        ("bad.txt", "x", "m.md:4: the bibliography “bad.txt” is of no kind"),
    ],
)
def test_a_broken_bibliography_is_reported_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(content, "utf-8")
    Path("m.md").write_text(f"---\ntitle: T\nlang: en\nbibliography: {name}\n---\n\n[@a]\n")
    with pytest.raises(SourceError) as raised:
        publish(job("m.md"))
    assert str(raised.value).startswith(says)


def test_nothing_is_fetched_and_nothing_outside_is_read(tmp_path: Path) -> None:
    for name in ("https://example.org/x.bib", "../x.bib", "/etc/passwd"):
        path = tmp_path / "m.md"
        path.write_text(f"---\ntitle: T\nbibliography: {name}\n---\n\n[@a]\n")
        with pytest.raises(SourceError, match="is not used"):
            job(str(path))
