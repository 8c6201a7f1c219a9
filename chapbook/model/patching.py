"""Patches of foreign libraries: on while they are used, off before and after."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pkgutil import resolve_name
from threading import Lock
from typing import Any


@dataclass(frozen=True, slots=True)
class Patch:
    """One attribute of a foreign library, and what stands for it while the patch is on.

    `owner` names a module, or a class as `module:Class`. `replace` takes what the attribute is
    (None if there is none) and returns what stands for it. `written_for` holds the digest of each
    source that the patch relies on, by name: read them again where one has changed.
    """

    owner: str
    name: str
    replace: Callable[[Any], Any]
    reported: str  # the upstream issue, or "not reported"
    written_for: Mapping[str, str]


def digest(name: str) -> str:
    """The digest of the source of what *name* names: the first 16 digits of its SHA-256."""
    return sha256(inspect.getsource(resolve_name(name)).encode()).hexdigest()[:16]


class Patches:
    """Patches that are on while anyone is in their context.

    They change modules, which all threads share. So the first who enters puts them on, and the last
    who leaves takes them off. Contexts may be nested, and threads may leave in any order.
    """

    def __init__(self, *patches: Patch) -> None:
        self.patches = patches
        self._lock, self._users, self._undo = Lock(), 0, ExitStack()

    @contextmanager
    def on(self) -> Iterator[None]:
        """A context in which the patches are on. It imports what they change."""
        with self._lock:
            if not self._users:
                self._put_on()
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._undo.close()

    def _put_on(self) -> None:
        with ExitStack() as undo:
            for patch in self.patches:
                undo.callback(_put_on(patch))
            self._undo = undo.pop_all()


def _put_on(patch: Patch) -> Callable[[], None]:
    """Put *patch* on. Returns what takes it off."""
    owner, name = resolve_name(patch.owner), patch.name
    known = vars(owner)
    if name not in known:
        setattr(owner, name, patch.replace(None))
        return lambda: delattr(owner, name)
    before = known[name]
    setattr(owner, name, patch.replace(before))
    return lambda: setattr(owner, name, before)
