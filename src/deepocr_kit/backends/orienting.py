"""A backend that sets pages upright before another one reads them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import anyio.to_thread

from deepocr_kit.backends.base import OcrBackend, RecognitionDone, RecognitionEvent, RegionFound
from deepocr_kit.backends.line_judge import LineJudge
from deepocr_kit.documents import Issue, IssueCode, PageImage, Recognition, Severity, turn_regions
from deepocr_kit.grounding import LineDialect, OcrTask, TextLine, write_lines
from deepocr_kit.inputs import turn_image

__all__ = ["OrientingBackend"]

WORSE_BY = 0.03
"""A page that was turned on its side and then read with a mean confidence lower by this was right before: vertical
Chinese and Japanese columns look like the lines of a page on its side."""

FEWER_SHARE = 0.7
"""The same for characters: less than this part of them were read after the turn."""

_SAID = {1: "on its left side", 2: "upside down", 3: "on its right side"}
"""How a page lay that these turns set upright."""


class OrientingBackend(OcrBackend):
    """Finds pages that lie on their side or upside down, has them read upright, and says so.

    Boxes stay in the frame of the page as it was handed in,
    ``Recognition.turned`` tells how it was turned, and an issue
    ``ORIENTATION`` says it. A model's ``raw_text`` stays as it was written,
    so the boxes *in it* are those of the turned page; an engine's JSON lines
    are written anew.

    Without a judge the backend must be one itself (``RapidOcrBackend`` is).
    It then reads the page first, its lines tell how the page lies, and only a
    page that has to be turned is read again. A judge of its own looks at
    every page before the backend does.

    Args:
        backend: Reads the pages; closed with this one.
        judge: Tells how lines lie; closed with this one.

    Raises:
        TypeError: There is no judge.
    """

    def __init__(self, backend: OcrBackend, *, judge: LineJudge | None = None) -> None:
        if judge is None and not isinstance(backend, LineJudge):
            raise TypeError(f"{type(backend).__name__} cannot tell how lines lie; pass judge=RapidOcrBackend()")
        self.backend = backend
        self.judge = judge
        self.concurrency = backend.concurrency

    async def recognize(self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT) -> Recognition:
        """Read one page, upright."""
        if self.judge is None:
            return await self._read_then_judge(image, task)
        quarters = (await self.judge.judge_lines(image)).turn_needed
        if not quarters:
            return await self.backend.recognize(image, task=task)
        recognition = await self.backend.recognize(
            await anyio.to_thread.run_sync(turn_image, image, quarters), task=task
        )
        return _as_handed_in(recognition, quarters, image.page_number)

    async def stream(
        self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT
    ) -> AsyncGenerator[RecognitionEvent, None]:
        """Read one page and tell what is seen meanwhile, when the judge can be asked before."""
        if self.judge is None:
            yield RecognitionDone(await self._read_then_judge(image, task))
            return
        quarters = (await self.judge.judge_lines(image)).turn_needed
        shown = await anyio.to_thread.run_sync(turn_image, image, quarters) if quarters else image
        async with aclosing(self.backend.stream(shown, task=task)) as events:
            async for event in events:
                yield _event_as_handed_in(event, quarters, image.page_number) if quarters else event

    async def aclose(self) -> None:
        """Close the wrapped backend and the judge. May be called twice."""
        await self.backend.aclose()
        if self.judge is not None:
            await self.judge.aclose()

    def __repr__(self) -> str:
        judge = "" if self.judge is None else f", judge={self.judge!r}"
        return f"{type(self).__name__}({self.backend!r}{judge})"

    async def _read_then_judge(self, image: PageImage, task: OcrTask) -> Recognition:
        first = await self.backend.recognize(image, task=task)
        assert isinstance(self.backend, LineJudge)  # or there would be a judge
        boxes = [box for region in first.regions for box in region.boxes]
        quarters = (await self.backend.judge_lines(image, boxes)).turn_needed if boxes else 0
        if not quarters:
            return first
        second = await self.backend.recognize(await anyio.to_thread.run_sync(turn_image, image, quarters), task=task)
        if quarters % 2 and _is_worse(second, first):
            return first.model_copy(update={"usage": first.usage + second.usage})
        turned = _as_handed_in(second, quarters, image.page_number)
        return turned.model_copy(update={"usage": first.usage + second.usage})


def _as_handed_in(recognition: Recognition, quarters: int, page_number: int) -> Recognition:
    """The answer for the turned page, with boxes on the page as it was handed in."""
    regions = turn_regions(recognition.regions, -quarters)
    # the wrapped backend may have turned it further
    update: dict[str, object] = {"turned": (quarters + recognition.turned) % 4}
    if recognition.dialect == LineDialect.name:
        lines = [TextLine(region.text, region.bbox, region.confidence) for region in regions]
        raw_text = write_lines(lines)
        regions = LineDialect().parse(raw_text, page_number=page_number).regions
        update["raw_text"] = raw_text
    issue = Issue(
        code=IssueCode.ORIENTATION,
        severity=Severity.WARNING,
        message=f"the page lay {_SAID[quarters]}; it was turned before it was read, and its boxes turned back",
    )
    return recognition.model_copy(update=update | {"regions": regions, "issues": (*recognition.issues, issue)})


def _event_as_handed_in(event: RecognitionEvent, quarters: int, page_number: int) -> RecognitionEvent:
    match event:
        case RegionFound(region):
            return RegionFound(turn_regions([region], -quarters)[0])
        case RecognitionDone(recognition):
            return RecognitionDone(_as_handed_in(recognition, quarters, page_number))
        case _:
            return event


def _is_worse(turned: Recognition, first: Recognition) -> bool:
    before, after = _mean_confidence(first), _mean_confidence(turned)
    return after[0] < before[0] - WORSE_BY or after[1] < FEWER_SHARE * before[1]


def _mean_confidence(recognition: Recognition) -> tuple[float, int]:
    """Mean confidence, weighted by characters, and the number of characters."""
    rated = [(region.confidence, len(region.text)) for region in recognition.regions if region.confidence is not None]
    chars = sum(count for _, count in rated)
    return (sum(confidence * count for confidence, count in rated) / chars if chars else 0.0), chars
