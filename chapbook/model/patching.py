"""Patches of foreign libraries, applied only while they are used."""

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
    """One attribute of a foreign library, and its replacement while the patch is applied.

    `owner` names a module, or a class as `module:Class`. `replace` takes the original attribute
    (None if there is none) and returns its replacement. `written_for` has the digest of each source
    that the patch relies on, by name. If one has changed, the patch must be reviewed.
    """

    owner: str
    name: str
    replace: Callable[[Any], Any]
    reported: str  # the upstream issue, or "not reported"
    written_for: Mapping[str, str]


def digest(name: str) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of the source of the object *name*."""
    return sha256(inspect.getsource(resolve_name(name)).encode()).hexdigest()[:16]


class Patches:
    """Patches that are applied while any thread is in their context.

    They change modules, which all threads share. The first thread that enters applies them, and the
    last one that leaves undoes them. Contexts can be nested, and threads can leave in any order.
    """

    def __init__(self, *patches: Patch) -> None:
        self.patches = patches
        self._lock, self._users, self._undo = Lock(), 0, ExitStack()

    @contextmanager
    def on(self) -> Iterator[None]:
        """Return a context in which the patches are applied. It imports the modules they change."""
        with self._lock:
            if not self._users:
                self._apply()
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._undo.close()

    def _apply(self) -> None:
        with ExitStack() as undo:
            for patch in self.patches:
                undo.callback(_apply(patch))
            self._undo = undo.pop_all()


def _apply(patch: Patch) -> Callable[[], None]:
    """Apply *patch*, and return the function that undoes it."""
    owner, name = resolve_name(patch.owner), patch.name
    attributes = vars(owner)
    if name not in attributes:
        setattr(owner, name, patch.replace(None))
        return lambda: delattr(owner, name)
    original = attributes[name]
    setattr(owner, name, patch.replace(original))
    return lambda: setattr(owner, name, original)
