"""Parsers of the other dialects in MB/s, on typical pages and hostile texts of three sizes, and how the time grows."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.dialect_texts import FAMILIES, HOSTILE_ANYWHERE, Family
from benchmarks.outcome import Outcome
from benchmarks.speeds import SIZES, SMALL_ROUNDS, Speeds, least_seconds, megabytes, slowest, speeds
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import Dialect, OcrTask, dialect_named

__all__ = ["run"]

ROUNDS = 1
PAGE_ROUNDS = 40
PAGE_BYTES = 6_000
"""A dense page."""
PAGE = Size(1240, 1754)


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    rounds = limit or ROUNDS
    rows: list[tuple[object, ...]] = []
    figures: dict[str, float] = {}
    for name, family in FAMILIES.items():
        dialect = dialect_named(name)
        for page, speed in _pages(dialect, family, rounds).items():
            rows.append((name, page, speed, "", "", ""))
            figures[f"{name}.{page}_mb_per_s"] = round(speed, 2)
        _hostile(name, dialect, family, rounds, rows, figures)
    pages = {key: value for key, value in figures.items() if key.count(".hostile") == 0}
    figures["worst.page_mb_per_s"] = min(pages.values())
    for size in SIZES:
        figures[f"worst.hostile_mb_per_s_on_{_key(size)}"] = min(
            value for key, value in figures.items() if key.endswith(f".hostile_mb_per_s_on_{_key(size)}")
        )
    figures["worst.growth"] = max(value for key, value in figures.items() if key.endswith(".hostile_growth"))
    return Outcome(
        header=("dialect", "input", "page or 4 KB", "64 KB", "800 KB", "time(2N)/time(N)"),
        rows=tuple(rows),
        figures=figures,
        notes=(
            f"MB/s of processor time; pages of {PAGE_BYTES // 1000} KB, best of {PAGE_ROUNDS * rounds} rounds",
            f"hostile: the slowest family at each size, best of {SMALL_ROUNDS * rounds}, on 800 KB of {rounds}",
            "time(2N)/time(N) is taken from 200 KB to 800 KB; 2 is linear",
        ),
    )


def _parse(dialect: Dialect, task: OcrTask) -> Callable[[str], object]:
    return lambda text: dialect.parse(text, task=task, size=PAGE)


def _pages(dialect: Dialect, family: Family, rounds: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, page in family.pages.items():
        text, parse = page.make(PAGE_BYTES), _parse(dialect, page.task)
        found[name] = megabytes(text) / least_seconds(lambda parse=parse, text=text: parse(text), PAGE_ROUNDS * rounds)  # type: ignore[misc]  # mypy: a lambda's defaults
    return found


def _hostile(
    name: str,
    dialect: Dialect,
    family: Family,
    rounds: int,
    rows: list[tuple[object, ...]],
    figures: dict[str, float],
) -> None:
    """The slowest of the hostile families at each size, and the one whose time grows most."""
    parse = _parse(dialect, family.task)
    measured: dict[str, Speeds] = {
        text: speeds(parse, make, rounds) for text, make in (HOSTILE_ANYWHERE | family.hostile).items()
    }
    for index, size in enumerate(SIZES):
        worst, speed = slowest(measured, index)
        rows.append((name, f"slowest on {size}: {worst}", *_at(index, speed), ""))
        figures[f"{name}.hostile_mb_per_s_on_{_key(size)}"] = round(speed, 2)
    steepest = max(measured, key=lambda text: measured[text].growth)
    rows.append((name, f"steepest: {steepest}", "", "", "", measured[steepest].growth))
    figures[f"{name}.hostile_growth"] = round(measured[steepest].growth, 2)


def _at(index: int, value: float) -> list[object]:
    cells: list[object] = ["", "", ""]
    cells[index] = value
    return cells


def _key(size: str) -> str:
    return size.replace(" ", "_").lower()
