"""The CPU engine."""

from __future__ import annotations

import io
import logging
import subprocess
import sys

import anyio
import pytest
from PIL import Image, ImageDraw, ImageFont

from deepocr_kit.backends import OrientingBackend, RapidOcrBackend
from deepocr_kit.backends import rapidocr as module
from deepocr_kit.documents import PageImage, RegionLabel
from deepocr_kit.errors import ClosedError, EngineError, MissingExtraError
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import LineDialect
from deepocr_kit.inputs import decode_rgb
from deepocr_kit.testing import OcrBackendContract, build_page_image

pytest.importorskip("rapidocr", reason="needs the extra cpu")
pytestmark = [pytest.mark.anyio, pytest.mark.cpu]


def drawn_page(*lines: str, page_index: int = 0) -> PageImage:
    """Black lines on white, 60 pixels apart, on a square page (which costs the detector least)."""
    picture = Image.new("RGB", (260, 260), "white")
    pen = ImageDraw.Draw(picture)
    for row, line in enumerate(lines):
        pen.text((20, 30 + 60 * row), line, fill="black", font=ImageFont.load_default(28))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return PageImage(buffer.getvalue(), "image/png", Size(*picture.size), page_index=page_index)


@pytest.fixture(scope="module")
def engine():
    """One backend for the module; building an engine costs a second."""
    return RapidOcrBackend()


class TestContract(OcrBackendContract):
    limit_seconds = 60.0

    @pytest.fixture
    async def backend(self, engine):
        # each test closes its backend, so they share the engine itself
        if not engine._idle_engines:
            await engine.recognize(build_page_image(width=64, height=64))
        backend = RapidOcrBackend()
        backend._idle_engines.append(engine._idle_engines[0])
        return backend

    @pytest.fixture
    def page_image(self):
        return drawn_page("Total 9.80", page_index=2)


async def test_it_reads_lines_with_boxes_and_confidences(engine):
    recognition = await engine.recognize(drawn_page("Invoice 2024", "Total 9.80"))

    first, second = recognition.regions
    assert [region.content.replace(" ", "") for region in (first, second)] == ["Invoice2024", "Total9.80"]
    assert {region.label for region in (first, second)} == {RegionLabel.TEXT}
    assert min(first.confidence, second.confidence) > 0.8
    assert 0.03 < first.bbox.x0 < 0.12
    assert first.bbox.y1 < second.bbox.y0
    assert recognition.finish_reason == "stop"
    assert "PP-OCRv6" in recognition.model
    assert recognition.usage.seconds > 0


async def test_its_raw_text_can_be_parsed_again(engine):
    recognition = await engine.recognize(drawn_page("Invoice 2024", "Total 9.80", page_index=4))

    parsed = LineDialect().parse(recognition.raw_text, page_number=5)
    assert recognition.dialect == LineDialect.name
    assert (parsed.regions, parsed.issues) == (recognition.regions, ())


@pytest.mark.parametrize("color", ["white", "black", "red"])
async def test_a_page_without_text_has_no_regions(engine, color):
    recognition = await engine.recognize(build_page_image(color=color, ink=False))

    assert (recognition.regions, recognition.raw_text, recognition.finish_reason) == ((), "", "stop")


def tilted(image: PageImage, quarters: int) -> PageImage:
    """The page after quarter turns clockwise."""
    picture = decode_rgb(image).rotate(-90 * quarters, expand=True)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return PageImage(buffer.getvalue(), "image/png", Size(*picture.size))


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
async def test_pages_that_lie_are_turned_and_their_boxes_turned_back(engine, quarters):
    page = drawn_page("Invoice 2024", "Due in May", "Total 9.80", "Thank you")

    recognition = await OrientingBackend(engine).recognize(tilted(page, quarters))

    assert recognition.turned == -quarters % 4
    texts = [region.text.replace(" ", "") for region in recognition.regions]
    assert texts == ["Invoice2024", "DueinMay", "Total9.80", "Thankyou"]
    first, last = (recognition.regions[at].boxes[0].turned(-quarters) for at in (0, -1))
    assert first.y1 < 0.3 < 0.7 < last.y0


async def test_it_finds_the_lines_to_judge_by_itself(engine):
    page = drawn_page("Invoice 2024", "Due in May", "Total 9.80", "Thank you")

    assert (await engine.judge_lines(tilted(page, 2))).turn_needed == 2
    assert (await engine.judge_lines(build_page_image(ink=False))).lines == 0


async def test_a_closed_engine_judges_nothing():
    backend = RapidOcrBackend()
    await backend.aclose()

    with pytest.raises(ClosedError):
        await backend.judge_lines(build_page_image())


async def test_a_tiny_page_is_survived(engine):
    assert (await engine.recognize(build_page_image(width=1, height=1))).regions == ()


async def test_two_workers_read_at_once():
    async with RapidOcrBackend(workers=2, threads=1) as backend:
        texts: dict[int, str] = {}

        async def read(number: int) -> None:
            recognition = await backend.recognize(drawn_page(f"Page {number}{number}{number}"))
            texts[number] = "".join(region.text for region in recognition.regions)

        async with anyio.create_task_group() as group:
            for number in (1, 2, 3):
                group.start_soon(read, number)

    assert {number: text.replace(" ", "") for number, text in texts.items()} == {
        number: f"Page{number}{number}{number}" for number in (1, 2, 3)
    }


async def test_it_says_nothing_on_the_terminal(capfd):
    logging.getLogger("RapidOCR").debug("a logger of its own exists")
    await RapidOcrBackend().recognize(build_page_image())

    assert capfd.readouterr() == ("", "")


async def test_a_missing_model_is_an_engine_error_and_not_a_download(monkeypatch):
    monkeypatch.setitem(module.MODELS, "Rec", "no-such-model.onnx")

    with pytest.raises(EngineError, match=r"cannot load its models.*no-such-model\.onnx") as caught:
        await RapidOcrBackend().recognize(build_page_image())

    assert not caught.value.retryable
    assert caught.value.__cause__ is None


async def test_the_models_of_the_wheel_are_where_they_are_expected():
    from pathlib import Path  # noqa: PLC0415 - for this test alone

    import rapidocr  # noqa: PLC0415 - optional

    folder = Path(rapidocr.__file__).parent / "models"
    assert set(module.MODELS.values()) == {path.name for path in folder.glob("*.onnx")}


async def test_an_engine_that_fails_on_a_page_is_replaced(engine, monkeypatch):
    class Broken:
        def __call__(self, pixels, **steps):
            raise RuntimeError("Traceback (most recent call last):\n  File x\nbad tensor")

    backend = RapidOcrBackend()
    with monkeypatch.context() as patch:
        patch.setattr(module, "_build_engine", lambda threads: Broken())
        with pytest.raises(EngineError, match="bad tensor") as caught:
            await backend.recognize(build_page_image())

    assert "Traceback" not in str(caught.value)
    assert (await backend.recognize(build_page_image())).finish_reason == "stop"


@pytest.mark.parametrize("options", [{"workers": 0}, {"threads": 0}])
def test_senseless_numbers_are_refused(options):
    with pytest.raises(ValueError, match="must be at least 1, got 0"):
        RapidOcrBackend(**options)


def test_without_the_extra_it_says_which_one_to_install():
    code = (
        "import importlib.util, sys\n"
        "sys.modules['rapidocr'] = None\n"
        "from deepocr_kit.backends import RapidOcrBackend\n"
        "from deepocr_kit.errors import MissingExtraError\n"
        "try:\n    RapidOcrBackend()\nexcept MissingExtraError as error:\n    print(error.extra)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.strip() == MissingExtraError("x", extra="cpu").extra
