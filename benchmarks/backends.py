"""Pages per second of the vLLM client against a loopback server that answers after a fixed time.

The server sleeps and costs next to nothing, so what shows is whether the
client keeps as many requests in flight as it was told to, and what it costs
itself. With N in flight and a latency of L seconds nothing can exceed N / L.
"""

from __future__ import annotations

import time

from benchmarks.outcome import Outcome
from deepocr_kit import Pipeline, VllmBackend
from deepocr_kit.testing import build_page_image
from deepocr_kit.testing.vllm_script import Answer
from deepocr_kit.testing.vllm_server import DEFAULT_ANSWER, VllmServer

__all__ = ["run"]

LATENCY = 0.25
PAGES_PER_PLACE = 6
CONCURRENCY = (1, 8, 32)


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    rows: list[tuple[object, ...]] = []
    figures: dict[str, float] = {"latency_s": LATENCY}
    for concurrency in CONCURRENCY:
        pages = concurrency * (limit or PAGES_PER_PLACE)
        seconds, cpu, peak = _read_pages(pages, concurrency)
        ceiling = concurrency / LATENCY
        rows.append((concurrency, pages, peak, pages / seconds, ceiling, pages / seconds / ceiling, cpu / pages * 1000))
        figures[f"in_flight_{concurrency}.peak"] = peak
        figures[f"in_flight_{concurrency}.pages_per_s"] = round(pages / seconds, 2)
        figures[f"in_flight_{concurrency}.share_of_ceiling"] = round(pages / seconds / ceiling, 4)
        figures[f"in_flight_{concurrency}.cpu_ms_per_page"] = round(cpu / pages * 1000, 2)
    return Outcome(
        header=("asked", "pages", "peak in flight", "pages/s", "ceiling", "share", "CPU ms/page"),
        rows=tuple(rows),
        figures=figures,
        notes=(f"server latency {LATENCY} s; CPU time is that of client and server together",),
    )


def _read_pages(pages: int, concurrency: int) -> tuple[float, float, int]:
    """Wall seconds, CPU seconds and the server's peak of running requests."""
    image = build_page_image(width=1240, height=1754, media_type="image/jpeg")
    answer = Answer(DEFAULT_ANSWER.text, chunk_size=64, first_token_delay=LATENCY)
    with VllmServer(answer) as server:
        backend = VllmBackend(server.base_url, api_key=server.api_key, concurrency=concurrency)
        with Pipeline(backend) as pipeline:
            pipeline.run(image)
            server.peak_running = 0
            started, cpu = time.perf_counter(), time.process_time()
            for result in pipeline.run_many([image] * pages):
                result.raise_for_status()
            return time.perf_counter() - started, time.process_time() - cpu, server.peak_running
