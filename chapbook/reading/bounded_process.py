"""Run a program for a limited time, and end it together with all processes that it started."""

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
    """Run *command* in *folder* with *given* as its input, and return its exit code and output.

    Raises TimeoutExpired after *seconds*, and OSError if it cannot be started. The whole process
    group is ended, because a child of the program could keep its pipes open.
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
            output, messages = process.communicate(given, timeout=seconds)
        except BaseException:  # also for Ctrl-C
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(command, process.returncode, output, messages)
