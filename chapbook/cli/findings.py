"""Prints findings on a terminal and in JSON."""

from __future__ import annotations

from collections.abc import Iterable

import click

from chapbook.cli.terminal import shown
from chapbook.model.errors import Finding, Severity

_COLORS = {Severity.NOTE: "cyan", Severity.WARNING: "yellow", Severity.ERROR: "red"}


def show(findings: Iterable[Finding]) -> None:
    """Print *findings*, one a line, to standard error."""
    for finding in findings:
        place = f"{finding.where}: " if finding.where else ""
        kind = click.style(f"{finding.severity.value}:", fg=_COLORS[finding.severity], bold=True)
        message = f"{shown(finding.message)} [{finding.code.value}]"
        click.echo(f"{shown(place)}{kind} {message}", err=True)


def as_row(finding: Finding) -> dict[str, object]:
    """Return *finding* as `--json` prints it."""
    return {
        "code": finding.code.value,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": finding.where.file if finding.where else None,
        "line": finding.where.line if finding.where else None,
    }
