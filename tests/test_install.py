"""`make` on a machine that lacks something: one clear line and exit code 5, and nothing touched."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# A Python of the right age that can neither make a .venv nor find Pango.
BARE_PYTHON = f"""#!/bin/sh
case "$2" in *version_info*) exec {sys.executable} "$@" ;; esac
exit 1
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a folder to be the whole PATH of an ordinary user, without sudo or package manager."""
    for name in (
        "cat",
        "date",
        "dirname",
        "env",
        "grep",
        "mktemp",
        "rm",
        "sed",
        "sh",
        "sleep",
        "tail",
    ):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    _program(tmp_path / "id", "#!/bin/sh\necho 1000\n")
    return tmp_path


def _program(path: Path, text: str = "#!/bin/sh\nexit 1\n") -> None:
    path.write_text(text)
    path.chmod(0o755)


def _run(*command: str | Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(path)} if path else None
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


def _install(path: Path) -> tuple[int, str]:
    """Return the exit code and stderr; stdout must be empty."""
    done = _run("sh", ROOT / ".ci/install", path=path)
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_no_python(machine: Path) -> None:
    code, text = _install(machine)
    assert code == 5
    assert text.count("\n") == 1
    assert "needs Python 3.11 or later, and finds none." in text


def test_an_old_python_is_named(machine: Path) -> None:
    _program(
        machine / "python3",
        '#!/bin/sh\n[ "$1" != --version ] || { echo Python 3.9.2; exit; }\nexit 1\n',
    )
    code, text = _install(machine)
    assert code == 5
    assert text.count("\n") == 1
    assert "finds Python 3.9.2." in text


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        (
            "apt-get",
            (
                r"su -c 'apt-get update && apt-get install -y --no-install-recommends"
                r" python3\.\d+-venv libpango-1\.0-0 libpangoft2-1\.0-0 libharfbuzz-subset0"
                r" libgs-common'"
            ),
        ),
        ("dnf", "su -c 'dnf install -y pango'"),
        ("pacman", "su -c 'pacman -S --needed --noconfirm pango'"),
        ("apk", "su -c 'apk add pango harfbuzz-subset fontconfig'"),
    ],
)
def test_without_leave_to_install_the_one_command_is_printed(
    machine: Path, manager: str, command: str
) -> None:
    _program(machine / "python3", BARE_PYTHON)
    _program(machine / manager)
    code, text = _install(machine)
    assert code == 5
    assert "lacks ensurepip, to make .venv, and Pango with HarfBuzz, to lay out pages." in text
    assert re.fullmatch(command, text.splitlines()[-1].strip())


def test_a_sudo_that_asks_for_a_password_is_left_to_the_user(machine: Path) -> None:
    _program(machine / "python3", BARE_PYTHON)
    _program(machine / "dnf")
    _program(machine / "sudo")
    assert _install(machine)[1].endswith("    sudo sh -c 'dnf install -y pango'\n")


def test_an_unknown_package_manager(machine: Path) -> None:
    _program(machine / "python3", BARE_PYTHON)
    code, text = _install(machine)
    assert code == 5
    assert text.endswith("Install that, then make again.\n")


def test_without_leave_to_install_a_missing_profile_is_no_reason_to_stop(
    machine: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    checkout = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / ".ci", checkout / ".ci")  # and no chapbook/, which would find a profile
    _program(machine / "apt-get")
    _program(
        machine / "python3", '#!/bin/sh\ncase "$*" in *profiles*|*"-m venv"*) exit 1 ;; esac\n'
    )
    done = _run("sh", checkout / ".ci/install", path=machine)
    assert "no CMYK profile is installed, so nothing can be made" in done.stderr
    assert "    apt-get update && apt-get install -y --no-install-recommends libgs-common" in (
        done.stderr
    )
    assert done.stdout.startswith("Making .venv")  # it went on


LOCKED = "Could not get lock /var/lib/apt/lists/lock. It is held by process 1 (apt)"


@pytest.mark.parametrize(("words", "tries"), [(LOCKED, 2), ("Unable to locate package x", 1)])
def test_apt_waits_for_its_locks_and_for_nothing_else(
    machine: Path, words: str, tries: int
) -> None:
    done = machine / "done"
    _program(
        machine / "apt-get",
        f'#!/bin/sh\necho "$@" >>{done}\ncase $(cat {done}) in\n'
        f"*update*update*) exit 0 ;;\nesac\necho 'E: {words}' >&2\nexit 100\n",
    )
    (machine / "sleep").unlink()
    _program(machine / "sleep", "#!/bin/sh\n")
    result = _run("sh", ROOT / ".ci/apt-get", "update", path=machine)
    assert result.returncode == (0 if tries == 2 else 100)
    assert words in result.stderr
    assert done.read_text().splitlines() == ["-o DPkg::Lock::Timeout=600 update"] * tries


def test_nothing_is_installed_that_the_lock_does_not_hold() -> None:
    done = _run(sys.executable, ROOT / ".ci/installed.py", "--compare")
    assert done.stdout == ""
    assert done.returncode == 0


def test_a_file_that_the_lock_does_not_hold_is_named() -> None:
    files = ["bagit-1.9.0.tar.gz", "bagit-1.8.9.tar.gz", "left_pad-1.0-py3-none-any.whl"]
    done = _run(sys.executable, ROOT / ".ci/installed.py", "--files", *files)
    assert re.findall(r"^(\S+) was fetched", done.stdout, re.MULTILINE) == files[1:]
    assert done.returncode == 1


def test_what_a_build_imports_is_compiled() -> None:
    """Libraries by `make`; our own modules at the latest by the first start after an edit."""
    command = [sys.executable, "-v", "-c", "import weasyprint, ebooklib.epub, chapbook.pipeline"]
    first, second = (
        re.findall(r"^# code object from '?(.*?)'?$", _run(*command).stderr, re.MULTILINE)
        for _ in range(2)
    )
    libraries = [path for path in first if "site-packages" in path]
    ours = [path for path in second if path.startswith(f"{ROOT / 'chapbook'}/")]
    assert len(libraries) > 200
    assert len(ours) > 10
    assert [path for path in [*libraries, *ours] if not path.endswith(".pyc")] == []


def test_make_help_names_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    text = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.findall(r"^make (\w+) +\w", text.stdout, re.MULTILINE) == phony[1].split()
