"""Opens the socket of the server, finds its address and names, and runs the server's loop."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path

from chapbook.model.errors import ChapbookError, Place

_MOST_CONNECTIONS = 128  # enough for a classroom; more would only wait for the disk
_IDLE_SECONDS = 15
_SHUTDOWN_SECONDS = 2  # after Ctrl-C, the time that downloads have to finish
# An address outside of this network (RFC 5737), to find which of our addresses leads out of it.
# Nothing is sent there.
_ELSEWHERE = ("192.0.2.1", 9)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at *host* and *port*; port 0 takes any free port.

    Raises ChapbookError if the port is in use, or if *host* is not an address of this machine.
    """
    where = Place(f"{host}:{port}")
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        remedy = "take --host 127.0.0.1 for this machine alone, or 0.0.0.0 for its network"
        raise ChapbookError("there is no such address", where=where, remedy=remedy) from error
    try:
        return socket.create_server(
            address[:2],
            family=family,
            backlog=_MOST_CONNECTIONS,
            # "::" means every address, of IPv4 as well as of IPv6.
            dualstack_ipv6=address[0] == "::" and socket.has_dualstack_ipv6(),
        )
    except PermissionError as error:
        remedy = "take one from 1024 on with --port"
        raise ChapbookError("this port is the system's", where=where, remedy=remedy) from error
    except OSError as error:
        message, remedy = "this port is in use", "choose another with --port, or any with --port 0"
        if not _is_ours(family, str(address[0])):
            message, remedy = "this machine has no such address", "name one of its own with --host"
        raise ChapbookError(message, where=where, remedy=remedy) from error


def _is_ours(family: socket.AddressFamily, host: str) -> bool:
    """Return whether this machine can listen at *host*, on any port."""
    try:
        socket.create_server((host, 0), family=family).close()
    except OSError:
        return False
    return True


def address_of(listening: socket.socket) -> str:
    """Return the URL by which others reach the socket *listening*."""
    host, port = listening.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = _outward() or socket.gethostname()
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def is_for_this_machine_alone(listening: socket.socket) -> bool:
    """Return whether no other machine can reach the socket *listening*."""
    return ipaddress.ip_address(listening.getsockname()[0]).is_loopback


def _outward() -> str | None:
    """Return the address of this machine in its network, or None."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_ELSEWHERE)
        return str(probe.getsockname()[0])
    return None


def _names(host: str) -> Iterator[str]:
    yield from ("localhost", host, socket.gethostname(), f"{socket.gethostname()}.local")


def serve(folder: Path, listening: socket.socket, host: str) -> None:
    """Serve *folder* at *listening* until Ctrl-C, which raises KeyboardInterrupt."""
    import uvicorn

    from chapbook.serving import application

    config = uvicorn.Config(
        application(folder, tuple(_names(host))),
        http="h11",
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listening])
