"""Layout and every renderer in ms per page, on made and on real pages, and how the time grows.

Made pages have lines with boxes, as an engine gives them; real ones are the
ground-truth lines of receipts and the answers of models. No picture is read,
but for the searchable PDF, which is given a JPEG; CSV is given the words as a
table. ``growth`` is the time for ten times the regions divided by ten: 1 is
linear.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from statistics import mean

from benchmarks.measure import interleaved, medians
from benchmarks.outcome import Outcome, Unavailable
from benchmarks.receipts import load_receipts
from benchmarks.shared_data import shared_data
from deepocr_kit.documents import Document, PageImage, Recognition, Region, RegionLabel, Table, TableCell
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import DeepSeekOcrDialect
from deepocr_kit.layout import arrange
from deepocr_kit.rendering import (
    render_alto,
    render_csv,
    render_docling,
    render_hocr,
    render_html,
    render_json,
    render_markdown,
    render_page_xml,
    render_review,
    render_searchable_pdf,
    render_text,
)
from deepocr_kit.testing import build_page, build_page_image, build_region

__all__ = ["run"]

ROUNDS = 9
GROWTH_ROUNDS = 3
SIZE = Size(1654, 2339)
GROWTH = (1_000, 10_000)
RECEIPTS, ANSWERS = 20, 20

Render = Callable[[Document], object]


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    scan = build_page_image(width=SIZE.width, height=SIZE.height, media_type="image/jpeg")
    pages: dict[str, tuple[tuple[Region, ...], ...]] = {
        "made 60": (lines(30, 2),),
        "made 300": (lines(75, 4),),
        "made 1200": (lines(300, 4),),
    }
    notes = []
    try:
        pages |= {"receipts": tuple(receipts()), "model answers": tuple(answers())}
    except Unavailable as reason:
        notes.append(f"no real pages: {reason}")
    rows: list[tuple[object, ...]] = []
    figures: dict[str, float] = {}
    for name, group in pages.items():
        rounds = min(limit or ROUNDS, ROUNDS if len(group) == 1 else 3)
        milliseconds = _per_page(group, scan, rounds)
        rows.append((name, mean(map(len, group)), *milliseconds.values()))
        key = name.replace(" ", "_")
        figures |= {f"{key}.{kind}_ms": round(value, 3) for kind, value in milliseconds.items()}
    growth = _growth(scan, min(limit or GROWTH_ROUNDS, GROWTH_ROUNDS))
    rows.append(("growth", GROWTH[1], *growth.values()))
    figures |= {f"growth.{kind}": round(value, 3) for kind, value in growth.items()}
    notes.append(
        f"growth: time for {GROWTH[1]} regions / time for {GROWTH[0]} regions / 10, processor time, best of few"
    )
    return Outcome(
        header=("page", "regions", *(f"{kind} ms" for kind in growth)),
        rows=tuple(rows),
        figures=figures,
        notes=tuple(notes),
    )


def renderers(scan: PageImage) -> dict[str, Render]:
    """Every renderer of a document, by the name of its form."""
    return {
        "html": render_html,
        "review": render_review,
        "text": render_text,
        "markdown": render_markdown,
        "json": render_json,
        "hocr": render_hocr,
        "alto": render_alto,
        "page": render_page_xml,
        "docling": render_docling,
        "csv": render_csv,
        "pdf": lambda document: render_searchable_pdf(document, {0: scan}),
    }


def _per_page(group: Iterable[tuple[Region, ...]], scan: PageImage, rounds: int) -> dict[str, float]:
    """Mean over the pages of the medians, in ms."""
    seconds: dict[str, list[float]] = {}
    for regions in group:
        times = interleaved(_contestants(regions, scan), rounds=rounds, clock=time.process_time)
        for kind, values in medians(times).items():
            seconds.setdefault(kind, []).append(values * 1000)
    return {kind: mean(values) for kind, values in seconds.items()}


def _contestants(regions: tuple[Region, ...], scan: PageImage) -> dict[str, Callable[[], object]]:
    recognition = Recognition(regions=regions, model="built", finish_reason="stop")
    document = Document(pages=(build_page(*arrange(recognition, SIZE).regions, size=SIZE),))
    contestants: dict[str, Callable[[], object]] = {"layout": partial(arrange, recognition, SIZE)}
    contestants |= {kind: partial(render, document) for kind, render in renderers(scan).items()}
    tabled = build_page(
        build_region("a table", label=RegionLabel.TABLE).model_copy(update={"table": as_table(regions)})
    )
    return contestants | {"csv": partial(render_csv, Document(pages=(tabled,)))}


def _growth(scan: PageImage, rounds: int) -> dict[str, float]:
    few, many = (_contestants(lines(count // 4, 4), scan) for count in GROWTH)
    ratios = {}
    for kind in few:
        contestants = {"few": few[kind], "many": many[kind]}
        seconds = interleaved(contestants, rounds=rounds, clock=time.process_time)
        ratios[kind] = min(seconds["many"]) / min(seconds["few"]) * GROWTH[0] / GROWTH[1]
    return ratios


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


def as_table(regions: Sequence[Region]) -> Table:
    """The texts in four columns; CSV knows nothing but tables."""
    rows = -(-len(regions) // 4)
    cells = (TableCell(row=at // 4, col=at % 4, text=region.text) for at, region in enumerate(regions))
    return Table(row_count=rows, col_count=4, cells=tuple(cells))


def receipts() -> Iterable[tuple[Region, ...]]:
    """The true lines of scanned receipts.

    Raises:
        Unavailable: The data set is not there.
    """
    return (example.document.pages[0].regions for example in load_receipts()[:RECEIPTS])


def answers() -> Iterable[tuple[Region, ...]]:
    """What the dialect reads from genuine answers of models.

    Raises:
        Unavailable: The data set is not there.
    """
    paths = sorted(shared_data("model_outputs").glob("deepseek/*.txt"))[:ANSWERS]
    return (DeepSeekOcrDialect().parse(path.read_text(encoding="utf-8")).regions for path in paths)
