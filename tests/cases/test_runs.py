"""A run over many manuscripts: each one ends by itself, and a summary names the failures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chapbook.cli import chapbook
from chapbook.cli.failures import WORST_FIRST
from tests.cases import FOLDER

HTML = ("--format", "html")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The case: of three manuscripts in source/ the second lacks its picture."""
    shutil.copytree(FOLDER / "one-stops-all", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("chapbook.checks.any_epub.ask_epubcheck", lambda _content, _book: [])
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(chapbook, words)


def built(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "build").glob("*.html"))


def test_one_manuscript_s_error_leaves_the_others_built(desk: Path) -> None:
    done = run("build", *HTML)
    assert done.exit_code == 3
    assert built(desk) == ["a.html", "c.html"]
    assert done.stderr.count("error: ") == 1
    assert "error: source/b.md:6: the image “nope.png” is missing" in done.stderr
    assert done.stdout.splitlines()[-1] == "2 of 3 built; 1 has errors: source/b.md"


def test_what_is_built_though_it_has_errors_is_counted_as_both(desk: Path) -> None:
    (desk / "source" / "b.md").write_text("---\ntitle: B\nlang: en\n---\n\nA\U00013000.\n", "utf-8")
    done = run("build", "--format", "pdf", *HTML)
    assert done.exit_code == 8
    assert done.stdout.splitlines()[-1] == "3 of 3 built; 1 has errors: source/b.md"


def test_a_run_without_errors_says_how_many_are_done(desk: Path) -> None:
    done = run("build", *HTML, "source/a.md", "source/c.md")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "2 of 2 built"


def test_a_run_over_one_has_no_summary(desk: Path) -> None:
    assert "built" not in run("build", *HTML, "source/a.md").stdout
    done = run("build", *HTML, "source/b.md")
    assert (done.exit_code, done.stdout) == (3, "")


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"source/b.md": "A\n\n![x](no.png)\n"}, 3),
        ({"source/b/templates/print.css": "p { color: var(--no) }", "source/b/index.md": "B\n"}, 4),
        ({"build/b.html/in": "the way"}, 6),
    ],
)
def test_the_exit_code_is_the_worst(desk: Path, bad: dict[str, str], code: int) -> None:
    (desk / "source" / "b.md").write_text("Words.\n", "utf-8")
    for name, text in bad.items():
        (desk / name).parent.mkdir(parents=True, exist_ok=True)
        (desk / name).write_text(text, "utf-8")
    second = "source/b" if (desk / "source" / "b").exists() else "source/b.md"
    flawed = "source/d.md"  # is built, with an error that is a finding
    (desk / flawed).write_text("# A\n\n\U00013000\n", "utf-8")
    done = run("build", "--format", "pdf", *HTML, "source/a.md", second, flawed)
    assert done.exit_code == code, done.output
    assert built(desk)[0] == "a.html"


def test_the_codes_are_ordered_from_a_defect_to_findings() -> None:
    assert WORST_FIRST == (1, 2, 7, 6, 5, 4, 3, 8)


def test_a_defect_met_in_one_manuscript_stops_no_other(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chapbook.reading import reader

    read = reader.read

    def fail(conversion: reader.Conversion, *others: Any) -> Any:
        if conversion.manuscript.stem == "b":
            raise KeyError(conversion.manuscript.stem)
        return read(conversion, *others)

    monkeypatch.setattr(reader, "read", fail)
    done = run("build", *HTML)
    assert done.exit_code == 1
    assert "a defect of Chapbook, KeyError" in done.stderr
    assert built(desk) == ["a.html", "c.html"]


def test_check_reads_all_that_is_built(desk: Path) -> None:
    run("build", *HTML)
    done = run("check")
    assert done.exit_code == 6
    assert "build/a.html  agrees" in done.stdout
    assert "build/c.html  agrees" in done.stdout
    assert done.stdout.splitlines()[-1] == "2 of 3 checked; 1 has errors: source/b.md"
    done = run("check", "none.epub", "source/a.md", "source/c.md")
    assert done.exit_code == 3
    assert done.stdout.splitlines()[-1] == "2 of 3 checked; 1 has errors: none.epub"


def release_all(desk: Path) -> Result:
    for name in ("a", "c"):
        path = desk / "source" / f"{name}.md"
        message = f'---\nedition: "1"\nidentifier: urn:x-{name}\n'
        path.write_text(path.read_text("utf-8").replace("---\n", message, 1), "utf-8")
    return run("release")


def test_release_and_verify_over_many(desk: Path) -> None:
    done = release_all(desk)
    assert done.exit_code == 3
    assert done.stdout.splitlines()[-1] == "2 of 3 released; 1 has errors: source/b.md"
    for path in (desk / "editions").rglob("a.html"):
        path.chmod(0o644)
        path.write_text("altered", "utf-8")
    done = run("verify", "urn:x-a", "urn:x-none", "c")
    assert done.exit_code == 7
    assert "urn:x-c: every byte is as it was released" in done.stdout
    last = "2 of 3 verified; 2 have errors: urn:x-a, urn:x-none"
    assert done.stdout.splitlines()[-1] == last
    report = json.loads(run("verify", "urn:x-a", "urn:x-none", "c", "--json").output)
    assert report["checked"] == "urn:x-a, urn:x-c"
    assert [row["subject"] for row in report["errors"]] == ["urn:x-none"]
    assert report["findings"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("build", *HTML), 3),
        (("build", *HTML, "source/b.md"), 3),
        (("build", *HTML, "none.md"), 3),
        (("build", "--no-such-option"), 2),
        (("build", "source/a.md", "a.md"), 2),
        (("check",), 6),
        (("check", "none.epub"), 3),
        (("check", "--printer", "kdp", "none.pdf"), 3),
        (("release",), 3),
        (("release", "none.md"), 3),
        (("verify",), 7),
        (("verify", "none"), 7),
        (("which", "none"), 3),
        (("editions",), 7),
        (("catalog", "none"), 3),
        (("no-such-command",), 2),
    ],
)
def test_json_is_one_document_whatever_fails(desk: Path, words: tuple[str, ...], code: int) -> None:
    (desk / "a.md").write_text("Words.\n", "utf-8")
    done = run(*words, "--json")
    assert done.exit_code == code, done.output
    rows = json.loads(done.output)["errors"]  # standard output and error together
    assert rows
    assert {"message", "remedy", "file", "line", "exit-code", "subject"} == set(rows[0])
    assert {row["exit-code"] for row in rows} == {code}
