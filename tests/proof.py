"""Write what `make prove` found as a page: one row a test, with the figures that it measured.

A test hands over a figure with pytest's own fixture: `record_property("requests without an answer", 0)`.
"""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

LONG_TIMEOUT_SECONDS = 1800


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proof", metavar="FILE", help="write a report of this run as Markdown")


def pytest_collection_modifyitems(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    if not config.getoption("--proof"):
        return
    for item in items:
        item.add_marker(pytest.mark.timeout(LONG_TIMEOUT_SECONDS))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    target = config.getoption("--proof")
    if target and not hasattr(config, "workerinput"):
        Path(target).write_text(page(terminalreporter.stats))


def page(stats: dict[str, list[pytest.TestReport]]) -> str:
    """Return the report of a run, by pytest's own statistics: outcome → reports."""
    ended = [
        report
        for outcome in ("passed", "failed", "error")
        for report in stats.get(outcome, [])
        if report.when == "call" or report.failed
    ]
    ended.sort(key=lambda report: report.nodeid)
    failed = sum(report.failed for report in ended)
    today = datetime.now(UTC).date().isoformat()
    lines = [
        "# What `make prove` found",
        "",
        (
            f"Written by `make prove` on {today}, Python {platform.python_version()}, {platform.system()}. "
            f"{len(ended) - failed} passed, {failed} failed."
        ),
        "",
        "| Test | Result | Seconds | Figures |",
        "|---|---|---|---|",
        *(_row(report) for report in ended),
        "",
    ]
    return "\n".join(lines)


def _row(report: pytest.TestReport) -> str:
    file, _, name = report.nodeid.partition("::")
    figures = "; ".join(f"{what}: {value}" for what, value in report.user_properties)
    words = name.removeprefix("test_").replace("_", " ").replace("|", "\\|")
    result = "**failed**" if report.failed else "passed"
    return f"| {words} (`{Path(file).stem}`) | {result} | {report.duration:.0f} | {figures.replace('|', '/')} |"
