"""Options of test runs, and their last lines: measurements and missing validators."""

import os
import sys

import hypothesis
import pytest

from tests.validators import tools

# Tests start Python as users do, where bytecode is kept: else each process compiles all it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False  # of pytest, which compiles the tests' assertions itself

# A busy machine is no fault of the code: no test is timed.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the absent judges last, so that a green run does not look like more than it is."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "measured":
                terminalreporter.write_line(f"measured: {value}")
    if absent := tools.absent():
        terminalreporter.section("judges that could not be asked", yellow=True)
        for reason in absent:
            terminalreporter.write_line(reason)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes the golden outlines again."""
    parser.addoption("--accept", action="store_true", help="write tests/golden/*/outline.json anew")


@pytest.fixture
def accepting(request: pytest.FixtureRequest) -> bool:
    """Whether the results are accepted as right."""
    return bool(request.config.getoption("--accept"))


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that share what is dear to make on one worker, so that it is made once."""
    for item in items:
        shared = getattr(item, "_fixtureinfo", None)
        if shared is None or item.get_closest_marker("xdist_group"):
            continue
        own = (item[-1] for item in shared.name2fixturedefs.values())
        if any(each.scope in {"module", "session"} and each.baseid for each in own):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
