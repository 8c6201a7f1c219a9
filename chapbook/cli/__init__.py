"""The command line. One command a file; errors are caught here, once."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from chapbook import __version__
from chapbook.cli.build import build
from chapbook.cli.check import check
from chapbook.errors import ChapbookError, OutputError

_INTERRUPTED = 130  # what shells expect of a program that Ctrl-C ended


class _Group(click.Group):
    """Turns our errors into one line and an exit code: no traceback reaches a user."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ChapbookError as error:
            fail(str(error), error.exit_code)
        except KeyboardInterrupt:
            fail("stopped; what was there before is untouched", _INTERRUPTED)
        except BrokenPipeError:
            # The reader of our output is gone; say nothing more, not even while closing.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except MemoryError:
            fail("this machine has not enough memory for it", ChapbookError.exit_code)
        except OSError as error:
            fail(f"{error.filename or 'output'}: {error.strerror}", OutputError.exit_code)


def fail(message: str, exit_code: int) -> None:
    """End with one line on standard error."""
    click.echo(click.style("error: ", fg="red", bold=True) + message, err=True)
    sys.exit(exit_code)


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: chapbook build essay.md",
)
@click.version_option(__version__, prog_name="chapbook")
def chapbook() -> None:
    """Make a PDF to print, an EPUB for e-readers and a web page from one Markdown manuscript."""


chapbook.add_command(build)
chapbook.add_command(check)
