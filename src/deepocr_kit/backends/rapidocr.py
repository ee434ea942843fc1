"""RapidOCR in this process: text lines without a server, a GPU or a download."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread

from deepocr_kit.backends._line_crops import line_crops
from deepocr_kit.backends.base import BlockingOcrBackend
from deepocr_kit.backends.line_judge import LineJudge, LineVotes
from deepocr_kit.documents import PageImage, Recognition, Usage
from deepocr_kit.errors import ClosedError, EngineError, MissingExtraError
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.grounding import LineDialect, OcrTask, TextLine, write_lines
from deepocr_kit.inputs import decode_rgb

__all__ = ["RapidOcrBackend"]

MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}
"""The models inside RapidOCR's wheel (3.10), named by path so that it never looks for others on the network."""

_MODEL_NAME = "PP-OCRv6-small"

SURE_SCORE = 0.9
"""From here on the line classifier's vote counts; the engine itself turns a line from the same score on."""

_UPSIDE_DOWN = "180"
"""The classifier's label for such a line."""


class RapidOcrBackend(BlockingOcrBackend, LineJudge):
    """Reads text lines with boxes and confidences on the CPU; needs the extra ``cpu``.

    Every task gives lines. An engine takes up to 1.8 GB and is built, with a
    trial run, when a worker first needs it; each worker has its own, since
    calls change an engine's settings.

    Args:
        workers: Pages at once.
        threads: Threads of one engine; None shares the machine's processors among the workers.

    Raises:
        MissingExtraError: RapidOCR or ONNX Runtime is not installed.
        ValueError: A number is below 1.
    """

    def __init__(self, *, workers: int = 1, threads: int | None = None) -> None:
        super().__init__(workers=workers)
        if threads is not None and threads < 1:
            raise ValueError(f"threads must be at least 1, got {threads!r}")
        if any(importlib.util.find_spec(name) is None for name in ("rapidocr", "onnxruntime")):
            raise MissingExtraError("the CPU engine", extra="cpu")
        self._threads = threads or max(1, (os.cpu_count() or 1) // workers)
        self._dialect = LineDialect()
        # appending and popping are atomic; never more engines than workers
        self._idle_engines: deque[Any] = deque()

    def recognize_blocking(self, image: PageImage, *, task: OcrTask) -> Recognition:  # noqa: ARG002 - lines always
        """Read one page in the calling thread.

        Raises:
            EngineError: The models cannot be loaded, or the engine failed on the page.
        """
        import numpy as np  # noqa: PLC0415 - comes with the extra

        start = time.monotonic()
        # BGR as OpenCV has it; the engine's own loaders misread palette, CMYK and 16-bit pictures
        pixels = np.ascontiguousarray(np.asarray(decode_rgb(image))[:, :, ::-1])
        # every switch is given, since a call changes the engine's settings
        output = self._run_engine([pixels], use_det=True, use_cls=True, use_rec=True)[0]
        raw_text = write_lines(_lines(output, image.size))
        parsed = self._dialect.parse(raw_text, page_number=image.page_number)
        return Recognition(
            regions=parsed.regions,
            raw_text=raw_text,
            dialect=self._dialect.name,
            model=f"{_MODEL_NAME} (rapidocr {importlib.metadata.version('rapidocr')})",
            finish_reason="stop",
            usage=Usage(requests=1, seconds=time.monotonic() - start),
            issues=parsed.issues,
        )

    async def judge_lines(self, image: PageImage, boxes: Sequence[BBox] | None = None) -> LineVotes:
        """Ask the engine's line classifier in a worker thread; see ``LineJudge``."""
        if self._closed:
            raise ClosedError(f"{type(self).__name__} is closed")
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(self.concurrency)
        return await anyio.to_thread.run_sync(lambda: self._judge(image, boxes), limiter=self._limiter)

    def _judge(self, image: PageImage, boxes: Sequence[BBox] | None) -> LineVotes:
        import numpy as np  # noqa: PLC0415 - comes with the extra

        picture = decode_rgb(image)
        if boxes is None:
            pixels = np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
            (output,) = self._run_engine([pixels], use_det=True, use_cls=False, use_rec=False)
            quads = output.boxes if output.boxes is not None else ()
            boxes = [_extent(quad, image.size) for quad in quads]
        crops = line_crops(picture, boxes)
        pixel_crops = [np.ascontiguousarray(np.asarray(crop)[:, :, ::-1]) for crop in crops.pictures]
        outputs = self._run_engine(pixel_crops, use_det=False, use_cls=True, use_rec=False)
        # the engine answers with another type when its classifier fails
        votes = [result for output in outputs for result in getattr(output, "cls_res", None) or ()]
        labels = [label for label, score in votes if score >= SURE_SCORE]
        turned = labels.count(_UPSIDE_DOWN)
        return LineVotes(crops.lines, crops.sideways, upright=len(labels) - turned, upside_down=turned)

    def _run_engine(self, pictures: Sequence[Any], **steps: bool) -> list[Any]:
        """What one engine makes of each picture."""
        engine = self._idle_engines.pop() if self._idle_engines else _build_engine(self._threads)
        try:
            outputs = [engine(pixels, **steps) for pixels in pictures]
        except Exception as error:  # noqa: BLE001 - the engine raises OpenCV's, ONNX Runtime's and its own errors
            # an engine that failed is thrown away
            raise _engine_error("failed on the page", error) from None
        if not self._closed:
            self._idle_engines.append(engine)
        return outputs

    async def aclose(self) -> None:
        """Refuse further pages and free the engines."""
        await super().aclose()
        self._idle_engines.clear()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(workers={self.concurrency}, threads={self._threads})"


def _build_engine(threads: int) -> Any:
    """An engine whose models are loaded.

    RapidOCR loads each model when it first needs it, so that a broken
    installation shows only on a page with text; the trial run shows it here.
    """
    import numpy as np  # noqa: PLC0415 - comes with the extra
    import rapidocr  # noqa: PLC0415 - comes with the extra

    folder = Path(rapidocr.__file__).parent / "models"
    paths = {f"{part}.model_path": str(folder / name) for part, name in MODELS.items()}
    settings = {
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        # in a worker thread malloc gives every large tensor back to the system and faults it in again;
        # keeping them costs memory and makes a page cheaper
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
        "Global.log_level": "critical",
    }
    # square and small, since the detector scales the shorter side up to 736 pixels
    blank = np.full((48, 48, 3), 255, np.uint8)
    try:
        engine = rapidocr.RapidOCR(params=paths | settings)
        engine(blank, use_det=False, use_cls=True, use_rec=True)
        engine(blank, use_det=True, use_cls=True, use_rec=True)
    except Exception as error:  # noqa: BLE001 - the engine raises OpenCV's, ONNX Runtime's and its own errors
        raise _engine_error("cannot load its models; reinstall rapidocr", error) from None
    return engine


def _engine_error(what: str, error: Exception) -> EngineError:
    # ONNX Runtime's errors hold a whole traceback, the last line of which says what went wrong
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return EngineError(f"{what} ({type(error).__name__}: {lines[-1][:200] if lines else ''})", service="rapidocr")


def _lines(output: Any, size: Size) -> list[TextLine]:
    """The engine's lines; none for a blank page, where its fields are None."""
    if output.txts is None or output.boxes is None:
        return []
    # a score is a mean of floats and may exceed 1 by a rounding error
    scores = output.scores or (None,) * len(output.txts)
    return [
        TextLine(text, _extent(quad, size), None if score is None else min(max(float(score), 0.0), 1.0))
        for quad, text, score in zip(output.boxes, output.txts, scores, strict=True)
    ]


def _extent(quad: Any, size: Size) -> BBox:
    """The upright box around a quadrilateral of pixel corners."""
    xs, ys = [float(x) for x, _ in quad], [float(y) for _, y in quad]
    return BBox.from_pixels(min(xs), min(ys), max(xs), max(ys), size)
