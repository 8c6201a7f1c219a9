"""The installation: the lock has everything, and the wheel works outside this checkout."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / ".ci/requirements.txt").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def test_the_lock_holds_everything_that_the_project_names() -> None:
    named = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["build-system"]["requires"],
        *(name for group in PROJECT["dependency-groups"].values() for name in group),
    ]
    locked = {_name(line) for line in re.findall(r"^[a-z].*==.*$", LOCK, re.MULTILINE)}
    assert {_name(requirement) for requirement in named} <= locked


def test_every_locked_package_is_hashed_and_no_index_is_named() -> None:
    blocks = re.split(r"^(?=[a-z])", LOCK, flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in LOCK
    assert "--index" not in LOCK


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the built wheel, unpacked as an installer unpacks it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_carries_the_templates(installed: Path) -> None:
    ours = {path.relative_to(ROOT) for path in (ROOT / "templates").rglob("*") if path.is_file()}
    assert ours
    assert {path for path in ours if not (installed / "chapbook" / path).is_file()} == set()
    assert not (installed / "templates").exists()


def test_the_wheel_builds_a_manuscript_anywhere(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text("# A small essay\n\nIt has one paragraph.\n")
    text = subprocess.run(
        [sys.executable, "-m", "chapbook", "build", "essay.md"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert text.returncode == 0, text.stderr
    assert {path.name for path in (tmp_path / "build").iterdir()} >= {
        "essay.pdf",
        "essay.epub",
        "essay.html",
    }
