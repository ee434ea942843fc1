"""Pages that lie on their side or upside down are read upright, and their boxes stay where they were handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from deepocr_kit.backends import (
    LineJudge,
    LineVotes,
    OrientingBackend,
    RecognitionDone,
    RegionFound,
    TextDelta,
    VllmBackend,
)
from deepocr_kit.backends._line_crops import line_crops
from deepocr_kit.documents import IssueCode, PageImage, Recognition, Severity
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.grounding import DeepSeekOcrDialect, LineDialect, OcrTask, TextLine, write_lines
from deepocr_kit.inputs import decode_rgb
from deepocr_kit.testing import (
    Answer,
    FunctionBackend,
    OcrBackendContract,
    StaticBackend,
    VllmServer,
    build_page_image,
)

pytestmark = pytest.mark.anyio

UPRIGHT = LineVotes(lines=9, sideways=0, upright=9, upside_down=0)
VOTES = {
    0: UPRIGHT,
    1: LineVotes(lines=9, sideways=9, upright=0, upside_down=9),
    2: LineVotes(lines=9, sideways=0, upright=0, upside_down=9),
    3: LineVotes(lines=9, sideways=9, upright=9, upside_down=0),
}
BOX = BBox(0.1, 0.2, 0.6, 0.25)
TEXT = "text[[100, 200, 600, 250]]\nTotal 12.50\n"


class ToldJudge(LineJudge):
    """Gives the votes it was told, and remembers what it was asked."""

    def __init__(self, votes: LineVotes) -> None:
        self.votes = votes
        self.boxes: list[Sequence[BBox] | None] = []
        self.closed = False

    async def judge_lines(self, image: PageImage, boxes: Sequence[BBox] | None = None) -> LineVotes:
        self.boxes.append(boxes)
        return self.votes

    async def aclose(self) -> None:
        await super().aclose()
        self.closed = True


class JudgingBackend(FunctionBackend, ToldJudge):
    """An engine of lines whose readings and votes are told."""

    def __init__(self, votes: LineVotes, *readings: Sequence[TextLine]) -> None:
        left = list(readings)
        FunctionBackend.__init__(self, lambda _image, _task: write_lines(left.pop(0)), dialect=LineDialect())
        self.votes = votes
        self.boxes = []


def lines(confidence: float | None = 0.95, text: str = "Total 12.50") -> list[TextLine]:
    return [TextLine(text, BOX, confidence)]


class TestContract(OcrBackendContract):
    @pytest.fixture
    def backend(self) -> OrientingBackend:
        return OrientingBackend(StaticBackend(TEXT, dialect=DeepSeekOcrDialect()), judge=ToldJudge(VOTES[1]))


class TestContractOfAnUprightPage(OcrBackendContract):
    @pytest.fixture
    def backend(self) -> OrientingBackend:
        return OrientingBackend(StaticBackend(TEXT, dialect=DeepSeekOcrDialect()), judge=ToldJudge(UPRIGHT))


# -- votes


@pytest.mark.parametrize("quarters", VOTES)
def test_clear_votes_turn_a_page(quarters: int) -> None:
    assert VOTES[quarters].turn_needed == quarters


@pytest.mark.parametrize(
    "votes",
    [
        LineVotes(lines=0, sideways=0, upright=0, upside_down=0),
        LineVotes(lines=2, sideways=0, upright=0, upside_down=2),
        LineVotes(lines=8, sideways=0, upright=3, upside_down=5),
        LineVotes(lines=8, sideways=8, upright=3, upside_down=5),
    ],
)
def test_few_or_divided_votes_turn_nothing(votes: LineVotes) -> None:
    assert votes.turn_needed == 0


def test_a_few_columns_do_not_lay_a_page_on_its_side() -> None:
    assert LineVotes(lines=10, sideways=4, upright=6, upside_down=0).turn_needed == 0


def test_crops_are_the_longest_lines_of_the_larger_kind_and_lie() -> None:
    picture = Image.new("RGB", (1000, 1000))
    tall = [BBox(0.1 * n, 0.1, 0.1 * n + 0.05, 0.3 + 0.01 * n) for n in range(9)]
    wide = [BBox(0.1, 0.95, 0.5, 0.98), BBox(0.9, 0.9, 0.95, 0.95), BBox(0.5, 0.5, 0.5, 0.5)]

    crops = line_crops(picture, [*tall, *wide])

    assert (crops.lines, crops.sideways) == (10, 9)
    assert [crop.width > 2 * crop.height for crop in crops.pictures] == [True] * 9
    assert [crop.width for crop in crops.pictures] == sorted((crop.width for crop in crops.pictures), reverse=True)


# -- with a judge of its own


@pytest.mark.parametrize("quarters", [1, 2, 3])
async def test_the_backend_sees_the_page_upright_and_its_boxes_are_turned_back(quarters: int) -> None:
    inner = StaticBackend(TEXT, dialect=DeepSeekOcrDialect())
    page = build_page_image(width=300, height=400)

    recognition = await OrientingBackend(inner, judge=ToldJudge(VOTES[quarters])).recognize(page)

    seen = inner.calls[0].image
    assert seen.size == (Size(400, 300) if quarters % 2 else Size(300, 400))
    assert seen.media_type == page.media_type
    back = decode_rgb(seen).transpose(
        [0, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270][quarters]
    )
    assert back.tobytes() == decode_rgb(page).tobytes()
    read = DeepSeekOcrDialect().parse(TEXT).regions[0].boxes[0]
    (region,) = recognition.regions
    assert region.boxes == (read.turned(-quarters),)
    assert recognition.turned == quarters
    assert recognition.raw_text == TEXT
    (issue,) = recognition.issues
    assert (issue.code, issue.severity) == (IssueCode.ORIENTATION, Severity.WARNING)


async def test_turns_of_the_wrapped_backend_add_up() -> None:
    twice = OrientingBackend(
        OrientingBackend(StaticBackend(TEXT, dialect=DeepSeekOcrDialect()), judge=ToldJudge(VOTES[1])),
        judge=ToldJudge(VOTES[2]),
    )
    once = OrientingBackend(StaticBackend(TEXT, dialect=DeepSeekOcrDialect()), judge=ToldJudge(VOTES[3]))
    image = build_page_image(width=200, height=280)
    added, direct = await twice.recognize(image), await once.recognize(image)

    assert added.turned == direct.turned == 3
    corners = [astuple(answer.regions[0].boxes[0]) for answer in (added, direct)]
    assert corners[0] == pytest.approx(corners[1])


async def test_a_jpeg_stays_a_jpeg() -> None:
    inner = StaticBackend(TEXT, dialect=DeepSeekOcrDialect())

    await OrientingBackend(inner, judge=ToldJudge(VOTES[2])).recognize(build_page_image(media_type="image/jpeg"))

    assert inner.calls[0].image.data[:2] == b"\xff\xd8"


async def test_an_upright_page_is_passed_on_as_it_is() -> None:
    inner = StaticBackend(TEXT, dialect=DeepSeekOcrDialect())
    page = build_page_image()

    recognition = await OrientingBackend(inner, judge=ToldJudge(UPRIGHT)).recognize(page, task=OcrTask.FREE)

    assert inner.calls[0].image is page
    assert inner.calls[0].task is OcrTask.FREE
    assert (recognition.turned, recognition.issues) == (0, ())


@pytest.mark.parametrize("quarters", [0, 2])
async def test_a_stream_of_a_server_passes_through_with_its_boxes_turned_back(quarters: int) -> None:
    with VllmServer(Answer(text=TEXT + "\ntext[[1, 2, 3, 4]]\nmore\n")) as server:
        inner = VllmBackend(server.base_url, api_key=server.api_key)
        async with OrientingBackend(inner, judge=ToldJudge(VOTES[quarters])) as backend:
            events = [event async for event in backend.stream(build_page_image())]

    assert any(isinstance(event, TextDelta) for event in events)
    done = events[-1]
    assert isinstance(done, RecognitionDone)
    assert done.recognition.turned == quarters
    told = [event.region for event in events if isinstance(event, RegionFound)]
    assert [region.boxes for region in told] == [region.boxes for region in done.recognition.regions]


async def test_closing_closes_backend_and_judge() -> None:
    inner, judge = StaticBackend(TEXT, dialect=DeepSeekOcrDialect()), ToldJudge(UPRIGHT)

    await OrientingBackend(inner, judge=judge).aclose()

    assert inner.closed
    assert judge.closed


# -- an engine that judges by what it read


async def test_an_engine_reads_an_upright_page_once() -> None:
    inner = JudgingBackend(UPRIGHT, lines())

    recognition = await OrientingBackend(inner).recognize(build_page_image())

    assert len(inner.calls) == 1
    assert inner.boxes == [[BOX]]
    assert recognition.turned == 0


async def test_an_engine_is_not_asked_about_a_page_without_lines() -> None:
    inner = JudgingBackend(VOTES[2], [])

    assert (await OrientingBackend(inner).recognize(build_page_image())).regions == ()
    assert inner.boxes == []


async def test_an_engine_reads_a_turned_page_again_and_its_lines_are_written_anew() -> None:
    inner = JudgingBackend(VOTES[2], lines(), lines(text="Total 12.60"))

    recognition = await OrientingBackend(inner).recognize(build_page_image(page_index=2))

    (region,) = recognition.regions
    assert region.id == "p3r1"
    assert region.text == "Total 12.60"
    assert region.boxes[0].x0 == pytest.approx(0.4)
    assert LineDialect().parse(recognition.raw_text, page_number=3).regions == recognition.regions
    assert recognition.usage.requests == 2


@pytest.mark.parametrize("worse", [lines(0.80), lines(0.95, "12"), [], lines(None)])
async def test_a_page_that_reads_worse_on_its_side_stays_as_it_is(worse: list[TextLine]) -> None:
    inner = JudgingBackend(VOTES[3], lines(0.95), worse)

    recognition = await OrientingBackend(inner).recognize(build_page_image())

    assert (recognition.turned, recognition.issues, recognition.usage.requests) == (0, (), 2)
    assert recognition.regions[0].text == "Total 12.50"


async def test_the_stream_of_an_engine_is_its_last_event() -> None:
    inner = JudgingBackend(VOTES[2], lines(), lines())

    (event,) = [event async for event in OrientingBackend(inner).stream(build_page_image())]

    assert isinstance(event, RecognitionDone)
    assert event.recognition.turned == 2


def test_a_backend_without_a_judge_is_refused() -> None:
    with pytest.raises(TypeError, match="pass judge="):
        OrientingBackend(StaticBackend(Recognition()))


@given(st.tuples(*[st.floats(0, 1)] * 4), st.integers(-9, 9))
def test_turning_a_box_and_back_leaves_it_where_it_was(corners: tuple[float, float, float, float], turns: int) -> None:
    box = BBox.of(*corners)

    back = box.turned(turns).turned(-turns)

    for name in ("x0", "y0", "x1", "y1"):
        assert getattr(back, name) == pytest.approx(getattr(box, name), abs=1e-15)


@given(st.integers(0, 3), st.integers(1, 30), st.integers(1, 30), st.data())
def test_a_box_turns_like_the_pixels_under_it(quarters: int, width: int, height: int, data: st.DataObject) -> None:
    column, row = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    picture = Image.new("L", (width, height))
    picture.putpixel((column, row), 255)
    turned = picture.rotate(-90 * quarters, expand=True)
    size = Size(width, height)

    box = BBox.from_pixels(column, row, column + 1, row + 1, size).turned(quarters)

    assert box.to_pixels(size.turned(quarters)) == turned.getbbox()
    assert (turned.width, turned.height) == (size.turned(quarters).width, size.turned(quarters).height)
