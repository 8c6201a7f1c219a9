"""Inventories: what is read is what was written, and nothing leads out of the object."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapbook.archive import inventory
from chapbook.archive.values import Stamp
from chapbook.model.errors import ArchiveError, EditionCorrupt, Place

STAMP = Stamp("2026-11-23T12:00:00Z", "Edition 1", {"name": "A", "address": "mailto:a@example.org"})
HERE = Place("here")
parts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1, max_size=8
).filter(lambda part: part not in {".", ".."})
paths = st.lists(parts, min_size=1, max_size=3).map("/".join)


def no_file_is_a_folder(files: dict[str, bytes]) -> bool:
    return not any(
        path != other and path.startswith(other + "/") for path in files for other in files
    )


versions = st.lists(
    st.dictionaries(paths, st.binary(max_size=3), min_size=1, max_size=5).filter(
        no_file_is_a_folder
    ),
    min_size=1,
    max_size=4,
)


@given(versions, st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@settings(deadline=None)
def test_what_was_added_is_read_back_and_stored_once(
    history: list[dict[str, bytes]], work: str
) -> None:
    former = None
    stored: dict[str, bytes] = {}
    for number, files in enumerate(history, 1):
        addition = inventory.extend(former, work, files, STAMP)
        assert not addition.content.keys() & stored.keys(), "what is stored would be written over"
        stored |= addition.content
        assert inventory.sidecar_agrees(addition.sidecar, addition.inventory, "sha512")
        former = inventory.parse_inventory(addition.inventory, HERE)
        assert former.versions[-1] == addition.version
        assert (former.work, len(former.versions)) == (work, number)
    assert former is not None
    assert len(set(stored.values())) == len(stored), "a content is stored twice"
    for files, version in zip(history, former.versions, strict=True):
        assert files == {
            path: stored[former.manifest[digest][0]] for path, digest in version.files.items()
        }


def sound() -> dict[str, Any]:
    files = {"a": b"1", "b/c": b"2"}
    result: dict[str, Any] = json.loads(inventory.extend(None, "w", files, STAMP).inventory)
    return result


def digest_of(raw: dict[str, Any]) -> str:
    digest: str = next(iter(raw["manifest"]))
    return digest


BROKEN = {
    "no id": lambda raw: raw.pop("id"),
    "an empty id": lambda raw: raw.update(id=""),
    "a number as id": lambda raw: raw.update(id=7),
    "another type": lambda raw: raw.update(type="https://ocfl.io/2.0/spec/#inventory"),
    "a digest that is too weak": lambda raw: raw.update(digestAlgorithm="md5"),
    "a head that is not there": lambda raw: raw.update(head="v2"),
    "a head that is no version": lambda raw: raw.update(head="w1"),
    "no versions": lambda raw: raw.update(versions={}),
    "a gap": lambda raw: raw.update(head="v2", versions={"v2": raw["versions"]["v1"]}),
    "a list for a map": lambda raw: raw.update(manifest=[]),
    "text for a map": lambda raw: raw.update(versions="v1"),
    "content elsewhere": lambda raw: raw["manifest"].update({digest_of(raw): ["v1/../../x"]}),
    "content at an absolute path": lambda raw: raw["manifest"].update({digest_of(raw): ["/x"]}),
    "content in no version": lambda raw: raw["manifest"].update({digest_of(raw): ["v9/content/x"]}),
    "content without a path": lambda raw: raw["manifest"].update({digest_of(raw): []}),
    "a short digest": lambda raw: raw["manifest"].update(abc=["v1/content/x"]),
    "a file elsewhere": lambda raw: raw["versions"]["v1"]["state"].update(
        {digest_of(raw): ["../x"]}
    ),
    "a file of no digest": lambda raw: raw["versions"]["v1"]["state"].update({"00": ["x"]}),
    "a file twice": lambda raw: raw["versions"]["v1"]["state"].update({digest_of(raw): ["x", "x"]}),
    "a file with a line end": lambda raw: raw["versions"]["v1"]["state"].update(
        {digest_of(raw): ["a\nb"]}
    ),
    "content folders up": lambda raw: raw.update(contentDirectory=".."),
    "content folders down": lambda raw: raw.update(contentDirectory="a/b"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_inventory_that_breaks_the_rules_is_refused(name: str) -> None:
    raw = sound()
    inventory.parse_inventory(json.dumps(raw).encode(), HERE)
    broken = copy.deepcopy(raw)
    BROKEN[name](broken)
    with pytest.raises(EditionCorrupt, match="the inventory is not as OCFL asks"):
        inventory.parse_inventory(json.dumps(broken).encode(), HERE)


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"7", b"[]", b"null", b"[" * 100_000, b'{"id": "a"', b'{"type": []}']
)
def test_what_is_no_inventory_is_refused(content: bytes) -> None:
    with pytest.raises(EditionCorrupt):
        inventory.parse_inventory(content, HERE)


@given(st.binary(max_size=200))
def test_no_sidecar_agrees_by_chance(content: bytes) -> None:
    assert not inventory.sidecar_agrees(content, b"an inventory", "sha512")


@pytest.mark.parametrize("path", ["", "/a", "a//b", "a/", "../a", "a/./b", "a\nb", "\udcff"])
def test_a_file_that_the_archive_could_not_name_is_refused(path: str) -> None:
    with pytest.raises(ArchiveError, match="cannot hold a file named"):
        inventory.extend(None, "w", {path: b""}, STAMP)


def test_a_file_that_is_a_folder_too_is_refused() -> None:
    with pytest.raises(ArchiveError, match="as a file and as a folder"):
        inventory.extend(None, "w", {"a": b"", "a/b": b""}, STAMP)


def test_what_another_tool_wrote_is_kept_when_a_version_is_added() -> None:
    raw = sound()
    raw["fixity"] = {"md5": {"c4ca4238a0b923820dcc509a6f75849b": ["v1/content/a"]}}
    raw["manifest"] = {digest.upper(): paths for digest, paths in raw["manifest"].items()}
    padded = json.dumps(raw).replace("v1", "v01").encode()
    former = inventory.parse_inventory(padded, HERE)
    addition = inventory.extend(former, "w", {"a": b"1", "new": b"3"}, STAMP)
    result = json.loads(addition.inventory)
    assert result["head"] == addition.folder == "v02"
    assert result["fixity"] == json.loads(padded)["fixity"]
    assert result["versions"]["v01"] == json.loads(padded)["versions"]["v01"]
    assert list(addition.content) == ["v02/content/new"], "what is there is no stored again"


def test_padding_that_leaves_no_number_is_reported() -> None:
    raw = sound()
    version = raw["versions"]["v1"]
    raw["versions"] = {f"v0{number}": version for number in range(1, 10)}
    raw["head"] = "v09"
    content = json.dumps(raw).replace('"v1/', '"v01/').encode()
    former = inventory.parse_inventory(content, HERE)
    with pytest.raises(ArchiveError, match="leave no number"):
        inventory.extend(former, "w", {"a": b"1"}, STAMP)
