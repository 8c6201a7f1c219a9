"""The table of formats, and what the command line says of it before anything is made."""

import pytest

from chapbook.cli.build import SUFFIXES
from chapbook.cli.inputs import job
from chapbook.pipeline import Job, build
from chapbook.writers import READING_FORMATS, WRITERS


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Job:
    path = tmp_path_factory.mktemp("formats") / "essay.md"
    path.write_text("---\ntitle: A\nlang: en\n---\n\nText.\n", "utf-8")
    return job(str(path))


def test_the_command_offers_what_can_be_written() -> None:
    assert set(SUFFIXES) == set(WRITERS)
    assert set(READING_FORMATS) <= set(WRITERS)


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_every_format_makes_the_files_that_are_told(name: str, small: Job) -> None:
    made = build(small, [name]).artefacts
    assert tuple(each.suffix for each in made) == SUFFIXES[name]
    assert {each.format for each in made} == {name}


def test_no_two_formats_write_one_file() -> None:
    suffixes = [suffix for each in SUFFIXES.values() for suffix in each]
    assert len(set(suffixes)) == len(suffixes)
