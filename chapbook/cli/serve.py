"""`chapbook serve`: serves a catalog to e-readers and browsers in the network."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(epilog="Example: chapbook serve build/catalog --host 0.0.0.0 --port 8080")
@click.argument("folder", default="build/catalog", metavar="[DIR]")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The address to serve at: the default is for this machine only, 0.0.0.0 for its network.",
)
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port. 0 takes any free port.",
)
@click.option("--json", "as_json", is_flag=True, help="Print results as JSON.")
def serve(folder: str, host: str, port: int, as_json: bool) -> None:
    """Serve the catalog in DIR (build/catalog, if none is named) until Ctrl-C.

    Only the catalog's own files can be read. Everyone in the network that you choose can read them.
    """
    from chapbook.catalog.gather import MARKER
    from chapbook.model.errors import Place, SourceError
    from chapbook.serving import listening

    root = Path(folder)
    if not (root / MARKER).is_file():
        remedy = "make one: chapbook catalog build"
        raise SourceError("there is no catalog in it", where=Place(folder), remedy=remedy)
    with listening.listen(host, port) as server_socket:
        try:
            _show(
                listening.address_of(server_socket),
                listening.is_for_this_machine_alone(server_socket),
                as_json,
            )
            listening.serve(root, server_socket, host)
        except KeyboardInterrupt:
            click.echo("\nStopped.", err=True)


def _show(address: str, is_private: bool, as_json: bool) -> None:
    """Print the address of the catalog and, on a terminal, a QR code of it."""
    feeds = {"shelf": address, "opds1": f"{address}opds.atom", "opds2": f"{address}opds.json"}
    if as_json:
        import json

        click.echo(json.dumps(feeds))
        sys.stdout.flush()
        return
    click.echo(f"Shelf     {feeds['shelf']}")
    click.echo(f"OPDS 1.2  {feeds['opds1']}")
    click.echo(f"OPDS 2.0  {feeds['opds2']}")
    if sys.stdout.isatty():
        import segno

        click.echo()
        segno.make(address, error="m", micro=False).terminal(compact=True, border=2)
    access = "Everyone in this network can read it."
    if is_private:
        access = "Only this machine can read it; --host 0.0.0.0 opens it to the network."
    click.echo(f"{access} Ctrl-C ends it.")
    sys.stdout.flush()
