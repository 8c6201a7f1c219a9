"""The same manuscript gives the same bytes: whenever, wherever and by whomever it is built."""

import io
import os
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from chapbook.images.cmyk_profiles import cmyk_profile
from chapbook.model.errors import ToolchainError
from chapbook.writers import registry

ROOT = Path(__file__).parents[1]
FORMATS = tuple(registry.FORMATS)


def why_no_profile() -> str:
    """Why no PDF/X can be made here; empty where it can."""
    try:
        cmyk_profile()
    except ToolchainError as missing:
        return str(missing)
    return ""


NO_PROFILE = why_no_profile()
SUFFIXES = tuple(suffix for row in registry.FORMATS.values() for suffix in row.suffixes)

# The clock of Python, as every module sees it: years ahead, and running three times as fast.
OTHER_CLOCK = """
import datetime, time
SHIFT = 6.5 * 365.25 * 86400
real_time, real_ns = time.time, time.time_ns
real_local, real_gmt, real_format = time.localtime, time.gmtime, time.strftime
start = real_time()
time.time = lambda: start + (real_time() - start) * 3 + SHIFT
time.time_ns = lambda: int(time.time() * 1e9)
time.localtime = lambda seconds=None: real_local(time.time() if seconds is None else seconds)
time.gmtime = lambda seconds=None: real_gmt(time.time() if seconds is None else seconds)
time.strftime = lambda form, moment=None: real_format(form, moment or time.localtime())

class Meta(type):
    def __instancecheck__(cls, value):
        return isinstance(value, real_datetime)
    def __subclasscheck__(cls, other):
        return issubclass(other, real_datetime)

real_datetime = datetime.datetime

class Datetime(real_datetime, metaclass=Meta):
    @classmethod
    def now(cls, tz=None):
        return real_datetime.fromtimestamp(time.time(), tz)
    @classmethod
    def utcnow(cls):
        return real_datetime.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)
    @classmethod
    def today(cls):
        return cls.now()

datetime.datetime = Datetime
"""

RICH = """\
---
title: Everything *at once*
subtitle: And more
author:
  - name: Ada Lovelace
    orcid: 0000-0002-1825-0097
  - Someone Else
keywords: [zebra, apple, mango]
lang: en
date: 2026-11-22
edition: "2.1"
abstract: What is in it.
isbn: 978-0-306-40615-7
cover-image: photo.jpg
print: {price: USD 19.99, layout: chapbook}
---

Before the first heading.[^a]

# Pictures

![A raster](raster.png) and ![a drawing](drawing.svg) and ![a photograph](photo.jpg).

![A figure with its caption](raster.png){width=50%}

# Formulas and code

Inline $e^{i\\pi} = -1$ and

$$\\sum_{n=1}^{\\infty} \\frac{1}{n^2} = \\frac{\\pi^2}{6}$$

```python
def f(x):
    return x  # “quoted” — dashed
```

# Tables, lists, notes

| a | b |
|---|--:|
| 1 | 2 |

1. one[^b]
2. two
    - [x] done
    - [ ] open

Term
:   Definition with *emphasis*, **strong**, ~~struck~~, H~2~O, x^2^ and `code`.

[^a]: A first note with $x$.
[^b]: A second, with a [link](https://example.org/) and [another](#pictures).
"""


def write_sources(folder: Path) -> None:
    """Two manuscripts: the essay, and one that has all that could vary."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "source" / "security-assistance.md", folder / "essay.md")
    (folder / "rich.md").write_text(RICH, "utf-8")
    (folder / "pressed.md").write_text(
        RICH.replace("{price", "{printer: press, spine-width: 5 mm, price"), "utf-8"
    )
    (folder / "undated.md").write_text("# A heading\n\nNothing is known of it.\n", "utf-8")
    raster = Image.new("RGB", (40, 30))
    dice = random.Random(7)
    raster.putdata([(dice.randrange(256), dice.randrange(256), 7) for _ in range(1200)])
    for name, form in (("raster.png", "PNG"), ("photo.jpg", "JPEG")):
        packed = io.BytesIO()
        raster.save(packed, form)
        (folder / name).write_bytes(packed.getvalue())
    (folder / "drawing.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60">'
        '<rect width="90" height="60" fill="teal"/></svg>',
        "utf-8",
    )


def build(folder: Path, out: Path, here: Path, names: list[str], **extra: str) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **extra}
    environment["PYTHONPATH"] = os.pathsep.join(
        [*filter(None, [extra.get("PYTHONPATH")]), str(ROOT)]
    )
    formats = [word for name in FORMATS for word in ("--format", name)]
    subprocess.run(
        [sys.executable, "-m", "chapbook", "build", *names, *formats, "--out", str(out)],
        cwd=here,
        env=environment,
        check=True,
        capture_output=True,
        umask=int(extra.get("UMASK", "022"), 8),
    )


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of two builds that share nothing but the sources' bytes."""
    one, other = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other way round")
    write_sources(one)
    names = ["essay.md", "rich.md", "undated.md", *(["pressed.md"] if not NO_PROFILE else [])]
    build(one, one / "build", one, names, LC_ALL="C.UTF-8", TZ="UTC", PYTHONHASHSEED="0")

    source = other / "früh" / "sub folder"
    write_sources(source)
    site = other / "site"
    site.mkdir()
    seen = f"import pathlib\npathlib.Path({str(other / 'seen')!r}).touch()\n"
    (site / "sitecustomize.py").write_text(OTHER_CLOCK + seen, "utf-8")
    home = other / "home"
    (home / ".config" / "fontconfig").mkdir(parents=True)
    config = home / ".config" / "fontconfig" / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><fontconfig><dir>/usr/share/fonts</dir><match><edit name="hintstyle">'
        "<const>hintfull</const></edit></match></fontconfig>",
        "utf-8",
    )
    for path in source.iterdir():
        os.utime(path, (1, 1))
    build(
        source,
        other / "elsewhere",
        other,
        [str(source / name) for name in reversed(names)],
        LC_ALL="tr_TR.UTF-8",
        LANG="de_DE.ISO-8859-1",
        LANGUAGE="ar",
        TZ="Pacific/Kiritimati",
        PYTHONHASHSEED="4242",
        PYTHONPATH=str(site),
        HOME=str(home),
        XDG_CONFIG_HOME=str(home / ".config"),
        FONTCONFIG_FILE=str(config),
        SOURCE_DATE_EPOCH="86400",
        COLUMNS="40",
        NO_COLOR="1",
        UMASK="077",
        PANGOCAIRO_BACKEND="fc",
        USER="someone else",
    )
    assert (other / "seen").is_file(), "the other clock was not set"
    return one / "build", other / "elsewhere"


@pytest.mark.parametrize(
    "name",
    [
        "essay",
        "rich",
        "undated",
        pytest.param("pressed", marks=pytest.mark.skipif(bool(NO_PROFILE), reason=NO_PROFILE)),
    ],
)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_two_builds_are_equal(twice: tuple[Path, Path], name: str, suffix: str) -> None:
    one, other = (folder / f"{name}{suffix}" for folder in twice)
    first, second = one.read_bytes(), other.read_bytes()
    assert differing_entries(first, second) == []
    assert first == second


def differing_entries(first: bytes, second: bytes) -> list[str]:
    """Return the entries in which two zip files differ, for the message of a failure."""
    if not first.startswith(b"PK"):
        return []
    with zipfile.ZipFile(io.BytesIO(first)) as one, zipfile.ZipFile(io.BytesIO(second)) as other:
        names = {*one.namelist(), *other.namelist()}
        return sorted(
            name
            for name in names
            if {name} - {*one.namelist()}
            or {name} - {*other.namelist()}
            or one.read(name) != other.read(name)
        )


def test_nothing_shows_where_it_was_built(twice: tuple[Path, Path]) -> None:
    for folder in twice:
        for path in folder.iterdir():
            content = path.read_bytes()
            assert str(folder.parent).encode() not in content, path.name
            assert b"someone else" not in content, path.name


def test_the_other_clock_is_another() -> None:
    """The proof is worth nothing where the second build sees the same time as the first."""
    code = OTHER_CLOCK + "\nprint(datetime.datetime.now().year, time.localtime().tm_year)"
    years = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout.split()
    now = subprocess.run(
        [sys.executable, "-c", "import time; print(time.localtime().tm_year)"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout.strip()
    assert all(int(year) >= int(now) + 6 for year in years)


def test_a_rebuild_in_the_same_process_is_equal() -> None:
    """Caches and counters that outlive a build must not show in the next one."""
    code = (
        "import sys\nfrom chapbook.cli.inputs import job\nfrom chapbook.pipeline import build\n"
        "runs = [build(job(sys.argv[1]), sys.argv[2:]) for _ in range(2)]\n"
        "one, other = ([made.content for made in run.artefacts] for run in runs)\n"
        "sys.exit(one != other)\n"
    )
    essay = ROOT / "source" / "security-assistance.md"
    done = subprocess.run([sys.executable, "-c", code, str(essay), *FORMATS], cwd=ROOT, check=False)
    assert done.returncode == 0
