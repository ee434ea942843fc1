"""Answers of the other model families to measure parsers with: typical pages and hostile texts, of any length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from deepocr_kit.grounding import OcrTask

__all__ = ["FAMILIES", "HOSTILE_ANYWHERE", "Family", "Page", "repeated"]

MakeText = Callable[[int], str]
"""Makes a text of about so many bytes."""

WORDS = (
    "The quick brown fox jumps over the lazy dog, 敏捷的棕色狐狸跳过了懒狗, and so on for a line or two of an "
    "ordinary page, until the paragraph comes to its end at last."
)
ROWS = "<tr><td>Item</td><td>Qty</td><td>12.50</td><td>项目</td></tr>" * 20
SPANNED_ROWS = (
    '<tr><th colspan="2">Average &amp; deviation</th><th>Unit</th></tr>'
    + '<tr><td rowspan="2">Group A</td><td>0.871</td><td>mm</td></tr><tr><td>A<br>B</td><td>mm</td></tr>' * 8
)
TABLES = f"<table>{ROWS}</table>", f"<table>{SPANNED_ROWS}</table>"
OTSL = "<fcel>Item<fcel>Qty<fcel>12.50<fcel>项目<nl>" * 20
MINERU_TAG = "<|box_start|>149 044 297 058<|box_end|><|ref_start|>{}<|ref_end|><|rotate_up|>"
META = "<hy-meta><layout>{}</layout><quad>(50,20),(950,20),(950,90),(50,90)</quad></hy-meta>\n"
QUAD = "<|LOC_BEGIN|>" + "".join(f"<|LOC_{n}|>" for n in (100, 200, 300, 200, 300, 400, 100, 400)) + "<|LOC_END|>"
LINE_BOX = "<|LOC_100|><|LOC_200|><|LOC_300|><|LOC_400|>"
LOCATIONS = "<loc_45><loc_45><loc_453><loc_208>"
MARKDOWN = f"## Heading of a part\n\n{WORDS}\n\n- {WORDS[:60]}\n- {WORDS[:60]}\n\n"
PIPES = "| Item | Qty | Price |\n|---|---:|---|\n" + "| 敏捷的 | 2 | 12.50 |\n" * 20 + "\n"


def repeated(unit: str, prefix: str = "", suffix: str = "") -> MakeText:
    """``unit`` as often as it fits, at least once."""
    length = len(unit.encode())
    return lambda size: prefix + unit * max((size - len(prefix.encode()) - len(suffix)) // length, 1) + suffix


def _nested(opener: str, closer: str, middle: str = "a", prefix: str = "") -> MakeText:
    def make(size: int) -> str:
        depth = max(size // (len(opener) + len(closer)), 1)
        return prefix + opener * depth + middle + closer * depth

    return make


@dataclass(frozen=True, slots=True)
class Page:
    """A typical page and what was asked for it."""

    make: MakeText
    task: OcrTask = OcrTask.DOCUMENT


@dataclass(frozen=True, slots=True)
class Family:
    """A dialect's answers.

    Attributes:
        pages: Typical ones, text and tables, by name.
        hostile: Its own worst cases, besides ``HOSTILE_ANYWHERE``.
        task: What is asked when an answer is hostile.
    """

    pages: dict[str, Page]
    hostile: dict[str, MakeText] = field(default_factory=dict)
    task: OcrTask = OcrTask.DOCUMENT


HOSTILE_ANYWHERE: dict[str, MakeText] = {
    "one_long_line": repeated("word "),
    "letters": repeated("a"),
    "line_breaks": repeated("\n"),
    "tiny_lines": repeated("a\n\n"),
    "brackets": repeated("["),
    "braces": repeated("{"),
    "mixed_brackets": repeated("{[("),
    "quotes": repeated('"'),
    "backslashes": repeated("\\"),
    "angles": repeated("<"),
    "pipes": repeated("|", "|a|\n|---|\n"),
    "delimiter_rows": repeated("|-\n"),
    "huge_number": repeated("9", "[[1, 2, 3, "),
    "numbers": repeated("1 "),
    "wide_spans": repeated("<tr><td colspan=99999999 rowspan=99999999>a", "<table>"),
    "deep_html": repeated("<div><b><table>"),
    "deep_divs": _nested("<div>", "</div>"),
    "deep_tables": _nested("<table><tr><td>", "</td></tr></table>"),
    "half_table_closers": repeated("</table ", "<table>"),
    "fused_tables": repeated("<table>a</table>"),
    "empty_cells": repeated("<td>", "<table><tr><td>a</td></tr>"),
    "long_attribute_list": repeated(' a="b"', "<div ", ">x</div>"),
    "unclosed_attribute": repeated(' a="', "<p"),
    "otsl_spans": repeated("<lcel><ucel>", "<fcel>a"),
    "otsl_rows": repeated("<nl>", "<fcel>a"),
    "fences": repeated("```\n"),
    "comments": repeated("<!-- Image (1,2,3,4) -->"),
    "latex_tables": repeated("\\begin{tabular}"),
    "dollars": repeated("$$ "),
    "entities": repeated("&#1"),
}
"""What any dialect may be fed."""

_OBJECT = '{"bbox_2d": [1, 2, 3, 4], "content": "a"}'

JSON_HOSTILE: dict[str, MakeText] = {
    "keys_without_values": repeated('{"bbox": '),
    "lists_in_lists": repeated('{"bbox": [['),
    "tiny_objects": repeated('{"bbox": [1, 2, 3, 4], "text": "a"}', "["),
    "objects_without_commas": repeated('{"bbox":[1,2,3,4] "text":"a"}', "["),
    "nested_objects": _nested('{"a":', "}", '"b"'),
    "nested_lists": _nested("[", "]", "1", '{"bbox":'),
    "many_numbers": repeated("1,", '{"bbox":['),
    "many_boxes": repeated("[1,2,3,4],", '{"text": "a", "bbox":['),
    "bare_words": repeated("a b,", '{"bbox":['),
    "quotes_in_a_string": repeated('a"b', '{"bbox": [1, 2, 3, 4], "text": "'),
    "likely_ends": repeated('",', '{"bbox": [1, 2, 3, 4], "text": "'),
    "open_strings": repeated('"text": "a, ', '{"bbox": '),
    "escapes": repeated('\\"', '{"bbox": [1, 2, 3, 4], "text": "'),
    "code_points": repeated("\\ud83d", '{"bbox": [1, 2, 3, 4], "text": "', '"}'),
    "bare_latex": repeated("\\nu \\tau ", '{"bbox": [1, 2, 3, 4], "text": "', '"}'),
    "keys": repeated('"a":', '{"bbox": [1, 2, 3, 4], '),
    "members": repeated('"a":1,', '{"bbox": [1, 2, 3, 4], '),
    "colons_and_commas": repeated(":,", '{"bbox": [1, 2, 3, 4], '),
    "closers": repeated("}]", '{"bbox": [1, 2, 3, 4]'),
    "curly_quotes": repeated("“a”: ", '{"bbox": [1, 2, 3, 4], '),
}


def _json_hostile(box: str, text: str) -> dict[str, MakeText]:
    """The hostile JSON with a family's own keys."""

    def with_keys(make: MakeText) -> MakeText:
        return lambda size: make(size).replace('"bbox"', f'"{box}"').replace('"text"', f'"{text}"')

    return {name: with_keys(make) for name, make in JSON_HOSTILE.items()}


def _json_page(row: str) -> MakeText:
    return repeated(row + ",\n", "[", "]")


def _object(box: str, kind: str, text: str, label: str, words: str) -> str:
    return f'{{"{box}": [208, 85, 301, 109], "{kind}": "{label}", "{text}": "{words}"}}'


_QUOTED = tuple(table.replace('"', '\\"') for table in TABLES)


def _html_family(block: str, table: str) -> Family:
    return Family(
        {
            "text": Page(repeated(block.format("Text", WORDS) + "\n")),
            "tables": Page(repeated(table.format("Table", TABLES[0]) + "\n")),
            "spanned_tables": Page(repeated(table.format("Table", TABLES[1]) + "\n")),
        },
        {
            "tiny_blocks": repeated('<p data-bbox="1 2 3 4">a</p>'),
            "unclosed_blocks": repeated('<div data-bbox="1 2 3 4" data-label="Text">'),
            "blocks_without_box": repeated("<p>a"),
            "closers": repeated("</div>"),
            "long_box": repeated("9 ", '<div data-bbox="', '">a</div>'),
            "math": repeated("<math>", '<div data-bbox="1 2 3 4" data-label="Equation-Block">'),
            "check_boxes": repeated('<input type="checkbox">', '<div data-bbox="1 2 3 4">'),
            "pictures": repeated('<img alt="a" data-bbox="1 2 3 4">'),
            "styles": repeated("<style>a</style>"),
        },
    )


def _changed(pages: dict[str, Page], change: Callable[[str], str]) -> dict[str, Page]:
    def changed(page: Page) -> Page:
        return Page(lambda size: change(page.make(size)), page.task)

    return {name: changed(page) for name, page in pages.items()}


_CHANDRA = _html_family(
    '<div data-bbox="86 310 882 324" data-label="{}"><p>{}</p></div>',
    '<div data-bbox="86 310 882 324" data-label="{}">{}</div>',
)
_QWEN = _html_family('<p data-bbox="86 310 882 324">{1}</p>', '<div data-bbox="86 310 882 324" class="{}">{}</div>')
_QWEN_JSON = _json_hostile("bbox_2d", "text_content")
_MARKDOWN = {
    "text": Page(repeated(MARKDOWN)),
    "tables": Page(repeated(MARKDOWN + TABLES[0] + "\n\n")),
    "spanned_tables": Page(repeated(MARKDOWN + TABLES[1] + "\n\n")),
    "pipe_tables": Page(repeated(MARKDOWN + PIPES)),
}
_MARKDOWN_HOSTILE: dict[str, MakeText] = {
    "items": repeated("- a\n"),
    "headings": repeated("# a\n"),
    "check_boxes": repeated("[ ]\n"),
    "check_boxes_on_one_line": repeated("[x] "),
    "open_pictures": repeated("![a]("),
    "open_signatures": repeated("<signature>"),
    "signatures": repeated("<signature>a</signature>"),
    "watermarks_in_watermarks": _nested("<watermark>", "</watermark>"),
    "rules": repeated("---\n"),
}

FAMILIES: dict[str, Family] = {
    "unlimited-ocr": Family(
        {
            "text": Page(repeated(f"<|det|>text [112, 132, 884, 309]<|/det|>{WORDS}\n")),
            "tables": Page(repeated(f"<|det|>table [112, 132, 884, 309]<|/det|>{TABLES[0]}\n")),
            "spanned_tables": Page(repeated(f"<|det|>table [112, 132, 884, 309]<|/det|>{TABLES[1]}\n")),
        },
        {
            "open_dets": repeated("<|det|>"),
            "open_refs": repeated("<|ref|>"),
            "refs_with_open_dets": repeated("<|ref|>a<|/ref|><|det|>"),
            "cut_boxes": repeated("<|det|>[1, 2, 3, 4"),
            "many_boxes": repeated("[1, 2, 3, 4], ", "<|det|>text [", "]<|/det|>"),
            "closers": repeated("<|/det|>"),
            "page_marks": repeated("<PAGE>"),
            "page_marks_with_text": repeated("<PAGE>a"),
            "stripped": repeated("text [1, 2, 3, 4]\n"),
        },
    ),
    "mineru2.5": Family(
        {
            "layout": Page(
                repeated(
                    "".join(MINERU_TAG.format(word) + "\n" for word in ("title", "text", "image_caption", "table"))
                )
            ),
            "text": Page(repeated(WORDS + "\n\n"), OcrTask.FREE),
            "tables": Page(repeated(OTSL), OcrTask.FREE),
            "charts": Page(repeated(PIPES, "<|class_start|>chart<|class_end|><|content_start|>"), OcrTask.FIGURE),
        },
        {
            "open_figures": repeated("<|class_start|>"),
            "fields": repeated("<|content_start|>a<|content_end|>", "<|class_start|>chart<|class_end|>"),
            "open_boxes": repeated("<|box_start|>"),
            "open_boxes_with_numbers": repeated("<|box_start|>1 2 3 4 "),
            "stray_closers": repeated("<|box_end|>"),
            "tiny_tags": repeated("<|box_start|>1 2 3 4<|box_end|>"),
            "bare_tags": repeated("149 044 297 058 text\n"),
        },
    ),
    "paddleocr-vl": Family(
        {
            "lines": Page(repeated(f"<|TEXT_START|>{WORDS[:60]}<|TEXT_END|>{QUAD}\n"), OcrTask.LINES),
            "text": Page(repeated(WORDS + "\n\n"), OcrTask.FREE),
            "tables": Page(repeated(OTSL), OcrTask.FREE),
            "saved": Page(
                lambda size: (
                    '{"width": 1240, "height": 1754, "parsing_res_list": '
                    + _json_page(_object("block_bbox", "block_label", "block_content", "text", WORDS))(size)
                    + "}"
                )
            ),
        },
        {
            "locations": repeated("<|LOC_1|>"),
            "open_locations": repeated("<|LOC_BEGIN|>"),
            "tiny_lines_with_quads": repeated(f"a{QUAD}"),
            "tiny_lines_with_boxes": repeated(f"a{LINE_BOX}"),
            "text_marks": repeated("<|TEXT_START|>"),
        }
        | _json_hostile("block_bbox", "block_content"),
        OcrTask.LINES,
    ),
    "glm-ocr": Family(
        {
            "saved": Page(
                lambda size: (
                    "["
                    + _json_page(_object("bbox_2d", "native_label", "content", "paragraph_title", WORDS))(size)
                    + "]"
                )
            ),
            "saved_tables": Page(_json_page(_object("bbox_2d", "label", "content", "table", _QUOTED[0]))),
            "text": Page(repeated(MARKDOWN)),
            "tables": Page(repeated(MARKDOWN + TABLES[0] + "\n\n")),
        },
        {"role_marks": repeated("<|user|>")} | _json_hostile("bbox_2d", "content"),
    ),
    "hunyuan-ocr": Family(
        {
            "text": Page(repeated(WORDS + META.format("paragraph"))),
            "tables": Page(repeated(TABLES[0] + META.format("table"))),
            "spanned_tables": Page(repeated(TABLES[1] + META.format("table"))),
            "lines": Page(repeated(f"{WORDS[:60]}(120,130),(880,160)"), OcrTask.LINES),
            "markdown": Page(repeated(MARKDOWN), OcrTask.FREE),
        },
        {
            "open_metas": repeated("<hy-meta><layout>"),
            "open_figures": repeated("<pFig>"),
            "open_quads": repeated("<quad>(1,2),"),
            "tiny_metas": repeated("a<hy-meta><layout>text</layout><quad>(1,2),(3,4)</quad></hy-meta>"),
            "figures": repeated("<pFig>a</pFig><quad>(1,2),(3,4)</quad>"),
            "points": repeated("(1,2),"),
        }
        | _json_hostile("box", "text"),
    ),
    "doctags": Family(
        {
            "text": Page(repeated(f"<text>{LOCATIONS}{WORDS}</text>\n")),
            "tables": Page(repeated(f"<otsl>{LOCATIONS}{OTSL}</otsl>\n")),
        },
        {
            "open_texts": repeated("<text>"),
            "captions_in_pictures": repeated("<picture><caption>"),
            "tiny_texts": repeated("<text><loc_1><loc_2><loc_3><loc_4>a</text>"),
            "locations": repeated("<loc_1>"),
            "closers": repeated("</text>"),
            "lists_in_lists": _nested("<unordered_list>", "</unordered_list>"),
            "cells_in_otsl": repeated("<fcel>", "<otsl>"),
            "page_breaks": repeated("<page_break>"),
        },
    ),
    "dots-ocr": Family(
        {
            "text": Page(_json_page(_object("bbox", "category", "text", "Text", WORDS))),
            "tables": Page(_json_page(_object("bbox", "category", "text", "Table", _QUOTED[0]))),
            "spanned_tables": Page(_json_page(_object("bbox", "category", "text", "Table", _QUOTED[1]))),
        },
        _json_hostile("bbox", "text"),
    ),
    "chandra-1": Family(
        _changed(_CHANDRA.pages, lambda text: text.replace("86 310 882 324", "[86, 310, 882, 324]")), _CHANDRA.hostile
    ),
    "chandra-2": _CHANDRA,
    "qwen2.5-vl": Family(_QWEN.pages, _QWEN.hostile | _QWEN_JSON),
    "qwen3-vl": Family(
        _QWEN.pages
        | {"lines": Page(_json_page('{"bbox_2d": [208, 85, 301, 109], "text_content": "A line."}'), OcrTask.LINES)},
        _QWEN.hostile | _QWEN_JSON,
    ),
    "olmocr": Family(
        _changed(_MARKDOWN, lambda text: f"---\nprimary_language: en\nis_rotation_valid: True\n---\n{text}"),
        _MARKDOWN_HOSTILE | {"front_matter": repeated("a: b\n", "---\n")},
    ),
    "nanonets": Family(_MARKDOWN, _MARKDOWN_HOSTILE),
    "lines": Family(
        {
            "lines": Page(
                repeated('{"text": "A line of a page, 12.50", "box": [0.1, 0.2, 0.3, 0.4], "confidence": 0.98}\n')
            )
        },
        {
            "broken_lines": repeated("{\n"),
            "tiny_lines": repeated('{"text":"a"}\n'),
            "every_other_line_broken": repeated('{"text":""}\n{"text"\n'),
            "nested": _nested('{"a":', "}"),
        },
    ),
}
"""By name of the dialect."""
