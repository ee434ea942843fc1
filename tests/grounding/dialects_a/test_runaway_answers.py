from __future__ import annotations

import pytest

from deepocr_kit.documents import IssueCode
from deepocr_kit.grounding import OcrTask, dialect_named

RUNAWAY = {
    "unlimited-ocr": ("<|det|>text [1, 2, 300, 40]<|/det|>Total\n", OcrTask.DOCUMENT),
    "mineru2.5": ("<|box_start|>1 2 3 4<|box_end|><|ref_start|>text<|ref_end|>\n", OcrTask.DOCUMENT),
    "paddleocr-vl": ("Total<|LOC_1|><|LOC_2|><|LOC_30|><|LOC_40|>\n", OcrTask.LINES),
    "glm-ocr": ('{"bbox_2d": [1, 2, 3, 4], "content": "Total"},\n', OcrTask.DOCUMENT),
    "hunyuan-ocr": ("<pFig>Total</pFig><quad>(1,2),(30,40)</quad>\n", OcrTask.DOCUMENT),
    "doctags": ("<text><loc_1><loc_2><loc_30><loc_40>Total</text>\n", OcrTask.DOCUMENT),
}


@pytest.mark.parametrize("name", RUNAWAY)
def test_regions_are_bounded_and_the_rest_stands_in_one_issue(name: str) -> None:
    unit, task = RUNAWAY[name]
    raw_text = unit * 12_000 + "<|de"
    parsed = dialect_named(name).parse(raw_text, task=task)
    limits = [issue for issue in parsed.issues if issue.code is IssueCode.LIMIT_REACHED]

    assert 1000 < len(parsed.regions) < 12_000
    assert [issue.span for issue in limits if issue.span] == [(len(parsed.regions) * len(unit), len(raw_text))]
    assert not any(issue.code is IssueCode.CUT_TAIL for issue in parsed.issues)


def test_spotted_lines_without_tags_are_bounded_too() -> None:
    parsed = dialect_named("hunyuan-ocr").parse("Total(1,2),(30,40)" * 12_000, task=OcrTask.LINES)

    assert parsed.issues[-1].code is IssueCode.LIMIT_REACHED


@pytest.mark.parametrize("name", RUNAWAY)
def test_no_prompt_takes_a_query(name: str) -> None:
    dialect = dialect_named(name)
    task = OcrTask.LINES if name == "paddleocr-vl" else OcrTask.DOCUMENT

    with pytest.raises(ValueError, match="takes no query"):
        dialect.prompt(task, query="Total")
