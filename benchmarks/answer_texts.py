"""Answers to measure parsers with: typical pages of any length, and hostile texts of any length."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["HOSTILE", "TYPICAL", "MakeText"]

MakeText = Callable[[int], str]
"""Makes a text of about so many bytes."""

PARAGRAPH = (
    "<|ref|>text<|/ref|><|det|>[[{x}, {y}, {x1}, {y1}]]<|/det|>\n"
    "The quick brown fox jumps over the lazy dog, 敏捷的棕色狐狸跳过了懒狗, "
    "and so on for a line or two of an ordinary page.  \n\n"
)
TABLE = (
    "<|ref|>table<|/ref|><|det|>[[{x}, {y}, {x1}, {y1}]]<|/det|>\n<table>"
    + "<tr><td>Item</td><td>Qty</td><td>12.50</td><td>项目</td></tr>" * 20
    + "</table>\n\n"
)
SPANNED_TABLE = (
    "<|ref|>table<|/ref|><|det|>[[{x}, {y}, {x1}, {y1}]]<|/det|>\n<table>"
    '<tr><td></td><td colspan="2">Average &amp; deviation</td><td>Unit</td></tr>'
    + (
        '<tr><td rowspan="2">Group A</td><td>0.871</td><td>0.012</td><td>mm</td></tr>'
        '<tr><td>12.50</td><td>A<br>B</td><td>mm</td></tr><tr><td colspan="3">Sum of all</td><td>1.5</td></tr>'
    )
    * 6
    + "</table>\n\n"
)
LINE = "<|ref|>Line {x} of a page, 12.50<|/ref|><|det|>[[{x}, {y}, {x1}, {y1}]]<|/det|>\n"


def _page(*pieces: str) -> MakeText:
    def make(size: int) -> str:
        parts, length, number = [], 0, 0
        while length < size:
            left, top = number * 37 % 500, number * 53 % 900
            piece = pieces[number % len(pieces)].format(x=left, y=top, x1=left + 400, y1=top + 60)
            parts.append(piece)
            length += len(piece.encode())
            number += 1
        return "".join(parts)

    return make


def _stripped(make: MakeText) -> MakeText:
    return lambda size: re.sub(r"<\|/?(?:ref|det)\|>", "", make(size))


TYPICAL: dict[str, MakeText] = {
    "text": _page(PARAGRAPH),
    "stripped_text": _stripped(_page(PARAGRAPH)),
    "lines": _page(LINE),
    "tables": _page(TABLE),
    "spanned_tables": _page(SPANNED_TABLE),
    "mixed": _page(PARAGRAPH, PARAGRAPH, PARAGRAPH, TABLE),
}
"""Pages like those that models write, by name."""


def _units(unit: str, prefix: str = "", suffix: str = "") -> MakeText:
    length = len(unit.encode())
    return lambda size: prefix + unit * max((size - len(prefix) - len(suffix)) // length, 1) + suffix


_BOX = "<|ref|>text<|/ref|><|det|>"
_CELL = "table[[1, 2, 3, 4]]\n<table><tr><td>"
_STAIRS = "".join(f"<tr><td colspan={width}>a<td rowspan=2>b" for width in range(1, 40))

HOSTILE: dict[str, MakeText] = {
    # tags that do not end
    "unclosed_ref": _units("<|ref|>"),
    "ref_without_box": _units("<|ref|>a<|/ref|>"),
    "unclosed_det": _units("<|ref|>a<|/ref|><|det|>"),
    "det_after_det": _units("<|det|>"),
    "empty_dets": _units("<|det|><|/det|> ", "<|ref|>a<|/ref|>"),
    "orphan_closers": _units("<|/det|>"),
    "nested_refs": lambda size: "<|ref|>" * (size // 15) + "a" + "<|/ref|>" * (size // 15),
    "half_tokens": _units("<|re"),
    "fullwidth_half_tokens": _units("<｜end▁"),
    "ends_of_sentence": _units("<｜end▁of▁sentence｜>a"),
    "page_splits": _units("<--- Page Split --->\n"),
    # boxes
    "many_boxes": _units("[1, 2, 3, 4], ", f"{_BOX}[", "]<|/det|>\n"),
    "many_boxes_stripped": _units("[1, 2, 3, 4], ", "text[", "]\n"),
    "long_number": _units("9", f"{_BOX}[[", ", 2, 3, 4]]<|/det|>\n"),
    "many_numbers": _units("1,", f"{_BOX}[[", "]]<|/det|>\n"),
    "open_brackets": _units("[["),
    "open_brackets_on_lines": _units("a[[\n"),
    "cut_boxes_on_one_line": _units("text[[1, "),
    "cut_boxes_on_lines": _units("text[[1, 2\n"),
    "swapped_boxes": _units("<|ref|>text<|/ref|><|det|>[[9, 9, 1, 1]]<|/det|>\n"),
    "tiny_regions": _units("a[[1,2,3,4]]\n"),
    # plain text
    "one_long_line": _units("word "),
    "line_breaks": _units("\n"),
    "blanks": _units(" ", "a\n", "<b>\n"),
    "rules": _units("="),
    "rule_lines": _units("=" * 20 + "\n"),
    "rules_behind_words": _units("a" + "=" * 15 + "\n"),
    "console_output": _units("=" * 21 + "\nBASE:  torch.Size([1, 256])\n"),
    "console_words": _units("BASE: save results\n"),
    "entities": _units("&#1"),
    "emphasis": _units("**a"),
    "unpaired_tags": _units("<b><i>"),
    "captions": _units("image[[1, 2, 30, 40]]\nimage_caption[[1, 50, 30, 60]]\n"),
    "captions_alone": _units("image_caption[[1, 50, 30, 60]]\n"),
    # tables
    "tables_in_one_region": _units("<table><tr><td>a</td></tr></table>"),
    "odd_tables_in_one_region": _units("<table><td>a<|/det|></table>"),
    "fused_tables": _units("<table>a</table>"),
    "one_huge_table": _units("<tr><td>a</td><td>b</td></tr>", "table[[1, 2, 3, 4]]\n<table>", "</table>"),
    "many_small_tables": _units("table[[1, 2, 3, 4]]\n<table><tr><td>a</td><td>b</td></tr></table>\n"),
    "nested_tables": _units("<table><tr><td>"),
    "deep_html": _units("<div><b><table>"),
    "empty_rows": _units("<tr>", _CELL + "a</td></tr>"),
    "empty_cells": _units("<td>", _CELL),
    "cells_without_table": _units("<td>a</td>", "table[[1, 2, 3, 4]]\n"),
    "wide_spans": _units("<tr><td colspan=99999999 rowspan=99999999>a", "table[[1, 2, 3, 4]]\n<table>"),
    "stairs": _units(f"table[[1, 2, 3, 4]]\n<table>{_STAIRS}</table>\n"),
    "tall_cells": _units("<tr>", "table[[1, 2, 3, 4]]\n<table>" + "<td colspan=100 rowspan=100>a" * 2),
    "half_cells": _units("<td ", _CELL),
    "half_table_closers": _units("</table ", "table[[1, 2, 3, 4]]\n<table <table >x"),
    "blanks_in_a_cell": _units(" ", f"{_CELL}a<", "b</td></tr></table>"),
    "unpaired_tags_in_a_cell": _units("<b>", _CELL),
    "pipes": _units("|", "table[[1, 2, 3, 4]]\n|a|\n|---|\n"),
    "pipe_rows": _units("|a|b|\n", "|a|b|\n|---|---|\n"),
    "delimiter_rows": _units("|-\n"),
    "otsl_rows": _units("<nl>", "table[[1, 2, 3, 4]]\n"),
    "otsl_spans": _units("<lcel>", "table[[1, 2, 3, 4]]\n<fcel>"),
}
"""Texts that no page looks like, each the worst case of something, by name."""
