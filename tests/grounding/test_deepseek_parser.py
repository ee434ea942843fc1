from __future__ import annotations

import pytest
from answers import DIALECT, codes, one, parse, tag

from deepocr_kit.documents import IssueCode, RegionLabel, Severity, TextFormat
from deepocr_kit.errors import GroundingError
from deepocr_kit.geometry import BBox
from deepocr_kit.grounding import OcrTask, ParsedText

TOKENS = """\
carried over from the page before.

<|ref|>title<|/ref|><|det|>[[100, 50, 900, 90]]<|/det|>
# Harbour Lights Ltd.~~

<|ref|>sub_title<|/ref|><|det|>[[100, 100, 400, 120]]<|/det|>
## 1 Order~~

<|ref|>text<|/ref|><|det|>[[100, 130, 900, 200]]<|/det|>
Two lamps &amp; one **rope**,
to be sent by post.

# 4711 is the order number.~~

<|ref|>table<|/ref|><|det|>[[100, 300, 900, 400]]<|/det|>
<|ref|>table_caption<|/ref|><|det|>[[100, 270, 900, 290]]<|/det|>
Table 1: Prices~~

<table><tr><td>Item</td><td>Price</td></tr><tr><td>Lamp</td><td>12.50</td></tr></table>~~

<|ref|>image<|/ref|><|det|>[[100, 420, 500, 800]]<|/det|>
<|ref|>image_caption<|/ref|><|det|>[[100, 810, 500, 830]]<|/det|>
<center>Figure 1: A lamp </center>~~

<|ref|>equation<|/ref|><|det|>[[100, 840, 900, 880]]<|/det|>
\\[ a < b \\tag{1} \\]
<｜end▁of▁sentence｜>""".replace("~", " ")
STRIPPED = TOKENS
for token in ("<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>", "<｜end▁of▁sentence｜>"):
    STRIPPED = STRIPPED.replace(token, "")


@pytest.mark.parametrize("raw_text", [TOKENS, STRIPPED], ids=["tokens", "stripped"])
def test_both_forms_give_the_same_regions(raw_text: str) -> None:
    parsed = parse(raw_text)

    assert [(region.label, region.text) for region in parsed.regions] == [
        (RegionLabel.TEXT, "carried over from the page before."),
        (RegionLabel.TITLE, "Harbour Lights Ltd."),
        (RegionLabel.SECTION_HEADER, "1 Order"),
        (RegionLabel.TEXT, "Two lamps & one rope,\nto be sent by post.\n\n# 4711 is the order number."),
        (RegionLabel.TABLE, "Item Price\nLamp 12.50"),
        (RegionLabel.CAPTION, "Table 1: Prices"),
        (RegionLabel.PICTURE, ""),
        (RegionLabel.CAPTION, "Figure 1: A lamp"),
        (RegionLabel.FORMULA, r"\[ a < b \tag{1} \]"),
    ]
    assert [region.raw_label for region in parsed.regions[:3]] == ["", "title", "sub_title"]
    assert codes(parsed) == [IssueCode.UNTAGGED_TEXT]
    assert parsed.regions[8].format is TextFormat.LATEX


def test_boxes_are_shares_of_the_999_grid() -> None:
    region = one(tag(boxes="[[0, 333, 666, 999]]"))

    assert region.boxes == (BBox(0, 1 / 3, 2 / 3, 1),)


def test_the_span_covers_tag_and_content() -> None:
    raw_text = f"\n{tag()}\nwords  \n\n"
    region = one(raw_text)

    assert region.span is not None
    assert raw_text[slice(*region.span)] == f"{tag()}\nwords"


def test_ids_and_page_indices_follow_the_page_number() -> None:
    parsed = DIALECT.parse("hello", page_number=3)

    assert parsed.regions[0].id == "p3r1"
    assert parsed.issues[0].page_index == 2
    assert parsed.issues[0].region_id == "p3r1"


def test_text_may_follow_the_tag_on_its_line() -> None:
    assert [region.text for region in parse(f"{tag()} one{tag()}two").regions] == ["one", "two"]
    assert one("text[[1, 2, 3, 4]] one").text == "one"


def test_an_empty_answer_is_empty() -> None:
    assert parse(" \n") == ParsedText((), ())


@pytest.mark.parametrize("end", ["<｜end▁of▁sentence｜>", "\n<｜end▁of▁sentence｜>\n"])
def test_the_end_token_is_no_text_and_no_issue(end: str) -> None:
    parsed = parse(f"{tag()}\nwords{end}")

    assert parsed.regions[0].content == "words"
    assert parsed.issues == ()


def test_a_page_separator_ends_a_region_and_is_said() -> None:
    parsed = parse(f"{tag()}\none\n\n<--- Page Split --->\ntwo")

    assert [region.text for region in parsed.regions] == ["one", "two"]
    assert codes(parsed) == [IssueCode.STRAY_MARKUP, IssueCode.UNTAGGED_TEXT]


# -- labels


def test_an_unknown_label_is_kept_and_said() -> None:
    parsed = parse(f"{tag('watermark')}\nDRAFT")

    assert (parsed.regions[0].label, parsed.regions[0].raw_label) == (RegionLabel.OTHER, "watermark")
    assert [(issue.code, issue.severity) for issue in parsed.issues] == [(IssueCode.UNKNOWN_LABEL, Severity.INFO)]


def test_an_empty_label_is_text() -> None:
    assert one(f"{tag('')}\nwords").label is RegionLabel.TEXT


def test_words_inside_a_ref_are_the_text_when_nothing_follows() -> None:
    region = one(tag("越过高峰"))

    assert (region.raw_label, region.text, region.label) == ("", "越过高峰", RegionLabel.TEXT)


@pytest.mark.parametrize("word", ["text", "total"])
def test_line_answers_take_even_label_words_as_text(word: str) -> None:
    region = one(tag(word), OcrTask.LINES)

    assert (region.content, region.format) == (word, TextFormat.PLAIN)


def test_line_answers_may_still_hold_layout_labels() -> None:
    region = one(f"{tag('title')}\n# Words", OcrTask.LINES)

    assert (region.label, region.text) == (RegionLabel.TITLE, "Words")


def test_words_in_and_after_a_ref_are_both_kept() -> None:
    assert one(f"{tag('one')}\ntwo", OcrTask.LINES).content == "one\ntwo"


@pytest.mark.parametrize("task", [OcrTask.LINES, OcrTask.DOCUMENT])
def test_stripped_line_answers_keep_the_words_before_the_box(task: OcrTask) -> None:
    parsed = parse("第一行[[1, 2, 3, 4]]\nGrand total[[5, 6, 7, 8]]\n", task)

    assert [(region.text, len(region.boxes)) for region in parsed.regions] == [("第一行", 1), ("Grand total", 1)]


def test_a_label_longer_than_any_label_is_text() -> None:
    words = "word " * 20

    assert one(f"{tag(words)}\nmore").text == f"{words.strip()}\nmore"


@pytest.mark.parametrize(
    "line", ["see [[1, 2, 3, 4]] there", "A = [[1, 2, 3, 4]]", "[[1, 2, 3, 4]]", "text[[link]]", "text[[1]]x"]
)
def test_brackets_in_prose_are_prose(line: str) -> None:
    assert one(f"{tag()}\n{line}").content == line


# -- tables and captions


def test_a_table_with_its_own_html_is_read_in_place() -> None:
    region = one(f"{tag('table')}\n<table><tr><td>a</td></tr></table>")

    assert region.table is not None
    assert (region.format, region.text) == (TextFormat.HTML, "a")


def test_words_around_a_table_are_kept() -> None:
    region = one(f"{tag()}\nBefore\n<table><tr><td>a</td></tr></table>\nAfter")

    assert region.text == "Before\na\nAfter"
    assert region.table is not None


def test_a_second_table_in_a_region_stands_in_its_text() -> None:
    parsed = parse(f"{tag('table')}\n<table><tr><td>a</td></tr></table> and <table><tr><td>b</td></tr></table>")

    assert parsed.regions[0].text == "a\nand\nb"
    assert codes(parsed) == [IssueCode.MALFORMED_TABLE]


def test_a_moved_table_leaves_the_words_after_it_to_the_table() -> None:
    html = "<table><tr><td>a</td></tr></table>"
    parsed = parse(f"{tag('table')}\n{tag('table_caption')}\nTable 1\n\n{html}\nSource: us")

    assert [region.text for region in parsed.regions] == ["a\nSource: us", "Table 1"]
    assert parsed.regions[1].caption_of == "p1r1"


def test_a_moved_table_may_leave_an_empty_caption() -> None:
    parsed = parse(f"{tag('table')}\n{tag('table_caption')}\n<table><tr><td>a</td></tr></table>")

    assert [region.text for region in parsed.regions] == ["a", ""]


def test_a_table_whose_tag_is_broken_leaves_the_html_with_the_caption() -> None:
    html = "<table><tr><td>a</td></tr></table>"
    parsed = parse(f"{tag('table', '[[1, x]]')}\n{tag('table_caption')}\nTable 1\n{html}")

    assert [region.table is None for region in parsed.regions] == [True, False]


def test_offsets_of_table_issues_point_into_the_raw_text() -> None:
    raw_text = f"{tag()}\nwords\n\n{tag('table')}\n<table><tr><td>a</td></tr><td>b</td></table>"
    parsed = parse(raw_text)

    assert parsed.issues[0].code is IssueCode.MALFORMED_TABLE
    assert raw_text[parsed.issues[0].offset or 0 :].startswith("<td>b")


@pytest.mark.parametrize(
    ("labels", "links"),
    [
        (["image", "image_caption"], [None, "p1r1"]),
        (["table_caption", "table"], ["p1r2", None]),
        (["figure_title", "table"], ["p1r2", None]),
        (["image", "image_caption", "image_caption", "image"], [None, "p1r1", "p1r4", None]),
        (["image", "table_caption", "table"], [None, "p1r3", None]),
        (["text", "image_caption", "text"], [None, None, None]),
        (["chart", "caption"], [None, "p1r1"]),
    ],
)
def test_captions_are_linked_to_their_neighbour(labels: list[str], links: list[str | None]) -> None:
    parsed = parse("\n".join(f"{tag(label)}\nx" for label in labels))

    assert [region.caption_of for region in parsed.regions] == links


# -- console output


CONSOLE = """\
=====================
BASE:  torch.Size([1, 256, 1280])
PATCHES:  torch.Size([6, 100, 1280])
=====================
"""


def test_console_output_glued_to_a_line_is_cut_off() -> None:
    parsed = parse(f"{tag()}\nThe end.{CONSOLE}{tag()}\nnext")

    assert [region.text for region in parsed.regions] == ["The end.", "next"]
    assert [(issue.code, issue.severity) for issue in parsed.issues] == [(IssueCode.CONSOLE_NOISE, Severity.INFO)]


@pytest.mark.parametrize(
    "line",
    [
        "BASE:  torch.Size([1, 256, 1280])",
        "image size:  (1024, 768)",
        "valid image tokens:  903",
        "output texts tokens (valid):  77",
        "compression ratio:  0.53",
        "===============save results:===============",
    ],
)
def test_a_console_line_alone_is_noise(line: str) -> None:
    parsed = parse(f"{tag()}\nwords\n{line}\n")

    assert parsed.regions[0].text == "words"
    assert codes(parsed) == [IssueCode.CONSOLE_NOISE]


def test_lines_after_a_rule_are_noise_without_the_double_blank() -> None:
    rule = "=" * 50
    parsed = parse(f"words\n{rule}\nimage size: (10, 20)\nNO PATCHES\nvalid image tokens: 5\n{rule}\nmore")

    assert [region.text for region in parsed.regions] == ["words", "more"]
    assert codes(parsed).count(IssueCode.CONSOLE_NOISE) == 1


@pytest.mark.parametrize("text", ["=" * 40, "TOTAL\n" + "=" * 40 + "\n5.00", "image size: (10, 20)", "BASE: 10"])
def test_rules_and_similar_words_of_a_page_are_text(text: str) -> None:
    assert one(f"{tag()}\n{text}").content == text


# -- answers without boxes


def test_free_answers_fall_into_blocks() -> None:
    parsed = parse("# Shop\n\n  One\nline\n\n\n<table><tr><td>a\n\nb</td></tr></table>\n\nlast", OcrTask.FREE)

    assert [region.text for region in parsed.regions] == ["# Shop", "One\nline", "a b", "last"]
    assert parsed.regions[2].table is not None
    assert parsed.issues == ()


def test_a_free_answer_with_tags_after_all_is_read_as_one() -> None:
    parsed = parse(f"words\n{tag()}\none\n\ntwo", OcrTask.FREE)

    assert [region.text for region in parsed.regions] == ["words", "one\n\ntwo"]


# -- strictness, limits, streaming


@pytest.mark.parametrize("raw_text", ["words", f"{tag()}\nwords", f"{tag('odd_label')}\nx"])
def test_strict_takes_what_is_well_formed(raw_text: str) -> None:
    assert DIALECT.parse(raw_text, strict=True) == DIALECT.parse(raw_text)


def test_strict_raises_with_the_offset() -> None:
    with pytest.raises(GroundingError) as caught:
        DIALECT.parse(f"{tag()}\nwo<|/det|>rds", strict=True)

    assert caught.value.offset == len(tag()) + 3


def test_too_many_regions_end_in_one_issue_that_holds_the_rest() -> None:
    raw_text = f"{tag()}x\n" * 5_050
    parsed = parse(raw_text + CONSOLE + "<|ref|>a[[1, 2, 3, 4]]\ntext[[1, 2, 3, 4]]\n<|re")

    assert len(parsed.regions) == 5_000
    assert codes(parsed) == [IssueCode.LIMIT_REACHED]
    assert parsed.issues[0].severity is Severity.ERROR


@pytest.mark.parametrize("extra", [CONSOLE, "<｜end▁of▁sentence｜><|det|>[[1, 2, 3, 4]]"])
def test_the_region_limit_holds_for_every_beginning(extra: str) -> None:
    parsed = DIALECT.parse("<|ref|>a<|/ref|>" * 5_000 + extra)

    assert len(parsed.regions) == 5_000
    assert codes(parsed).count(IssueCode.LIMIT_REACHED) == 2


def test_blocks_without_boxes_are_limited_too() -> None:
    parsed = DIALECT.parse("x\n\n" * 5_001, task=OcrTask.FREE)

    assert len(parsed.regions) == 5_000


def test_too_many_oddities_are_counted() -> None:
    parsed = parse("<|/det|>" * 5000)

    assert len(parsed.issues) == 101
    assert parsed.issues[-1].code is IssueCode.LIMIT_REACHED
    assert "4900 stray_markup" in parsed.issues[-1].message


def test_a_region_is_given_when_the_next_has_begun() -> None:
    parser = DIALECT.parser()

    assert parser.feed(f"{tag()}\none\n") == ()
    assert [region.text for region in parser.feed(f"{tag()}\n")] == ["one"]


def test_a_region_that_the_next_may_change_waits_for_it() -> None:
    parser = DIALECT.parser()
    parser.feed(f"{tag('table')}\n{tag('table_caption')}\nTable 1\n<table><tr><td>a</td></tr></table>\n")
    given = parser.feed(f"{tag()}\n")

    assert [region.text for region in given] == ["a", "Table 1"]
