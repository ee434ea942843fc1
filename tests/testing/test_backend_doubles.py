"""The OCR doubles."""

from __future__ import annotations

import pytest

from deepocr_kit.documents import IssueCode, Recognition
from deepocr_kit.errors import ClosedError, OverloadedError, ServerFaultError
from deepocr_kit.grounding import DeepSeekOcrDialect, LineDialect, OcrTask, TextLine, write_lines
from deepocr_kit.testing import (
    FailingBackend,
    FunctionBackend,
    OcrBackendContract,
    RecognizeCall,
    StaticBackend,
    build_page_image,
    build_region,
)

pytestmark = pytest.mark.anyio

RAW = write_lines([TextLine("Total 9.80")])


@pytest.fixture
def image():
    return build_page_image()


class TestStaticContract(OcrBackendContract):
    @pytest.fixture
    def backend(self):
        return StaticBackend(RAW, dialect=LineDialect())


class TestFunctionContract(OcrBackendContract):
    @pytest.fixture
    def backend(self):
        async def answer(image, task):
            return RAW

        return FunctionBackend(answer, dialect=LineDialect())


class TestFailingContract(OcrBackendContract):
    @pytest.fixture
    def backend(self):
        return FailingBackend((), then=StaticBackend(RAW, dialect=LineDialect()))


async def test_a_text_is_parsed_for_each_page():
    backend = StaticBackend(RAW, dialect=LineDialect())

    recognitions = [await backend.recognize(build_page_image(page_index=index)) for index in (0, 4)]

    assert [recognition.regions[0].id for recognition in recognitions] == ["p1r1", "p5r1"]


async def test_a_text_keeps_the_issues_of_its_parsing(image):
    recognition = await StaticBackend("no JSON", dialect=LineDialect()).recognize(image)

    assert [issue.code for issue in recognition.issues] == [IssueCode.UNTAGGED_TEXT]


async def test_the_task_reaches_the_dialect(image):
    backend = StaticBackend("<|ref|>Total<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>", dialect=DeepSeekOcrDialect())

    recognition = await backend.recognize(image, task=OcrTask.LINES)

    assert recognition.regions[0].text == "Total"


async def test_a_recognition_is_passed_on(image):
    recognition = Recognition(regions=(build_region("a"),), model="mine")

    assert await StaticBackend(recognition).recognize(image) is recognition


async def test_a_text_needs_a_dialect(image):
    with pytest.raises(TypeError, match="no dialect"):
        await StaticBackend("text").recognize(image)


async def test_a_function_sees_page_and_task(image):
    backend = FunctionBackend(lambda image, task: f'{{"text": "{task.value}"}}', dialect=LineDialect())

    recognition = await backend.recognize(image, task=OcrTask.FREE)

    assert recognition.regions[0].text == "free"


async def test_calls_are_recorded(image):
    backend = StaticBackend(RAW, dialect=LineDialect())
    await backend.recognize(image, task=OcrTask.FREE)

    assert backend.calls == [RecognizeCall(image, OcrTask.FREE)]


async def test_errors_come_one_after_the_other_and_then_the_page(image):
    backend = FailingBackend(
        (ServerFaultError("one"), OverloadedError("two")), then=StaticBackend(RAW, dialect=LineDialect())
    )

    for kind in (ServerFaultError, OverloadedError):
        with pytest.raises(kind):
            await backend.recognize(image)
    assert (await backend.recognize(image)).regions
    assert len(backend.calls) == 3


async def test_the_last_error_comes_for_ever(image):
    backend = FailingBackend(ServerFaultError("one"))

    for _ in range(3):
        with pytest.raises(ServerFaultError, match="one"):
            await backend.recognize(image)


async def test_a_closed_failing_backend_closes_what_follows(image):
    inner = StaticBackend(RAW, dialect=LineDialect())
    backend = FailingBackend(ServerFaultError("one"), then=inner)
    await backend.aclose()

    assert inner.closed
    with pytest.raises(ClosedError):
        await backend.recognize(image)


def test_a_failing_backend_needs_an_error_or_a_follower():
    with pytest.raises(ValueError, match="an error"):
        FailingBackend(())
