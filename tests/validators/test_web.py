"""The web page, checked by the Nu HTML Checker, axe, and Chromium itself."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from chapbook.cli import inputs
from chapbook.pipeline import build
from tests.validators import tools

ROOT = tools.HERE.parents[1]
OURS = (ROOT / "source/security-assistance.md", ROOT / "source/manual")
MANUSCRIPTS = (*OURS, *sorted(tools.HERE.glob("hard/*.md")))
NAMES = [manuscript.stem for manuscript in MANUSCRIPTS]

# The checker holds the page's own policy against it where browsers do not: it takes data blocks
# for scripts, knows no `data:` sources, and hashes a style that is not ASCII otherwise.
UNFOUNDED = "Content Security Policy"

# What the raw HTML of raw.md gets wrong by intent, and no writer can put right.
THE_AUTHORS_OWN = ("xx-invalid-toolong1", "row was 3 columns wide", "Table column 3 established")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The web page of every manuscript, by the manuscript's name."""
    folder = tmp_path_factory.mktemp("pages")
    made = {}
    for manuscript in MANUSCRIPTS:
        (artefact,) = build(inputs.job(str(manuscript)), ["html"]).artefacts
        made[manuscript.stem] = folder / f"{manuscript.stem}.html"
        made[manuscript.stem].write_bytes(artefact.content)
    return made


@pytest.fixture(scope="module")
def results(pages: Mapping[str, Path]) -> Mapping[str, Any]:
    """The results of `read_page.mjs` for every page, by the manuscript's name."""
    tools.node_module("@axe-core/playwright")
    command: list[str | Path] = [tools.node(), tools.HERE / "read_page.mjs", tools.chromium()]
    command += [*pages.values(), "--", *tools.chromium_flags()]
    finished = subprocess.run(command, capture_output=True, check=True, timeout=600)
    answer: Mapping[str, Any] = json.loads(finished.stdout)
    return answer


@pytest.fixture(params=NAMES)
def views(request: pytest.FixtureRequest, results: Mapping[str, Any]) -> Mapping[str, Any]:
    """The results for each view of one page."""
    found: Mapping[str, Any] = results[request.param]["views"]
    return found


@pytest.fixture(params=NAMES)
def way(request: pytest.FixtureRequest, results: Mapping[str, Any]) -> Mapping[str, Any]:
    """The results of the walk through one page."""
    found: Mapping[str, Any] = results[request.param]["walk"]
    return found


def _faults(views: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {name: view[kind] for name, view in views.items() if view[kind]}


def _is_the_authors(complaint: str) -> bool:
    return any(fault in complaint for fault in THE_AUTHORS_OWN)


def test_the_nu_html_checker_finds_no_error(pages: Mapping[str, Path]) -> None:
    command: list[str | Path] = [tools.java(), "-jar", tools.vnu_jar(), "--stdout", "--format"]
    command += ["json", *pages.values()]
    finished = subprocess.run(command, capture_output=True, check=False)
    assert list(judgments(finished.stdout)) == []


def judgments(answer: bytes) -> Iterator[str]:
    """Return the messages of the Nu HTML Checker, except wrong ones and the author's own."""
    for message in json.loads(answer)["messages"]:
        is_unfounded = UNFOUNDED in message["message"] and message["type"] != "error"
        if not is_unfounded and not _is_the_authors(message["message"]):
            name = message["url"].rpartition("/")[2]
            yield f"{name}:{message.get('lastLine')}: {message['message'][:200]}"


def test_axe_finds_no_violation(views: Mapping[str, Any]) -> None:
    for violations in _faults(views, "axe").values():
        assert [results for results in violations if not _is_the_authors(results)] == []


def test_no_request_leaves_the_page(views: Mapping[str, Any]) -> None:
    assert _faults(views, "requests") == {}


def test_the_console_stays_empty(views: Mapping[str, Any]) -> None:
    assert _faults(views, "messages") == {}


def test_no_page_is_wider_than_its_screen(views: Mapping[str, Any]) -> None:
    assert _faults(views, "overflow") == {}


def test_the_first_tab_offers_to_skip_to_the_text(way: Mapping[str, Any]) -> None:
    assert way["skip"] == {"shown": True, "focused": "text"}


def test_every_link_into_the_page_leads_where_it_says(way: Mapping[str, Any]) -> None:
    assert way["lost"] == []


def test_permalinks_show_themselves_under_the_mouse_and_in_focus(way: Mapping[str, Any]) -> None:
    links = way["permalinks"]
    if links["names"]:
        assert (links["rest"], links["hovered"], links["focused"]) == ("0", "1", "1")
    assert all(name.partition(": ")[2] for _, name in links["names"])


def test_what_scrolls_sideways_can_be_scrolled_by_keyboard(way: Mapping[str, Any]) -> None:
    assert (way["scrollers"]["unreachable"], way["scrollers"]["stuck"]) == ([], [])


def test_notes_in_the_margin_stay_clear_of_each_other_and_the_text(way: Mapping[str, Any]) -> None:
    assert (way["sidenotes"]["overlapping"], way["sidenotes"]["covering"]) == (0, 0)


def test_every_embedded_face_is_used(way: Mapping[str, Any]) -> None:
    assert way["unusedFaces"] == []


def test_nothing_moves_for_those_who_ask(way: Mapping[str, Any]) -> None:
    assert way["motion"] == {"reduce": "auto", "lively": "smooth"}


def test_paper_gets_the_text_without_the_furniture(way: Mapping[str, Any]) -> None:
    assert way["printed"] == 0


def test_notes_stand_in_the_margin_of_a_wide_screen(results: Mapping[str, Any]) -> None:
    assert results["wide"]["walk"]["sidenotes"]["beside"]
    assert results["wide"]["walk"]["scrollers"]["regions"] >= 2
