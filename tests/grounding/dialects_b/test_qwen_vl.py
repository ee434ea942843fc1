from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import pytest
from tests.grounding.dialect_contract import DialectContract, Sample
from tests.grounding.lossless import HTML_TAG

from deepocr_kit.documents import IssueCode, RegionLabel, TextFormat
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.grounding import OcrTask
from deepocr_kit.grounding.dialects import Qwen3VlDialect, Qwen25VlDialect

TASKS = (OcrTask.DOCUMENT, OcrTask.LINES, OcrTask.FREE)
PAGE = Size(1008, 1400)
"""A page that the resizing of Qwen2.5-VL leaves as it is."""

HTML = """\
```html
<html><body>
<div class="header" data-bbox="10 20 500 40">Annual Report</div>
<h2 data-bbox="10 50 500 90">Prices of lamps</h2>
<p data-bbox="10 100 500 200">The lamp costs A<B euros.</p>
<div class="image" data-bbox="10 210 500 300"><img data-bbox="10 210 500 300"/></div>
<div class="image caption" data-bbox="10 310 500 400"><img data-bbox="10 310 500 400"/><p> a bulb </p></div>
<div class="chart" data-bbox="10 410 500 500"><img data-bbox="10 410 500 500"/>
<table><tr><td>Sales</td></tr></table></div>
<div class="formula" data-bbox="10 510 500 600"><img data-bbox="10 510 500 600"/><div>E=mc^2</div></div>
<style>table1{border: 1px}</style><table data-bbox="10 610 500 700" class="table1"><tr><td>Bulb</td></tr></table>
<ol data-bbox="10 710 500 800"><li data-bbox="10 710 500 750">first entry</li>
<li data-bbox="10 760 500 800">second entry</li></ol>
</body></html>
```"""
LINES = """\
```json
[
    {"bbox_2d": [10, 20, 300, 40], "text_content": "Lamp 12.50"},
    {"bbox_2d": [10, 50, 300, 70], "text_content": "* Total *"}
]
```"""
MARKDOWN = r"""# Prices

<!-- Table (100, 200, 300, 400) -->
\begin{tabular}{|l|r|}
\hline
Lamp & 12.50 \\
\multicolumn{2}{c}{\textbf{Total} A\&B} \\
\hline
\end{tabular}

<!-- Image (0, 500, 1000, 1000) -->

The end of the page."""
FRAGMENTS = (
    '<p data-bbox="1 2 30 40">', "</p>", '<div class="image" data-bbox="1 2 30 40">', "</div>", "<table>", "</table>",
    "<img data-bbox='1 2 3 4'/>", "```html\n", "```", '{"bbox_2d": [1, 2, 30, 40], "text_content": "a"}', "[", "]", "{",
    '"', "<!-- Image (1, 2, 3, 4) -->", "<!-- Table (1, 2) -->", "\\begin{tabular}{l}", "\\end{tabular}", " & ", "\\\\",
    "| a | b |\n|---|---|\n", "# ", "\n", "\n\n", "- ", "$$", "<", "A<B", "总计", "![alt](x.png)",
    "<ol data-bbox='1 2 3 4'>",
)  # fmt: skip
HOSTILE = {
    "half comments": "<!-- Image (", "tables": "\\begin{tabular}{l} a & b \\\\", "math": "$$ ", "brackets": "\\[ ",
    "both": '<p data-bbox="1 2 3 4">{"bbox_2d": [', "pictures": "![a](", "spans": "\\multicolumn{2}{c}{",
}  # fmt: skip
MARKUP = re.compile(
    rf"{HTML_TAG}|```[A-Za-z]*|[\[\]{{}},:\"'“”‘’]|<\|[A-Za-z_]+\|>|</s>|-{{3,}}|\*{{3,}}|_{{3,}}",
    re.IGNORECASE,
)


class TestQwen25VlContract(DialectContract):
    dialect = Qwen25VlDialect()
    streamed = ("html", "lines")
    tasks = TASKS
    samples: ClassVar = {
        "html": Sample(HTML),
        "lines": Sample(LINES, OcrTask.LINES),
        "text": Sample("Lamp 12.50", OcrTask.FREE),
    }
    malformed: ClassVar = {
        "outside": HTML.replace("<html>", "Here is <html>"),
        "not closed": HTML.replace("lamps</h2>", "lamps"),
        "cut": HTML[:300],
        "no box": '<p>Total</p> <p data-bbox="1 2 30 40">12.50</p>',
        "cut lines": LINES[:60],
    }
    fragments = FRAGMENTS
    hostile: ClassVar = HOSTILE
    markup = MARKUP


class TestQwen3VlContract(DialectContract):
    dialect = Qwen3VlDialect()
    streamed = ("html", "lines")
    tasks = TASKS
    samples: ClassVar = {"html": Sample(HTML), "lines": Sample(LINES, OcrTask.LINES), "markdown": Sample(MARKDOWN)}
    malformed: ClassVar = {"cut": HTML[:300], "bad box": MARKDOWN.replace("(100, 200, 300, 400)", "(100, 200, 300)")}
    fragments = FRAGMENTS
    hostile: ClassVar = {"comments": "<!-- Table (1, 2, 3, 4) -->\n"}
    markup = MARKUP


def test_html_blocks_become_regions() -> None:
    parsed = Qwen25VlDialect().parse(HTML, size=PAGE)
    header, heading, text, image, described, chart, formula, table, first, second = parsed.regions

    assert header.label is RegionLabel.PAGE_HEADER
    assert header.boxes == (BBox(10 / 1008, 20 / 1400, 500 / 1008, 40 / 1400),)
    assert (heading.label, heading.raw_label) == (RegionLabel.SECTION_HEADER, "h2")
    assert text.text == "The lamp costs A<B euros."
    assert (image.label, image.raw_label, image.text) == (RegionLabel.PICTURE, "image", "")
    assert (described.label, described.text) == (RegionLabel.PICTURE, "a bulb")
    assert chart.label is RegionLabel.CHART
    assert chart.table is not None
    assert chart.table.rows() == (("Sales",),)
    assert (formula.content, formula.format) == ("E=mc^2", TextFormat.LATEX)
    assert table.table is not None
    assert table.table.rows() == (("Bulb",),)
    assert [first.text, second.text] == ["first entry", "second entry"]
    assert first.boxes == (BBox(10 / 1008, 710 / 1400, 500 / 1008, 750 / 1400),)


def test_a_class_that_nothing_maps_becomes_other_and_keeps_its_word() -> None:
    raw_text = (
        '<div class="stamp of office" data-bbox="1 2 30 40">Paid</div><p class="x7" data-bbox="1 2 30 40">Lamp</p>'
    )
    parsed = Qwen3VlDialect().parse(raw_text)

    assert [(region.raw_label, region.label, region.text) for region in parsed.regions] == [
        ("stamp of office", RegionLabel.OTHER, "Paid"),
        ("p", RegionLabel.TEXT, "Lamp"),
    ]
    assert [issue.code for issue in parsed.issues] == [IssueCode.UNKNOWN_LABEL]


def test_its_repr_shows_how_it_was_made() -> None:
    assert repr(Qwen25VlDialect()) == "Qwen25VlDialect(min_pixels=3136, max_pixels=12845056)"
    assert repr(Qwen3VlDialect()) == "Qwen3VlDialect()"


def test_a_style_sheet_stands_in_an_issue() -> None:
    (issue,) = Qwen25VlDialect().parse(HTML, size=PAGE).issues

    assert issue.code is IssueCode.STRAY_MARKUP
    assert issue.span is not None
    assert HTML[slice(*issue.span)] == "<style>table1{border: 1px}</style>"


def test_a_list_without_boxed_items_is_one_region() -> None:
    raw_text = '<ul data-bbox="0 0 500 500"><li>first</li><li>second</li></ul>'
    (region,) = Qwen3VlDialect().parse(raw_text).regions

    assert (region.label, region.text) == (RegionLabel.LIST_ITEM, "first\nsecond")


def test_lines_are_bare_text_on_the_grid() -> None:
    parsed = Qwen3VlDialect().parse(LINES, task=OcrTask.LINES)

    assert [region.text for region in parsed.regions] == ["Lamp 12.50", "* Total *"]
    assert parsed.regions[0].format is TextFormat.PLAIN
    assert parsed.regions[0].boxes == (BBox(0.01, 0.02, 0.3, 0.04),)


def test_a_label_that_nothing_maps_is_the_text_of_an_object_without_one() -> None:
    raw_text = '[{"bbox_2d": [10, 20, 300, 40], "label": "Total 9.80"}, {"bbox_2d": [1, 2, 3, 4], "label": "table"}]'
    first, second = Qwen3VlDialect().parse(raw_text).regions

    assert (first.label, first.raw_label, first.text) == (RegionLabel.TEXT, "", "Total 9.80")
    assert (second.label, second.raw_label, second.text) == (RegionLabel.TABLE, "table", "")


@pytest.mark.parametrize("raw_text", [HTML, LINES])
def test_pixels_without_the_size_of_the_page_are_left_out_and_that_is_said_once(raw_text: str) -> None:
    parsed = Qwen25VlDialect().parse(raw_text)

    assert all(region.boxes == () for region in parsed.regions)
    assert [issue.code for issue in parsed.issues].count(IssueCode.MISSING_BOX) == 1


def test_markdown_with_boxes_in_comments_is_read() -> None:
    title, table, picture, text = Qwen3VlDialect().parse(MARKDOWN).regions

    assert (title.label, title.text) == (RegionLabel.TITLE, "Prices")
    assert (table.label, table.raw_label, table.format) == (RegionLabel.TABLE, "Table", TextFormat.LATEX)
    assert table.boxes == (BBox(0.1, 0.2, 0.3, 0.4),)
    assert table.table is not None
    assert table.table.rows() == (("Lamp", "12.50"), ("Total A&B", ""))
    assert (picture.label, picture.boxes) == (RegionLabel.PICTURE, (BBox(0, 0.5, 1, 1),))
    assert text.text == "The end of the page."


def test_a_latex_table_has_a_bound() -> None:
    raw_text = "\\begin{tabular}{ll}" + "a & b \\\\ \\hline\n" * 12_000 + "\\end{tabular}"
    parsed = Qwen3VlDialect().parse(raw_text)

    assert parsed.regions[0].table is not None
    assert parsed.regions[0].text.count("a b") == 12_000
    assert [issue.code for issue in parsed.issues] == [IssueCode.LIMIT_REACHED]


def test_an_empty_latex_table_has_no_grid() -> None:
    (region,) = Qwen3VlDialect().parse("\\begin{tabular}{ll}\\hline\\end{tabular}").regions

    assert region.table is None


def test_a_cell_over_several_rows_stands_in_the_first() -> None:
    raw_text = "\\begin{tabular}{ll}\\multirow{2}{*}{Lamp} & red \\\\ & blue\\end{tabular}"
    (region,) = Qwen3VlDialect().parse(raw_text).regions

    assert region.table is not None
    assert region.table.rows() == (("Lamp", "red"), ("", "blue"))


def test_a_latex_table_says_when_its_rows_differ() -> None:
    raw_text = "\\begin{table}\\centering\\begin{tabular}{ll} a & b \\\\ c \\end{tabular}\\end{table}"
    parsed = Qwen3VlDialect().parse(raw_text)

    assert parsed.regions[0].text == "a b\nc"
    assert [issue.code for issue in parsed.issues] == [IssueCode.MALFORMED_TABLE]


def test_the_real_sample_is_read_with_the_boxes_of_the_resized_picture(shared_data: Path) -> None:
    raw_text = (shared_data / "model_outputs/others/009.txt").read_text(encoding="utf-8")
    parsed = Qwen25VlDialect().parse(raw_text, size=Size(1014, 1532))
    boxed = [region for region in parsed.regions if region.boxes]

    # the notebook printed the size (height, width) of the resized picture before the answer
    assert parsed.regions[0].text == "1540 1008"
    assert len(boxed) == len(re.findall(r"<(?:h2|p|div)[^>]*data-bbox", raw_text)) == 9
    assert boxed[0].boxes == (BBox(310 / 1008, 94 / 1540, 658 / 1008, 132 / 1540),)
    assert boxed[0].text == "Qwen2.5 Technical Report"
    assert boxed[-1].text.startswith("Figure 1: In the iterative development")


def test_the_answer_alone_of_the_real_sample_has_no_issue(shared_data: Path) -> None:
    raw_text = (shared_data / "model_outputs/others/009.txt").read_text(encoding="utf-8")
    answer = raw_text[raw_text.index("```html") : raw_text.index("<PIL.")]

    assert Qwen25VlDialect().parse(answer, size=Size(1014, 1532), strict=True).issues == ()
