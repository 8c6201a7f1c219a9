"""The images beside a manuscript: found safely, judged, and made harmless.

Only a file below the manuscript's own folder is read: no scheme, no absolute path, no `..`, no
symbolic link that leads out. What is refused raises AssetRefused, which the reader turns into a
finding; what is missing or broken raises SourceError.
"""

from __future__ import annotations

import io
import re
import stat
import warnings
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from chapbook.document import Asset
from chapbook.errors import Place, SourceError

LARGEST_BYTES = 64 * 2**20
LARGEST_PIXELS = 64 * 10**6  # 8,000 × 8,000; decoding takes 4 bytes a pixel

_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}


class AssetRefused(Exception):
    """The manuscript asks for something that it may not read. `str()` says why."""


def read_asset(href: str, folder: Path | None, where: Place) -> Asset:
    """Read the image that *href* names below *folder*.

    *folder* is None for a manuscript from standard input, which has nothing beside it.
    """
    path = locate(href, folder)
    try:
        with path.open("rb") as stream:
            if not stat.S_ISREG(path.stat().st_mode):
                raise AssetRefused("it is no plain file")
            content = stream.read(LARGEST_BYTES + 1)
    except FileNotFoundError as error:
        raise SourceError(
            f"the image “{href}” is missing",
            where=where,
            remedy="put it beside the manuscript or correct its name",
        ) from error
    except OSError as error:
        raise SourceError(
            f"the image “{href}” cannot be read: {error.strerror}", where=where
        ) from error
    if len(content) > LARGEST_BYTES:
        raise AssetRefused(f"it is larger than {LARGEST_BYTES // 2**20} MB")
    judge = _judge_svg if b"<svg" in content[:4096] else _judge_raster
    return judge(_plain_name(href), content, href, where)


def locate(href: str, folder: Path | None) -> Path:
    """The file that *href* names. Raises AssetRefused where it is not beside the manuscript."""
    try:
        parts = urlsplit(href)
    except ValueError as error:
        raise AssetRefused("it is no address") from error
    if parts.scheme or parts.netloc:
        raise AssetRefused("nothing is fetched: only files beside the manuscript are read")
    name = unquote(parts.path)
    relative = PurePosixPath(name)
    if folder is None:
        raise AssetRefused("a manuscript from standard input has no files beside it")
    if not name or relative.is_absolute() or "\\" in name or "\0" in name or ":" in name:
        raise AssetRefused("only files beside the manuscript are read")
    if ".." in relative.parts:
        raise AssetRefused("it leads out of the manuscript's folder")
    path = folder / relative
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise AssetRefused("a symbolic link leads out of the manuscript's folder")
    except (OSError, RuntimeError) as error:
        raise AssetRefused("its symbolic links lead nowhere") from error
    if path.exists() and not path.is_file():
        raise AssetRefused("it is no plain file")
    return path


def _plain_name(href: str) -> str:
    return PurePosixPath(unquote(urlsplit(href).path)).as_posix()


def _judge_raster(name: str, content: bytes, href: str, where: Place) -> Asset:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content))
            media_type = _MEDIA_TYPES.get(image.format or "")
            if media_type is None:
                raise SourceError(
                    f"the image “{href}” is {image.format}, which e-readers do not show",
                    where=where,
                    remedy="save it as PNG, JPEG, GIF, WebP or SVG",
                )
            width, height = image.size
            if width * height > LARGEST_PIXELS:
                raise AssetRefused(f"it has {width} × {height} pixels, more than 64 million")
            image.load()  # a truncated file shows itself only when it is decoded
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise AssetRefused("it has more than 64 million pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise SourceError(
            f"the image “{href}” is broken", where=where, remedy="save it once more"
        ) from error
    return Asset(name, media_type, content, width, height)


# SVG ------------------------------------------------------------------------------------------

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_ACTIVE = frozenset(
    _SVG + name
    for name in "script foreignObject iframe audio video handler listener set animate "
    "animateMotion animateTransform animateColor discard".split()
)
_REMOTE_CSS = re.compile(r"@import|url\(\s*['\"]?\s*(?!#)", re.IGNORECASE)
_MOST_ELEMENTS = 200_000


def _judge_svg(name: str, content: bytes, href: str, where: Place) -> Asset:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(
            f"the image “{href}” is broken: {error.msg}", where=where, remedy="save it once more"
        ) from error
    if root.tag != f"{_SVG}svg":
        raise SourceError(f"the image “{href}” is no SVG", where=where)
    if any(node.tag is etree.Entity for node in root.iter()):
        raise AssetRefused("it has entities, which can hold anything")
    _clean_svg(root)
    width, height = _svg_size(root)
    cleaned = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Asset(name, "image/svg+xml", cleaned, width, height)


def _clean_svg(root: etree._Element) -> None:  # type: ignore[name-defined]  # noqa: F821
    """Take out what runs or loads: an SVG in a book is a still picture."""
    for number, node in enumerate(list(root.iter())):
        if number > _MOST_ELEMENTS:
            raise AssetRefused(f"it has more than {_MOST_ELEMENTS:,} elements")
        if node.tag in _ACTIVE or (
            node.tag == f"{_SVG}style" and _REMOTE_CSS.search(node.text or "")
        ):
            parent = node.getparent()
            if parent is not None:
                parent.remove(node)
            continue
        for attribute, value in list(node.attrib.items()):
            local = attribute.rpartition("}")[2].lower()
            leads_out = local == "href" and not value.lstrip().startswith(("#", "data:image/"))
            if local.startswith("on") or leads_out or _REMOTE_CSS.search(value):
                del node.attrib[attribute]


def _svg_size(root: etree._Element) -> tuple[int, int]:  # type: ignore[name-defined]  # noqa: F821
    """The picture's size in CSS pixels: its own, its view box's, or CSS's default of 300 × 150."""
    lengths = [
        re.fullmatch(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*", root.get(side, ""))
        for side in ("width", "height")
    ]
    if all(lengths):
        width, height = (float(length[1]) for length in lengths if length)
    else:
        box = re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))
        width, height = (float(box[2]), float(box[3])) if len(box) == 4 else (300.0, 150.0)
    return max(1, round(width)), max(1, round(height))
