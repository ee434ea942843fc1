from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import pytest
from tests.grounding.dialect_contract import DialectContract, Sample

from deepocr_kit.documents import IssueCode, RegionLabel, TextFormat
from deepocr_kit.geometry import BBox
from deepocr_kit.grounding import OcrTask
from deepocr_kit.grounding.dialects.doctags import DocTagsDialect

BOX = "<loc_10><loc_20><loc_300><loc_40>"
PAGE = f"""\
Assistant: <doctag><page_header>{BOX}Annual Report</page_header>
<section_header_level_1>{BOX}1. Introduction</section_header_level_1>
<unordered_list><list_item>{BOX}first of two</list_item>
<list_item>{BOX}second one</list_item>
</unordered_list>
<picture>{BOX}<bar_chart><caption>{BOX}Figure 1: Sales</caption></picture>
<otsl>{BOX}<caption>{BOX}Table 1: Prices</caption><ched>Lampe<ched>A<B<nl><fcel>Birne<ecel><nl></otsl>
<formula>{BOX}E=mc^2</formula>
<code>{BOX}<_Python_>print("Hallo")</code>
<text>{BOX}the tokens <table> , </table> and <td></text>
<page_footer>{BOX}Page four</page_footer>
</doctag><end_of_utterance>"""
NAMES = (
    "text|title|section_header(?:_level_\\d)?|list_item|caption|picture|otsl|formula|code|chart|page_header|page_footer"
)


class TestDocTagsContract(DialectContract):
    dialect = DocTagsDialect()
    streamed = ("page", "caption last", "chart crop", "key value")
    tasks = (OcrTask.DOCUMENT, OcrTask.FIGURE)
    samples: ClassVar = {
        "page": Sample(PAGE),
        "caption last": Sample(f"<doctag><otsl>{BOX}<fcel>Lampe<nl><caption>{BOX}Table one</caption></otsl></doctag>"),
        "chart crop": Sample(f"<chart>{BOX}<line_chart><fcel>Monat<fcel>Menge<nl><fcel>Januar<fcel>1<nl></chart>"),
        "formula crop": Sample("\\frac { k } { r }", OcrTask.FIGURE),
        "key value": Sample(f"<key_value_region>{BOX}<key_0>{BOX}Seite<link_1></key_0></key_value_region>"),
    }
    malformed: ClassVar = {
        "unclosed text": f"<doctag><text>{BOX}Total<text>{BOX}Lampe</text></doctag>",
        "unclosed child": f"<doctag><picture>{BOX}<caption>{BOX}Total</picture></doctag>",
        "cut element": f"<doctag><text>{BOX}Total",
        "cut location": "<doctag><text><loc_10><loc_2",
        "stray closer": f"<doctag><text>{BOX}Total</text></picture></doctag>",
        "text outside": f"<doctag>Total<text>{BOX}Lampe</text></doctag>",
        "three locations": "<doctag><text><loc_10><loc_20><loc_300>Total</text></doctag>",
        "swapped": "<doctag><text><loc_68><loc_447><loc_32><loc_499>Total</text></doctag>",
        "flat": "<doctag><text><loc_68><loc_447><loc_445><loc_447>Total</text></doctag>",
        "no box": "<doctag><text>Total</text></doctag>",
        "late location": f"<doctag><text>{BOX}Total<loc_5></text></doctag>",
        "second page": f"<doctag><text>{BOX}Total</text><page_break><text>{BOX}Lampe</text></doctag>",
    }
    fragments = (
        "<doctag>", "</doctag>", "<text>", "</text>", "<picture>", "</picture>", "<caption>", "</caption>", "<otsl>",
        "</otsl>", "<list_item>", "</list_item>", "<unordered_list>", "<formula>", "<code><_C++_>", "</code>",
        "<table>", "</table>", "<other>", BOX, f"<text>{BOX}", "<loc_5>", "<fcel>", "<lcel>", "<ucel>", "<nl>",
        "<page_break>",
        "<end_of_utterance>", "<section_header_level_2>", "<key_0>", "<loc_", "<te", "<", "A<B", "\n", "总计 12.50",
    )  # fmt: skip
    hostile: ClassVar = {
        "open texts": "<text>",
        "open items": "<list_item>",
        "closers": "</text>",
        "items and closers": "<list_item></picture>",
        "locations": "<loc_1>",
        "cells": "<otsl><fcel>",
        "continued cells": "<lcel><ucel>",
        "captions": "<picture><caption>",
        "breaks": "<page_break>",
    }
    markup = re.compile(
        rf"</?(?:{NAMES}|doctag|(?:un)?ordered_list|list|table|key_\d|key_value_region|inline)>|<loc_\d+>|<page_break>"
        r"|<end_of_utterance>|<link_\d>|<other>|<bar_chart>|<_[A-Za-z+]+_>|\A\s*Assistant:"
    )


def parse(raw_text: str):
    return DocTagsDialect().parse(raw_text)


def test_elements_become_regions_with_labels_and_boxes() -> None:
    regions = parse(PAGE).regions

    assert [(region.raw_label, region.label.value) for region in regions] == [
        ("page_header", "page_header"),
        ("section_header_level_1", "section_header"),
        ("list_item", "list_item"),
        ("list_item", "list_item"),
        ("picture", "chart"),
        ("caption", "caption"),
        ("caption", "caption"),
        ("otsl", "table"),
        ("formula", "formula"),
        ("code", "code"),
        ("text", "text"),
        ("page_footer", "page_footer"),
    ]
    assert {region.bbox for region in regions} == {BBox(0.02, 0.04, 0.6, 0.08)}


def test_a_caption_points_at_what_it_stands_in() -> None:
    regions = parse(PAGE).regions
    captions = {region.text: region.caption_of for region in regions if region.label is RegionLabel.CAPTION}

    assert captions == {"Figure 1: Sales": "p1r5", "Table 1: Prices": "p1r8"}


def test_an_otsl_table_becomes_a_grid_with_a_header() -> None:
    table = parse(PAGE).regions[7].table

    assert table is not None
    assert table.rows() == (("Lampe", "A<B"), ("Birne", ""))
    assert [cell.header for cell in table.cells] == [True, True, False, False]


def test_formulas_and_code_keep_their_source() -> None:
    formula, code = parse(PAGE).regions[8:10]

    assert (formula.format, formula.content) == (TextFormat.LATEX, "E=mc^2")
    assert (code.format, code.content) == (TextFormat.PLAIN, 'print("Hallo")')


def test_tags_that_a_page_speaks_of_are_text() -> None:
    assert parse(PAGE).regions[10].text == "the tokens <table> , </table> and <td>"


def test_a_child_in_the_middle_does_not_split_a_table() -> None:
    raw_text = f"<otsl>{BOX}<fcel>Lampe<nl><caption>{BOX}Prices</caption><fcel>Birne<fcel>12.50<nl></otsl>"
    parsed = parse(raw_text)

    assert [region.text for region in parsed.regions] == ["Lampe", "Prices", "Birne 12.50"]
    assert parsed.issues[-1].code is IssueCode.UNTAGGED_TEXT


def test_a_nested_list_stands_behind_the_text_of_its_item() -> None:
    raw_text = f"<list_item>{BOX}outer<ordered_list><list_item>{BOX}inner</list_item></ordered_list></list_item>"

    assert [region.text for region in parse(raw_text).regions] == ["outer", "inner"]


@pytest.mark.parametrize(("kind", "label"), [("stamp", "seal"), ("scatter_plot", "chart"), ("photograph", "picture")])
def test_the_class_of_a_picture_decides_its_label_and_is_no_text(kind: str, label: str) -> None:
    (region,) = parse(f"<picture>{BOX}<{kind}></picture>").regions

    assert (region.label.value, region.content) == (label, "")


def test_eight_locations_are_two_boxes() -> None:
    assert len(parse(f"<text>{BOX}{BOX}Total</text>").regions[0].boxes) == 2


def test_a_runaway_list_of_locations_is_bounded() -> None:
    parsed = parse(f"<text>{BOX * 2000}Total</text>")

    assert len(parsed.regions[0].boxes) == 1000
    assert parsed.issues[0].code is IssueCode.LIMIT_REACHED


def test_a_runaway_answer_is_bounded_and_kept() -> None:
    unit = f"<picture>{BOX}<caption>{BOX}Total</caption></picture>"
    raw_text = unit * 10_000
    parsed = parse(raw_text)
    kept = len(parsed.regions)
    ids = {region.id for region in parsed.regions}

    assert 1000 < kept < 20_000
    assert {region.caption_of for region in parsed.regions} <= ids | {None}
    assert parsed.issues[-1].code is IssueCode.LIMIT_REACHED
    assert parsed.issues[-1].span == (kept // 2 * len(unit), len(raw_text))


def test_a_real_answer_is_read(shared_data: Path) -> None:
    raw_text = (shared_data / "model_outputs/others/006.txt").read_text(encoding="utf-8")
    parsed = DocTagsDialect().parse(raw_text, strict=True)
    labels = [region.label.value for region in parsed.regions]

    assert parsed.issues == ()
    assert labels == ["picture", "caption"] + ["section_header", "text"] * 2 + ["formula", "text"] * 3 + ["page_footer"]
    assert parsed.regions[1].caption_of == "p1r1"
    assert parsed.regions[6].content == "\\upsilon = \\frac { k } { r } \\quad \\quad ( 1 )"
    assert parsed.regions[0].bbox == BBox(0.09, 0.09, 0.906, 0.416)
