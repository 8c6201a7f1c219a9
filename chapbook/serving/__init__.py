"""Serves the folder of a catalog over HTTP, and nothing else, with a restricted Starlette.

Starlette provides ranges, entity tags, conditional requests and compression (RFC 9110). This module
decides which files are visible, their media types, and which host names are allowed.
"""

from __future__ import annotations

import ipaddress
import mimetypes
import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from chapbook.writers.registry import listed_formats

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_LISTED = {row.suffix: row for row in listed_formats()}
# By suffix, because the types that a system knows differ. Atom's type is from OPDS 1.2, 7.1.2.
MEDIA_TYPES = {
    ".atom": "application/atom+xml;profile=opds-catalog;charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".jpg": "image/jpeg",
    ".json": "application/opds+json",
    ".woff": "font/woff",
    **{
        suffix: f"{row.media_type}; charset=utf-8" if row.is_text else row.media_type
        for suffix, row in _LISTED.items()
    },
}
_ENTRY = "application/atom+xml;type=entry;profile=opds-catalog;charset=utf-8"
_PUBLICATION = "application/opds-publication+json"

_TEXTS = {suffix for suffix, row in _LISTED.items() if row.is_text}
_COMPRESSED = frozenset({".atom", ".css", ".json", *_TEXTS})
# These are compressed already, or are read in ranges.
_NEVER_COMPRESSED = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    *(row.media_type for row in _LISTED.values() if not row.is_text),
)

# A publication may contain any page. It can show itself, but it cannot run or fetch anything.
_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline' data:; img-src 'self' data:; "
    "font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "cache-control": "no-cache",  # a browser keeps the file, but asks whether it has changed
    "content-security-policy": _POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def application(folder: Path, names: Collection[str]) -> Starlette:
    """Return the ASGI application that serves *folder* under the host *names*.

    A numeric address is always allowed. Any other name is refused. Otherwise a web page whose own
    name leads to this machine could read the files (DNS rebinding).
    """
    return Starlette(
        routes=[
            Route("/opds", _to_feed, methods=["GET"]),
            Mount("/", _CatalogFiles(folder), name="catalog"),
        ],
        middleware=[
            Middleware(_KnownHosts, names=frozenset(name.lower() for name in names)),
            Middleware(GZipMiddleware, exclude_content_types=_NEVER_COMPRESSED),
        ],
    )


async def _to_feed(request: Request) -> Response:
    """Redirect to the root feed, so that a short address can be typed on a device."""
    wants_json = "application/opds+json" in request.headers.get("accept", "")
    return RedirectResponse("/opds.json" if wants_json else "/opds.atom")


class _CatalogFiles(StaticFiles):
    """The files of a catalog, without dot files and without links that lead out of the folder."""

    def __init__(self, folder: Path) -> None:
        # With this setting, Starlette follows no link out of the folder.
        super().__init__(directory=folder, html=True, follow_symlink=False)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        parts = Path(path).parts
        if any(part.startswith(".") for part in parts) and path != ".":
            return "", None
        full_path, status = super().lookup_path(path)
        is_hidden = status is not None and any(
            part.startswith(".") for part in Path(full_path).relative_to(self._root()).parts
        )
        return ("", None) if is_hidden else (full_path, status)

    def _root(self) -> str:
        return os.path.realpath(str(self.directory))

    def file_response(
        self,
        full_path: os.PathLike[str] | str,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(_HEADERS)
        path = Path(full_path)
        if path.suffix in _COMPRESSED:  # a tag for two encodings must be weak (RFC 9110, 8.8.1)
            response.headers["etag"] = f"W/{response.headers['etag']}"
        if "content-type" in response.headers:  # a 304 has none
            response.headers["content-type"] = media_type(path)
            row = _LISTED.get(path.suffix)
            if row and not row.opens_in_browser:  # otherwise some show a zip file
                response.headers["content-disposition"] = f"attachment; {_file_name(path.name)}"
        return response


def _file_name(name: str) -> str:
    """Return *name* as a header's parameter (RFC 6266, 4.3)."""
    quoted = quote(name)
    return f'filename="{name}"' if quoted == name else f"filename*=utf-8''{quoted}"


def media_type(path: Path) -> str:
    """Return the media type of the catalog's file at *path*."""
    special = {"entry.atom": _ENTRY, "publication.json": _PUBLICATION}
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return special.get(path.name) or MEDIA_TYPES.get(path.suffix, guessed)


class _KnownHosts:
    """Refuses requests to an unknown host name, with status 421 (RFC 9110, 7.4)."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self.app = app
        self.names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_known(Headers(scope=scope).get("host", "")):
            message = "This server has another name: use its numeric address, or localhost.\n"
            await PlainTextResponse(message, status_code=421)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_known(self, host: str) -> bool:
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        bare = name.strip("[]").rstrip(".").lower()
        if bare in self.names:
            return True
        try:
            ipaddress.ip_address(bare.partition("%")[0])
        except ValueError:
            return False
        return True
