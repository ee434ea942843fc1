"""How far a page's order agrees with its places, as a number and as an issue."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from deepocr_kit.documents import IssueCode, Page, Recognition, Region, RegionLabel
from deepocr_kit.grounding import LineDialect, TextLine, write_lines
from deepocr_kit.pipeline import Pipeline, ReadingOrder, order_agreement_of, parse_document
from deepocr_kit.quality import ORDER_AGREEMENT_MIN
from deepocr_kit.testing import StaticBackend, build_page, build_page_image, build_region


def lines(count: int) -> list[Region]:
    return [
        build_region(f"Line {row}", (0.1, 0.05 + 0.05 * row, 0.9, 0.08 + 0.05 * row), region_id=f"p1r{row + 1}")
        for row in range(count)
    ]


def test_an_order_that_its_places_explain_agrees_fully() -> None:
    assert order_agreement_of(build_page(*lines(12))) == 1.0


def test_the_model_s_order_is_that_of_the_ids_and_not_that_on_the_page() -> None:
    backwards = [region.model_copy(update={"id": f"p1r{12 - at}"}) for at, region in enumerate(lines(12))]

    page = build_page(*backwards)

    assert order_agreement_of(page) == -1.0


def test_too_few_regions_and_pages_without_a_size_have_no_number() -> None:
    page = build_page(*lines(12))

    assert order_agreement_of(build_page(*lines(7))) is None
    assert order_agreement_of(page.model_copy(update={"size": None})) is None


def test_captions_are_left_out() -> None:
    captions = [
        build_region("Figure", (0.1, 0.01, 0.9, 0.03), region_id=f"p1r{number}", label=RegionLabel.CAPTION)
        for number in (20, 21)
    ]

    assert order_agreement_of(build_page(*lines(12), *captions)) == 1.0


def test_foreign_ids_are_taken_in_their_own_order() -> None:
    named = [region.model_copy(update={"id": "abcdefghijkl"[at]}) for at, region in enumerate(lines(12))]

    assert order_agreement_of(build_page(*named)) == 1.0


def test_a_turned_page_is_looked_at_upright() -> None:
    upside_down = tuple(
        region.model_copy(update={"boxes": tuple(box.turned(2) for box in region.boxes)}) for region in lines(12)
    )
    recognition = Recognition(regions=upside_down, finish_reason="stop", turned=2)
    with Pipeline(StaticBackend(recognition)) as pipeline:
        page = pipeline.run(build_page_image()).document.pages[0]

    assert order_agreement_of(page) == 1.0
    assert IssueCode.READING_ORDER not in {issue.code for issue in page.issues}


def columns() -> list[Region]:
    """Two columns of eight lines, across as an engine sorts them: ``left 0, right 0, left 1, ...``."""
    return [
        build_region(f"{name} {row}", (x, 0.1 + 0.02 * row, x + 0.4, 0.115 + 0.02 * row), region_id=f"p1r{number}")
        for number, (row, name, x) in enumerate(
            ((row, name, x) for row in range(8) for name, x in (("left", 0.08), ("right", 0.52))), start=1
        )
    ]


IN_COLUMNS = [f"{name} {row}" for name in ("left", "right") for row in range(8)]


def read(regions: list[Region], reading_order: ReadingOrder = ReadingOrder.MODEL, *, dialect: str = "any") -> Page:
    """The page that a pipeline makes of these regions."""
    recognition = Recognition(regions=tuple(regions), dialect=dialect, finish_reason="stop")
    with Pipeline(StaticBackend(recognition), reading_order=reading_order) as pipeline:
        return pipeline.run(build_page_image()).document.pages[0]


def said(page: Page) -> list[str]:
    return [issue.message for issue in page.issues if issue.code is IssueCode.READING_ORDER]


def test_lines_of_an_engine_are_read_column_by_column_and_the_page_says_so() -> None:
    page = read(columns(), dialect=LineDialect.name)

    assert [region.text for region in page.regions] == IN_COLUMNS
    assert said(page) == ["an engine gives its lines in no reading order; they were put in the order of their places"]


def test_lines_of_an_engine_that_stand_in_order_are_left_without_a_word() -> None:
    page = read(lines(12), dialect=LineDialect.name)

    assert [region.id for region in page.regions] == [region.id for region in lines(12)]
    assert said(page) == []


def test_lines_of_an_engine_are_read_along_the_slope_of_the_page() -> None:
    askew = [
        build_region(
            f"{row} {name}",
            (x, y := 0.1 + 0.03 * row + 0.035 * x, x + 0.1, y + 0.018),
            region_id=f"p1r{row * 4 + at + 1}",
        )
        for row in range(10)
        for at, (name, x) in enumerate((("a", 0.1), ("b", 0.3), ("c", 0.6), ("d", 0.8)))
    ]
    by_top = sorted(askew, key=lambda region: region.boxes[0].y0)

    page = read(by_top, dialect=LineDialect.name)

    assert [region.text for region in page.regions] == [region.text for region in askew]


def test_a_model_s_order_is_kept_and_doubted_by_default() -> None:
    backwards = list(reversed(lines(12)))

    page = read(backwards)

    assert list(page.regions) == backwards
    assert said(page) == [
        "the model read its regions in an order that their places do not explain "
        "(Kendall's tau -1.00, expected 0.5 or more)"
    ]


def test_a_model_s_order_that_is_doubted_is_replaced_when_it_is_checked() -> None:
    page = read(list(reversed(lines(12))), ReadingOrder.CHECKED)

    assert list(page.regions) == lines(12)
    assert said(page) == [
        "the model read its regions in an order that their places do not explain "
        "(Kendall's tau -1.00, expected 0.5 or more); they were put in the order of their places"
    ]


def test_a_model_s_order_that_agrees_well_enough_is_kept_when_it_is_checked() -> None:
    swapped = lines(12)
    swapped[3], swapped[4] = swapped[4], swapped[3]

    page = read(swapped, ReadingOrder.CHECKED)

    assert list(page.regions) == swapped
    assert said(page) == []


def test_the_order_of_places_can_be_asked_for() -> None:
    swapped = lines(12)
    swapped[3], swapped[4] = swapped[4], swapped[3]

    page = read(swapped, ReadingOrder.GEOMETRIC)

    assert list(page.regions) == lines(12)
    assert said(page) == ["an order by places was asked for; they were put in the order of their places"]


def test_regions_without_a_box_stay_behind_the_one_that_they_followed() -> None:
    unplaced = [build_region(name, None, region_id=f"p1r{name}") for name in ("91", "92", "93")]
    found = list(reversed(lines(3)))

    page = read([unplaced[0], found[0], unplaced[1], unplaced[2], *found[1:]], ReadingOrder.GEOMETRIC)

    assert [region.id for region in page.regions] == ["p1r91", "p1r1", "p1r2", "p1r3", "p1r92", "p1r93"]


def test_a_saved_answer_is_put_in_order_too() -> None:
    text = write_lines([TextLine(region.text, region.bbox, 0.9) for region in columns()])

    page = parse_document(text, dialect=LineDialect()).pages[0]

    assert [region.text for region in page.regions] == IN_COLUMNS


def test_an_order_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="by_size"):
        read([], "by_size")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match="by_size"):
        parse_document("text", reading_order="by_size")  # type: ignore[arg-type]  # wrong on purpose


def test_no_region_is_lost_when_a_backend_gives_an_id_twice() -> None:
    twice = [region.model_copy(update={"id": "p1r1"}) for region in lines(3)]

    page = read(twice, ReadingOrder.GEOMETRIC)

    assert [region.text for region in page.regions] == ["Line 0", "Line 1", "Line 2"]
    assert len({region.id for region in page.regions}) == 3


@pytest.fixture(scope="module")
def answers(shared_data: Path) -> list[Page]:
    """Pages of real answers that can be compared."""
    paths = sorted((shared_data / "model_outputs" / "deepseek").glob("*.txt"))
    pages = [page for path in paths for page in parse_document(path.read_text(encoding="utf-8")).pages]
    return [page for page in pages if order_agreement_of(page) is not None]


def test_no_sound_answer_is_said_to_be_out_of_order(answers: list[Page]) -> None:
    assert len(answers) >= 9
    assert min(order_agreement_of(page) or 0.0 for page in answers) >= 0.8
    assert not [issue for page in answers for issue in page.issues if issue.code is IssueCode.READING_ORDER]


def test_shuffled_answers_are_found_out(answers: list[Page]) -> None:
    found = []
    for page in answers:
        for seed in range(10):
            shuffled = random.Random(seed).sample(page.regions, len(page.regions))
            renamed = [region.model_copy(update={"id": f"p1r{at}"}) for at, region in enumerate(shuffled)]
            found.append((order_agreement_of(build_page(*renamed, size=page.size)) or 0.0) < ORDER_AGREEMENT_MIN)

    assert sum(found) >= 0.95 * len(found)
