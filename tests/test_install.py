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
    for name in ("cat", "dirname", "env", "grep", "sed", "sh", "tail"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    _program(tmp_path / "id", "#!/bin/sh\necho 1000\n")
    return tmp_path


def _program(path: Path, text: str = "#!/bin/sh\nexit 1\n") -> None:
    path.write_text(text)
    path.chmod(0o755)


def _install(path: Path) -> tuple[int, str]:
    """Return the exit code and what is said on stderr; nothing is said on stdout."""
    done = subprocess.run(
        ["sh", ROOT / ".ci/install"],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_no_python(machine: Path) -> None:
    code, said = _install(machine)
    assert code == 5
    assert said.count("\n") == 1
    assert "needs Python 3.11 or later, and finds none." in said


def test_an_old_python_is_named(machine: Path) -> None:
    _program(
        machine / "python3",
        '#!/bin/sh\n[ "$1" != --version ] || { echo Python 3.9.2; exit; }\nexit 1\n',
    )
    code, said = _install(machine)
    assert code == 5
    assert said.count("\n") == 1
    assert "finds Python 3.9.2." in said


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        (
            "apt-get",
            (
                r"su -c 'apt-get update && apt-get install -y --no-install-recommends"
                r" python3\.\d+-venv libpango-1\.0-0 libpangoft2-1\.0-0 libharfbuzz-subset0'"
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
    code, said = _install(machine)
    assert code == 5
    assert "lacks ensurepip, to make .venv, and Pango with HarfBuzz, to lay out pages." in said
    assert re.fullmatch(command, said.splitlines()[-1].strip())


def test_a_sudo_that_asks_for_a_password_is_left_to_the_user(machine: Path) -> None:
    _program(machine / "python3", BARE_PYTHON)
    _program(machine / "dnf")
    _program(machine / "sudo")
    assert _install(machine)[1].endswith("    sudo sh -c 'dnf install -y pango'\n")


def test_an_unknown_package_manager(machine: Path) -> None:
    _program(machine / "python3", BARE_PYTHON)
    code, said = _install(machine)
    assert code == 5
    assert said.endswith("Install that, then make again.\n")


def test_make_help_names_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.findall(r"^make (\w+) +\w", said.stdout, re.MULTILINE) == phony[1].split()
