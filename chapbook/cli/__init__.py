"""The command line, with one file for each command. All errors are caught here."""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn, cast

import click

from chapbook import __version__

if TYPE_CHECKING:
    from chapbook.cli.failures import Failure

_INTERRUPTED = 130  # the exit code that shells expect after Ctrl-C
_JSON = "--json"  # the option of every command that prints for programs


COMMANDS = {
    "build": "Build a PDF, an EPUB and a web page of each manuscript.",
    "catalog": "Make a catalog of finished publications, for e-readers and for people.",
    "check": "Compare the finished files with the manuscript; check any EPUB or PDF.",
    "release": "Build, check and archive a manuscript as an edition.",
    "editions": "List the editions in the archive.",
    "show": "Show everything about one edition.",
    "verify": "Prove that nothing in the archive was changed.",
    "which": "Say which edition a loose file is, and whether it was changed.",
    "rebuild": "Build an edition from the archive alone, and compare every byte.",
    "diff": "Show what changed between two editions, by the printed page.",
    "restore": "Write the manuscript of an edition to a folder.",
    "export": "Write an edition as a BagIt bag or a zip file.",
    "serve": "Serve a catalog to e-readers and browsers in your network.",
}
"""The help line of each command. Its module, chapbook.cli.NAME, is imported when it runs."""


class _Group(click.Group):
    """Imports commands late, and turns errors into one line and an exit code.

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
        """Run the command. If it fails, print one line or JSON, and exit with the error's code."""
        as_json = _JSON in ctx.args
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            _report_usage_error(error, as_json=as_json)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt as stop:
            code = int(stop.args[0]) if stop.args else _INTERRUPTED
            fail("stopped; earlier files are unchanged", code, as_json=as_json)
        except BrokenPipeError:
            # Nobody reads our output any more: print nothing more, not even while closing.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except Exception as error:  # noqa: BLE001 - the one place where all errors end
            from chapbook.cli.failures import Failure

            _end(Failure.of(error), as_json=as_json)

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        """Read the command line. If it is wrong, print one line and exit."""
        try:
            return super().make_context(*arguments, **named)
        except click.UsageError as error:
            _report_usage_error(error)
            raise


def _report_usage_error(error: click.UsageError, *, as_json: bool = False) -> None:
    if error.__class__.__name__ == "NoArgsIsHelpError":
        raise error  # not an error: the user wants the help
    command = error.ctx.command_path if error.ctx else "chapbook"
    message = " ".join(error.format_message().split())
    fail(message, error.exit_code, f"see: {command} --help", as_json=as_json)


def fail(message: str, exit_code: int, remedy: str = "", *, as_json: bool = False) -> NoReturn:
    """End with one line on standard error, or with JSON on standard output."""
    from chapbook.cli.failures import Failure

    _end(Failure(message, exit_code, remedy), as_json=as_json)


def _end(failure: Failure, *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"errors": [failure.as_row()]}, indent=2, ensure_ascii=False))
    else:
        failure.show()
    sys.exit(failure.exit_code)


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: chapbook build essay.md",
)
@click.version_option(__version__, prog_name="chapbook")
def chapbook() -> None:
    """Make a PDF to print, an EPUB for e-readers and a web page from one Markdown manuscript."""
