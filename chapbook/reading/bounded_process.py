"""Runs a program for a limited time, and ends it together with all that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def run_bounded(
    command: Sequence[str],
    given: bytes,
    seconds: float,
    folder: Path,
    environment: Mapping[str, str],
) -> subprocess.CompletedProcess[bytes]:
    """What *command*, run in *folder*, answers to *given*.

    Raises TimeoutExpired after *seconds*, and OSError where it cannot be started. A child of the
    program would keep its pipes open and be waited for: so the whole group is ended.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            written, said = process.communicate(given, timeout=seconds)
        except BaseException:  # Ctrl-C, too
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(command, process.returncode, written, said)
