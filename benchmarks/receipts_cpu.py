"""Real receipts on the CPU: fields right and seconds per page, beside RapidOCR called directly.

Both read the same pictures in the same process, page by page in turns, and who
begins changes with every page. The pipeline does more: it opens and checks the
file, lays the page out and reads it into a schema; ``overhead_ratio``, the
median over the pages, is all of that against the bare engine. RapidOCR runs
with its own defaults, but with as many threads as the pipeline's engine.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.measure import median_ratio
from benchmarks.outcome import Outcome, Unavailable
from benchmarks.receipts import FIELDS, FieldScores, Receipt, ReceiptExample, is_tuned, load_receipts
from deepocr_kit import Pipeline, Result

__all__ = ["run"]


@dataclass(slots=True)
class _Clock:
    """Seconds by the clock and of the processors, page by page."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def page(self) -> Iterator[None]:
        """Measure what is done inside."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    engine = _engine()
    scans = [(example, example.image) for example in load_receipts() if example.image]
    scans = scans[:limit]
    ours, direct = _Clock(), _Clock()
    results: list[Result[Receipt]] = []
    with Pipeline(schema=Receipt) as pipeline:
        read_directly(engine, scans[0][1])
        pipeline.run(scans[0][1])
        for number, (_, path) in enumerate(scans):
            for name in ("direct", "ours") if number % 2 else ("ours", "direct"):
                if name == "direct":
                    with direct.page():
                        read_directly(engine, path)
                else:
                    with ours.page():
                        results.append(pipeline.run(path))
    for result in results:
        result.raise_for_status()
    return _outcome([example for example, _ in scans], results, ours, direct)


def _engine() -> Any:
    try:
        from rapidocr import RapidOCR  # noqa: PLC0415 - the extra "cpu", and slow to import
    except ImportError:
        raise Unavailable("the CPU engine is not installed: pip install 'deepocr_kit[cpu]'") from None
    return RapidOCR(
        params={"EngineConfig.onnxruntime.intra_op_num_threads": os.cpu_count(), "Global.log_level": "critical"}
    )


def read_directly(engine: Any, path: Path) -> int:
    """What a script without this library does: decode, recognize."""
    import numpy as np  # noqa: PLC0415 - comes with the extra "cpu"

    with Image.open(path) as picture:
        pixels = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
    answer = engine(pixels)
    return 0 if answer.txts is None else len(answer.txts)


def _outcome(examples: list[ReceiptExample], results: list[Result[Receipt]], ours: _Clock, direct: _Clock) -> Outcome:
    figures: dict[str, float] = {
        "receipts.count": len(examples),
        "receipts.seconds_per_page": round(statistics.mean(ours.wall), 4),
        "receipts.direct_seconds_per_page": round(statistics.mean(direct.wall), 4),
        "overhead_ratio": round(median_ratio(ours.wall, direct.wall), 4),
        "overhead_ratio_of_sums": round(sum(ours.wall) / sum(direct.wall), 4),
        "overhead_ratio_of_cpu_sums": round(sum(ours.cpu) / sum(direct.cpu), 4),
    }
    rows: list[tuple[object, ...]] = []
    for half, kept in (("all", (True, False)), ("tuned", (True,)), ("held_out", (False,))):
        scores = FieldScores()
        for example, result in zip(examples, results, strict=True):
            if is_tuned(example) in kept and result.revision is not None:
                scores.add(example, result.revision)
        prefix = "receipts" if half == "all" else f"receipts.{half}"
        for name in FIELDS:
            rows.append((half, *scores.row(name)))
            figures[f"{prefix}.{name}_accuracy"] = round(scores.accuracy(name), 4)
            figures[f"{prefix}.{name}_precision"] = round(scores.precision(name), 4)
            figures[f"{prefix}.{name}_coverage"] = round(scores.coverage(name), 4)
        figures[f"{prefix}.precision"] = round(scores.precision(), 4)
        figures[f"{prefix}.address_similarity"] = round(scores.similarity, 4)
    return Outcome(
        header=("half", "field", "right", "of", "accuracy", "proven", "coverage", "precision"),
        rows=tuple(rows),
        figures=figures,
        notes=(
            "proven: the grade is not low; coverage: their share of all; precision: the right ones among them",
            f"precision of all fields together in the held-out half: {figures['receipts.held_out.precision']:.1%}",
            "rules may be tuned on receipts whose id ends in an even digit; the others are the held-out half",
            f"{figures['receipts.seconds_per_page']} s/page with the pipeline, "
            f"{figures['receipts.direct_seconds_per_page']} s/page with RapidOCR alone",
            f"ratio {figures['overhead_ratio']} (median of the pages), "
            f"{figures['overhead_ratio_of_sums']} of the sums, "
            f"{figures['overhead_ratio_of_cpu_sums']} of the processor's time",
        ),
    )
