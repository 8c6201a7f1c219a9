"""Patches are on in their context and off outside of it, nested or in several threads."""

from __future__ import annotations

import sys
from threading import Event, Thread
from types import ModuleType
from typing import Any

import pytest

from chapbook.model.patching import Patch, Patches


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A foreign library, `elsewhere`, with a function and a class."""
    module: Any = ModuleType("elsewhere")
    module.greet = lambda: "hello"
    module.Guest = type("Guest", (), {"leave": lambda _: "goodbye"})
    monkeypatch.setitem(sys.modules, "elsewhere", module)
    return module


PATCHES = Patches(
    Patch("elsewhere", "greet", lambda known: lambda: known().upper(), "not reported", {}),
    Patch("elsewhere:Guest", "name", lambda _: "Ada", "not reported", {}),
)


def test_patches_are_on_in_their_context_alone(library: Any) -> None:
    before = dict(vars(library)), dict(vars(library.Guest))
    with PATCHES.on():
        assert (library.greet(), library.Guest().name) == ("HELLO", "Ada")
    assert (dict(vars(library)), dict(vars(library.Guest))) == before


def test_a_context_within_a_context_takes_nothing_off(library: Any) -> None:
    with PATCHES.on():
        with PATCHES.on():
            assert library.greet() == "HELLO"
        assert library.greet() == "HELLO"
    assert library.greet() == "hello"


def test_the_thread_that_leaves_first_takes_nothing_off(library: Any) -> None:
    entered, leave = Event(), Event()

    def stay() -> None:
        with PATCHES.on():
            entered.set()
            leave.wait(10)

    thread = Thread(target=stay)
    with PATCHES.on():
        thread.start()
        assert entered.wait(10)
    assert library.greet() == "HELLO"  # the other thread is still within
    leave.set()
    thread.join(10)
    assert library.greet() == "hello"


def test_an_error_takes_the_patches_off(library: Any) -> None:
    with pytest.raises(ValueError, match="within"), PATCHES.on():
        raise ValueError("within")
    assert library.greet() == "hello"


def test_patches_that_cannot_all_be_put_on_leave_nothing(library: Any) -> None:
    broken = Patches(*PATCHES.patches, Patch("elsewhere:Nobody", "name", print, "", {}))
    for _ in range(2):
        with pytest.raises(AttributeError), broken.on():
            pass
        assert library.greet() == "hello"
        assert not hasattr(library.Guest, "name")
