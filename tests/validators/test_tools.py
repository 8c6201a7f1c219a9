"""A test without its validator says how to install it, and fails in CI."""

import json
import subprocess
from pathlib import Path

import pytest

from chapbook.images import cmyk_profiles
from tests.validators import tools


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "NODE_MODULES", tmp_path)
    monkeypatch.setattr(tools, "MAC_CHROME", tmp_path / "none")
    monkeypatch.setattr(tools, "SYSTEM_JARS", tmp_path)
    monkeypatch.setattr(cmyk_profiles, "_PLACES", ())


@pytest.mark.usefixtures("nothing_installed")
@pytest.mark.parametrize("judge", tools.JUDGES)
def test_an_absent_judge_skips_by_name_with_its_command(
    judge: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(
        pytest.skip.Exception,
        match=r"(is not installed|are not here): (apt-get install|npm ci|python -m) ",
    ):
        tools.JUDGES[judge]()


@pytest.mark.usefixtures("nothing_installed")
@pytest.mark.parametrize("judge", tools.JUDGES)
def test_an_absent_judge_fails_in_ci(judge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="is not installed: "):
        tools.JUDGES[judge]()


@pytest.mark.usefixtures("nothing_installed")
def test_absent_judges_are_listed_each_with_its_command() -> None:
    listed = "\n".join(tools.absent())
    assert "Chromium is not installed: apt-get install chromium" in listed
    assert len(tools.absent()) == len(tools.JUDGES)


@pytest.mark.usefixtures("nothing_installed")
def test_java_needs_nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    tools._system_java.cache_clear()
    java = tools.java()
    tools._system_java.cache_clear()
    version = subprocess.run([java, "-version"], capture_output=True, check=True)
    assert b"version" in version.stderr


@pytest.mark.usefixtures("nothing_installed")
def test_a_java_that_does_not_run_is_no_java(tmp_path: Path) -> None:
    stub = tmp_path / "java"
    stub.write_text("#!/bin/sh\nexit 1\n")
    stub.chmod(0o755)
    tools._system_java.cache_clear()
    assert tools.java() != stub
    tools._system_java.cache_clear()


def test_every_npm_judge_is_pinned_and_its_lock_names_no_registry() -> None:
    wanted = json.loads((tools.HERE / "package.json").read_text())["dependencies"]
    lock = json.loads((tools.HERE / "package-lock.json").read_text())["packages"]
    for name, version in wanted.items():
        assert lock[f"node_modules/{name}"]["version"] == version
    assert not [name for name, package in lock.items() if "resolved" in package]
    assert [name for name, package in lock.items() if name and "integrity" not in package] == []
