"""What every test run says of itself: which independent judges it could not ask."""

import pytest

from tests.validators import tools


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the absent judges last, so that a green run does not look like more than it is."""
    if absent := tools.absent():
        terminalreporter.section("judges that could not be asked", yellow=True)
        for reason in absent:
            terminalreporter.write_line(reason)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden outlines be written anew."""
    parser.addoption("--accept", action="store_true", help="write tests/golden/*/outline.json anew")


@pytest.fixture
def accepting(request: pytest.FixtureRequest) -> bool:
    """Whether what comes out is right by definition."""
    return bool(request.config.getoption("--accept"))
