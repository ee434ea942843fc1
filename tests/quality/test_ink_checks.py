"""Answers against the ink on drawn pages."""

from __future__ import annotations

import pytest
from drawn_pages import draw_lines, line_regions, paper
from PIL import Image

from deepocr_kit.documents import Issue, IssueCode, Recognition, Region, RegionLabel, Severity
from deepocr_kit.geometry import BBox
from deepocr_kit.quality import InkMap, check_ink, check_recognition
from deepocr_kit.testing import build_region

PRINTED = InkMap.of(draw_lines(paper()))
BLANK = InkMap.of(paper())
SIDEWAYS = InkMap.of(draw_lines(paper()).rotate(-90, expand=True))


def found(ink: InkMap, *regions: Region, turned: int = 0) -> list[tuple[IssueCode, Severity]]:
    issues = check_ink(Recognition(regions=regions, finish_reason="stop", turned=turned), ink)
    return [(issue.code, issue.severity) for issue in issues]


def test_an_answer_that_fits_the_ink_has_no_issue() -> None:
    assert found(PRINTED, *line_regions()) == []


def test_text_on_a_blank_page_is_made_up() -> None:
    assert found(BLANK, build_region("Sun Tzu said")) == [
        (IssueCode.BLANK_PAGE, Severity.INFO),
        (IssueCode.TEXT_ON_BLANK, Severity.ERROR),
    ]
    assert found(BLANK, build_region("Sun Tzu said", None))[1:] == [(IssueCode.TEXT_ON_BLANK, Severity.ERROR)]


def test_an_empty_answer_to_a_blank_page_is_right() -> None:
    (issue,) = check_recognition(Recognition(finish_reason="stop"), ink=BLANK)

    assert (issue.code, issue.severity) == (IssueCode.BLANK_PAGE, Severity.INFO)


def test_an_empty_answer_to_a_printed_page_is_an_error() -> None:
    (issue,) = check_recognition(Recognition(finish_reason="stop"), ink=PRINTED)

    assert (issue.code, issue.severity) == (IssueCode.EMPTY_ANSWER, Severity.ERROR)
    assert "looks like text" in issue.message


def test_an_empty_answer_to_a_photograph_is_a_warning() -> None:
    photograph = Image.effect_noise((200, 160), 80).resize((1000, 800), Image.Resampling.BICUBIC)

    (issue,) = check_recognition(Recognition(finish_reason="stop"), ink=InkMap.of(photograph))

    assert (issue.code, issue.severity) == (IssueCode.EMPTY_ANSWER, Severity.WARNING)


@pytest.mark.parametrize(("invented", "severity"), [(1, Severity.WARNING), (8, Severity.ERROR)])
def test_boxes_with_text_over_paper_are_said(invented: int, severity: Severity) -> None:
    below = [
        build_region("Please pay soon", (0.1, 0.94 + 0.005 * row, 0.9, 0.944 + 0.005 * row), region_id=f"p1r{40 + row}")
        for row in range(invented)
    ]

    (issue,) = check_ink(Recognition(regions=(*line_regions(), *below * (1 + invented // 8 * 3))), PRINTED)

    assert (issue.code, issue.severity, issue.region_id) == (IssueCode.TEXT_ON_BLANK, severity, "p1r40")


def test_a_colon_and_a_picture_may_stand_over_paper() -> None:
    empty = (0.1, 0.94, 0.9, 0.96)

    assert found(PRINTED, *line_regions(), build_region(":", empty)) == []
    assert found(PRINTED, *line_regions(), build_region("", empty, label=RegionLabel.PICTURE)) == []


def test_pale_print_in_its_box_is_not_made_up() -> None:
    page = draw_lines(paper(225), 4)
    pale = draw_lines(paper(225), 4, ink=255).crop((0, 150, 1240, 190))
    page.paste(pale, (0, 1600))

    below = build_region("words", (0.09, 1600 / 1754, 0.9, 1640 / 1754), region_id="p1r9")

    assert found(InkMap.of(page), *line_regions(4), below) == []


def many_boxes(count: int, *, height: float) -> list[Region]:
    regions = [build_region("words", (0.95, 0.0, 1.0, height), region_id=f"p1r{n}") for n in (1, 2)]
    return [region.model_copy(update={"boxes": region.boxes * (count // 2)}) for region in regions]


@pytest.mark.parametrize(("count", "height"), [(2002, 0.01), (60, 1.0)])
def test_boxes_without_end_are_compared_with_a_blank_page_alone(count: int, height: float) -> None:
    many = many_boxes(count, height=height)

    assert found(PRINTED, *many) == []
    assert found(BLANK, *many) == [(IssueCode.BLANK_PAGE, Severity.INFO), (IssueCode.TEXT_ON_BLANK, Severity.ERROR)]
    # as many as are looked at
    assert found(PRINTED, *many_boxes(count // 2, height=height))[0] == (IssueCode.TEXT_ON_BLANK, Severity.ERROR)


def test_a_hundred_boxes_without_ink_are_not_all_asked_for_pale_print() -> None:
    pale = [build_region("words", (0.09, 0.02, 0.9, 0.06), region_id=f"p1r{n}") for n in range(101)]
    page = paper(225)
    page.paste(draw_lines(paper(225), 4, ink=255).crop((0, 150, 1240, 190)), (0, 45))
    page.paste(draw_lines(paper(225), 4).crop((0, 130, 1240, 330)), (0, 700))

    assert IssueCode.TEXT_ON_BLANK not in dict(found(InkMap.of(page), *pale[:100]))
    assert dict(found(InkMap.of(page), *pale))[IssueCode.TEXT_ON_BLANK] is Severity.ERROR


@pytest.mark.parametrize("corner", [(1.0, 1.0, 1.0, 1.0), (0.0, 0.0, 0.0, 0.0), (1.0, 0.2, 1.0, 0.4)])
def test_a_box_without_a_size_is_looked_at_as_one_pixel(corner: tuple[float, float, float, float]) -> None:
    assert PRINTED.share(BBox(*corner)) == 0
    assert InkMap.of(paper(0)).share(BBox(*corner)) == 0
    assert 0 <= PRINTED.light_share(BBox(*corner)) <= 1


@pytest.mark.parametrize(("kept", "severity"), [(26, Severity.WARNING), (18, Severity.ERROR)])
def test_lost_lines_are_said_with_their_place(kept: int, severity: Severity) -> None:
    (issue,) = check_ink(Recognition(regions=tuple(line_regions()[:kept])), PRINTED)

    assert (issue.code, issue.severity) == (IssueCode.UNCOVERED_INK, severity)
    assert "x 0." in issue.message


def test_a_picture_region_covers_its_ink() -> None:
    whole = build_region("", (0.05, 0.05, 0.95, 0.95), label=RegionLabel.PICTURE)

    assert found(PRINTED, whole) == []


def test_text_without_boxes_says_nothing_about_ink_outside_them() -> None:
    words = build_region("many words " * 40, None, region_id="p1r99")

    assert found(PRINTED, *line_regions(5), words) == []
    assert found(PRINTED, words) == []


def test_a_page_on_its_side_is_said_unless_it_was_turned() -> None:
    whole = build_region("words", (0.05, 0.05, 0.95, 0.95))

    assert found(SIDEWAYS, whole) == [(IssueCode.ORIENTATION, Severity.WARNING)]
    assert found(SIDEWAYS, whole, turned=3) == []
    assert found(PRINTED, whole) == []


def test_lines_of_an_engine_that_run_across_tell_that_the_page_is_upright() -> None:
    lines = [build_region("words", (0.1, y / 10, 0.9, y / 10 + 0.09), confidence=0.9) for y in range(2, 7)]

    assert IssueCode.ORIENTATION not in dict(found(SIDEWAYS, *lines))


def test_what_a_recognition_says_already_is_not_said_again() -> None:
    said = Issue(code=IssueCode.BLANK_PAGE, severity=Severity.INFO, message="said before")

    assert check_recognition(Recognition(finish_reason="stop", issues=(said,)), ink=BLANK) == ()
