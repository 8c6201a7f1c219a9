"""The lock of an edition, and how another toolchain differs from it."""

from __future__ import annotations

import json
from copy import deepcopy
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

import pytest
from packaging.requirements import Requirement

from chapbook.archive.toolchain import differences, install_command, read_lock, toolchain


@pytest.fixture(scope="module")
def lock() -> dict[str, Any]:
    return toolchain()


def test_a_lock_survives_json_and_differs_not_from_itself(lock: dict[str, Any]) -> None:
    again = json.loads(json.dumps(lock))
    assert read_lock(again) == lock
    assert {**toolchain(), "chapbook": lock["chapbook"]} == lock, "asked twice, told the same"
    assert differences(lock, again) == ()


def test_all_that_chapbook_requires_is_locked(lock: dict[str, Any]) -> None:
    lines = distribution("chapbook").requires or ()
    required = [need for line in lines if "extra ==" not in line for need in [Requirement(line)]]
    names = {need.name.lower().replace("_", "-") for need in required}
    assert len(names) > 15
    assert names <= set(lock["packages"])
    for name in ("fonttools", "brotli", "cffi"):
        assert name in lock["packages"], "what a requirement requires, by an extra too"


def test_what_is_not_installed_locks_all_that_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def hide(name: str) -> Distribution:
        if name == "chapbook":
            raise PackageNotFoundError(name)
        return distribution(name)

    monkeypatch.setattr("chapbook.archive.toolchain.distribution", hide)
    assert {"weasyprint", "pytest"} <= set(toolchain()["packages"])


def test_every_pin_of_the_install_command_is_installed_here(lock: dict[str, Any]) -> None:
    words = install_command(lock, lock).split()
    assert words[:4] == ["python", "-m", "pip", "install"]
    pins = [Requirement(word) for word in words[4:]]
    assert {pin.name for pin in pins} == set(lock["packages"])
    for pin in pins:
        try:
            assert pin.specifier.contains(distribution(pin.name).version, prereleases=True)
        except PackageNotFoundError:  # pragma: no cover - the assertion's message
            pytest.fail(f"{pin} is not installed")


def test_another_chapbook_is_installed_first(lock: dict[str, Any]) -> None:
    older = deepcopy(lock)
    older["chapbook"]["version"] = "0.0.9"
    assert "pip install chapbook==0.0.9 " in install_command(older, lock)


@pytest.mark.parametrize(
    ("keys", "component"),
    [
        (("chapbook", "sha256"), "Chapbook"),
        (("libraries", "harfbuzz"), "harfbuzz"),
        (("packages", "pillow", "version"), "pillow"),
        (("packages", "pillow", "sha256"), "pillow"),
        (("faces", "SourceSans3[wght].ttf"), "face SourceSans3[wght].ttf"),
        (("python",), "Python"),
        (("platform",), "platform"),
    ],
)
def test_each_kind_of_difference_is_named(
    lock: dict[str, Any], keys: tuple[str, ...], component: str
) -> None:
    other = deepcopy(lock)
    place = other
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = "0.1"
    (result,) = differences(other, lock)
    assert result.component == component
    assert result.is_systems == (component in {"harfbuzz", "Python", "platform"})
    assert "0.1" in str(result.locked)
    assert str(result).startswith(f"{component}: ")


def test_a_package_that_is_missing_or_new_is_named(lock: dict[str, Any]) -> None:
    other = deepcopy(lock)
    del other["packages"]["pillow"]
    (missing,) = differences(lock, other)
    assert (missing.component, missing.here) == ("pillow", None)
    (new,) = differences(other, lock)
    assert (new.component, new.locked) == ("pillow", None)


@pytest.mark.parametrize(
    "version", ["1.0; rm -rf ~", "$(id)", "1.0 --index-url http://example.org", "", "~"]
)
def test_a_lock_that_would_run_something_else_is_no_lock(
    lock: dict[str, Any], version: object
) -> None:
    for place in ("weasyprint", None):
        other = deepcopy(lock)
        package = other["packages"][place] if place else other["chapbook"]
        package["version"] = version
        assert read_lock(other) == {}


@pytest.mark.parametrize("lock", [{}, {"packages": []}, {"packages": {}, "libraries": []}])
def test_what_has_not_the_form_of_a_lock_is_none(lock: dict[str, Any]) -> None:
    assert read_lock(lock) == {}
