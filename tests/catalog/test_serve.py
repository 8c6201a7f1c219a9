"""`chapbook serve` with clients over loopback that are not ours."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.catalog.books import Book, jpeg, write_epub, write_html, write_pdf

BOOK = "works/a-book/a-book"


@dataclass(frozen=True)
class Served:
    """A running server and the folder it serves."""

    folder: Path
    host: str
    port: int

    def ask(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers (with names in lower case) and body of the response."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=10)
        with contextlib.closing(connection):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            answer = connection.getresponse()
            header_values = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, header_values, answer.read()

    def ask_raw(self, request: bytes) -> bytes:
        """Return the response to *request*, which no normal client would send."""
        with socket.create_connection((self.host, self.port), timeout=10) as line:
            line.sendall(request)
            return b"".join(iter(lambda: line.recv(65536), b""))


def fetched(address: str) -> http.client.HTTPResponse:
    """Return the response at *address* to Python's own client."""
    assert address.startswith("http://")
    answer: http.client.HTTPResponse = urllib.request.urlopen(address)  # noqa: S310 - see above
    return answer


@contextlib.contextmanager
def started(words: list[str], **streams: Any) -> Iterator[subprocess.Popen[Any]]:
    """A process that is killed at the end if it still runs. `Popen` would wait for ever."""
    with subprocess.Popen(words, **streams) as process:
        try:
            yield process
        finally:
            process.kill()


@contextlib.contextmanager
def running(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the server of *folder* at a free port, and yield it and the shelf's address."""
    words = [sys.executable, "-m", "chapbook", "serve", str(folder), "--json", "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with started([*words, *options], **pipes) as server:
        try:
            assert server.stdout is not None
            yield server, json.loads(server.stdout.readline())["shelf"]
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=20)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("served")
    book = Book(authors=("Ada",), cover=jpeg(), date="2026")
    write_epub(root / "b" / "a.epub", book, {"OEBPS/noise": os.urandom(200_000)})
    write_pdf(root / "b" / "a.pdf", book)
    write_html(root / "b" / "a.html", book)
    words = [sys.executable, "-m", "chapbook", "catalog", "b", "--out", "c"]
    subprocess.run(words, cwd=root, check=True, stdout=subprocess.DEVNULL)
    (root / "secret.txt").write_text("SECRET", "utf-8")
    folder = root / "c"
    (folder / "out.html").symlink_to(root / "secret.txt")
    (folder / "out").symlink_to(root, target_is_directory=True)
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "a.html").write_text("SECRET", "utf-8")
    (folder / "to-hidden.html").symlink_to(folder / ".hidden" / "a.html")
    return folder


@pytest.fixture(scope="module")
def served(catalog: Path) -> Iterator[Served]:
    with running(catalog) as (_, address):
        match = re.fullmatch(r"http://(127\.0\.0\.1):(\d+)/", address)
        assert match
        yield Served(catalog, match[1], int(match[2]))


# What can be had ---------------------------------------------------------------------------------


def test_every_file_of_the_catalog_is_served_as_it_is(served: Served) -> None:
    files = [path for path in served.folder.rglob("*") if path.is_file() and not path.is_symlink()]
    seen = 0
    for path in files:
        name = path.relative_to(served.folder).as_posix()
        if not any(part.startswith(".") for part in name.split("/")):
            with fetched(f"http://{served.host}:{served.port}/{name}") as answer:
                assert answer.read() == path.read_bytes(), name
            seen += 1
    assert seen > 20


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/opds.atom", "application/atom+xml;profile=opds-catalog;charset=utf-8"),
        (
            "/works/a-book/entry.atom",
            "application/atom+xml;type=entry;profile=opds-catalog;charset=utf-8",
        ),
        ("/opds.json", "application/opds+json"),
        ("/works/a-book/publication.json", "application/opds-publication+json"),
        (f"/{BOOK}.epub", "application/epub+zip"),
        (f"/{BOOK}.pdf", "application/pdf"),
        (f"/{BOOK}.html", "text/html; charset=utf-8"),
        ("/works/a-book/cover.jpg", "image/jpeg"),
        ("/shelf/shelf.css", "text/css; charset=utf-8"),
        ("/shelf/source-serif-4-400-normal.woff", "font/woff"),
    ],
)
def test_every_file_says_what_it_is(served: Served, path: str, media_type: str) -> None:
    status, headers, _ = served.ask(path)
    assert (status, headers["content-type"]) == (200, media_type)
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_a_book_is_saved_under_its_name(served: Served) -> None:
    headers = served.ask(f"/{BOOK}.epub")[1]
    assert headers["content-disposition"] == 'attachment; filename="a-book.epub"'
    assert "content-disposition" not in served.ask(f"/{BOOK}.pdf")[1]


def test_a_name_in_another_script_survives_the_way(tmp_path: Path) -> None:
    write_epub(tmp_path / "b" / "a.epub", Book(title="الأيام", cover=jpeg()))
    words = [sys.executable, "-m", "chapbook", "catalog", "b", "--out", "c"]
    subprocess.run(words, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    with running(tmp_path / "c") as (_, address):
        path = f"works/{quote('الأيام')}/{quote('الأيام')}.epub"
        with fetched(f"{address}{path}") as answer:
            header_values = answer.headers["content-disposition"]
    assert header_values == f"attachment; filename*=utf-8''{quote('الأيام')}.epub"


def test_the_root_feed_can_be_typed(served: Served) -> None:
    status, headers, _ = served.ask("/opds")
    assert (status, headers["location"]) == (307, "/opds.atom")
    _, headers, _ = served.ask("/opds", Accept="application/opds+json")
    assert headers["location"] == "/opds.json"


# How it can be had -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-99", 0, 100), ("bytes=-50", -50, None), ("bytes=1000-", 1000, None)],
)
def test_ranges_are_parts_of_the_file(
    served: Served, asked: str, start: int, end: int | None
) -> None:
    content = (served.folder / f"{BOOK}.epub").read_bytes()
    status, headers, body = served.ask(f"/{BOOK}.epub", Range=asked, Accept_Encoding="gzip")
    assert (status, body) == (206, content[start:end])
    assert headers["content-range"].endswith(f"/{len(content)}")
    assert served.ask(f"/{BOOK}.epub")[1]["accept-ranges"] == "bytes"


def test_a_range_beyond_the_end_is_refused(served: Served) -> None:
    assert served.ask(f"/{BOOK}.epub", Range="bytes=99999999-")[0] == 416


def test_a_download_goes_on_only_where_the_file_is_still_the_same(served: Served) -> None:
    tag = served.ask(f"/{BOOK}.epub")[1]["etag"]
    assert served.ask(f"/{BOOK}.epub", Range="bytes=5-9", If_Range=tag)[0] == 206
    assert served.ask(f"/{BOOK}.epub", Range="bytes=5-9", If_Range='"other"')[0] == 200


@pytest.mark.parametrize("path", ["/", "/opds.atom", f"/{BOOK}.epub", "/works/a-book/cover.jpg"])
def test_what_is_known_is_not_sent_again(served: Served, path: str) -> None:
    _, headers, body = served.ask(path, Accept_Encoding="gzip")
    assert body
    for known in (
        {"If_None_Match": headers["etag"]},
        {"If_None_Match": f'"x", {headers["etag"]}'},
        {"If_Modified_Since": headers["last-modified"]},
    ):
        status, again, body = served.ask(path, **known)
        assert (status, body) == (304, b"")
        assert again["etag"].removeprefix("W/") == headers["etag"].removeprefix("W/")
    assert served.ask(path, If_None_Match='"other"')[0] == 200
    assert headers["cache-control"] == "no-cache"


def test_words_are_compressed_and_books_are_not(served: Served) -> None:
    for path in ("index.html", "opds.atom", "opds/new.json", "shelf/shelf.css"):
        _, headers, body = served.ask(f"/{path}", Accept_Encoding="gzip")
        assert headers["content-encoding"] == "gzip"
        assert headers["vary"].lower() == "accept-encoding"
        assert headers["etag"].startswith("W/"), "two encodings, one tag: it can only be weak"
        assert gzip.decompress(body) == (served.folder / path).read_bytes()
        assert "content-encoding" not in served.ask(f"/{path}")[1]
    for path in (f"{BOOK}.epub", f"{BOOK}.pdf", "works/a-book/cover.jpg"):
        headers = served.ask(f"/{path}", Accept_Encoding="gzip")[1]
        assert "content-encoding" not in headers
        assert headers["etag"].startswith('"')


@pytest.mark.parametrize("path", ["/", "/opds.atom", f"/{BOOK}.epub"])
def test_head_shows_what_get_would_send(served: Served, path: str) -> None:
    status, headers, body = served.ask(path, "HEAD")
    _, full, content = served.ask(path)
    assert (status, body) == (200, b"")
    assert headers["content-length"] == full["content-length"] == str(len(content))
    assert headers["content-type"] == full["content-type"]
    assert headers["etag"] == full["etag"]


# What cannot be had ------------------------------------------------------------------------------

OUTSIDE = [
    "/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/works/../../secret.txt",
    "/works/..%2f..%2fsecret.txt", "//etc/passwd", "/%2fetc%2fpasswd", "/..%5csecret.txt",
    "/out.html", "/out/secret.txt", "/out/b/a.epub", "/.hidden/a.html", "/.chapbook-catalog",
    "/to-hidden.html", "/works/%2e%2e/%2ehidden/a.html", "/secret.txt%00.html", "/%00",
    "/" + "a" * 5000, "/%ff%fe", "/works", "/works/", "/shelf/", "http://other/../secret.txt",
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_else_can_be_read(served: Served, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    answer = served.ask_raw(request.encode())
    status = int(answer.split()[1])
    assert status in {400, 404, 421}, answer[:200]
    assert b"SECRET" not in answer
    assert b"root:" not in answer
    assert served.ask("/")[0] == 200, "and the server goes on"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_written(served: Served, method: str) -> None:
    assert served.ask("/index.html", method)[0] == 405
    assert served.ask("/new.html", method)[0] in {404, 405}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("LOCALHOST:80", 200), ("127.0.0.1", 200), ("[::1]:8080", 200),
        ("192.168.1.7:8080", 200), ("evil.example", 421), ("evil.example:8080", 421),
        ("127.0.0.1.evil.example", 421), ("", 421),
    ],
)  # fmt: skip
def test_only_its_own_names_are_answered_to(served: Served, host: str, status: int) -> None:
    assert served.ask("/", Host=host)[0] == status


# The command -------------------------------------------------------------------------------------


def told_by(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chapbook", "serve", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_ctrl_c_ends_it_cleanly_even_while_somebody_downloads(catalog: Path) -> None:
    with running(catalog) as (server, address):  # noqa: SIM117 - one is left before the other
        with fetched(f"{address}{BOOK}.epub") as answer:
            assert answer.read(100)
            server.send_signal(signal.SIGINT)
            _, text = server.communicate(timeout=20)
    assert (server.returncode, text.strip()) == (0, "Stopped.")


def test_a_port_in_use_is_reported_in_one_line(served: Served, catalog: Path) -> None:
    done = told_by(str(catalog), "--port", str(served.port), cwd=catalog)
    assert done.returncode == 1
    assert done.stderr == (
        f"error: 127.0.0.1:{served.port}: this port is in use — "
        "choose another with --port, or any with --port 0\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["none"], 3, "none: there is no catalog in it — make one: chapbook catalog build"),
        (["c", "--host", "192.0.2.7"], 1, "this machine has no such address"),
        (["c", "--host", "no host"], 1, "there is no such address"),
        (["c", "--port", "70000"], 2, "70000 is not in the range"),
    ],
)
def test_what_cannot_be_served_is_reported_in_one_line(
    catalog: Path, words: list[str], code: int, message: str
) -> None:
    done = told_by(*words, cwd=catalog.parent)
    assert done.returncode == code
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_at_every_address_the_one_of_the_network_is_reported(catalog: Path) -> None:
    with running(catalog, "--host", "0.0.0.0") as (_, address):  # noqa: S104 - what is tested
        assert "0.0.0.0" not in address  # noqa: S104
        with fetched(address) as answer:
            assert answer.status == 200


@pytest.mark.skipif(not socket.has_ipv6, reason="this system has no IPv6")
@pytest.mark.parametrize("host", ["::1", "::"])
def test_it_serves_at_addresses_of_the_sixth_version(catalog: Path, host: str) -> None:
    with running(catalog, "--host", host) as (_, address):
        port = int(address.rstrip("/").rpartition(":")[2])
        answered = []
        for own in ("[::1]", "127.0.0.1"):
            with contextlib.suppress(OSError), fetched(f"http://{own}:{port}/") as answer:
                answered.append((own, answer.status))
    assert answered == [("[::1]", 200), ("127.0.0.1", 200)][: 1 if host == "::1" else 2]


def test_a_terminal_is_shown_the_address_and_its_code(catalog: Path) -> None:
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "chapbook", "serve", str(catalog), "--port", "0"]
    with started(words, stdout=theirs, stderr=subprocess.DEVNULL) as server:
        os.close(theirs)
        text = b""
        while b"Ctrl-C" not in text:
            text += os.read(ours, 65536)
        server.send_signal(signal.SIGINT)
        with contextlib.suppress(OSError):  # how a terminal says that nobody writes any more
            while os.read(ours, 65536):
                pass
        assert server.wait(timeout=20) == 0
    os.close(ours)
    shown = text.decode()
    assert re.search(r"Shelf +http://127\.0\.0\.1:\d+/\r\n", shown)
    assert len(re.findall(r"[▀▄█]", shown)) > 100


def test_elsewhere_no_code_is_printed(catalog: Path) -> None:
    words = [sys.executable, "-m", "chapbook", "serve", str(catalog), "--port", "0"]
    with started(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        texts = [server.stdout.readline() for _ in range(4)]
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)
    assert [line.split("  ")[0] for line in texts[:3]] == ["Shelf", "OPDS 1.2", "OPDS 2.0"]
    assert texts[3].startswith("Only this machine can read it")
