"""The paths of works, compared with the extensions' own examples and with ocfl-py."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapbook.archive import layouts
from chapbook.model.errors import ArchiveError

works = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=150)


# Examples 1 and 2 of the extensions 0003 and 0004.
@pytest.mark.parametrize(
    ("name", "config", "work", "place"),
    [
        (layouts.HASHED_WITH_ID, {}, "object-01", "3c0/ff4/240/object-01"),
        (layouts.HASHED_WITH_ID, {}, "..hor/rib:le-$id", "487/326/d8c/%2e%2ehor%2frib%3ale-%24id"),
        (
            layouts.HASHED_WITH_ID,
            {"digestAlgorithm": "md5", "tupleSize": 2, "numberOfTuples": 15},
            "object-01",
            "ff/75/53/44/92/48/5e/ab/b3/9f/86/35/67/28/88/object-01",
        ),
        (
            layouts.HASHED_WITH_ID,
            {"tupleSize": 0, "numberOfTuples": 0},
            "..hor/rib:le-$id",
            "%2e%2ehor%2frib%3ale-%24id",
        ),
        (
            layouts.HASHED,
            {},
            "object-01",
            "3c0/ff4/240/3c0ff4240c1e116dba14c7627f2319b58aa3d77606d0d90dfc6161608ac987d4",
        ),
        (
            layouts.HASHED,
            {
                "digestAlgorithm": "md5",
                "tupleSize": 2,
                "numberOfTuples": 15,
                "shortObjectRoot": True,
            },
            "object-01",
            "ff/75/53/44/92/48/5e/ab/b3/9f/86/35/67/28/88/4e",
        ),
        (layouts.FLAT, {}, "http:example.org", "http:example.org"),
    ],
)
def test_works_lie_where_the_extensions_examples_say(
    name: str, config: dict[str, object], work: str, place: str
) -> None:
    assert layouts.layout_named(name, config).place(work) == place


def test_a_long_identifier_ends_in_its_digest() -> None:
    layout = layouts.layout_named(layouts.HASHED_WITH_ID, {})
    work = "abcdefghij" * 26
    folder = layout.place(work).rpartition("/")[2]
    assert folder.startswith("abcdefghij" * 10 + "-")
    assert len(folder) == 165
    assert layout.work_at(layout.place(work)) is None, "the path does not tell it"


@given(works)
@settings(deadline=None)  # the first run imports ocfl-py
def test_every_work_lies_where_ocfl_py_puts_it(work: str) -> None:
    from ocfl.layout_0003_hash_and_id_n_tuple import Layout_0003_Hash_And_Id_N_Tuple

    ours = layouts.layout_named(layouts.HASHED_WITH_ID, {})
    place = ours.place(work)
    assert place == Layout_0003_Hash_And_Id_N_Tuple().identifier_to_path(work)
    assert ours.work_at(place) in {work, None}
    assert all(part not in {"", ".", ".."} for part in place.split("/"))


@pytest.mark.parametrize("work", ["", ".", "..", "a/b", "extensions", "a\0"])
def test_a_flat_archive_refuses_what_would_leave_its_place(work: str) -> None:
    with pytest.raises(ArchiveError, match="cannot hold a work named"):
        layouts.layout_named(layouts.FLAT, {}).place(work)


@pytest.mark.parametrize(
    "config",
    [
        {"tupleSize": 0},
        {"tupleSize": 33},
        {"tupleSize": "3"},
        {"tupleSize": True},
        {"numberOfTuples": -1},
        {"tupleSize": 32, "numberOfTuples": 3},
        {"digestAlgorithm": "crc32"},
        {"digestAlgorithm": ["sha256"]},
        {"extensionName": "0004-another"},
    ],
)
def test_settings_that_the_extension_forbids_are_refused(config: dict[str, object]) -> None:
    with pytest.raises(ArchiveError, match="settings of its layout"):
        layouts.layout_named(layouts.HASHED_WITH_ID, config)
