from __future__ import annotations

import pytest
from answers import codes, grid, one, parse, tag

from deepocr_kit.documents import IssueCode, RegionLabel, Severity

# -- coordinates


@pytest.mark.parametrize(
    ("boxes", "expected", "problems"),
    [
        ("[[1,2,3,4]]", [(1, 2, 3, 4)], []),
        ("[[ 1 , 2, 3,\n 4 ]]", [(1, 2, 3, 4)], []),
        ("[1, 2, 3, 4]", [(1, 2, 3, 4)], []),
        ("[[1, 2, 3, 4], [5, 6, 7, 8]]", [(1, 2, 3, 4), (5, 6, 7, 8)], []),
        ("[[1.0, 2.0, 3., 4]]", [(1, 2, 3, 4)], []),
        ("[[0, 0, 1000, 999]]", [(0, 0, 999, 999)], []),
        ("[[0, 0, 1001, 999]]", [(0, 0, 999, 999)], [IssueCode.COORDINATES_CLAMPED]),
        ("[[-5, 0, 999, 999]]", [(0, 0, 999, 999)], [IssueCode.COORDINATES_CLAMPED]),
        ("[[30, 40, 10, 20]]", [(10, 20, 30, 40)], [IssueCode.SWAPPED_CORNERS]),
        ("[[0, 0, 997, 0]]", [(0, 0, 997, 0)], [IssueCode.EMPTY_BOX]),
        ("[[550, s 331, 600, 340]]", [(550, 331, 600, 340)], [IssueCode.MALFORMED_COORDINATES]),
        ("[[117, - 325, 200, 400]]", [(117, 325, 200, 400)], [IssueCode.MALFORMED_COORDINATES]),
        ("[[1, 2, 3, 4, 5, 6, 7, 8]]", [(1, 2, 3, 4), (5, 6, 7, 8)], []),
        ("[[1, 2, 3]]", [], [IssueCode.MALFORMED_COORDINATES]),
        ("[[1, 2, 3, 4], [5, 6]]", [(1, 2, 3, 4)], [IssueCode.MALFORMED_COORDINATES]),
        ("[[1, 2, 3, 4]", [(1, 2, 3, 4)], [IssueCode.MALFORMED_COORDINATES]),
        ("[[1, 2, 3, " + "9" * 5000 + "]]", [], [IssueCode.MALFORMED_COORDINATES]),
        ("", [], [IssueCode.MISSING_BOX]),
        ("[]", [], [IssueCode.MISSING_BOX]),
        ("[[ ]]", [], [IssueCode.MISSING_BOX]),
    ],
)
def test_boxes_are_read_as_far_as_they_can_be(
    boxes: str, expected: list[tuple[int, ...]], problems: list[IssueCode]
) -> None:
    parsed = parse(f"{tag(boxes=boxes)}\nwords")

    assert parsed.regions[0].boxes == tuple(grid(*corners) for corners in expected)
    assert parsed.regions[0].content == "words"
    assert codes(parsed) == problems


def test_a_stripped_tag_may_have_an_empty_box_list_too() -> None:
    parsed = parse("text[[]]\nwords\ntext[[5, 6, 7, 8]]\nmore")

    assert [(region.raw_label, region.content) for region in parsed.regions] == [("text", "words"), ("text", "more")]
    assert codes(parsed) == [IssueCode.MISSING_BOX]


def test_an_empty_list_beside_another_one_costs_nothing() -> None:
    parsed = parse(f"{tag()}<|det|>[[]]<|/det|>\nwords")

    assert len(parsed.regions[0].boxes) == 1
    assert codes(parsed) == []


def test_more_boxes_than_any_page_has_are_cut_and_said() -> None:
    parsed = parse(tag(boxes="[" + "[1, 2, 3, 4], " * 5000 + "]"))

    assert len(parsed.regions[0].boxes) == 1000
    assert IssueCode.LIMIT_REACHED in codes(parsed)


# -- repairs


def test_a_cut_box_list_ends_at_the_blank_line() -> None:
    parsed = parse("<|ref|>equation<|/ref|><|det|>[[119,\n\n\\[ x = 1 \\]\n\n" + tag() + "\nnext")

    assert [(region.boxes, region.text) for region in parsed.regions] == [
        ((), r"\[ x = 1 \]"),
        ((grid(1, 2, 3, 4),), "next"),
    ]
    assert codes(parsed) == [IssueCode.MALFORMED_COORDINATES]


def test_a_cut_box_list_without_tokens_ends_there_too() -> None:
    parsed = parse("equation[[119,\n\n\\[ x = 1 \\]\n\ntext[[1, 2, 3, 4]]\nnext")

    assert [(region.raw_label, region.text) for region in parsed.regions] == [
        ("equation", r"\[ x = 1 \]"),
        ("text", "next"),
    ]


def test_words_that_ran_into_a_box_list_stay_words() -> None:
    parsed = parse("<|ref|>text<|/ref|><|det|>[[119, 20, and then a whole sentence follows here<|/det|>")

    assert parsed.regions[0].text == "and then a whole sentence follows here"


def test_an_unclosed_det_keeps_its_box() -> None:
    parsed = parse(f"<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]\nwords\n{tag()}")

    assert (parsed.regions[0].text, parsed.regions[0].boxes) == ("words", (grid(1, 2, 3, 4),))
    assert codes(parsed) == [IssueCode.UNCLOSED_TAG]


def test_a_token_inside_an_unclosed_det_does_not_cost_a_digit() -> None:
    parsed = parse(f"<|ref|>text<|/ref|><|det|>[[18, 61, 97, 9<|grounding|>59{tag()}")

    assert codes(parsed) == [IssueCode.MALFORMED_COORDINATES, IssueCode.STRAY_MARKUP]


def test_an_unclosed_det_on_one_line_with_its_words_keeps_both() -> None:
    region = one("<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]12 apples")

    assert (region.text, region.boxes) == ("12 apples", (grid(1, 2, 3, 4),))


def test_a_det_followed_by_the_next_ref_has_no_box() -> None:
    parsed = parse("<|ref|>text<|/ref|><|det|>" + tag() + "x")

    assert [len(region.boxes) for region in parsed.regions] == [0, 1]
    assert codes(parsed) == [IssueCode.MISSING_BOX]


def test_a_ref_without_det_keeps_its_content() -> None:
    parsed = parse("<|ref|>text<|/ref|>\nwords\n" + tag())

    assert (parsed.regions[0].raw_label, parsed.regions[0].text) == ("text", "words")
    assert codes(parsed) == [IssueCode.MISSING_BOX]


def test_a_ref_without_anything_is_still_a_region() -> None:
    parsed = parse("<|ref|>image<|/ref|>" + tag())

    assert [region.label for region in parsed.regions] == [RegionLabel.PICTURE, RegionLabel.TEXT]
    assert codes(parsed) == [IssueCode.MISSING_BOX]


def test_missing_det_tokens_alone_do_not_cost_the_box() -> None:
    assert one("<|ref|>text<|/ref|>[[1, 2, 3, 4]]\nwords").boxes == (grid(1, 2, 3, 4),)


def test_a_missing_ref_closer_does_not_cost_the_box() -> None:
    parsed = parse("<|ref|>text<|det|>[[1, 2, 3, 4]]<|/det|>\nwords")

    assert (parsed.regions[0].raw_label, parsed.regions[0].text) == ("text", "words")
    assert codes(parsed) == [IssueCode.UNCLOSED_TAG]


def test_an_unclosed_ref_with_a_known_label_keeps_label_and_content() -> None:
    parsed = parse("<|ref|>title\n# Words\n" + tag())

    assert (parsed.regions[0].label, parsed.regions[0].text) == (RegionLabel.TITLE, "Words")
    assert codes(parsed) == [IssueCode.UNCLOSED_TAG]


def test_an_unclosed_ref_with_other_words_is_text() -> None:
    parsed = parse("<|ref|>Some words\nmore" + tag())

    assert (parsed.regions[0].raw_label, parsed.regions[0].text) == ("", "Some words\nmore")


def test_nested_refs_are_one_region() -> None:
    parsed = parse("<|ref|><|ref|>text<|/ref|><|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nwords")

    assert (parsed.regions[0].raw_label, parsed.regions[0].text) == ("text", "words")
    assert codes(parsed) == [IssueCode.UNCLOSED_TAG, IssueCode.STRAY_MARKUP]


def test_orphan_closers_and_prompt_tokens_leave_the_text() -> None:
    parsed = parse(f"<|/ref|>{tag()}\nwo<|/det|>rds<|grounding|>")

    assert parsed.regions[0].content == "words"
    assert codes(parsed) == [IssueCode.STRAY_MARKUP] * 3
    assert [issue.region_id for issue in parsed.issues] == [None, "p1r1", "p1r1"]


def test_a_second_box_list_adds_its_boxes() -> None:
    region = one("<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|><|det|>[[5, 6, 7, 8]]<|det|>[[5, 6, 9, 9]]<|/det|>x")

    assert len(region.boxes) == 3


def test_a_box_list_without_a_label_gets_a_region() -> None:
    parsed = parse(f"{tag()}\none\n<|det|>[[5, 6, 7, 8]]<|/det|>\ntwo")

    assert [region.text for region in parsed.regions] == ["one", "two"]
    assert codes(parsed) == [IssueCode.STRAY_MARKUP]


@pytest.mark.parametrize("cut", ["<|", "<|ref", "<|/det|", "<｜end▁of", "<--- P"])
def test_a_cut_token_at_the_end_is_an_issue(cut: str) -> None:
    raw_text = f"{tag()}\nwords {cut}"
    parsed = parse(raw_text)

    assert parsed.regions[0].content == "words"
    assert parsed.issues[0].code is IssueCode.CUT_TAIL
    assert parsed.issues[0].severity is Severity.ERROR
    assert parsed.issues[0].span == (len(raw_text) - len(cut), len(raw_text))


@pytest.mark.parametrize("text", ["a <", "a <-", "a < b", "<b"])
def test_a_less_than_sign_at_the_end_is_text(text: str) -> None:
    assert one(f"{tag()}\n{text}").content == text


@pytest.mark.parametrize("cut", ["<|ref|>text", "<|ref|>text<|/ref|>", "<|ref|>text<|/ref|><|det|>[[12, 3"])
def test_an_answer_that_ends_inside_a_tag_is_cut(cut: str) -> None:
    parsed = parse(f"{tag()}\nwords\n{cut}")

    assert codes(parsed) == [IssueCode.CUT_TAIL]
    assert len(parsed.regions) == 2
