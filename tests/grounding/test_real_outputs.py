from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from lossless import check_lossless, letters, squeeze

from deepocr_kit.documents import IssueCode, RegionLabel
from deepocr_kit.grounding import DeepSeekOcrDialect, OcrTask, ParsedText

DIALECT = DeepSeekOcrDialect()

# the number of box lists in each file, plus one where text comes before the first tag
REGION_COUNTS = {
    "001": 16,
    "002": 8,
    "004": 8,
    "017": 3,
    "020": 12,
    "021": 2,
    "023": 18,
    "024": 8,
    "028": 12,
    "033": 18,
    "034": 5,
    "036": 3,
    "041": 3,
    "044": 2,
    "045": 1,
    "055": 1,
    "056": 1,
    "059": 1,
    "062": 1,
}


@pytest.fixture
def answers(shared_data: Path) -> dict[str, str]:
    found = {
        path.stem: path.read_text("utf-8") for path in sorted((shared_data / "model_outputs/deepseek").glob("*.txt"))
    }
    return found | {"taxi": (shared_data / "taxi_invoice/grounding.txt").read_text("utf-8")}


def codes(parsed: ParsedText) -> set[IssueCode]:
    return {issue.code for issue in parsed.issues}


def test_no_character_of_any_answer_is_lost(answers: dict[str, str]) -> None:
    assert len(answers) == 21
    for raw_text in answers.values():
        for task in OcrTask:
            check_lossless(raw_text, DIALECT.parse(raw_text, task=task))


def test_everything_outside_of_tags_is_content(answers: dict[str, str]) -> None:
    tag = re.compile(
        r"<\|ref\|>\w+<\|/ref\|><\|det\|>\[\[[\d, ]*(?:\]\])?(?:<\|/det\|>)?|^\w+\[\[[\d, ]+\]\]$", re.MULTILINE
    )
    noise = re.compile(r"=====================\n(?:(?:BASE|PATCHES): .*\n)+=====================")
    separators = re.compile(r"<--- Page Split --->|<｜end▁of▁sentence｜>")
    for name, raw_text in answers.items():
        if name in ("041", "055"):  # the text stands inside the tag
            continue
        parsed = DIALECT.parse(raw_text)
        expected = separators.sub("", noise.sub("", tag.sub("", raw_text)))
        in_order = sorted(parsed.regions, key=lambda region: region.span or (0, 0))

        assert "".join(squeeze(region.content) for region in in_order) == squeeze(expected), name


def test_plain_words_have_every_letter_of_the_content(answers: dict[str, str]) -> None:
    markup = re.compile(r"</?(?:table|tr|t[dh]|br|center)\b[^<>]*>|<$")
    for name, raw_text in answers.items():
        for region in DIALECT.parse(raw_text).regions:
            expected = html.unescape(markup.sub("", region.content))

            assert letters(region.text) == letters(expected), (name, region.id)


@pytest.mark.parametrize("name", REGION_COUNTS)
def test_the_number_of_regions_is_the_one_counted_by_hand(name: str, answers: dict[str, str]) -> None:
    assert len(DIALECT.parse(answers[name]).regions) == REGION_COUNTS[name]


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_chunks_do_not_change_the_result(size: int, answers: dict[str, str]) -> None:
    for raw_text in answers.values():
        parser = DIALECT.parser()
        early = [region for at in range(0, len(raw_text), size) for region in parser.feed(raw_text[at : at + size])]
        whole = DIALECT.parse(raw_text)

        assert parser.finish() == whole
        assert tuple(early) == whole.regions[: len(early)]


def test_healthy_answers_have_no_issue(answers: dict[str, str]) -> None:
    for name in ("001", "004", "017", "036", "041", "044", "055", "056", "taxi"):
        assert DIALECT.parse(answers[name]).issues == (), name


def test_a_table_under_its_caption_goes_to_the_tables_region(answers: dict[str, str]) -> None:
    regions = DIALECT.parse(answers["004"]).regions

    assert [region.label for region in regions] == [RegionLabel.TABLE, RegionLabel.CAPTION] * 4
    assert [(region.table.row_count, region.table.col_count) for region in regions if region.table] == [
        (11, 3),
        (5, 2),
        (10, 4),
        (2, 3),
    ]
    assert [region.caption_of for region in regions[1::2]] == ["p1r1", "p1r3", "p1r5", "p1r7"]
    assert regions[1].content == "瑞慈健康体检体检报告书"


def test_tables_whose_tokens_were_stripped_are_said_to_be_lost(answers: dict[str, str]) -> None:
    for name in ("020", "024", "033"):
        parsed = DIALECT.parse(answers[name])

        assert IssueCode.LOST_CELLS in codes(parsed)
        assert all(region.table is None for region in parsed.regions)


def test_a_cut_box_list_costs_the_box_and_nothing_else(answers: dict[str, str]) -> None:
    parsed = DIALECT.parse(answers["023"])
    broken = parsed.regions[7]

    assert (broken.raw_label, broken.boxes) == ("equation", ())
    assert broken.content.startswith(r"\[ \frac{y(x)}{x} = (C + C(x)) \cdot e^{m(x)}")
    assert [issue.code for issue in parsed.issues] == [IssueCode.MALFORMED_COORDINATES]


def test_console_output_stands_in_issues(answers: dict[str, str]) -> None:
    parsed = DIALECT.parse(answers["028"])
    noise = [issue.span for issue in parsed.issues if issue.code is IssueCode.CONSOLE_NOISE]

    assert noise == [(89, 203), (2174, 2288)]
    assert parsed.regions[0].text.endswith("non- empty folder on the IUT.")


def test_the_founding_case_reads_whole(answers: dict[str, str]) -> None:
    parsed = DIALECT.parse(answers["taxi"])

    assert len(parsed.regions) == answers["taxi"].count("[[") == 36
    assert "上车 1228 22:20" in [region.text for region in parsed.regions]
    assert [region.label for region in parsed.regions].count(RegionLabel.PICTURE) == 2
