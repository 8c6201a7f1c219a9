"""An archive behind a URL: in fsspec's memory, and in a bucket of moto's S3 server.

That server, of PyPI, runs here on this machine. No real one can be installed from PyPI, npm or
Debian.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chapbook.archive import ocfl, remote
from chapbook.archive.remote import Remote
from chapbook.archive.root import open_root
from chapbook.archive.store import Archive, open_archive
from chapbook.model.errors import ArchiveError, OutputError
from tests.archive.samples import OTHER, WORK, errors_of, files, filled, stamp, whole_versions
from tests.archive.test_two_at_once import RELEASES, run, stored

numbers = itertools.count()
AT_MOST = 100


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server's address; its bucket `books` is empty."""
    from moto.server import ThreadedMotoServer

    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        running = ThreadedMotoServer(port=0, verbose=False)
        running.start()
        address = "http://{}:{}".format(*running.get_host_and_port())
        import boto3

        boto3.client("s3", endpoint_url=address).create_bucket(Bucket="books")
        yield address
        running.stop()


@pytest.fixture
def bucket(server: str) -> str:
    """The URL of a prefix where nothing is yet."""
    return f"s3://books/press-{next(numbers)}/editions?endpoint_url={server}"


def test_an_archive_in_a_bucket_is_filled_read_and_proved(bucket: str) -> None:
    archive = filled(bucket, works=2, versions=3)
    assert set(open_archive(bucket).works()) == {WORK, OTHER}
    assert whole_versions(bucket) == 3
    assert [str(finding) for finding in archive.verify()] == []
    assert [str(finding) for finding in archive.verify(WORK, 2)] == []
    keys = ocfl.file_system(bucket).find("")
    assert not any("chapbook-staging" in key for key in keys)


def test_damage_in_a_bucket_is_found_and_named(bucket: str) -> None:
    archive = filled(bucket)
    system = ocfl.file_system(bucket)
    key = next(key for key in system.find("") if key.endswith("essay.md"))
    system.pipe_file(key, b"forged")
    assert any(key in str(finding) for finding in archive.verify())


class Faulty:
    """A file system that stops at its nth change, as a killed process does."""

    def __init__(self, real: Any, nth: int) -> None:
        self.real, self.nth, self.changes = real, nth, 0

    def __getattr__(self, name: str) -> object:
        result = getattr(self.real, name)
        return self.counting(result) if name in {"pipe_file", "rm"} else result

    def counting(self, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **named: object) -> object:
            self.changes += 1
            if self.changes >= self.nth:
                raise Killed
            return real(*args, **named)

        return call


class Killed(BaseException):
    """The process ended here."""


def release(url: str, work: str, nth: int) -> int:
    """Release a version that is stopped at its nth change; how many changes it made."""
    storage = Remote(url)
    faulty = Faulty(storage._fs, nth)
    storage._fs = faulty
    archive = Archive(open_root(storage, create=True))
    number = len(archive.versions(work)) + 1
    archive.add(work, files(number), stamp(number), after=number - 1)
    return faulty.changes


@pytest.mark.parametrize("work", [WORK, OTHER], ids=["a further version", "a new work"])
@pytest.mark.parametrize("kind", ["memory", "bucket"])
def test_a_kill_at_any_change_is_repaired_by_the_next_release_of_any_work(
    kind: str, work: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The killed process is this one, so the lock's holder lives: here it passes for dead.
    monkeypatch.setattr(remote, "_is_dead", lambda _: True)
    # A bucket takes a second for each; memory keeps the same promises.
    for nth in range(1, AT_MOST, 1 if kind == "memory" else 5):
        url = f"memory://press-{next(numbers)}"
        if kind == "bucket":
            server = request.getfixturevalue("server")
            url = f"s3://books/press-{next(numbers)}?endpoint_url={server}"
        filled(url, versions=1)
        before = whole_versions(url, work)
        try:
            release(url, work, nth)
        except Killed:
            pass
        else:
            break
        after = whole_versions(url, work)
        assert after in {before, before + 1}, "neither the former state nor the new one is read"
        assert whole_versions(url) >= 1, "a former edition was lost"
        release(url, "urn:example:third", AT_MOST)
        assert [str(finding) for finding in open_archive(url).verify()] == []
        assert whole_versions(url, work) in {before, before + 1}
    assert nth > 10, "hardly anything was stopped"


def test_an_error_of_the_storage_is_one_line_and_leaves_nothing(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(bucket, versions=1)
    system = ocfl.file_system(bucket)
    before = set(system.find(""))
    real = type(system).pipe_file

    def full(self: Any, path: str, *args: object, **named: object) -> object:
        if path.endswith("essay.html"):
            raise OSError(28, "the bucket is\nfull")
        return real(self, path, *args, **named)

    monkeypatch.setattr(type(system), "pipe_file", full)
    with pytest.raises(OutputError, match=r"cannot be written: .*the bucket is full"):
        open_archive(bucket).add(WORK, files(2), stamp(2), after=1)
    monkeypatch.undo()
    system.invalidate_cache()
    assert set(system.find("")) == before
    assert errors_of(bucket) == []


def test_releases_into_a_bucket_at_once_are_all_stored(bucket: str) -> None:
    list(run(bucket, [WORK] * 2, releases=RELEASES // 4))
    result = stored(bucket, WORK)
    assert sorted(result) == sorted(
        f"{name} {n}" for name in range(2) for n in range(RELEASES // 4)
    )
    assert errors_of(bucket) == []


def test_a_killed_process_does_not_lock_the_bucket_for_ever(bucket: str) -> None:
    filled(bucket, versions=1)
    script = (
        "import sys; from chapbook.archive.remote import Remote\n"
        "with Remote(sys.argv[1]).exclusive(): print('held', flush=True); sys.stdin.readline()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, bucket],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    started = time.monotonic()
    filled_archive = open_archive(bucket)
    filled_archive.add(WORK, files(2), stamp(2), after=1)
    assert time.monotonic() - started < remote._PATIENCE_S / 4
    assert whole_versions(bucket) == 2


def test_a_release_waits_for_another_and_then_says_so(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(bucket, versions=1)
    monkeypatch.setattr(remote, "_PATIENCE_S", 1.0)
    message = r"another release holds the archive — wait for it; if it died, remove s3://books/"
    with Remote(bucket).exclusive(), pytest.raises(OutputError, match=message):
        open_archive(bucket).add(WORK, files(2), stamp(2), after=1)
    assert whole_versions(bucket) == 1


def test_a_release_that_lost_its_lock_stops_before_it_is_seen(bucket: str) -> None:
    filled(bucket, versions=1)
    storage = Remote(bucket)
    with storage.exclusive():
        ocfl.file_system(bucket).pipe_file(remote._LOCK, b"another host 1 token")
        with pytest.raises(ArchiveError, match="took the archive over"):
            storage.assure_exclusive()
    assert storage._holder() == "another host 1 token", "the lock of another was removed"


@pytest.mark.parametrize("url", ["s3://no-such-bucket/x?endpoint_url={}", "gopher://example.org/x"])
def test_what_cannot_be_reached_is_reported_in_one_line(url: str, server: str) -> None:
    with pytest.raises(ArchiveError) as caught:
        open_archive(url.format(server))
    assert "\n" not in str(caught.value)


def test_a_file_url_is_a_folder(tmp_path: Path) -> None:
    archive = filled(f"file://{tmp_path / 'editions'}")
    assert whole_versions(tmp_path / "editions") == 2
    assert os.fspath(archive.root) == str(tmp_path / "editions")
