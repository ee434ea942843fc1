from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import pytest
from tests.grounding.dialect_contract import DialectContract, Sample

from deepocr_kit.documents import IssueCode, RegionLabel, Severity, TextFormat
from deepocr_kit.grounding import OcrTask
from deepocr_kit.grounding.dialects import NanonetsDialect, OlmOcrDialect

TASKS = (OcrTask.DOCUMENT, OcrTask.FREE)
FRONT = (
    "---\nprimary_language: en\nis_rotation_valid: True\nrotation_correction: 0\n"
    "is_table: False\nis_diagram: False\n---\n"
)
BODY = """\
# Annual Report

## Prices *and* sizes

The lamp costs A<B euros,
and is bright.

- first entry
  continued
- second entry
1. counted entry

![a bulb](page_10_20_300_400.png)

$$E = mc^2$$

<table><tr><td>Lamp</td><td>12.50</td></tr></table>

| Bulb | 3.20 |
|------|------|
| Tube | 4.10 |

```python
print("Hallo")
```
"""
NANONETS = """\
<logo>Lampen GmbH</logo>

# Invoice

<img>A bulb on a table</img>

☐ open
☑ paid
- [x] sent
☐ left ☑ right

Text before <watermark>OFFICIAL COPY</watermark> and behind

<signature>J. Muster</signature>
<page_number>9/22</page_number>"""
FRAGMENTS = (
    "# ", "## a\n", "- ", "1. ", "\n", "\n\n", "| a | b |\n|---|---|\n", "|", "<table><tr><td>", "</table>", "<img>",
    "</img>", "<watermark>", "</watermark>",
    "<page_number>9</page_number>", "```", "```python\n", "$$", "\\[", "\\]",
    "![a](b.png)", "![", "☐ ", "☑ ", "[x] ", "---\n", "primary_language: en\n", "rotation_correction: 90\n", "A<B",
    "总计 12.50", "**b**",    "<|im_end|>", "\\begin{table}", "\\end{table}", "***",
)  # fmt: skip
HOSTILE = {
    "front matter": "---\na: b\n", "headings": "# a\n", "items": "- a\n", "tables": "<table>", "pipes": "|-",
    "rows": "| a |\n",
    "fences": "```\n", "math": "$$a", "brackets": "\\[a", "tags": "<img>", "mixed tags": "<img><logo><watermark>",
    "pictures": "![a", "boxes": "☐", "blank": "\n", "tabular": "\\begin{tabular}\\begin{table}", "stars": "**a",
}  # fmt: skip
MARKUP = re.compile(r"```[A-Za-z]*|<\|[A-Za-z_]+\|>|</s>|-{3,}|\*{3,}|_{3,}")


class TestOlmOcrContract(DialectContract):
    dialect = OlmOcrDialect()
    streamed = ("page", "bare")
    tasks = TASKS
    samples: ClassVar = {"page": Sample(FRONT + BODY), "bare": Sample(BODY, OcrTask.FREE)}
    malformed: ClassVar = {
        "turned": FRONT.replace("True", "False").replace("correction: 0", "correction: 270") + BODY,
        "cut front matter": FRONT[:60],
        "code not closed": f"{FRONT}```python\nprint()",
        "table not closed": f"{FRONT}<table><tr><td>Lamp",
    }
    fragments = FRAGMENTS
    hostile: ClassVar = HOSTILE
    markup = MARKUP


class TestNanonetsContract(DialectContract):
    dialect = NanonetsDialect()
    streamed = ("page",)
    tasks = TASKS
    samples: ClassVar = {"page": Sample(NANONETS), "fenced": Sample(f"```markdown\n{BODY}\n```\n")}
    malformed: ClassVar = {"table not closed": "<table><tr><td>Lamp"}
    fragments = FRAGMENTS
    hostile: ClassVar = {"tags": "<watermark>a", "pairs": "<img>a</img>"}
    markup = MARKUP


def blocks(raw_text: str) -> list[tuple[RegionLabel, str]]:
    return [(region.label, region.text) for region in OlmOcrDialect().parse(raw_text).regions]


def test_markdown_becomes_a_region_for_every_block() -> None:
    assert blocks(FRONT + BODY) == [
        (RegionLabel.TITLE, "Annual Report"),
        (RegionLabel.SECTION_HEADER, "Prices *and* sizes"),
        (RegionLabel.TEXT, "The lamp costs A<B euros,\nand is bright."),
        (RegionLabel.LIST_ITEM, "first entry\n  continued"),
        (RegionLabel.LIST_ITEM, "second entry"),
        (RegionLabel.LIST_ITEM, "1. counted entry"),
        (RegionLabel.PICTURE, "a bulb"),
        (RegionLabel.FORMULA, "$$E = mc^2$$"),
        (RegionLabel.TABLE, "Lamp 12.50"),
        (RegionLabel.TABLE, "Bulb 3.20\nTube 4.10"),
        (RegionLabel.CODE, 'print("Hallo")'),
    ]


def test_blocks_have_no_boxes_and_exact_spans() -> None:
    raw_text = FRONT + BODY
    regions = OlmOcrDialect().parse(raw_text).regions

    assert all(region.boxes == () for region in regions)
    assert all(raw_text[slice(*region.span)] == region.content for region in regions if region.span)


def test_both_kinds_of_tables_become_grids() -> None:
    tables = [region.table for region in OlmOcrDialect().parse(BODY).regions if region.label is RegionLabel.TABLE]

    assert [table.rows() for table in tables if table] == [
        (("Lamp", "12.50"),),
        (("Bulb", "3.20"), ("Tube", "4.10")),
    ]


def test_formulas_are_latex() -> None:
    regions = OlmOcrDialect().parse("Before \\[ a^2 \\] after\n\n\\begin{tabular}{l} x \\\\ \\end{tabular}").regions

    assert [(region.label, region.format) for region in regions] == [
        (RegionLabel.TEXT, TextFormat.MARKDOWN),
        (RegionLabel.FORMULA, TextFormat.LATEX),
        (RegionLabel.TEXT, TextFormat.MARKDOWN),
        (RegionLabel.TABLE, TextFormat.LATEX),
    ]


def test_the_front_matter_stands_in_an_issue() -> None:
    raw_text = FRONT + BODY
    (issue,) = OlmOcrDialect().parse(raw_text).issues

    assert (issue.code, issue.severity) == (IssueCode.FRONT_MATTER, Severity.INFO)
    assert issue.span is not None
    assert raw_text[slice(*issue.span)] == FRONT.removeprefix("---\n").removesuffix("\n---\n")
    assert "primary_language en" in issue.message


@pytest.mark.parametrize(
    ("valid", "turn", "said"),
    [
        ("False", "90", "by 90 degrees clockwise"),
        ("False", "0", "how far"),
        ("True", "180", "by 180 degrees clockwise"),
    ],
)
def test_a_page_that_does_not_stand_upright_is_an_error(valid: str, turn: str, said: str) -> None:
    front = FRONT.replace("is_rotation_valid: True", f"is_rotation_valid: {valid}")
    parsed = OlmOcrDialect().parse(front.replace("rotation_correction: 0", f"rotation_correction: {turn}") + BODY)

    issue = next(issue for issue in parsed.issues if issue.code is IssueCode.ORIENTATION)
    assert issue.severity is Severity.ERROR
    assert said in issue.message


def test_an_empty_page_has_only_its_front_matter() -> None:
    parsed = OlmOcrDialect().parse(FRONT.replace("en\n", "null\n"))

    assert parsed.regions == ()
    assert [issue.code for issue in parsed.issues] == [IssueCode.FRONT_MATTER]


def test_a_rule_at_the_beginning_is_no_front_matter() -> None:
    parsed = OlmOcrDialect().parse("---\n\nTotal 12.50\n---\n")

    assert [region.text for region in parsed.regions] == ["Total 12.50"]
    assert parsed.issues == ()


def test_tags_of_nanonets_become_regions_with_their_name() -> None:
    regions = NanonetsDialect().parse(NANONETS).regions

    assert [(region.label, region.raw_label, region.text) for region in regions] == [
        (RegionLabel.PICTURE, "logo", "Lampen GmbH"),
        (RegionLabel.TITLE, "", "Invoice"),
        (RegionLabel.PICTURE, "img", "A bulb on a table"),
        (RegionLabel.CHECKBOX_UNSELECTED, "", "open"),
        (RegionLabel.CHECKBOX_SELECTED, "", "paid"),
        (RegionLabel.CHECKBOX_SELECTED, "", "sent"),
        (RegionLabel.TEXT, "", "☐ left ☑ right"),
        (RegionLabel.TEXT, "", "Text before"),
        (RegionLabel.OTHER, "watermark", "OFFICIAL COPY"),
        (RegionLabel.TEXT, "", "and behind"),
        (RegionLabel.OTHER, "signature", "J. Muster"),
        (RegionLabel.PAGE_FOOTER, "page_number", "9/22"),
    ]


def test_a_tag_closed_by_another_opener_is_read_too() -> None:
    (region,) = NanonetsDialect().parse("<watermark>COPY<watermark>").regions

    assert (region.raw_label, region.content) == ("watermark", "COPY")


def test_the_real_sample_of_olmocr_is_read_without_a_warning(shared_data: Path) -> None:
    raw_text = (shared_data / "model_outputs/others/012.txt").read_text(encoding="utf-8")
    parsed = OlmOcrDialect().parse(raw_text, strict=True)

    assert [issue.code for issue in parsed.issues] == [IssueCode.FRONT_MATTER]
    assert [region.content for region in parsed.regions] == raw_text.partition("\n---\n")[2].strip().split("\n\n")
