"""Damage at random places: each is found, and the file or folder is named."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from chapbook.archive.store import open_archive
from chapbook.model.errors import ArchiveError, EditionCorrupt, Severity
from tests.archive.samples import WORK, everything, files, filled

PLACES = 100  # random ones, of every kind of damage


def all_files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def all_folders(root: Path) -> list[Path]:
    return [root, *sorted(path for path in root.rglob("*") if path.is_dir())]


def flip_a_bit(root: Path, chance: random.Random) -> set[Path]:
    path = chance.choice(all_files(root))
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    return {path}


def change_a_byte(root: Path, chance: random.Random) -> set[Path]:
    path = chance.choice(all_files(root))
    content = bytearray(path.read_bytes())
    place = chance.randrange(len(content))
    content[place] = chance.choice([byte for byte in range(256) if byte != content[place]])
    path.write_bytes(content)
    return {path}


def add_a_byte(root: Path, chance: random.Random) -> set[Path]:
    path = chance.choice(all_files(root))
    content = bytearray(path.read_bytes())
    content.insert(chance.randrange(len(content) + 1), chance.randrange(256))
    path.write_bytes(content)
    return {path}


def lose_a_byte(root: Path, chance: random.Random) -> set[Path]:
    path = chance.choice(all_files(root))
    content = bytearray(path.read_bytes())
    del content[chance.randrange(len(content))]
    path.write_bytes(content)
    return {path}


def add_a_file(root: Path, chance: random.Random) -> set[Path]:
    path = chance.choice(all_folders(root)) / f"added-{chance.randrange(1000)}"
    path.write_bytes(chance.choice([b"", b"something"]))
    return {path}


def add_a_folder(root: Path, chance: random.Random) -> set[Path]:
    path = chance.choice(all_folders(root)) / f"added-{chance.randrange(1000)}"
    path.mkdir()
    return {path}


def lose_a_file(root: Path, chance: random.Random) -> set[Path]:
    path = chance.choice(all_files(root))
    path.unlink()
    return {path}


def rename_a_file(root: Path, chance: random.Random) -> set[Path]:
    path = chance.choice(all_files(root))
    return {path, path.rename(path.with_name(f"{path.name}-{chance.randrange(1000)}"))}


def rename_a_folder(root: Path, chance: random.Random) -> set[Path]:
    path = chance.choice(all_folders(root)[1:])
    return {path, path.rename(path.with_name(f"{path.name}-{chance.randrange(1000)}"))}


def lose_a_folder(root: Path, chance: random.Random) -> set[Path]:
    """Any file except one above an object: an archive cannot show that a whole work is missing."""
    objects = [path.parent for path in root.rglob("0=ocfl_object_*")]
    folders = [
        path
        for path in all_folders(root)[1:]
        if not any(item.is_relative_to(path) for item in objects)
    ]
    path = chance.choice(folders)
    shutil.rmtree(path)
    return {path}


def swap_two_files(root: Path, chance: random.Random) -> set[Path]:
    path, other = chance.sample(all_files(root), 2)
    first, second = path.read_bytes(), other.read_bytes()
    if first == second:
        return swap_two_files(root, chance)
    path.write_bytes(second)
    other.write_bytes(first)
    return {path, other}


Damage = Callable[[Path, random.Random], set[Path]]
DAMAGES: Mapping[str, Damage] = MappingProxyType(
    {
        damage.__name__: damage
        for damage in (
            flip_a_bit,
            change_a_byte,
            add_a_byte,
            lose_a_byte,
            add_a_file,
            add_a_folder,
            lose_a_file,
            lose_a_folder,
            rename_a_file,
            rename_a_folder,
            swap_two_files,
        )
    }
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sound") / "editions"
    filled(root, works=2, versions=2)
    return root


def found_in(root: Path) -> list[str]:
    """Return the findings of `verify`, or the error if the archive cannot be opened."""
    try:
        return [str(finding) for finding in open_archive(str(root)).verify()]
    except ArchiveError as error:
        return [str(error)]


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_and_named_at_every_random_place(
    name: str, sound: Path, tmp_path: Path
) -> None:
    assert found_in(sound) == []
    root = tmp_path / "editions"
    for seed in random.SystemRandom().sample(range(2**32), PLACES):
        shutil.copytree(sound, root)
        damaged = DAMAGES[name](root, random.Random(seed))
        before = everything(root)
        result = found_in(root)
        assert any(str(path) in item for item in result for path in damaged), (
            seed,
            damaged,
            result,
        )
        assert everything(root) == before, "proving changed the archive"
        shutil.rmtree(root)


def content_files(root: Path) -> Iterator[Path]:
    yield from (path for path in all_files(root) if "content" in path.parts)


def test_damaged_content_is_not_read(sound: Path, tmp_path: Path) -> None:
    for number, path in enumerate(content_files(sound)):
        root = tmp_path / str(number)
        shutil.copytree(sound, root)
        (root / path.relative_to(sound)).write_bytes(b"forged")
        archive = open_archive(str(root))
        refused = []
        for work in archive.works():
            for version in archive.versions(work):
                for name, content in files(version.number).items():
                    try:
                        assert archive.read(version, name) == content
                    except EditionCorrupt as error:
                        refused.append(str(error))
        assert refused
        assert all(path.name in item and "altered" in item for item in refused)


def test_one_edition_is_proved_by_its_own_files(sound: Path, tmp_path: Path) -> None:
    root = tmp_path / "editions"
    shutil.copytree(sound, root)
    own = next(path for path in content_files(root) if "v2" in path.parts and path.suffix == ".md")
    own.write_bytes(b"forged")
    archive = open_archive(str(root))
    work = next(w for w in archive.works() if list(archive.verify(w)))
    assert list(archive.verify(work, 1)) == []
    (finding,) = archive.verify(work, 2)
    assert finding.severity is Severity.ERROR
    assert str(own) in str(finding)


def test_an_edition_that_is_not_there_is_reported(sound: Path) -> None:
    archive = open_archive(str(sound))
    with pytest.raises(ArchiveError, match="no work urn:nobody"):
        list(archive.verify("urn:nobody"))
    with pytest.raises(ArchiveError, match="has no version 3"):
        list(archive.verify(WORK, 3))
