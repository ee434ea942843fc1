"""Layout and renderers in ms per page, on pages of different density.

The pages are made of lines with boxes, as an engine gives them; no picture is
read. ``doubling_ratio`` is the time for twice the lines: 2 is linear.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks.measure import interleaved, medians
from benchmarks.outcome import Outcome
from deepocr_kit.documents import Document, Recognition, Region
from deepocr_kit.geometry import Size
from deepocr_kit.layout import arrange
from deepocr_kit.rendering import render_html, render_json, render_markdown, render_text
from deepocr_kit.testing import build_page, build_region

__all__ = ["run"]

ROUNDS = 9
SIZE = Size(1654, 2339)
RENDERERS: dict[str, Callable[[Document], str]] = {
    "html": render_html,
    "text": render_text,
    "markdown": render_markdown,
    "json": render_json,
}


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    pages = {"receipt_60": lines(30, 2), "form_300": lines(75, 4), "dense_1200": lines(300, 4)}
    rows: list[tuple[object, ...]] = []
    figures: dict[str, float] = {}
    for name, regions in pages.items():
        recognition = Recognition(regions=regions, model="built", finish_reason="stop")
        document = Document(pages=(build_page(*arrange(recognition, SIZE).regions, size=SIZE),))
        contestants: dict[str, Callable[[], object]] = {"layout": partial(arrange, recognition, SIZE)}
        contestants |= {kind: partial(render, document) for kind, render in RENDERERS.items()}
        middle = medians(interleaved(contestants, rounds=limit or ROUNDS))
        rows.append((name, len(regions), *(seconds * 1000 for seconds in middle.values())))
        figures |= {f"{name}.{kind}_ms": round(seconds * 1000, 3) for kind, seconds in middle.items()}
    figures["layout_doubling_ratio"] = round(_doubling(limit or ROUNDS), 3)
    return Outcome(
        header=("page", "lines", "layout ms", *(f"{kind} ms" for kind in RENDERERS)),
        rows=tuple(rows),
        figures=figures,
        notes=(f"layout: time for 1200 lines / time for 600 lines = {figures['layout_doubling_ratio']}",),
    )


def lines(row_count: int, columns: int) -> tuple[Region, ...]:
    """Lines in rows and columns over a whole page, as an engine would give them."""
    height = 0.94 / row_count
    width = 0.9 / columns
    return tuple(
        build_region(
            f"word {row} 值 {column}",
            (
                0.05 + column * width,
                0.03 + row * height,
                0.05 + (column + 0.8) * width,
                0.03 + (row + 0.7) * height,
            ),
            region_id=f"p1r{row * columns + column + 1}",
            confidence=0.98,
        )
        for row in range(row_count)
        for column in range(columns)
    )


def _doubling(rounds: int) -> float:
    once, twice = (Recognition(regions=lines(count, 4), finish_reason="stop") for count in (150, 300))
    seconds = medians(
        interleaved({"once": lambda: arrange(once, SIZE), "twice": lambda: arrange(twice, SIZE)}, rounds=rounds)
    )
    return seconds["twice"] / seconds["once"]
