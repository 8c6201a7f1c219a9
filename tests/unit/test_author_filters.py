"""Authors' own filters run only when allowed and with limits, and are archived with the work."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chapbook.checks.expected import expect
from chapbook.cli import chapbook, inputs
from chapbook.model.errors import SourceError
from chapbook.pipeline import publish
from chapbook.reading import pandoc

TEXT = "---\ntitle: T\nlang: en\nidentifier: urn:x\nedition: '1'\nfilters: {}\n---\n\nOne word.\n"
LUA = 'function Str(s) if s.text == "One" then return pandoc.Str("{}") end end'
JSON = """\
#!/usr/bin/env python3
import json, sys
tree = json.load(sys.stdin)
tree["blocks"].append({"t": "Para", "c": [{"t": "Str", "c": "Appended."}]})
json.dump(tree, sys.stdout)
"""


def desk(folder: Path, filters: str, files: Mapping[str, str]) -> Path:
    path = folder / "essay.md"
    path.write_text(TEXT.format(filters), "utf-8")
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    return path


def words(manuscript: Path) -> str:
    job = inputs.job(str(manuscript), allow_filters=True)
    text = " ".join("".join(publish(job).document.body.itertext()).split())
    (blocks,) = [" ".join(expect(job).outline().text.blocks)]
    assert blocks == text, "the check expects something else than is made"
    return text


def test_filters_run_in_their_order_before_anything_of_ours(tmp_path: Path) -> None:
    files = {
        "first.lua": LUA.format("Another"),
        "sub dir/second.lua": LUA.replace('"One"', '"Another"').format("Third"),
        "last.py": JSON,
    }
    path = desk(tmp_path, '[first.lua, "sub dir/second.lua", ./last.py]', files)
    assert words(path) == "Third word. Appended."


def test_a_warning_of_a_filter_is_reported_with_its_file_and_line(tmp_path: Path) -> None:
    path = desk(tmp_path, "a.lua", {"a.lua": "\nfunction Doc() end\npandoc.log.warn('Mind it.')"})
    (findings,) = publish(inputs.job(str(path), allow_filters=True)).document.findings
    assert str(findings) == f"{tmp_path}/a.lua:3: warning: the filter says: Mind it. [conversion]"


WRONG: Mapping[str, tuple[str, dict[str, str], str]] = {
    "lua": (
        "a.lua",
        {"a.lua": 'function Str()\n  error("no such term")\nend'},
        "a.lua:2: the filter “a.lua” failed: no such term — mend it, or take it out of filters",
    ),
    "lua syntax": ("a.lua", {"a.lua": "function ("}, "a.lua:1: the filter “a.lua” failed: "),
    "status": (
        "a.py",
        {"a.py": "#!/bin/sh\necho a table is missing >&2\nexit 3"},
        "a.py: the filter “a.py” failed: Filter returned error status 3: a table is missing — ",
    ),
    "exception": (
        "a.py",
        {"a.py": "raise ValueError('why')"},
        "a.py: the filter “a.py” failed: Filter returned error status 1: ValueError: why — ",
    ),
    "no JSON": ("a.sh", {"a.sh": "#!/bin/sh\necho x"}, "a.sh: the filter “a.sh” failed: "),
    "no program": (
        "a.txt",
        {"a.txt": "words"},
        "a.txt: the filter “a.txt” failed: Could not find executable",
    ),
    "missing": ("a.lua", {"b.lua": ""}, "essay.md:6: the filter “a.lua” is missing — did you mean"),
    "elsewhere": ("../a.lua", {}, "essay.md:6: the filter “../a.lua” is not used: it leads out"),
    "no names": ("{a: b}", {}, "essay.md:6: it takes the name of a filter, or a list of names"),
}


@pytest.mark.parametrize(("filters", "files", "message"), WRONG.values(), ids=WRONG)
def test_a_filter_that_fails_is_reported_in_one_line_with_its_name(
    tmp_path: Path, filters: str, files: dict[str, str], message: str
) -> None:
    path = desk(tmp_path, filters, files)
    with pytest.raises(SourceError) as caught:
        publish(inputs.job(str(path), allow_filters=True))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_filter_without_an_end_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pandoc, "LONGEST_SECONDS", 1.0)
    sign = tmp_path / "lived on"
    script = f"#!/bin/sh\n(sleep 3; touch '{sign}') &\nsleep 30\n"
    path = desk(tmp_path, "a.sh", {"a.sh": script})
    begun = time.monotonic()
    with pytest.raises(SourceError, match=r"pandoc with a\.sh did not finish in 1 seconds"):
        publish(inputs.job(str(path), allow_filters=True))
    assert time.monotonic() - begun < 2.5
    time.sleep(max(0.0, 3.5 - (time.monotonic() - begun)))
    assert not sign.exists()


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(chapbook, [str(word) for word in words])


def test_no_command_runs_a_filter_unasked_and_each_says_how_to_allow_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("chapbook.checks.any_epub.ask_epubcheck", lambda *_: [])  # it takes long
    sign = tmp_path / "ran"
    desk(tmp_path, "a.lua", {"a.lua": f"io.open('{sign}', 'w'):close()"})
    yes = "--allow-filters"
    message = "essay.md:6: filters are programs, and none is run unasked: a.lua — read them, and"
    for command in (
        ["build", "essay.md", "--format", "html"],
        ["check", "essay.md"],
        ["release", "essay.md"],
        ["rebuild", "essay@1"],
        ["diff", "essay@1", "essay.md"],
    ):
        sign.unlink(missing_ok=True)
        refused = run(*command)
        assert (refused.exit_code, message in refused.output) == (3, True), refused.output
        assert not sign.exists()
        allowed = run(*command, yes)
        assert allowed.exit_code == 0, allowed.output
        assert sign.exists() or command[0] == "build"
    kept = [path.name for path in (tmp_path / "editions").rglob("a.lua")]
    assert kept == ["a.lua"]


def test_a_changed_filter_makes_what_was_built_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    desk(tmp_path, "a.lua", {"a.lua": LUA.format("Some")})
    build = ("build", "essay.md", "--format", "html", "--allow-filters")
    run(*build)
    assert "up to date" in run(*build).output
    (tmp_path / "a.lua").write_text(LUA.format("Other"), "utf-8")
    assert "up to date" not in run(*build).output
    assert "Other word." in (tmp_path / "build" / "essay.html").read_text("utf-8")
