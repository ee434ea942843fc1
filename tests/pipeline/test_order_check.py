"""How far a page's order agrees with its places, as a number and as an issue."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from deepocr_kit.documents import IssueCode, Page, Recognition, Region, RegionLabel
from deepocr_kit.pipeline import Pipeline, order_agreement_of, parse_document
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
