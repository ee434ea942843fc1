"""Time and memory stay bounded whatever a model writes. The families are those that ``benchmarks`` measures."""

from __future__ import annotations

import re
import time
import tracemalloc

import pytest
from benchmarks.answer_texts import HOSTILE
from lossless import check_lossless

from deepocr_kit.documents import IssueCode
from deepocr_kit.grounding import DeepSeekOcrDialect, OcrTask, ParsedText
from steady_time import LINEAR, growth, least_seconds

pytestmark = pytest.mark.uncounted

DIALECT = DeepSeekOcrDialect()
TAG = "<|ref|>text<|/ref|><|det|>"
SHORT = 20_000
TASKS = {"line_breaks": OcrTask.FREE, "one_long_line": OcrTask.FREE, "tiny_regions": OcrTask.LINES}
"""Families that are read under another task than the layout, for a change."""


def parsed_within(raw_text: str, limit: float) -> ParsedText:
    """Parse once; ``limit`` is in seconds of processor time, far above what is needed."""
    begin = time.process_time()
    parsed = DIALECT.parse(raw_text)

    assert time.process_time() - begin < limit
    return parsed


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_linear_on_every_hostile_family(name: str) -> None:
    task = TASKS.get(name, OcrTask.DOCUMENT)
    short, long = HOSTILE[name](SHORT), HOSTILE[name](4 * SHORT)
    grown = growth(lambda: DIALECT.parse(short, task=task), lambda: DIALECT.parse(long, task=task), times=4)

    assert grown <= LINEAR


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_in_a_blink(name: str) -> None:
    page = HOSTILE[name](4_000)
    spent = least_seconds(lambda: DIALECT.parse(page), rounds=3)

    assert spent < len(page) / 150_000, "less than 0.15 MB/s, on any machine"


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_lost_of_any_hostile_family(name: str) -> None:
    raw_text = HOSTILE[name](6_000)

    for task in OcrTask:
        check_lossless(raw_text, DIALECT.parse(raw_text, task=task))


def test_a_hundred_thousand_open_tags_are_read_in_seconds() -> None:
    parsed = parsed_within("<|ref|>" * 100_000, 10)

    assert parsed.regions == ()


def test_a_hundred_thousand_open_box_lists_are_read_in_seconds() -> None:
    parsed = parsed_within("<|ref|>a<|/ref|><|det|>" * 100_000, 20)

    assert len(parsed.regions) == 5_000
    assert IssueCode.LIMIT_REACHED in {issue.code for issue in parsed.issues}


def test_a_hundred_thousand_nested_tags_are_one_region() -> None:
    parsed = parsed_within("<|ref|>" * 100_000 + "text" + "<|/ref|>" * 100_000 + "<|det|>[[1, 2, 3, 4]]<|/det|>x", 20)

    assert [region.text for region in parsed.regions] == ["x"]


def test_a_number_of_a_megabyte_is_no_coordinate() -> None:
    parsed = parsed_within(f"{TAG}[[1, 2, 3, {'9' * 1_000_000}]]<|/det|>\nwords", 5)

    assert [(region.boxes, region.text) for region in parsed.regions] == [((), "words")]
    assert [issue.code for issue in parsed.issues] == [IssueCode.MALFORMED_COORDINATES]


def test_a_million_boxes_are_cut_and_said() -> None:
    parsed = parsed_within(f"{TAG}[{'[1, 2, 3, 4], ' * 1_000_000}]<|/det|>\nwords", 30)

    assert len(parsed.regions[0].boxes) == 1000
    assert [issue.code for issue in parsed.issues] == [IssueCode.LIMIT_REACHED]


@pytest.mark.parametrize("unit", ["<table><tr><td>", "<div>", "<b>", "<sup>", "<center>"])
def test_deep_html_is_flat_work(unit: str) -> None:
    parsed = parsed_within(f"{TAG}[[1, 2, 3, 4]]<|/det|>\n{unit * 100_000}deep", 20)

    assert parsed.regions[0].text.endswith("deep")


def test_a_colspan_of_a_hundred_million_takes_no_memory() -> None:
    cell = "<td colspan=99999999 rowspan=99999999>a</td>"
    raw_text = f"{TAG}[[1, 2, 3, 4]]<|/det|>\n<table>{f'<tr>{cell * 5}</tr>' * 2_000}</table>"
    tracemalloc.start()
    parsed = DIALECT.parse(raw_text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert parsed.regions[0].table is not None
    assert peak < 60 * len(raw_text)


def test_thousands_of_tables_in_one_region_get_one_remark_of_a_kind() -> None:
    parsed = parsed_within("table[[1, 2, 3, 4]]\n" + "<table>lost</table>" * 30_000, 20)

    assert len(parsed.issues) == 2
    assert parsed.regions[0].text.count("lost") == 30_000


def test_the_offset_of_a_remark_is_found_quickly_among_many_pieces() -> None:
    raw_text = "<table><tr><td>a</td></tr></table><|/det|>" * 20_000 + "<table><tr><td>cut"
    parsed = parsed_within(raw_text, 20)

    assert next(issue.offset for issue in parsed.issues if "cut" in issue.message) == len(raw_text)


def test_a_megabyte_fed_in_small_pieces_takes_linear_time() -> None:
    def feed(count: int) -> None:
        parser = DIALECT.parser()
        for _ in range(count):
            parser.feed("text[[1, 2")
        parser.finish()

    assert growth(lambda: feed(12_500), lambda: feed(100_000), times=8) <= LINEAR


def test_remarks_of_one_kind_are_listed_up_to_a_bound_and_counted_beyond_it() -> None:
    parsed = DIALECT.parse("<|/det|>" * 1_000 + "\ntext[[9, 9, 1, 1]]\nwords")
    listed = [issue for issue in parsed.issues if issue.code is IssueCode.STRAY_MARKUP]

    assert len(listed) == 100
    assert IssueCode.SWAPPED_CORNERS in {issue.code for issue in parsed.issues}
    assert parsed.issues[-1].code is IssueCode.LIMIT_REACHED
    assert parsed.issues[-1].message.endswith("not listed: 900 stray_markup at 800 to 7992")


def test_what_the_unlisted_remarks_are_about_is_still_there() -> None:
    parsed = DIALECT.parse("<|ref|>text<|/ref|>word\n" * 400)
    said = [re.search(r"(\d+) missing_box", issue.message) for issue in parsed.issues]
    listed = sum(issue.code is IssueCode.MISSING_BOX for issue in parsed.issues)

    assert len(parsed.regions) == 400
    assert listed + sum(int(found[1]) for found in said if found) == 400


def test_a_wide_pipe_table_of_nothing_has_cells_for_its_words_alone() -> None:
    table = DIALECT.parse("table[[1, 2, 3, 4]]\n|a|\n|---|\n" + "|" * 300).regions[0].table

    assert table is not None
    assert (table.row_count, table.col_count, len(table.cells)) == (2, 299, 1)
    assert table.rows()[0][0] == "a"
