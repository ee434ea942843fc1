"""What every test shares."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

from deepocr_kit.documents import Page, Recognition
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import DeepSeekOcrDialect
from deepocr_kit.layout import arrange

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SQUARE = Size(1000, 1000)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real scans and model outputs that are not part of the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data set is not beside this checkout (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def founding_page(shared_data: Path) -> Page:
    """The photographed taxi receipt, parsed and arranged."""
    raw_text = (shared_data / "taxi_invoice" / "grounding.txt").read_text(encoding="utf-8")
    parsed = DeepSeekOcrDialect().parse(raw_text)
    arrangement = arrange(Recognition(regions=parsed.regions, raw_text=raw_text), SQUARE)
    return Page(index=0, size=SQUARE, regions=arrangement.regions, issues=arrangement.issues, raw_text=raw_text)


@pytest.fixture(scope="session")
def founding_values(shared_data: Path) -> dict[str, str]:
    """Its 17 fields."""
    return json.loads((shared_data / "taxi_invoice" / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")  # an open one keeps an event loop, and no test after it could start its own
def browser() -> Iterator[Any]:
    """A headless Chromium of the system."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A tab of its own."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--base-url", default=None, help="A vLLM server for the live tests, e.g. http://127.0.0.1:8000/v1")
    parser.addoption("--api-key", default=None, help="Its key")
    parser.addoption(
        "--no-skips",
        action="store_true",
        help="Fail when a test was skipped, unless it needs the real data set and that is not there",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Generated inputs, real scans, tests in a browser and tests marked ``uncounted`` do not count for coverage.

    So it says what the named examples reach, the same in every run and on every machine. They also run three times as
    fast without it.
    """
    generated = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    outside = {"shared_data", "browser"} & set(getattr(item, "fixturenames", ()))
    measured = Coverage.current() if generated or outside or item.get_closest_marker("uncounted") else None
    if measured is None:
        return (yield)
    measured.stop()
    try:
        return (yield)
    finally:
        measured.start()


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
