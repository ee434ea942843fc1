"""What every test shares."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real scans and model outputs that are not part of the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data set is not beside this checkout (../shared/data)")
    return SHARED_DATA


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--base-url", default=None, help="A vLLM server for the live tests, e.g. http://127.0.0.1:8000/v1")
    parser.addoption("--api-key", default=None, help="Its key")
    parser.addoption(
        "--no-skips",
        action="store_true",
        help="Fail when a test was skipped, unless it needs the real data set and that is not there",
    )


def _unexpected_skips(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if not config.getoption("--no-skips") or reporter is None:
        return []
    skips = [
        (report.nodeid, report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr))
        for report in reporter.stats.get("skipped", [])
    ]
    return [f"{name}: {reason}" for name, reason in skips if SHARED_DATA.is_dir() or "../shared/data" not in reason]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _unexpected_skips(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    skips = _unexpected_skips(config)
    if skips:
        terminalreporter.section("skipped, but nothing may be skipped here (--no-skips)", red=True)
        terminalreporter.write_line("\n".join(skips))
