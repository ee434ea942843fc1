from __future__ import annotations

import json
from pathlib import Path

import pytest

from deepocr_kit.documents import Issue, IssueCode, PageStatus, Recognition, Region, RegionLabel, Severity, Table
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import DeepSeekOcrDialect, OcrTask
from deepocr_kit.quality import check_recognition, page_status
from deepocr_kit.testing import build_region
from steady_time import LOOSELY_LINEAR, growth


def recognition(
    *regions: Region, raw_text: str = "", finish_reason: str | None = "stop", issues: tuple[Issue, ...] = ()
):
    return Recognition(regions=regions, raw_text=raw_text, finish_reason=finish_reason, issues=issues)


def answer(raw_text: str, task: OcrTask = OcrTask.DOCUMENT) -> Recognition:
    parsed = DeepSeekOcrDialect().parse(raw_text, task=task)
    return Recognition(regions=parsed.regions, raw_text=raw_text, finish_reason="stop", issues=parsed.issues)


def codes(recognized: Recognition) -> list[IssueCode]:
    return [issue.code for issue in check_recognition(recognized)]


def issue(code: IssueCode, severity: Severity = Severity.WARNING, region_id: str | None = None) -> Issue:
    return Issue(code=code, severity=severity, message="said before", region_id=region_id)


def test_a_healthy_page_has_no_issue() -> None:
    assert check_recognition(recognition(build_region("Total 12.50", confidence=0.95))) == ()


@pytest.mark.parametrize("reason", ["length", "content_filter", "abort"])
def test_an_answer_that_did_not_stop_by_itself_is_truncated(reason: str) -> None:
    (found,) = check_recognition(recognition(build_region(), finish_reason=reason))

    assert (found.code, found.severity) == (IssueCode.TRUNCATED, Severity.ERROR)


def test_an_engine_without_a_finish_reason_is_not_truncated() -> None:
    assert codes(recognition(build_region(), finish_reason=None)) == []


def test_nothing_read_is_an_error_that_names_the_page() -> None:
    (found,) = check_recognition(recognition(), size=Size(100, 200))

    assert (found.code, found.severity) == (IssueCode.EMPTY_ANSWER, Severity.ERROR)
    assert "100 x 200" in found.message


def test_a_page_known_to_be_blank_may_be_empty() -> None:
    assert codes(recognition(issues=(issue(IssueCode.BLANK_PAGE, Severity.INFO),))) == []


def test_what_the_recognition_already_says_is_not_said_again() -> None:
    said = recognition(build_region(), finish_reason="length", issues=(issue(IssueCode.TRUNCATED),))

    assert codes(said) == []


# -- repetition

LOOPS = {
    "a phrase to the end": "Invoice\n" + "Thank you for your visit. " * 20,
    "a cut repeat": "Invoice\n" + "Thank you for your visit. " * 20 + "Thank you",
    "one letter": "Invoice " + "A" * 400,
    "empty cells": "<table><tr><td>x</td>" + "<td></td>" * 200,
    "blanks": "_" * 2000,
    "a long block": "One line of the block.\nAnother line of it, which is longer.\n\nAnd a third, 12.50\n" * 12,
    "lines that differ in one character": "".join(f"东海分{'局城'[index % 3 == 0]}\n" for index in range(30)),
    "regions at one box": "<|ref|>text<|/ref|><|det|>[[5, 6, 70, 80]]<|/det|>\nwords\n\n" * 3
    + "".join(f"<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nwords {index}\n\n" for index in range(5)),
    "regions with one text": "".join(
        f"<|ref|>text<|/ref|><|det|>[[1, {index}, 90, {index + 9}]]<|/det|>\nSubtotal\n\n"
        for index in range(100, 900, 20)
    ),
    "similar lines in a box": "<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n"
    + "Name: ____ Age: __\n" * 12
    + "Done.",
}
HEALTHY = {
    "numbered items": "".join(f"Item {index}\n" for index in range(1, 30)),
    "dates": "".join(f"2024-01-{day:02d} closed\n" for day in range(1, 29)),
    "a column of zeros": "".join(
        f"<|ref|>text<|/ref|><|det|>[[1, {y}, 90, {y + 9}]]<|/det|>\n0.00\n\n" for y in range(100, 300, 20)
    ),
    "a rule at the end": "Total 12.50\n" + "=" * 80,
    "a leader": "Contents " + "." * 300,
    "three repeats": "No refunds. " * 3,
    "a table of equal rows": "<|ref|>table<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n<table>"
    + "<tr><td>past illness</td><td>none</td></tr>" * 4
    + "<tr><td>last</td><td>row of the table</td></tr></table>",
    "short": "0",
    "prose": "The quick brown fox jumps over the lazy dog, and then it does it once more, for good measure.\n" * 2,
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_found(name: str) -> None:
    assert IssueCode.REPETITION in codes(answer(LOOPS[name]))


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_found_before_the_end_token(name: str) -> None:
    assert IssueCode.REPETITION in codes(answer(LOOPS[name] + "<｜end▁of▁sentence｜>"))


@pytest.mark.parametrize("name", HEALTHY)
def test_ordinary_repetition_is_no_loop(name: str) -> None:
    assert codes(answer(HEALTHY[name])) == []


def test_similar_lines_end_where_others_begin() -> None:
    lines = "Before\n" + "to be paid now\n" * 14 + "After this everything is different\nand goes on"

    assert IssueCode.REPETITION in codes(answer(lines))


@pytest.mark.parametrize("unit", ["a", "ab" * 30 + "c", "_ ", "line\n", "x<td></td>", "text[[1, 2, 3, 4]]\nab\n"])
def test_the_checks_take_linear_time(unit: str) -> None:
    def recognized(size: int) -> Recognition:
        return answer(unit * (size // len(unit)) + "end of it")

    short, long = recognized(20_000), recognized(160_000)
    grown = growth(lambda: check_recognition(short), lambda: check_recognition(long), times=8, limit=LOOSELY_LINEAR)

    assert grown <= LOOSELY_LINEAR


# -- other checks


def test_a_page_answered_as_one_picture_is_an_error() -> None:
    found = check_recognition(answer("<|ref|>image<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>"))

    assert [(item.code, item.severity) for item in found] == [(IssueCode.WHOLE_PAGE_PICTURE, Severity.ERROR)]


@pytest.mark.parametrize(
    "raw_text",
    [
        "image[[0, 0, 600, 600]]\n",
        "image[[0, 0, 999, 999]]\n\ntext[[1, 1, 900, 900]]\nThere is a whole paragraph of text here.",
    ],
)
def test_a_smaller_picture_or_one_with_text_is_fine(raw_text: str) -> None:
    assert codes(answer(raw_text)) == []


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Total \ufffd 12.50 and so on for a line or two that is long enough", Severity.WARNING),
        ("\ufffd\ufffd ab", Severity.ERROR),
        ("cafÃ© crÃ¨me brÃ»lÃ©e", Severity.WARNING),
        ("å\x8f\x91ç¥¨ â‚¬ Ã¼", Severity.WARNING),
    ],
)
def test_broken_characters_are_said(text: str, severity: Severity) -> None:
    (found,) = check_recognition(recognition(build_region(text)))

    assert (found.code, found.severity) == (IssueCode.REPLACEMENT_CHARACTERS, severity)


@pytest.mark.parametrize("text", ["café crème brûlée «été» à €5 – “quoted”…", "发票 12.50 €", "ÀÉÎ ÖÜ ß"])
def test_accents_and_quotes_are_not_broken_characters(text: str) -> None:
    assert codes(recognition(build_region(text))) == []


def test_a_table_without_any_text_has_lost_its_cells() -> None:
    (found,) = check_recognition(answer("table[[1, 2, 3, 4]]\n\ntext[[5, 6, 7, 8]]\nwords"))

    assert (found.code, found.severity, found.region_id) == (IssueCode.LOST_CELLS, Severity.ERROR, "p1r1")


def test_lost_cells_that_the_parser_named_are_not_named_again() -> None:
    recognized = answer("table[[1, 2, 3, 4]]\n<table>FusedCells</table>")

    assert IssueCode.LOST_CELLS in {item.code for item in recognized.issues}
    assert codes(recognized) == []


def test_a_table_with_html_but_no_grid_is_said() -> None:
    region = build_region("<table>x</table>", label=RegionLabel.TABLE)

    assert codes(recognition(region)) == [IssueCode.LOST_CELLS]
    assert codes(recognition(region.model_copy(update={"table": Table(row_count=0, col_count=0)}))) == []


def test_low_confidence_weighs_long_lines_more() -> None:
    sure, unsure = build_region("a long and certain line", confidence=0.95), build_region("ab", confidence=0.1)

    assert codes(recognition(sure, unsure)) == []
    assert codes(recognition(unsure)) == [IssueCode.LOW_CONFIDENCE]
    assert codes(recognition(build_region("", confidence=0.1))) == []


# -- status


@pytest.mark.parametrize(
    ("severities", "failed", "status"),
    [
        ([], False, PageStatus.OK),
        ([Severity.INFO, Severity.WARNING], False, PageStatus.OK),
        ([Severity.WARNING, Severity.ERROR], False, PageStatus.DEGRADED),
        ([], True, PageStatus.FAILED),
    ],
)
def test_the_status_follows_from_the_worst_issue(severities: list[Severity], failed: bool, status: PageStatus) -> None:
    issues = [issue(IssueCode.UNTAGGED_TEXT, severity) for severity in severities]

    assert page_status(issues, failed=failed) is status


# -- real answers


def test_real_loops_are_found_and_healthy_answers_are_not_accused(shared_data: Path) -> None:
    folder = shared_data / "model_outputs/deepseek"
    looped = {
        path.stem
        for path in sorted(folder.glob("*.txt"))
        if IssueCode.REPETITION in codes(answer(path.read_text("utf-8")))
    }

    assert looped == {"059", "062"}


def test_a_real_page_answered_as_a_picture_is_found(shared_data: Path) -> None:
    raw_text = (shared_data / "model_outputs/deepseek/056.txt").read_text("utf-8")

    assert codes(answer(raw_text)) == [IssueCode.WHOLE_PAGE_PICTURE]


def test_the_founding_case_is_healthy(shared_data: Path) -> None:
    assert codes(answer((shared_data / "taxi_invoice/grounding.txt").read_text("utf-8"))) == []


def test_no_line_of_180_real_receipts_looks_like_a_loop(shared_data: Path) -> None:
    items = json.loads((shared_data / "receipts/text_only.json").read_text("utf-8"))["items"]
    accused = []
    for item in items:
        lines = [line["text"] for line in item["boxes"]]
        boxed = recognition(*(build_region(line, (0, at / 999, 1, at / 999)) for at, line in enumerate(lines)))
        free = answer("\n".join(lines), OcrTask.FREE)
        if IssueCode.REPETITION in (*codes(boxed), *codes(free)):
            accused.append(item["id"])

    assert len(items) == 180
    assert accused == []


def test_a_loop_that_only_the_regions_show_is_said_with_its_region() -> None:
    regions = [build_region("Thank you for your visit today", (0, 0, 1, 0.1), region_id=f"p1r{n}") for n in range(9)]
    boxless = [build_region("Thank you for your visit today", None, region_id=f"p1r{n}") for n in range(30)]

    for looped in (regions, boxless):
        (found,) = check_recognition(recognition(*looped, raw_text='[{"bbox": 1}]'))
        assert (found.code, found.offset) == (IssueCode.REPETITION, None)
        assert found.region_id is not None


def test_rows_of_a_table_are_no_loop_of_regions() -> None:
    table = Table(row_count=0, col_count=0)
    region = build_region("none\n" * 60, label=RegionLabel.TABLE).model_copy(update={"table": table})

    assert codes(recognition(region)) == []


def test_a_loop_is_dated_by_the_place_where_it_begins() -> None:
    (found,) = check_recognition(answer("text[[1, 2, 300, 400]]\nInvoice 7\n" + "no refunds " * 40))

    assert found.offset is not None
    assert found.offset == pytest.approx(33, abs=2)
