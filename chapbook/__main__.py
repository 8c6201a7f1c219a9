"""`python -m chapbook`, and the `chapbook` command."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import NoReturn


def main() -> None:
    """Run the command line and end the process."""
    # Layout makes many small objects that live until the end. Python collects garbage after every
    # 700 of them by default, which takes a tenth of a build's time.
    gc.set_threshold(100_000, 50, 50)
    for ending_signal in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending_signal, _stop)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal may know fewer characters than a title
            stream.reconfigure(errors="backslashreplace")
    try:
        from chapbook.cli import chapbook

        chapbook(prog_name="chapbook")
    except SystemExit as ending:
        _leave(ending)
    except KeyboardInterrupt:  # it came before the command line could catch it
        os._exit(130)


def _stop(number: int, _: object) -> NoReturn:
    """End as on Ctrl-C: unfinished files are removed."""
    raise KeyboardInterrupt(128 + number)


def _leave(ending: SystemExit) -> None:
    """End the process without shutting down the interpreter.

    Freeing the objects of a layout one by one takes 0.2 s, a fifth of a build, although the system
    frees the memory at once. Nothing else remains to be done: files are written and synced.
    """
    if ending.code is not None and not isinstance(ending.code, int):
        raise ending
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        os._exit(ending.code or 1)  # nobody reads our output any more
    os._exit(ending.code or 0)


if __name__ == "__main__":
    main()
