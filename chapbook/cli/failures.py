"""Reports why a command failed, or one manuscript of several: a line, JSON and the exit code.

In a run over several manuscripts each fails by itself. The others are done, and a summary follows.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import click

from chapbook.cli.terminal import shown
from chapbook.model.errors import FINDINGS_EXIT_CODE, ChapbookError, OutputError, Severity

if TYPE_CHECKING:
    from chapbook.model.errors import Finding

WORST_FIRST = (1, 2, 7, 6, 5, 4, 3, FINDINGS_EXIT_CODE)
"""The exit codes, the worst first: those that an author can do least about.

They mean a defect of Chapbook, a wrong call, the archive, the disk, the installation, the design,
the manuscript; and last findings, in spite of which everything was done.
"""


class Failure(NamedTuple):
    """Why a command failed; *subject* is the manuscript or file, as the user named it."""

    message: str
    exit_code: int
    remedy: str = ""
    file: str | None = None
    line: int | None = None
    subject: str | None = None

    @classmethod
    def of(cls, error: Exception, subject: str | None = None) -> Failure:
        """Return what is printed about *error*. With CHAPBOOK_TRACEBACK, raise a defect again."""
        if isinstance(error, ChapbookError):
            where = error.where
            file, line = (where.file, where.line) if where else (None, None)
            return cls(error.message, error.exit_code, error.remedy, file, line, subject)
        defect = ChapbookError.exit_code
        if isinstance(error, MemoryError):
            return cls("this machine does not have enough memory for it", defect, subject=subject)
        if isinstance(error, OSError):
            file = str(error.filename or "output")
            return cls(str(error.strerror), OutputError.exit_code, file=file, subject=subject)
        if "CHAPBOOK_TRACEBACK" in os.environ:
            raise error
        message = f"a defect of Chapbook, {type(error).__name__}: {error}"
        remedy = "please report it; CHAPBOOK_TRACEBACK=1 shows where"
        return cls(message, defect, remedy, subject=subject)

    def __str__(self) -> str:
        """Return the line that a user sees."""
        line = f":{self.line}" if self.line is not None else ""
        place = f"{self.file}{line}: " if self.file else ""
        return f"{place}{self.message}{f' — {self.remedy}' if self.remedy else ''}"

    def show(self) -> None:
        """Print it to standard error."""
        click.echo(click.style("error: ", fg="red", bold=True) + shown(str(self)), err=True)

    def as_row(self) -> dict[str, object]:
        """Return the failure as `--json` prints it."""
        row = self._asdict()
        return {name.replace("_", "-"): value for name, value in row.items()}


class Run:
    """A command's run over several manuscripts or files, each of which can fail by itself.

    *verb* is for the summary, such as “built”.
    """

    def __init__(self, verb: str, *, as_json: bool) -> None:
        self.failures: list[Failure] = []
        self._verb, self._as_json = verb, as_json
        self._is_done: dict[str, bool] = {}
        self._flawed: set[str] = set()

    @contextmanager
    def one(self, subject: str) -> Iterator[None]:
        """Run the block for *subject*; an error ends only this block."""
        self._is_done[subject] = True
        try:
            yield
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - no error may stop the others
            failure = Failure.of(error, subject)
            self._is_done[subject] = False
            self.failures.append(failure)
            if not self._as_json:
                failure.show()

    def judge(self, subject: str, findings: Iterable[Finding]) -> None:
        """Remember whether *findings* on *subject* are errors."""
        if any(finding.severity is Severity.ERROR for finding in findings):
            self.flaw(subject)

    def flaw(self, subject: str, *, stops: bool = False) -> None:
        """Remember that *subject* has errors; with *stops*, that it is also not done."""
        self._flawed.add(subject)
        self._is_done[subject] = not stops

    def document(self, results: dict[str, object]) -> dict[str, object]:
        """Return *results*, the results for `--json`, with `errors` if something failed."""
        errors = [failure.as_row() for failure in self.failures]
        return {**results, "errors": errors} if errors else results

    def end(self) -> None:
        """Print the summary, and exit with the worst code if anything failed or has errors."""
        self.summarize()
        self.exit()

    def summarize(self) -> None:
        """Print the summary of a run over several."""
        if len(self._is_done) > 1 and not self._as_json:
            click.echo(shown(self._summary()))

    def exit(self) -> None:
        """Exit with the worst code if anything failed or has errors."""
        codes = {failure.exit_code for failure in self.failures}
        codes |= {FINDINGS_EXIT_CODE} if self._flawed else set()
        if codes:
            sys.exit(min(codes, key=WORST_FIRST.index))

    def _summary(self) -> str:
        """Return how many are done, how many have errors, and which."""
        done = f"{sum(self._is_done.values())} of {len(self._is_done)} {self._verb}"
        failed = self._flawed | {failure.subject for failure in self.failures}
        wrong = [subject for subject in self._is_done if subject in failed]
        have = "has" if len(wrong) == 1 else "have"
        return f"{done}; {len(wrong)} {have} errors: {', '.join(wrong)}" if wrong else done
