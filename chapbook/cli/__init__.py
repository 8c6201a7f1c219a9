"""The command line. One command a file; errors are caught here, once."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, cast

import click

from chapbook import __version__
from chapbook.cli.terminal import shown

_INTERRUPTED = 130  # what shells expect of a program that Ctrl-C ended


COMMANDS = {
    "build": "Build a PDF, an EPUB and a web page of each manuscript.",
    "catalog": "Make a catalog of finished publications, for e-readers and for people.",
    "check": "Read the finished files back, and compare them with the manuscript; check any EPUB.",
    "release": "Build, check and archive a manuscript as an edition.",
    "editions": "List the editions in the archive.",
    "show": "Tell all about one edition.",
    "verify": "Prove that the archive is unaltered.",
    "which": "Tell which edition a loose file is, and whether it is unaltered.",
    "rebuild": "Build an edition from the archive alone, and compare the bytes.",
    "diff": "Show what changed between two editions, by the printed page.",
    "restore": "Give the manuscript of an edition back.",
    "export": "Write an edition as a BagIt bag or a zip file.",
    "serve": "Serve a catalog to the e-readers and browsers around.",
}
"""Each command's line of help; its module, chapbook.cli.NAME, is imported only when it runs."""


class _Group(click.Group):
    """Imports commands late, and turns our errors into one line and an exit code.

    No traceback reaches a user.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"chapbook.cli.{cmd_name}")
        return cast("click.Command", getattr(module, cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; end with one line and the exit code of DESIGN where it fails."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            _tell_usage(error)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt as stop:
            code = int(stop.args[0]) if stop.args else _INTERRUPTED
            fail("stopped; what was there before is untouched", code)
        except BrokenPipeError:
            # The reader of our output is gone; say nothing more, not even while closing.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except Exception as error:  # noqa: BLE001 - the one place where all errors end
            fail(*_told(error))

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        """Read the command line; end with one line where it makes no sense."""
        try:
            return super().make_context(*arguments, **named)
        except click.UsageError as error:
            _tell_usage(error)
            raise


def _tell_usage(error: click.UsageError) -> None:
    if error.__class__.__name__ == "NoArgsIsHelpError":
        raise error  # not wrong, but a wish to read the help
    command = error.ctx.command_path if error.ctx else "chapbook"
    told = " ".join(error.format_message().split())
    fail(f"{told} — see: {command} --help", error.exit_code)


def _told(error: Exception) -> tuple[str, int]:
    """What a user reads of *error*, and the exit code."""
    from chapbook.errors import ChapbookError, OutputError

    if isinstance(error, ChapbookError):
        return str(error), error.exit_code
    if isinstance(error, MemoryError):
        return "this machine has not enough memory for it", ChapbookError.exit_code
    if isinstance(error, OSError):
        return f"{error.filename or 'output'}: {error.strerror}", OutputError.exit_code
    if "CHAPBOOK_TRACEBACK" in os.environ:
        raise error
    told = (
        f"a defect of Chapbook, {type(error).__name__}: {error} — "
        "please report it; CHAPBOOK_TRACEBACK=1 shows where"
    )
    return told, ChapbookError.exit_code


def fail(message: str, exit_code: int) -> None:
    """End with one line on standard error."""
    click.echo(click.style("error: ", fg="red", bold=True) + shown(message), err=True)
    sys.exit(exit_code)


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: chapbook build essay.md",
)
@click.version_option(__version__, prog_name="chapbook")
def chapbook() -> None:
    """Make a PDF to print, an EPUB for e-readers and a web page from one Markdown manuscript."""
