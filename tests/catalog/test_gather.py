"""Finished files are found, read by readers that trust nothing, and grouped by work."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapbook.catalog.gather import MARKER, Gathered, gather
from chapbook.model.errors import Code, Severity, SourceError
from tests.catalog.books import Book, jpeg, write_epub, write_html, write_pdf

NOWHERE = Path("nowhere")
OTHER = "urn:uuid:22222222-2222-4222-8222-222222222222"


def titles(findings: Gathered) -> list[str]:
    return [work.about.title for work in findings.works]


def messages(findings: Gathered) -> list[str]:
    return [
        f"{each.severity.value} {each.code.value}: {each.message}" for each in findings.findings
    ]


def test_files_with_one_identifier_are_one_work_wherever_they_lie(tmp_path: Path) -> None:
    book = Book(title="Emma", date="1815-12-23")
    write_pdf(tmp_path / "print" / "e.pdf", book)
    write_html(tmp_path / "web" / "deep" / "page.html", book)
    write_epub(tmp_path / "x.EPUB", book)
    write_epub(tmp_path / "other.epub", Book(title="Other", identifier=OTHER))
    result = gather(tmp_path, NOWHERE)
    assert titles(result) == ["Other", "Emma"]
    emma = result.works[1]
    assert [copy.format.suffix for copy in emma.copies] == [".epub", ".pdf", ".html"]
    assert [copy.path.name for copy in emma.copies] == ["x.EPUB", "e.pdf", "page.html"]
    assert emma.copy_path(emma.copies[0]) == "works/emma/emma.epub"
    assert result.findings == ()


def test_what_the_epub_does_not_say_the_others_may(tmp_path: Path) -> None:
    write_epub(tmp_path / "a.epub", Book(title="Emma"))
    write_pdf(tmp_path / "a.pdf", Book(title="Emma", authors=("Jane Austen",), date="1815"))
    (work,) = gather(tmp_path, NOWHERE).works
    assert [person.name for person in work.about.authors] == ["Jane Austen"]
    assert work.about.date is not None
    assert work.about.date.iso == "1815"


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (("2025-01-01", "1.0.0"), ("2026-01-01", "1.0.0")),
        (("2026-01-01", "1.9.0"), ("2026-01-01", "1.10.0")),
        ((None, "1"), ("2020", "1")),
    ],
)
def test_of_two_editions_the_newer_is_listed(
    tmp_path: Path, older: tuple[str | None, str], newer: tuple[str | None, str]
) -> None:
    for name, (date, edition) in (("b-older", older), ("a-newer", newer)):
        more = f'<meta property="schema:bookEdition">{edition}</meta>'
        write_epub(tmp_path / f"{name}.epub", Book(date=date, more=more))
    result = gather(tmp_path, NOWHERE)
    assert [copy.path.name for work in result.works for copy in work.copies] == ["a-newer.epub"]
    (finding,) = result.findings
    assert (finding.code, finding.severity) == (Code.NOT_LISTED, Severity.NOTE)
    assert finding.where is not None
    assert finding.where.file.endswith("b-older.epub")


def test_the_same_file_twice_is_no_news(tmp_path: Path) -> None:
    for name in ("a", "b"):
        path = write_epub(tmp_path / f"{name}.epub", Book())
    (tmp_path / "a.epub").write_bytes(path.read_bytes())
    result = gather(tmp_path, NOWHERE)
    assert (len(result.works), result.findings) == (1, ())


def test_an_epub_shows_all_that_catalogs_ask_for(tmp_path: Path) -> None:
    more = (
        '<dc:title id="s">A Subtitle</dc:title><meta refines="#s" property="title-type">subtitle'
        '</meta><dc:creator id="a">Ada Lovelace</dc:creator>'
        '<meta refines="#a" property="file-as">Lovelace, Ada</meta>'
        '<dc:contributor id="t">Bo</dc:contributor><meta refines="#t" property="role">trl</meta>'
        "<dc:identifier>urn:isbn:9783161484100</dc:identifier>"
        "<dc:description>&lt;p&gt;One &lt;b&gt;and&lt;/b&gt; two&lt;/p&gt;</dc:description>"
        "<dc:publisher>A Press</dc:publisher><dc:rights>CC0</dc:rights>"
        '<meta property="dcterms:modified">2026-02-03T04:05:06Z</meta>'
        '<meta property="schema:bookEdition">2</meta>'
    )
    write_epub(tmp_path / "a.epub", Book(subjects=("Fog", "Fog"), date="2026-02", more=more))
    about = gather(tmp_path, NOWHERE).works[0].about
    assert (about.title, about.subtitle) == ("A Book", "A Subtitle")
    assert [(each.name, each.file_as) for each in about.authors] == [
        ("Ada Lovelace", "Lovelace, Ada")
    ]
    assert [(each.name, each.role) for each in about.contributors] == [("Bo", "trl")]
    assert (about.isbn, about.description) == ("9783161484100", "One and two")
    assert (about.publisher, about.rights, about.edition) == ("A Press", "CC0", "2")
    assert about.subjects == ("Fog",)
    assert about.updated.isoformat() == "2026-02-03T04:05:06+00:00"


def test_an_epub_2_is_read_as_it_was_written(tmp_path: Path) -> None:
    old = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:opf="http://www.idpf.org/2007/opf"><dc:identifier id="i">'
        "0E27F753-A2CD-49E9-8F39-E4A99B1404AB</dc:identifier><dc:title>Old</dc:title>"
        '<dc:creator opf:role="aut" opf:file-as="Verne, Jules">Jules Verne</dc:creator>'
        '<meta name="cover" content="c"/></metadata><manifest>'
        '<item id="c" href="c.jpg" media-type="image/jpeg"/></manifest></package>'
    )
    write_epub(tmp_path / "a.epub", Book(), {"OEBPS/p.opf": old, "OEBPS/c.jpg": jpeg()})
    about = gather(tmp_path, NOWHERE).works[0].about
    assert about.identifier == "urn:uuid:0e27f753-a2cd-49e9-8f39-e4a99b1404ab"
    assert about.authors[0].file_as == "Verne, Jules"


def test_a_catalog_does_not_eat_itself(tmp_path: Path) -> None:
    write_epub(tmp_path / "a.epub", Book())
    write_epub(tmp_path / "out" / "copy.epub", Book(title="Copy", identifier=OTHER))
    assert titles(gather(tmp_path, tmp_path / "out")) == ["A Book"]
    (tmp_path / "out" / MARKER).touch()
    assert titles(gather(tmp_path, NOWHERE)) == ["A Book"]


def test_hidden_files_and_links_out_of_the_folder_are_not_published(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    write_epub(tmp_path / "secret.epub", Book(title="Secret"))
    write_epub(inside / ".git" / "a.epub", Book(title="Hidden"))
    write_epub(inside / ".a.epub", Book(title="Hidden too"))
    (inside / "link.epub").symlink_to(tmp_path / "secret.epub")
    (inside / "folder").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(inside / "pipe.epub")
    assert titles(gather(inside, NOWHERE)) == []


def test_pages_and_papers_that_name_no_work_are_reported_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>Only a page</title>", "utf-8")
    write_html(tmp_path / "work.html", Book(title="A work"))
    result = gather(tmp_path, NOWHERE)
    assert titles(result) == ["A work"]
    assert messages(result) == ["note not-listed: not listed: it does not say what work it is"]


def test_a_pdf_without_an_identifier_is_known_by_its_bytes(tmp_path: Path) -> None:
    import pikepdf

    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = "A\x07 paper"
        pdf.save(tmp_path / "a.pdf")
    (work,) = gather(tmp_path, NOWHERE).works
    assert work.about.title == "A paper"
    assert work.about.identifier == f"nih:sha-256;{work.copies[0].digest}"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BROKEN = {
    "no zip": b"not a zip",
    "empty": b"",
    "no PDF": b"%PDF-1.7\nbut no more",
    "no UTF-8": b"\xff\xfe\xfa",
}


@pytest.mark.parametrize("suffix", [".epub", ".pdf", ".html"])
@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_broken_files_are_reported_and_left_out(
    tmp_path: Path, suffix: str, content: bytes
) -> None:
    (tmp_path / f"broken{suffix}").write_bytes(content)
    write_epub(tmp_path / "sound.epub", Book())
    result = gather(tmp_path, NOWHERE)
    assert titles(result) == ["A Book"]
    (finding,) = result.findings
    assert finding.code in {Code.UNREADABLE, Code.NOT_LISTED}
    assert finding.where is not None
    assert finding.where.file.endswith(suffix)


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("OEBPS/p.opf", b"<package>" + b" " * (9 * 2**20) + b"</package>"),
        ("OEBPS/p.opf", f"<!DOCTYPE p [<!ENTITY l0 'ha'>{LAUGHS}]><p>&l11;</p>".encode()),
        ("OEBPS/p.opf", b"<!DOCTYPE p [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><p>&e;</p>"),
        ("OEBPS/p.opf", b"<p>"),
        ("META-INF/container.xml", b"<container/>"),
        ("META-INF/container.xml", b"\0"),
    ],
)
def test_hostile_books_cost_nothing(tmp_path: Path, member: str, content: bytes) -> None:
    write_epub(tmp_path / "a.epub", Book(), {member: content})
    result = gather(tmp_path, NOWHERE)
    assert titles(result) == []
    assert [each.code for each in result.findings] in ([Code.UNREADABLE], [Code.NOT_LISTED])
    assert "root:" not in "".join(messages(result))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the bytes of a file of each kind."""
    folder = tmp_path_factory.mktemp("sound")
    book = Book(authors=("Ada",), date="2026", cover=jpeg(20, 32))
    result = [
        write_epub(folder / "a.epub", book),
        write_pdf(folder / "a.pdf", book),
        write_html(folder / "a.html", book),
    ]
    return {path.name: path.read_bytes() for path in result}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_ends_no_run(sound: dict[str, bytes], data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        for file, content in sound.items():
            damaged = bytearray(content)
            places = st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=30)
            for place in data.draw(places):
                damaged[place] = data.draw(st.integers(0, 255))
            (Path(name) / file).write_bytes(damaged[: data.draw(st.integers(0, len(damaged)))])
        result = gather(Path(name), NOWHERE)
        listed = {copy.path.name for work in result.works for copy in work.copies}
        reported = {Path(each.where.file).name for each in result.findings if each.where}
        assert listed | reported == set(sound), "each is listed or told of"


def test_a_file_that_may_not_be_read_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_epub(tmp_path / "a.epub", Book())
    write_html(tmp_path / "b.html", Book())
    opened = Path.open

    def refuse(self: Path, *how: Any, **named: Any) -> Any:
        if self.suffix == ".html":
            raise PermissionError(13, "Permission denied")
        return opened(self, *how, **named)

    monkeypatch.setattr(Path, "open", refuse)
    result = gather(tmp_path, NOWHERE)
    assert len(result.works) == 1
    assert messages(result) == [
        "warning unreadable: not listed: it cannot be read: Permission denied"
    ]


def test_a_locked_book_is_reported(tmp_path: Path) -> None:
    path = write_epub(tmp_path / "a.epub", Book())
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as book:
        for info in book.infolist():  # the flag that says that a password is needed
            content[info.header_offset + 6] |= 1
    start = 0
    while (start := content.find(b"PK\x01\x02", start)) != -1:
        content[start + 8] |= 1
        start += 4
    path.write_bytes(bytes(content))
    assert [each.code for each in gather(tmp_path, NOWHERE).findings] == [Code.UNREADABLE]


def test_that_there_is_no_folder_is_reported_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such folder — "):
        gather(tmp_path / "none", NOWHERE)
