"""Find the images beside a manuscript safely, check them, and make them harmless.

Only files below the manuscript's own folder are read: no scheme, no absolute path, no `..`, and no
symbolic link that leads out. A refused image raises AssetRefused, which the reader turns into a
finding. A missing or broken image raises SourceError.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import warnings
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from chapbook.images.svg import AssetRefused as AssetRefused  # noqa: PLC0414 - exported
from chapbook.images.svg import Broken, judge_svg
from chapbook.lang.nearest_names import did_you_mean
from chapbook.model.document import Asset
from chapbook.model.errors import Place, SourceError

LARGEST_BYTES = 64 * 2**20
LARGEST_PIXELS = 64 * 10**6  # 8,000 × 8,000; decoding takes 4 bytes for each pixel

_MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "MPO": "image/jpeg",  # a phone's JPEG with a second picture after the first
}
_ORIENTATION, _LYING = 0x0112, range(5, 9)  # EXIF 2.32, 4.6.4: turned by 90 degrees
_OPENED = [name for name in _MEDIA_TYPES if name != "MPO"]  # Pillow opens it as JPEG
_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
_MOST_NAMES = 2000  # names among which the most similar is searched
_PUT_BESIDE = "put it beside the manuscript or correct its name, counted from that folder"
_NOWHERE = "its symbolic links have no target"
_COPY = "copy it into the manuscript's folder and write its name alone"
_GUESSED = (
    "has inks (CMYK) and no profile that says what they look like: its colors are guessed; "
    "save it with its profile, or in sRGB"
)
_KINDS = "save it as PNG, JPEG, GIF, WebP, AVIF or SVG"


def read_asset(href: str, folder: Path | None, where: Place) -> Asset:
    """Read the image *href* below *folder*, which *where* names.

    *folder* is None for a manuscript from standard input, which has no files beside it. Raises
    AssetRefused and SourceError.
    """
    try:
        content = read_plain(locate(href, folder))
    except FileNotFoundError as error:
        raise SourceError(
            f"the image “{_shown(href)}” is missing",
            where=where,
            remedy=did_you_mean(_plain_name(href), names_beside(folder, _SUFFIXES), _PUT_BESIDE),
        ) from error
    except OSError as error:
        if error.errno == errno.ELOOP:  # Python 3.13 no longer finds it while it resolves links
            raise AssetRefused(_NOWHERE) from error
        raise SourceError(
            f"the image “{_shown(href)}” cannot be read: {error.strerror}",
            where=where,
            remedy="correct its name or its permissions",
        ) from error
    is_markup = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    judge = _judge_drawing if is_markup else _judge_raster
    try:
        return Asset(_plain_name(href), *judge(content))
    except Broken as broken:
        raise SourceError(
            f"the image “{_shown(href)}” is {broken}", where=where, remedy=_KINDS
        ) from broken


def read_plain(path: Path) -> bytes:
    """Return the bytes of the plain file at *path*. Raises OSError, and AssetRefused for others."""
    # O_NONBLOCK, because a pipe could have replaced the file since it was checked.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise AssetRefused("it is not a plain file")
        content = stream.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise AssetRefused(f"it is larger than {LARGEST_BYTES // 2**20} MB")
    return content


def locate(href: str, folder: Path | None) -> Path:
    """Return the file that *href* names. Raises AssetRefused if it is not beside the manuscript."""
    try:
        parts = urlsplit(href)
    except ValueError as error:
        raise AssetRefused("it is not an address") from error
    if parts.scheme or parts.netloc:
        raise AssetRefused(_elsewhere(parts.scheme))
    name = unquote(parts.path)
    relative = PurePosixPath(name)
    if folder is None:
        raise AssetRefused("a manuscript from standard input has no files beside it")
    if not name or relative.is_absolute() or "\\" in name or "\0" in name or ":" in name:
        raise AssetRefused(f"only files beside the manuscript are read; {_COPY}")
    if ".." in relative.parts:
        raise AssetRefused(f"it leads out of the manuscript's folder; {_COPY}")
    path = folder / relative
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise AssetRefused(f"a symbolic link leads out of the manuscript's folder; {_COPY}")
    except (OSError, RuntimeError) as error:
        raise AssetRefused(_NOWHERE) from error
    if path.exists() and not path.is_file():
        raise AssetRefused("it is not a plain file")
    return path


def _elsewhere(scheme: str) -> str:
    """Return why an image at an address with this *scheme* is not read, and what to do."""
    if scheme in {"", "http", "https"}:
        return "nothing is fetched: download it and put it beside the manuscript"
    return f"only files beside the manuscript are read; {_COPY}"


def names_beside(folder: Path | None, suffixes: tuple[str, ...]) -> list[str]:
    """Return the names of files in *folder* and one level below, as an author writes them."""
    if folder is None:
        return []
    paths = islice(chain(folder.glob("*.*"), folder.glob("*/*.*")), _MOST_NAMES)
    names = (path.relative_to(folder).as_posix() for path in paths)
    return [name for name in names if name.lower().endswith(suffixes)]


def _shown(href: str) -> str:
    return href if len(href) <= 80 else f"{href[:79]}…"


def _plain_name(href: str) -> str:
    return PurePosixPath(unquote(urlsplit(href).path)).as_posix()


def _judge_drawing(content: bytes) -> tuple[str, bytes, int, int, tuple[str, ...]]:
    drawing = judge_svg(content, _judge_raster)
    size = drawing.width_px, drawing.height_px
    return "image/svg+xml", drawing.content, *size, drawing.losses


def _judge_raster(content: bytes) -> tuple[str, bytes, int, int, tuple[str, ...]]:
    from PIL import Image, ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of harmless faults too
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Only these formats: some of the others start programs.
            image = Image.open(io.BytesIO(content), formats=_OPENED)
            width, height = image.size
            if width * height <= LARGEST_PIXELS:
                image.load()  # a truncated file is detected only when it is decoded
            if image.getexif().get(_ORIENTATION, 1) in _LYING:
                width, height = height, width
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise AssetRefused("it has more than 64 million pixels") from error
    except Exception as error:  # Pillow's decoders raise all kinds of exceptions
        raise Broken("broken, or of a kind that e-readers do not show") from error
    if width * height > LARGEST_PIXELS:
        raise AssetRefused(f"it has {width} × {height} pixels, more than 64 million")
    is_guessed = image.mode == "CMYK" and not image.info.get("icc_profile")
    losses = (_GUESSED,) if is_guessed else ()
    return _MEDIA_TYPES[image.format or ""], content, width, height, losses
