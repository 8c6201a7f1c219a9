"""Archives by other tools: read, extended and proved; or refused, and left as they are.

They are written here by hand as OCFL allows them, and by ocfl-py; by nothing of ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from chapbook.archive.store import open_archive
from chapbook.model.errors import ArchiveError, EditionCorrupt, Severity
from tests.archive.samples import everything, stamp

WORK = "book"
HISTORY: list[Mapping[str, bytes]] = [
    {"book.md": b"first", "copy.md": b"first", "images/seal.png": b"seal"},
    {"book.md": b"second", "copy.md": b"first", "images/seal.png": b"seal"},
]


@dataclass
class Tool:
    """Another tool's habits."""

    place: str = "anywhere/at/all"
    layout: str | None = None
    config: Mapping[str, Any] | None = None
    spec: str = "1.1"
    algorithm: str = "sha512"
    content: str = "content"
    padding: int = 0
    deduplicates: bool = True
    keeps_inventories: bool = True
    upper: bool = False
    sidecar: str = "{digest} inventory.json\n"
    also: Mapping[str, bytes] = field(default_factory=dict)

    def digest(self, content: bytes) -> str:
        result = hashlib.new(self.algorithm, content).hexdigest()
        return result.upper() if self.upper else result

    def folder(self, number: int) -> str:
        return f"v{str(number).zfill(self.padding)}"

    def write(self, root: Path) -> None:
        files = {f"0=ocfl_{self.spec}": f"ocfl_{self.spec}\n".encode(), **self.also}
        if self.layout:
            expected = {"extension": self.layout, "description": "as that extension says"}
            files["ocfl_layout.json"] = json.dumps(expected).encode()
        if self.config:
            name = f"extensions/{self.layout}/config.json"
            files[name] = json.dumps({"extensionName": self.layout, **self.config}).encode()
        files[f"{self.place}/0=ocfl_object_{self.spec}"] = f"ocfl_object_{self.spec}\n".encode()
        manifest: dict[str, list[str]] = {}
        versions: dict[str, Any] = {}
        for number, held in enumerate(HISTORY, 1):
            state: dict[str, list[str]] = {}
            for path, content in held.items():
                state.setdefault(self.digest(content), []).append(path)
                known = manifest.setdefault(self.digest(content), [])
                if not (known and self.deduplicates):
                    stored = f"{self.folder(number)}/{self.content}/{path}"
                    known.append(stored)
                    files[f"{self.place}/{stored}"] = content
            versions[self.folder(number)] = {
                "created": "2020-01-01T00:00:00Z",
                "message": "by another tool",
                "user": {"name": "Another", "address": "mailto:another@example.org"},
                "state": state,
            }
            inventory = json.dumps(
                {
                    "id": WORK,
                    "type": f"https://ocfl.io/{self.spec}/spec/#inventory",
                    "digestAlgorithm": self.algorithm,
                    "head": self.folder(number),
                    **({} if self.content == "content" else {"contentDirectory": self.content}),
                    "manifest": manifest,
                    "versions": versions,
                }
            ).encode()
            places = [f"{self.folder(number)}/"] if self.keeps_inventories else []
            for place in [*places, *([""] if number == len(HISTORY) else [])]:
                files[f"{self.place}/{place}inventory.json"] = inventory
                beside = self.sidecar.format(digest=self.digest(inventory).lower()).encode()
                files[f"{self.place}/{place}inventory.json.{self.algorithm}"] = beside
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)


DIGEST = hashlib.sha256(WORK.encode()).hexdigest()
HASHED = f"{DIGEST[:3]}/{DIGEST[3:6]}/{DIGEST[6:9]}/{DIGEST}"
TOOLS = {
    "without a layout": Tool(),
    "flat": Tool(place=WORK, layout="0002-flat-direct-storage-layout"),
    "hashed, no settings": Tool(place=HASHED, layout="0004-hashed-n-tuple-storage-layout"),
    "hashed, with settings": Tool(
        place=f"{DIGEST[:2]}/{DIGEST[2:]}",
        layout="0004-hashed-n-tuple-storage-layout",
        config={
            "digestAlgorithm": "sha256",
            "tupleSize": 2,
            "numberOfTuples": 1,
            "shortObjectRoot": True,
        },
    ),
    "hashed with the identifier": Tool(
        place=f"{DIGEST[:2]}/{DIGEST[2:4]}/{WORK}",
        layout="0003-hash-and-id-n-tuple-storage-layout",
        config={"digestAlgorithm": "sha256", "tupleSize": 2, "numberOfTuples": 2},
    ),
    "OCFL 1.0": Tool(spec="1.0"),
    "sha256": Tool(algorithm="sha256"),
    "padded versions": Tool(padding=4),
    "another content folder": Tool(content="files"),
    "every file stored again": Tool(deduplicates=False),
    "no inventories of versions": Tool(keeps_inventories=False),
    "digests in capitals": Tool(upper=True),
    "tabs in sidecars": Tool(sidecar="{digest}\tinventory.json"),
    "documents at the top, logs in the object": Tool(
        also={
            "README.md": b"read me",
            "ocfl_1.1.md": b"the specification",
            "0002-flat-direct-storage-layout.md": b"the extension",
            "anywhere/at/all/logs/log.txt": b"anything",
        }
    ),
}


def errors(root: Path) -> list[str]:
    findings = open_archive(str(root)).verify()
    return [str(finding) for finding in findings if finding.severity is Severity.ERROR]


@pytest.mark.parametrize("swaps", [True, False], ids=["exchanged", "file by file"])
@pytest.mark.parametrize("name", TOOLS)
def test_an_archive_by_another_tool_is_read_and_extended(
    name: str, swaps: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = TOOLS[name]
    tool.write(tmp_path)
    before = everything(tmp_path)
    archive = open_archive(str(tmp_path))
    assert list(archive.works()) == [WORK]
    for version, held in zip(archive.versions(WORK), HISTORY, strict=True):
        assert {path: archive.read(version, path) for path in version.files} == held
    assert errors(tmp_path) == []
    assert everything(tmp_path) == before, "reading changed it"

    if not swaps:
        monkeypatch.setattr("chapbook.archive.disk.exchange", lambda *_: False)
    third = {"book.md": b"third", "images/seal.png": b"seal"}
    added = archive.add(WORK, third, stamp(3), after=2)
    archive.add("another", third, stamp(1), after=0)
    assert (added.number, added.digest_algorithm) == (3, tool.algorithm)
    again = open_archive(str(tmp_path))
    assert set(again.works()) == {WORK, "another"}
    for version, held in zip(again.versions(WORK), [*HISTORY, third], strict=True):
        assert {path: again.read(version, path) for path in version.files} == held
    assert errors(tmp_path) == []
    after = everything(tmp_path)
    changed = {path for path, content in before.items() if after.get(path, b"?") != content}
    own = {f"{tool.place}/inventory.json", f"{tool.place}/inventory.json.{tool.algorithm}"}
    assert changed == own, "only the object's inventory and its sidecar may change"
    new = f"{tool.place}/{tool.folder(3)}/{tool.content}"
    assert {path for path in after if path.startswith(f"{new}/")} == {f"{new}/book.md"}


@pytest.mark.parametrize("digest", ["sha512", "sha256"])
@pytest.mark.parametrize("layout", ["0002-flat-direct-storage-layout", None])
def test_an_archive_by_ocfl_py_is_read_and_extended(
    layout: str | None, digest: str, tmp_path: Path
) -> None:
    import ocfl

    source, root, result = tmp_path / "source", tmp_path / "root", tmp_path / "object"
    (source / "images").mkdir(parents=True)
    (source / "book.md").write_bytes(b"first")
    (source / "images" / "seal.png").write_bytes(b"seal")
    name = layout or "0003-hash-and-id-n-tuple-storage-layout"
    ocfl.StorageRoot(root=str(root), layout_name=name).initialize()
    expected = ocfl.VersionMetadata(
        message="by ocfl-py", name="Another", address="mailto:another@example.org"
    )
    version = ocfl.Object(identifier="info:book/1", digest_algorithm=digest)
    version.create(srcdir=str(source), metadata=expected, objdir=str(result))
    if layout:
        version = ocfl.Object(identifier="book", digest_algorithm=digest)
        version.create(srcdir=str(source), metadata=expected, objdir=str(result / "flat"))
        result /= "flat"
    work, _ = ocfl.StorageRoot(root=str(root)).add(str(result))
    archive = open_archive(str(root))
    assert list(archive.works()) == [work]
    (first,) = archive.versions(work)
    assert archive.read(first, "book.md") == b"first"
    archive.add(work, {"book.md": b"second"}, stamp(2), after=1)
    assert [version.number for version in archive.versions(work)] == [1, 2]
    assert errors(root) == []


def test_a_new_work_in_an_archive_without_layout_lies_as_the_others_do(tmp_path: Path) -> None:
    for name, place, expected in (
        ("hashed", HASHED, hashlib.sha256(b"new").hexdigest()),
        ("flat", WORK, "new"),
    ):
        root = tmp_path / name
        Tool(place=place).write(root)
        archive = open_archive(str(root))
        archive.add("new", {"a": b"1"}, stamp(1), after=0)
        assert (next(root.rglob(f"{expected}/0=ocfl_object_1.1"))).exists()


REFUSED = {
    "an unknown extension": (
        Tool(also={"extensions/0099-secret/config.json": b"{}"}),
        "OCFL extension '0099-secret', which Chapbook does not know",
    ),
    "a mutable head": (
        Tool(also={"anywhere/at/all/extensions/0005-mutable-head/head/inventory.json": b"{}"}),
        "OCFL extension '0005-mutable-head', which Chapbook does not know",
    ),
    "an unknown layout": (
        Tool(layout="0007-n-tuple-omit-prefix-storage-layout"),
        "laid out by '0007-n-tuple-omit-prefix-storage-layout', which Chapbook does not know",
    ),
    "a layout's unknown settings": (
        Tool(layout="0004-hashed-n-tuple-storage-layout", config={"tupleSize": 99}),
        "settings of its layout 0004",
    ),
    "a later OCFL": (Tool(spec="2.0"), "this declares 0=ocfl_2.0"),
    "a layout that is not JSON": (Tool(also={"ocfl_layout.json": b"{"}), "is not JSON"),
    "a layout that is a list": (Tool(also={"ocfl_layout.json": b"[]"}), "is not a JSON object"),
    "a layout without a name": (Tool(also={"ocfl_layout.json": b"{}"}), "names no layout"),
    "two declarations": (Tool(also={"0=ocfl_1.0": b"ocfl_1.0\n"}), "this declares"),
    "another declaration": (Tool(also={"0=ocfl_1.1": b"ocfl_1.2\n"}), "declaration was altered"),
}


def extend(root: Path, *, create: bool) -> None:
    archive = open_archive(str(root), create=create)
    archive.add(WORK, {"a": b"1"}, stamp(3), after=2)


@pytest.mark.parametrize("name", REFUSED)
def test_an_archive_that_we_do_not_understand_is_refused_unharmed(
    name: str, tmp_path: Path
) -> None:
    tool, expected = REFUSED[name]
    tool.write(tmp_path)
    before = everything(tmp_path)
    for create in (False, True):
        with pytest.raises(ArchiveError) as caught:
            extend(tmp_path, create=create)
        assert expected in str(caught.value)
        assert "\n" not in str(caught.value)
    assert everything(tmp_path) == before


def test_a_folder_that_is_no_archive_is_refused_unharmed(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_bytes(b"not ours")
    for create in (False, True):
        with pytest.raises(ArchiveError, match="this is not an archive of editions"):
            open_archive(str(tmp_path), create=create)
    assert list(everything(tmp_path)) == ["letters.txt"]


def test_a_link_out_of_the_archive_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "book.md").write_bytes(b"second")
    root = tmp_path / "root"
    Tool().write(root)
    content = root / "anywhere/at/all/v2/content"
    (content / "book.md").unlink()
    content.rmdir()
    content.symlink_to(outside)
    archive = open_archive(str(root))
    version = archive.versions(WORK)[1]
    with pytest.raises(EditionCorrupt, match="a link leads elsewhere"):
        archive.read(version, "book.md")
    assert any("v2/content" in item for item in errors(root))
    before = everything(tmp_path)
    with pytest.raises(EditionCorrupt):
        archive.add(WORK, {"a": b"1"}, stamp(3), after=2)
    assert everything(tmp_path) == before
    content.unlink()
    content.mkdir()
    (content / "book.md").symlink_to(outside / "book.md")
    with pytest.raises(EditionCorrupt, match="this is a link"):
        archive.read(version, "book.md")


def test_a_place_that_something_else_takes_is_left_alone(tmp_path: Path) -> None:
    Tool(place=WORK, layout="0002-flat-direct-storage-layout").write(tmp_path)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "letters.txt").write_bytes(b"not ours")
    before = everything(tmp_path)
    with pytest.raises(ArchiveError, match="taken by something that is not an OCFL object"):
        open_archive(str(tmp_path)).add("new", {"a": b"1"}, stamp(1), after=0)
    assert everything(tmp_path) == before
