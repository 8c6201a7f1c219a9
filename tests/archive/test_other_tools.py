"""Other implementations of OCFL check archives that Chapbook made.

ocfl-py judges them all (`errors_of`). ocfl-js has no validator, but finds every object by the
layout and reads every version through. No other was found on PyPI, npm or Debian: rocfl comes by
cargo, ocfl-java by Maven, gocfl as source.
"""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
from pathlib import Path

import pytest

from chapbook.archive.store import open_archive
from tests.archive.samples import errors_of, files, filled, names
from tests.validators import tools

WORKS, VERSIONS = 5, 4


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("archive") / "editions"
    filled(root, WORKS, VERSIONS)
    archive = open_archive(str(root))
    sample = archive.versions(names(1)[0])[0].stamp
    for work in ("urn:ä ö/ü: “日本”", "urn:" + "x" * 300, "urn:../..", "urn:%41"):
        archive.add(work, {"a%20b/ä 日本.txt": work.encode()}, sample, after=0)
    return root


def test_ocfl_py_finds_neither_errors_nor_anything_to_warn_of(root: Path) -> None:
    import ocfl

    logging.getLogger().setLevel(logging.WARNING)  # Pairtree, which it imports, sets a lower level
    judged = ocfl.StorageRoot(root=str(root))
    assert judged.validate(validate_objects=True, log_warnings=True)
    assert (judged.num_objects, judged.good_objects) == (WORKS + 4, WORKS + 4)
    assert judged.errors == []
    assert judged.log.messages == []
    assert errors_of(root) == []


def test_ocfl_py_finds_every_work_where_it_looks_for_it(root: Path) -> None:
    import ocfl

    judged = ocfl.StorageRoot(root=str(root))
    for work in open_archive(str(root)).works():
        assert (root / judged.object_path(work) / "inventory.json").exists()


def test_ocfl_js_reads_every_version_of_every_work(root: Path) -> None:
    tools.node_module("@ocfl/ocfl-fs")
    script = Path(tools.__file__).with_name("read_archive.mjs")
    done = subprocess.run([tools.node(), script, root], capture_output=True, text=True, check=True)
    read = json.loads(done.stdout)
    assert len(read) == WORKS + 4
    for work in names(WORKS):
        assert read[work] == {
            f"v{number}": {
                path: hashlib.sha512(content).hexdigest() for path, content in files(number).items()
            }
            for number in range(1, VERSIONS + 1)
        }
    for work in set(read) - set(names(WORKS)):
        content = hashlib.sha512(work.encode()).hexdigest()
        assert read[work] == {"v1": {"a%20b/ä 日本.txt": content}}
