"""What ends a command, or one manuscript of a run over many: as a line, in JSON, as an exit code.

In a run over many each ends by itself; the others are done, and a summary closes the run.
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
"""The exit codes from the worst on: by how far the remedy is from whoever writes.

A defect of Chapbook, a wrong call, the archive, the disk, the installation, the design, the
manuscript; and last findings, where all was done in spite of them.
"""


class Failure(NamedTuple):
    """Why a command ended, or what it did to one *subject*, which is called as it was named."""

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
            return cls("this machine has not enough memory for it", defect, subject=subject)
        if isinstance(error, OSError):
            file = str(error.filename or "output")
            return cls(str(error.strerror), OutputError.exit_code, file=file, subject=subject)
        if "CHAPBOOK_TRACEBACK" in os.environ:
            raise error
        told = f"a defect of Chapbook, {type(error).__name__}: {error}"
        remedy = "please report it; CHAPBOOK_TRACEBACK=1 shows where"
        return cls(told, defect, remedy, subject=subject)

    def __str__(self) -> str:
        """The one line that a user sees."""
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
    """A command's run over what was named, of which each can fail by itself.

    *verb* says in the summary what is done to each, such as “built”.
    """

    def __init__(self, verb: str, *, as_json: bool) -> None:
        self.failures: list[Failure] = []
        self._verb, self._as_json = verb, as_json
        self._is_done: dict[str, bool] = {}
        self._flawed: set[str] = set()

    @contextmanager
    def one(self, subject: str) -> Iterator[None]:
        """What is done to *subject*; an error ends this and nothing else."""
        self._is_done[subject] = True
        try:
            yield
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever one meets must not stop the others
            failure = Failure.of(error, subject)
            self._is_done[subject] = False
            self.failures.append(failure)
            if not self._as_json:
                failure.show()

    def judge(self, subject: str, findings: Iterable[Finding]) -> None:
        """Remember whether *findings* on *subject* are errors."""
        if any(found.severity is Severity.ERROR for found in findings):
            self.flaw(subject)

    def flaw(self, subject: str, *, stops: bool = False) -> None:
        """Remember that *subject* has errors; where these *stop* it, it is not done."""
        self._flawed.add(subject)
        self._is_done[subject] = not stops

    def document(self, told: dict[str, object]) -> dict[str, object]:
        """Return *told*, the results for `--json`, with `errors` if something failed."""
        errors = [failure.as_row() for failure in self.failures]
        return {**told, "errors": errors} if errors else told

    def end(self) -> None:
        """Print the summary, and exit with the worst code unless all is well."""
        self.summarize()
        self.exit()

    def summarize(self) -> None:
        """Print how a run over many went."""
        if len(self._is_done) > 1 and not self._as_json:
            click.echo(shown(self._summary()))

    def exit(self) -> None:
        """Exit with the worst code unless all is well."""
        codes = {failure.exit_code for failure in self.failures}
        codes |= {FINDINGS_EXIT_CODE} if self._flawed else set()
        if codes:
            sys.exit(min(codes, key=WORST_FIRST.index))

    def _summary(self) -> str:
        """How many are done, and how many have errors, and which."""
        told = f"{sum(self._is_done.values())} of {len(self._is_done)} {self._verb}"
        failed = self._flawed | {failure.subject for failure in self.failures}
        wrong = [subject for subject in self._is_done if subject in failed]
        have = "has" if len(wrong) == 1 else "have"
        return f"{told}; {len(wrong)} {have} errors: {', '.join(wrong)}" if wrong else told
