"""Pages per second of the vLLM client against a loopback server that answers after a fixed time.

The server sleeps and costs next to nothing, so what shows is whether the
client keeps as many requests in flight as it was told to, and what it costs
itself. With N in flight and a latency of L seconds nothing can exceed N / L.
"""

from __future__ import annotations

import time

from benchmarks.outcome import Outcome
from benchmarks.quality_scans import printed_page
from deepocr_kit import Pipeline, VllmBackend
from deepocr_kit.documents import PageImage, Recognition
from deepocr_kit.grounding import DeepSeekOcrDialect
from deepocr_kit.inputs import decode_thumbnail
from deepocr_kit.quality import InkMap, check_recognition
from deepocr_kit.testing.vllm_script import Answer
from deepocr_kit.testing.vllm_server import DEFAULT_ANSWER, VllmServer

__all__ = ["run"]

LATENCY = 0.25
PAGES_PER_PLACE = 6
CONCURRENCY = (1, 8, 32)


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    rows: list[tuple[object, ...]] = []
    image = printed_page()
    checks = _checks_ms(image)
    figures: dict[str, float] = {"latency_s": LATENCY, "page_kb": len(image.data) / 1000, "checks_ms_per_page": checks}
    for concurrency in CONCURRENCY:
        pages = concurrency * (limit or PAGES_PER_PLACE)
        seconds, cpu, peak = _read_pages(image, pages, concurrency)
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
        notes=(
            f"server latency {LATENCY} s; CPU time is that of client and server together",
            f"the page is a JPEG of {len(image.data) / 1000:.0f} KB; {checks:.1f} ms of CPU are the page checks",
        ),
    )


def _checks_ms(image: PageImage) -> float:
    """CPU milliseconds of all checks of one answer and its picture; the best of five."""
    regions = DeepSeekOcrDialect().parse(DEFAULT_ANSWER.text).regions
    answer = Recognition(regions=regions, raw_text=DEFAULT_ANSWER.text, finish_reason="stop")
    times = []
    for _ in range(5):
        started = time.thread_time()
        check_recognition(answer, ink=InkMap.of(decode_thumbnail(image)))
        times.append(1000 * (time.thread_time() - started))
    return round(min(times), 2)


def _read_pages(image: PageImage, pages: int, concurrency: int) -> tuple[float, float, int]:
    """Wall seconds, CPU seconds and the server's peak of running requests."""
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
