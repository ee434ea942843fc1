"""The blocking face works in scripts, threads and notebooks."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import BaseModel

from deepocr_kit import Pipeline
from deepocr_kit.documents import PageStatus
from deepocr_kit.errors import ClosedError, SourceNotFoundError
from deepocr_kit.grounding import DeepSeekOcrDialect
from deepocr_kit.pipeline import RunDone
from deepocr_kit.testing import StaticBackend, build_page_image

TEXT = "text[[100, 120, 500, 150]]\n合计 5.00\n"


class Bill(BaseModel):
    """A schema."""

    total: str


def static() -> StaticBackend:
    return StaticBackend(TEXT, dialect=DeepSeekOcrDialect())


def test_a_result_has_everything_at_hand(tmp_path: Path) -> None:
    with Pipeline(static(), schema=Bill) as pipeline:
        result = pipeline.run(build_page_image())

    assert result.status is PageStatus.OK
    assert result.value == Bill(total="5.00")
    assert result.evidence["total"].quote == "5.00"
    assert "合计" in result.html()
    assert "合计 5.00" in result.markdown()
    assert "合计 5.00" in result.text()
    names = {path.name for path in result.save(tmp_path / "out")}
    assert names == {
        "document.json",
        "document.html",
        "document.md",
        "document.txt",
        "value.json",
        "evidence.json",
        "revision.json",
    }
    assert Bill.model_validate_json((tmp_path / "out/value.json").read_text()) == result.value
    assert '"grade"' in (tmp_path / "out/evidence.json").read_text()


def test_a_result_without_a_schema_saves_the_document_alone(tmp_path: Path) -> None:
    with Pipeline(static()) as pipeline:
        result = pipeline.run(build_page_image())

    assert (result.value, dict(result.evidence)) == (None, {})
    assert len(result.save(tmp_path)) == 4


def test_it_works_inside_a_running_event_loop() -> None:
    async def cell_of_a_notebook() -> PageStatus:
        with Pipeline(static()) as pipeline:
            return pipeline.run(build_page_image()).status

    assert asyncio.run(cell_of_a_notebook()) is PageStatus.OK


def test_threads_can_share_a_pipeline() -> None:
    with Pipeline(static()) as pipeline, ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: pipeline.run(build_page_image()), range(8)))

    assert {result.status for result in results} == {PageStatus.OK}


def test_many_results_and_streams_are_plain_iterators() -> None:
    with Pipeline(static()) as pipeline:
        assert sorted(result.index for result in pipeline.run_many([build_page_image()] * 3)) == [0, 1, 2]
        assert isinstance(list(pipeline.stream(build_page_image()))[-1], RunDone)
        next(iter(pipeline.run_many([build_page_image()] * 3)))


def test_errors_reach_the_caller(tmp_path: Path) -> None:
    with Pipeline(static()) as pipeline, pytest.raises(SourceNotFoundError):
        pipeline.run(tmp_path / "gone.png")


def test_a_closed_pipeline_refuses_work_and_closes_its_backend() -> None:
    backend = static()
    pipeline = Pipeline(backend)
    pipeline.close()
    pipeline.close()

    assert backend.closed
    with pytest.raises(ClosedError):
        pipeline.run(build_page_image())


def test_a_pipeline_that_is_dropped_is_closed() -> None:
    backend = static()
    pipeline = Pipeline(backend)
    pipeline.run(build_page_image())
    del pipeline
    gc.collect()

    assert backend.closed
    assert not [thread for thread in threading.enumerate() if thread.name == "deepocr-loop"]


def test_a_program_that_never_closes_its_pipeline_still_ends() -> None:
    code = (
        "from deepocr_kit import Pipeline, DeepSeekOcrDialect\n"
        "from deepocr_kit.testing import StaticBackend, build_page_image\n"
        "pipeline = Pipeline(StaticBackend('hello', dialect=DeepSeekOcrDialect()))\n"
        "print(pipeline.run(build_page_image()).text())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "hello" in done.stdout


def test_a_default_pipeline_reports_how_many_pages_it_reads_at_once() -> None:
    with Pipeline(static(), concurrency=3) as pipeline:
        assert pipeline.concurrency == 3
