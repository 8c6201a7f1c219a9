"""The catalog's files: valid feeds (OPDS 1.2 and 2.0), and a shelf without broken links.

The rules stand here as the specifications say them (specs.opds.io/opds-1.2, opds-2.0, RFC 4287,
readium.org/webpub-manifest); tests/validators/test_catalog.py asks independent clients.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from lxml import etree, html
from PIL import Image

from chapbook.catalog import Masthead, catalog_files
from chapbook.catalog.gather import gather
from chapbook.design.templates import Design, load_templates
from chapbook.model.errors import DesignError, Finding
from tests.catalog.books import Book, jpeg, write_epub, write_html, write_pdf, write_shelf

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/terms/",
    "os": "http://a9.com/-/spec/opensearch/1.1/",
}
NAVIGATION = "application/atom+xml;profile=opds-catalog;kind=navigation"
ACQUISITION = "application/atom+xml;profile=opds-catalog;kind=acquisition"
ENTRY = "application/atom+xml;type=entry;profile=opds-catalog"
ACQUIRE = "http://opds-spec.org/acquisition"
HOST = "http://catalog.test/"
COUNT = 100

Files = dict[str, bytes]


def make_catalog(folder: Path, masthead: Masthead | None = None) -> tuple[Files, list[Finding]]:
    """Return the catalog's files, with the contents of those to copy, and the findings."""
    result = gather(folder, Path("nowhere"))
    findings = list(result.findings)
    design = Design(load_templates(None), "serif")
    files = catalog_files(result.works, masthead or Masthead(), design, findings)
    return {
        name: each.read_bytes() if isinstance(each, Path) else each for name, each in files
    }, findings


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The catalog of a hundred books and one difficult book."""
    folder = write_shelf(tmp_path_factory.mktemp("books"), COUNT)
    hard = Book(
        title='<script>alert("&")</script> “Ärger” / الأيام',
        identifier="not a uri & never was",
        authors=("O'Brien & <Sons>", "Ada 1"),
        subjects=("R&D?", "../..", "#1"),
        date="2026",
        cover=jpeg(2000, 3200),
    )
    write_epub(folder / "hard.epub", hard)
    write_pdf(folder / "hard.pdf", hard)
    write_html(folder / "hard.html", hard)
    files, findings = make_catalog(folder)
    assert findings == []
    return files


def parsed(content: bytes) -> Any:
    """Return the tree of a feed, typed as Any because lxml's stubs make tests hard to read."""
    return etree.fromstring(content)


def page_of(content: bytes) -> Any:
    return html.document_fromstring(content.decode())


def feeds(files: Files) -> Iterator[tuple[str, Any]]:
    for name, content in files.items():
        if name.endswith(".atom"):
            yield name, parsed(content)


def target(origin: str, href: str) -> str:
    """Return the file to which *href* in the document at *origin* leads."""
    address = urljoin(HOST + origin, href)
    assert address.startswith(HOST), f"{origin} leads out to {href}"
    return unquote(address.removeprefix(HOST)).partition("#")[0]


# OPDS 1.2 ----------------------------------------------------------------------------------------


def kind_of(feed: Any) -> str:
    if feed.tag == f"{{{NS['a']}}}entry":
        return ENTRY
    acquire = feed.xpath(f"a:entry/a:link[starts-with(@rel, '{ACQUIRE}')]", namespaces=NS)
    return ACQUISITION if acquire else NAVIGATION


def test_every_feed_and_entry_has_what_atom_asks_for(shelf: Files) -> None:
    for name, feed in feeds(shelf):
        for node in (feed, *feed.iterfind("a:entry", NS)):
            for child in ("id", "title", "updated"):
                assert len(node.findall(f"a:{child}", NS)) == 1, (name, child)
            assert re.match(r"urn:uuid:", node.findtext("a:id", "", NS))
            moment = node.findtext("a:updated", "", NS)
            assert datetime.fromisoformat(moment).utcoffset() is not None
            alternates = [
                (link.get("type"), link.get("hreflang"))
                for link in node.iterfind("a:link[@rel='alternate']", NS)
            ]
            assert len(alternates) == len(set(alternates)), "RFC 4287, 4.1.1"
        assert feed.find("a:author/a:name", NS) is not None, "RFC 4287, 4.1.1"
        ids = [node.text for node in feed.iterfind("a:entry/a:id", NS)]
        assert len(ids) == len(set(ids)), name


def test_every_link_leads_to_a_file_of_its_type(shelf: Files) -> None:
    kinds = {name: kind_of(feed) for name, feed in feeds(shelf)}
    suffixes = {
        "text/html": ".html",
        "image/jpeg": ".jpg",
        "application/epub+zip": ".epub",
        "application/pdf": ".pdf",
    }
    count = 0
    for name, feed in feeds(shelf):
        for link in feed.iter(f"{{{NS['a']}}}link"):
            file = target(name, link.get("href", ""))
            assert file in shelf, (name, file)
            media_type = link.get("type", "")
            if media_type.startswith("application/atom+xml"):
                assert media_type == kinds[file], (name, file)
            else:
                assert file.endswith(suffixes[media_type])
            if link.get("length"):
                assert int(link.get("length", "")) == len(shelf[file])
            count += 1
    assert count > 5 * COUNT


def test_every_feed_names_itself_the_start_and_its_parent(shelf: Files) -> None:
    for name, feed in feeds(shelf):
        if kind_of(feed) == ENTRY:
            continue
        links = {
            rel: [target(name, link.get("href", "")) for link in links]
            for rel in ("self", "start", "up")
            if (links := feed.findall(f"a:link[@rel='{rel}']", NS))
        }
        assert links["self"] == [name]
        assert links["start"] == ["opds.atom"]
        assert ("up" in links) == (name != "opds.atom")


def test_no_menu_lists_books_and_no_listing_menus(shelf: Files) -> None:
    for name, feed in feeds(shelf):
        for entry in feed.iterfind("a:entry", NS):
            rels = [link.get("rel", "") for link in entry.iterfind("a:link", NS)]
            acquires = [rel for rel in rels if rel.startswith(ACQUIRE)]
            assert bool(acquires) == (kind_of(feed) == ACQUISITION), name
            assert entry.find("dc:title", NS) is None, "OPDS 1.2, 5.1.1"
            assert entry.find("dc:creator", NS) is None, "OPDS 1.2, 5.1.1"


def walked(files: Files, start: str) -> Iterator[Any]:
    """Yield the entries of the listing that begins at *start*, page after page."""
    name: str | None = start
    seen = []
    while name:
        seen.append(name)
        feed = parsed(files[name])
        assert feed.findtext("os:totalResults", "", NS) == str(COUNT + 1)
        yield from feed.iterfind("a:entry", NS)
        following = feed.find("a:link[@rel='next']", NS)
        before = feed.find("a:link[@rel='previous']", NS)
        if before is not None:
            assert target(name, before.get("href", "")) == seen[-2]
        name = None if following is None else target(name, following.get("href", ""))
    assert len(seen) == 3


def test_pages_list_every_work_once_and_the_newest_first(shelf: Files) -> None:
    entries = list(walked(shelf, "opds/new.atom"))
    issued = [entry.findtext("dc:issued", "", NS) for entry in entries]
    assert issued == sorted(issued, reverse=True)
    ids = Counter(entry.findtext("a:id", "", NS) for entry in entries)
    assert (len(ids), max(ids.values())) == (COUNT + 1, 1)
    titles = [entry.findtext("a:title", "", NS) for entry in walked(shelf, "opds/titles.atom")]
    assert [title for title in titles if title.startswith("Volume")] == [
        f"Volume {number:03}" for number in range(COUNT)
    ]


def test_everything_can_be_reached_from_the_root(shelf: Files) -> None:
    reached, waiting = {"opds.atom"}, ["opds.atom"]
    while waiting:
        name = waiting.pop()
        if not name.endswith(".atom"):
            continue
        for link in parsed(shelf[name]).iter(f"{{{NS['a']}}}link"):
            file = target(name, link.get("href", ""))
            if file not in reached:
                reached.add(file)
                waiting.append(file)
    offered = {name for name in shelf if re.search(r"\.(?:atom|epub|pdf|jpg)$", name)}
    assert offered - reached == set()


def test_authors_subjects_and_languages_have_listings(shelf: Files) -> None:
    for path, expected in {
        "opds/authors.atom": ["Ada 0", "Ada 1", "O'Brien & <Sons>"],
        "opds/subjects.atom": ["#1", "../..", "R&D?", "Topic 0", "Topic 1", "Topic 2"],
        "opds/languages.atom": ["English", "German"],
    }.items():
        feed = parsed(shelf[path])
        titles = [node.text for node in feed.iterfind("a:entry/a:title", NS)]
        assert sorted(map(str, titles)) == expected
    ada = parsed(shelf["opds/authors/ada-1.atom"])
    assert ada.findtext("os:totalResults", "", NS) == str(COUNT // 2 + 1)


def test_an_author_is_not_taken_for_anothers_second_page(tmp_path: Path) -> None:
    for number in range(60):
        identifier = f"urn:uuid:00000000-0000-4000-8000-{number:012}"
        author = "Ada 2" if number == 0 else "Ada"
        book = Book(f"V {number}", identifier, authors=(author,), date="0845", cover=jpeg())
        write_epub(tmp_path / f"{number}.epub", book)
    files, _ = make_catalog(tmp_path)
    counts = {
        name: len(parsed(files[f"opds/authors/{name}.atom"]).findall("a:entry", NS))
        for name in ("ada", "ada.2", "ada-2")
    }
    assert counts == {"ada": 48, "ada.2": 11, "ada-2": 1}
    moment = parsed(files["opds.atom"]).findtext("a:updated", "", NS)
    assert moment == "0845-01-01T00:00:00Z"


# OPDS 2.0 ----------------------------------------------------------------------------------------


def jsons(files: Files) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, content in files.items():
        if name.endswith(".json"):
            yield name, json.loads(content)


def links_in(message: Any) -> Iterator[dict[str, Any]]:
    if isinstance(message, dict):
        if "href" in message:
            yield message
        for value in message.values():
            yield from links_in(value)
    elif isinstance(message, list):
        for value in message:
            yield from links_in(value)


def test_every_json_feed_has_what_opds_2_asks_for(shelf: Files) -> None:
    for name, feed in jsons(shelf):
        assert feed["metadata"]["title"]
        own = [link for link in feed["links"] if link["rel"] == "self"]
        assert [target(name, link["href"]) for link in own] == [name]
        if name.endswith("publication.json"):
            continue
        assert ("navigation" in feed) != ("publications" in feed)
        assert all(link["title"] for link in feed.get("navigation", []))
        assert len(feed["links"]) == len({link["href"] + link["rel"] for link in feed["links"]})


def test_every_json_publication_can_be_had_and_seen(shelf: Files) -> None:
    seen = 0
    for name, feed in jsons(shelf):
        for each in feed.get("publications", [feed] if name.endswith("publication.json") else []):
            seen += 1
            assert any(link["rel"] == ACQUIRE for link in each["links"])
            for image in each["images"]:
                picture = Image.open(io.BytesIO(shelf[target(name, image["href"])]))
                assert (picture.format, picture.size) == ("JPEG", (image["width"], image["height"]))
            known = each["metadata"].get("identifier", "urn:x")
            assert re.fullmatch(r"[a-z]+:\S+", known)
    assert seen > 3 * COUNT


def test_every_json_link_leads_to_a_file(shelf: Files) -> None:
    for name, feed in jsons(shelf):
        for link in links_in(feed):
            file = target(name, link["href"])
            assert file in shelf, (name, file)
            assert (link["type"] == "application/opds+json") == (
                file.endswith(".json") and not file.endswith("publication.json")
            )


def test_both_feeds_list_the_same_works_in_the_same_order(shelf: Files) -> None:
    for name, feed in feeds(shelf):
        if kind_of(feed) != ACQUISITION:
            continue
        twin = json.loads(shelf[name.replace(".atom", ".json")])
        assert [node.text for node in feed.iterfind("a:entry/a:title", NS)] == [
            each["metadata"]["title"] for each in twin["publications"]
        ]


# The shelf ---------------------------------------------------------------------------------------


def test_every_way_of_the_shelf_leads_to_a_file_and_nothing_is_fetched_or_run(shelf: Files) -> None:
    for name, content in shelf.items():
        if not name.endswith(".html") or name.endswith("-html.html"):
            continue
        if re.fullmatch(r"works/([^/]+)/\1\.html", name):
            continue  # a publication, not a page of ours
        page = page_of(content)
        assert page.xpath("//script | //iframe | //form | //style | //*[@style]") == []
        assert page.xpath("//@*[starts-with(name(), 'on')]") == []
        for node in page.xpath("//*[@href or @src]"):
            href = node.get("href") or node.get("src")
            if href not in ("data:,", "#main"):
                assert target(name, href) in shelf, (name, href)
        assert page.get("lang") == "en"
        assert len(page.xpath("//h1")) == len(page.xpath("//main")) == 1
        assert page.xpath("//title")[0].text_content().strip()
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
    sheet = shelf["shelf/shelf.css"].decode()
    addresses = re.findall(r"url\((?!\"data:)([^)]*)\)", sheet)
    assert len(addresses) == 4
    assert all(f"shelf/{address}" in shelf for address in addresses)


def test_old_browsers_get_a_stylesheet_without_custom_properties_first(shelf: Files) -> None:
    sheet = shelf["shelf/shelf.css"].decode()
    before, _, after = sheet.partition(":root")
    assert "var(" not in before
    assert "color: #1b1a17" in before
    assert "var(--color-ink)" in after


def test_titles_are_words_and_never_markup(shelf: Files) -> None:
    page = page_of(shelf["index.html"])
    titles = [node.text_content().strip() for node in page.xpath("//h2")]
    assert '<script>alert("&")</script> “Ärger” / الأيام' in titles
    assert shelf["index.html"].count(b"<script") == 0


def test_covers_are_made_to_fit(shelf: Files, tmp_path: Path) -> None:
    sizes = {
        Image.open(io.BytesIO(content)).size
        for name, content in shelf.items()
        if name.endswith("cover.jpg")
    }
    assert sizes == {(300, 480), (1600, 2560)}
    kept = jpeg()
    write_epub(tmp_path / "a.epub", Book(cover=kept))
    assert make_catalog(tmp_path)[0]["works/a-book/cover.jpg"] == kept


def transparent() -> bytes:
    packed = io.BytesIO()
    Image.new("LA", (40, 60), (0, 0)).save(packed, "PNG")
    return packed.getvalue()


def test_transparent_covers_stand_on_white(tmp_path: Path) -> None:
    write_epub(tmp_path / "a.epub", Book(cover=transparent()))
    files, findings = make_catalog(tmp_path)
    assert findings == []
    picture = Image.open(io.BytesIO(files["works/a-book/thumbnail.jpg"]))
    assert picture.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("cover", [b"", b"no picture", b"<svg/>", jpeg()[:200]])
def test_a_cover_that_is_broken_is_reported_and_one_is_drawn(tmp_path: Path, cover: bytes) -> None:
    write_epub(tmp_path / "a.epub", Book(cover=cover))
    files, findings = make_catalog(tmp_path)
    assert Image.open(io.BytesIO(files["works/a-book/cover.jpg"])).size == (1200, 1920)
    assert ["its cover cannot be used" in each.message for each in findings] == [True]


def test_a_cover_that_the_book_does_not_hold_is_reported(tmp_path: Path) -> None:
    outside = package_with_cover("../../../../etc/passwd")
    write_epub(tmp_path / "a.epub", Book(), {"OEBPS/p.opf": outside})
    files, findings = make_catalog(tmp_path)
    assert "works/a-book/cover.jpg" in files
    assert ["its cover cannot be used" in each.message for each in findings] == [True]


def package_with_cover(href: str) -> str:
    from tests.catalog.books import package

    return package(Book(cover=b"")).replace('href="c.jpg"', f'href="{href}"')


def test_a_pdf_alone_shows_its_first_page(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", Book())
    files, _ = make_catalog(tmp_path)
    assert Image.open(io.BytesIO(files["works/a-book/cover.jpg"])).size == (1600, 2560)


# What is said of the whole -----------------------------------------------------------------------


def test_the_same_files_give_the_same_catalog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_shelf(tmp_path / "one", 5)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    first = make_catalog(tmp_path / "one")
    write_shelf(tmp_path / "two", 5)
    monkeypatch.setenv("TZ", "America/Adak")
    monkeypatch.chdir(tmp_path)
    second = make_catalog(Path("two"))
    for name in first[0]:
        if not name.endswith(".epub"):  # the tests' own zip files have the time of the clock
            assert first[0][name] == second[0][name], name


def test_with_a_base_address_every_feed_is_absolute(tmp_path: Path) -> None:
    write_epub(tmp_path / "a.epub", Book(title="الأيام", authors=("Ada",), cover=jpeg()))
    files, _ = make_catalog(tmp_path, Masthead(base="https://books.example/shelf/"))
    hrefs = [
        str(href)
        for _, feed in feeds(files)
        for href in feed.xpath("//a:link/@href", namespaces=NS)
    ]
    hrefs += [link["href"] for _, feed in jsons(files) for link in links_in(feed)]
    assert len(hrefs) > 30
    for href in hrefs:
        assert href.startswith("https://books.example/shelf/")
        assert href.isascii()
        assert unquote(href.removeprefix("https://books.example/shelf/")) in files


@pytest.mark.parametrize("lang", ["en", "de", "ar", "he", "ja"])
def test_the_shelf_speaks_the_language_of_its_books(tmp_path: Path, lang: str) -> None:
    write_epub(tmp_path / "a.epub", Book(lang=f"{lang}-XX", cover=jpeg()))
    page = page_of(make_catalog(tmp_path)[0]["index.html"])
    assert page.get("lang") == lang
    assert page.get("dir") == ("rtl" if lang in ("ar", "he") else "ltr")


def test_every_language_of_the_shelf_has_every_word() -> None:
    import tomllib

    tables = tomllib.loads(load_templates(None)["shelf.toml"])
    assert len(tables) == 16
    for lang, words in tables.items():
        assert words.keys() == tables["en"].keys(), lang
        assert words["dir"] == ("rtl" if lang in ("ar", "fa", "he", "ur") else "ltr")
        for key, value in words.items():
            fields = re.findall(r"\{\w+\}", tables["en"][key])
            assert sorted(re.findall(r"\{\w+\}", value)) == sorted(fields), (key, value)


def test_a_language_without_words_is_refused(tmp_path: Path) -> None:
    write_epub(tmp_path / "a.epub", Book(cover=jpeg()))
    with pytest.raises(DesignError, match=r"no words in “eo” — choose from en, de"):
        make_catalog(tmp_path, Masthead(lang="eo"))
