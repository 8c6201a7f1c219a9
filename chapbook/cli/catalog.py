"""`chapbook catalog`: makes a folder for any web host from finished files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

if TYPE_CHECKING:
    from chapbook.catalog.gather import Gathered
    from chapbook.catalog.works import Work
    from chapbook.model.errors import Finding


def _base_url(context: click.Context, parameter: click.Parameter, value: str | None) -> str:  # noqa: ARG001
    """Return the option's value, if it is a web address. Raises BadParameter otherwise."""
    if value is None:
        return ""
    from chapbook.catalog.text import is_address

    parts = urlsplit(value)
    is_web_address = is_address(value) and parts.scheme in {"http", "https"} and parts.netloc
    if not is_web_address or parts.query or parts.fragment:
        raise click.BadParameter(f"{value} is not an address such as https://books.example/shelf")
    return value


@click.command(epilog="Example: chapbook catalog build --title 'A Small Press'")
@click.argument("folder", default="build", metavar="[DIR]")
@click.option(
    "--out",
    default="build/catalog",
    show_default=True,
    metavar="DIR",
    help="The folder for the catalog. An earlier catalog there is replaced.",
)
@click.option("--title", metavar="TEXT", help="The title of the catalog.  [default: Books]")
@click.option(
    "--lang",
    metavar="TAG",
    help="The language of the catalog's own words.  [default: that of most publications]",
)
@click.option(
    "--base-url",
    metavar="URL",
    callback=_base_url,
    help="The address of the catalog. Its feeds then have absolute addresses.",
)
@click.option("--json", "as_json", is_flag=True, help="Print results as JSON.")
def catalog(
    folder: str, out: str, title: str | None, lang: str | None, base_url: str, as_json: bool
) -> None:
    """Make a catalog of the finished publications in DIR (build, if none is named).

    DIR is a folder of finished files, or an archive of editions (a folder or a URL). Of an archive,
    the newest edition of each work is listed. EPUB, PDF and HTML files with the same identifier are
    listed as one work. The catalog is a folder for any web host: a shelf to browse, and OPDS 1.2
    and 2.0 feeds for e-readers.
    """
    from chapbook.catalog import Masthead, catalog_files
    from chapbook.catalog.gather import MARKER
    from chapbook.cli.output import replace_folder
    from chapbook.design.templates import Design, load_templates
    from chapbook.model.errors import Place, SourceError

    target = Path(out)
    if Path(folder).resolve().is_relative_to(target.resolve()):
        raise click.UsageError(f"{out} would be replaced by the catalog, and {folder} is in it")
    with _gathered(folder, target) as gathered:
        if not gathered.works:
            message = "there is no publication in it"
            raise SourceError(message, where=Place(folder), remedy="run: chapbook build")
        findings = list(gathered.findings)
        design = Design(load_templates(Path.cwd()), "serif")
        files = catalog_files(gathered.works, Masthead(title, lang, base_url), design, findings)
        count = replace_folder(target, _with_progress(files, len(gathered.works)), MARKER)
        (_show_json if as_json else _show)(target, gathered.works, count, findings)


@contextmanager
def _gathered(folder: str, target: Path) -> Iterator[Gathered]:
    """Yield the works in *folder*; those of an archive are written to a temporary folder."""
    from chapbook.catalog.gather import gather

    if "://" not in folder and not any(Path(folder).glob("0=ocfl_1.*")):
        yield gather(Path(folder), target)
        return
    import tempfile

    from chapbook.archive.released import newest_files
    from chapbook.archive.store import open_archive

    with tempfile.TemporaryDirectory(prefix="chapbook-") as temporary:
        for name, content in newest_files(open_archive(folder)):
            path = Path(temporary, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        yield gather(Path(temporary), target).called(temporary, folder)


def _show(target: Path, works: tuple[Work, ...], _: int, findings: list[Finding]) -> None:
    from chapbook.cli.findings import show

    show(findings)
    count = len(works)
    click.echo(f"{target / 'index.html'}  {count} publication{'' if count == 1 else 's'}")
    click.echo(f"{target / 'opds.atom'}  OPDS 1.2")
    click.echo(f"{target / 'opds.json'}  OPDS 2.0")


def _show_json(target: Path, works: tuple[Work, ...], count: int, findings: list[Finding]) -> None:
    from chapbook.cli.findings import as_row

    result = {
        "catalog": str(target),
        "files": count,
        "works": [_row(work) for work in works],
        "findings": [as_row(finding) for finding in findings],
    }
    click.echo(json.dumps(result, indent=2, ensure_ascii=False))


def _with_progress(
    files: Iterator[tuple[str, bytes | Path]], works: int
) -> Iterator[tuple[str, bytes | Path]]:
    """Yield *files*, and count the works on a terminal."""
    on_terminal = sys.stderr.isatty()
    done = 0
    for name, content in files:
        if on_terminal and name.endswith("/cover.jpg"):
            done += 1
            click.echo(f"\r\x1b[Kcatalog: {done} of {works} …", nl=False, err=True)
        yield name, content
    if on_terminal:
        click.echo("\r\x1b[K", nl=False, err=True)


def _row(work: Work) -> dict[str, object]:
    return {
        "identifier": work.about.identifier,
        "title": work.about.full_title,
        "edition": work.about.edition,
        "files": [copy.called or str(copy.path) for copy in work.copies],
        "page": work.page,
    }
