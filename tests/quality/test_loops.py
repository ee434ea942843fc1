"""Loops are found while they stream in, soon, however the stream is cut; healthy pages are left alone."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepocr_kit.quality import LoopDetector, LoopKind, find_loop
from steady_time import LINEAR, growth

TAG = "<|ref|>text<|/ref|><|det|>[[{}]]<|/det|>\n"
LOOPS = {
    "a phrase": ("Thank you for your visit. ", LoopKind.STRETCH),
    "one letter": ("A", LoopKind.STRETCH),
    "empty cells": ("<td></td>", LoopKind.STRETCH),
    "underscores": ("_", LoopKind.STRETCH),
    "blanks of a form": ("_____ de ", LoopKind.STRETCH),
    "a paragraph": ("Goods sold are not returnable. Please check before you leave the counter. " * 4, LoopKind.STRETCH),
    "a stretch that repeats inside": ("abc def ghi jkl mno " * 4 + "1" + "abc def ghi jkl mno " * 4 + "2", None),
    "lines": ("to be paid on the day\n", None),
    "the same box": (TAG.format("1, 2, 30, 40") + "words\n\n", None),
}
HEALTHY = {
    "a leader": "Contents " + "." * 300 + " 12",
    "a calendar's row": "<tr><td>May</td>" + "<td></td>" * 40 + "</tr>",
    "empty rows to fill in": "<table>" + "<tr><td></td><td></td><td></td><td></td></tr>" * 25 + "</table>",
    "equal rows with a word": "<table>" + "<tr><td>none</td><td>0</td></tr>" * 25 + "</table>",
    "empty rows in Markdown": "|   |   |   |   |\n" * 25,
    "a column of zeros": "0.00\n" * 60,
    "a column of units": "PCS\n" * 60,
    "signatures": "Signature: ________ Date: ______\n" * 10,
    "questions": "Yes □ No □\n" * 12,
    "numbered items": "".join(f"Item {number}\n" for number in range(300)),
    "numbered items that end alike": "".join(f"{number}. see above\n" for number in range(90)),
    "chapters in Chinese": "".join(f"第{number}章 总则\n" for number in "一二三四五六七八九十" * 4),
    "three coupons": "One free coffee with this coupon, valid until 31 December at all our shops.\n" * 3,
    "boxes of a table and its caption": (TAG.format("1, 2, 30, 40") + "words\n\n") * 3,
    "lines that stand by twos": "".join(f"{'one and' if number % 2 else 'the other'} side\n" for number in range(9)),
    "a column in boxes": "".join(TAG.format(f"1, {y}, 90, {y + 9}") + "Subtotal\n\n" for y in range(100, 300, 20)),
    "zeros in boxes": "".join(TAG.format(f"1, {y}, 90, {y + 9}") + "0.00\n\n" for y in range(100, 900, 20)),
    "lines that agree with every second one": "".join(
        f"{'left side' if number % 2 else 'right hand'} {number}\n" for number in range(60)
    ),
    "a form of one column": "<table><tr><th>Name</th></tr>" + "<tr><td></td></tr>" * 28 + "</table>",
    "a list of a page's length": "".join(f"{number}. The goods were delivered\n" for number in range(1, 80)),
    "rows of HTML on lines": "<tr>\n<td>a</td>\n<td>b</td>\n</tr>\n" * 12,
}


def fed(text: str, cuts: list[int]) -> tuple[LoopDetector, int]:
    """A detector that has seen the text in pieces, and how many characters it had seen when it spoke."""
    detector, begin = LoopDetector(), 0
    for end in [*sorted({cut % (len(text) + 1) for cut in cuts}), len(text)]:
        if detector.feed(text[begin:end]) is not None:
            return detector, end
        begin = end
    return detector, len(text)


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_found_within_400_characters_after_its_third_repeat(name: str) -> None:
    unit, kind = LOOPS[name]
    text = "An invoice with some words before it.\n" + unit * (4 + 1500 // len(unit))

    found = find_loop(text)

    assert found is not None
    assert kind is None or found.kind is kind
    assert found.offset - found.start <= 3 * len(unit) + 400 + len(unit) * (found.kind is not LoopKind.STRETCH)
    assert "An invoice with some words before it."[found.start :] == "" or found.start >= 36
    assert found.repeats >= 3
    assert found.message


@pytest.mark.parametrize("name", HEALTHY)
def test_what_repeats_on_healthy_pages_is_no_loop(name: str) -> None:
    assert find_loop(f"Title\n{HEALTHY[name]}\nThe end.") is None


def test_a_detector_goes_on_saying_what_it_found() -> None:
    detector = LoopDetector()
    assert detector.feed("Invoice\n") is None
    assert repr(detector) == "<LoopDetector, nothing found>"
    found = detector.feed("A" * 500)

    assert found is not None
    assert detector.feed("something else") == found == detector.finding
    assert found.message in repr(detector)


def test_a_loop_in_the_middle_of_an_answer_counts() -> None:
    found = find_loop("Before. " + "no refunds " * 40 + "And the page goes on after it.")

    assert found is not None
    assert (found.start, found.unit.strip()) == (7, "no refunds")


def test_lines_that_change_by_a_letter_are_a_loop_and_by_a_number_a_list() -> None:
    letters = "".join(f"the quick brown fox {letter} jumps\n" for letter in "gjqkzwbh" * 3)
    numbers = "".join(f"the quick brown fox {number} jumps\n" for number in range(24))

    assert (found := find_loop(letters)) is not None
    assert found.kind is LoopKind.LINES
    assert find_loop(numbers) is None


def test_a_numbered_list_longer_than_a_page_is_a_loop() -> None:
    found = find_loop("".join(f"{number}. The goods were delivered in time\n" for number in range(1, 400)))

    assert found is not None
    assert (found.kind, found.repeats) == (LoopKind.LINES, 120)
    assert find_loop("".join(f"Seat {number}\n" for number in range(1, 400))) is None


def test_empty_rows_under_a_heading_are_a_form_until_they_fill_more_than_a_page() -> None:
    heading, row = "<table><tr><td>Date</td><td>Name</td></tr>", "<tr><td></td><td></td></tr>"

    assert find_loop(heading + row * 28) is None
    assert find_loop(heading + row * 40) is not None


@pytest.mark.parametrize(
    "unit", ["ab cd " * 9 + "x" + "ab cd " * 5, "no refunds " * 7 + "please " * 9 + "no refunds " * 3]
)
def test_a_stretch_that_repeats_itself_inside_does_not_hide_the_loop(unit: str) -> None:
    found = find_loop("Start: " + unit * (4 + 700 // len(unit)))

    assert found is not None
    assert found.offset - 7 <= 3 * len(unit) + 400


def test_text_behind_its_tag_on_the_same_line_is_a_line() -> None:
    text = "".join(f"<|det|>text [10, {y}, 90, {y + 5}]<|/det|>Grand total of it\n" for y in range(100, 900, 10))

    assert (found := find_loop(text)) is not None
    assert found.kind is LoopKind.LINES


def test_a_dozen_boxes_with_the_same_words_are_a_loop() -> None:
    def boxed(count: int) -> str:
        return "".join(TAG.format(f"1, {y}, 90, {y + 9}") + "Subtotal\n\n" for y in range(100, 100 + 9 * count, 9))

    assert find_loop(boxed(11)) is None
    assert find_loop(boxed(13)) is not None


units = st.text(alphabet="ab <>td/_\n0局", min_size=1, max_size=60)


@given(before=st.text(max_size=80), unit=units, repeats=st.integers(0, 400), cuts=st.lists(st.integers(0, 9999)))
@settings(max_examples=60, deadline=None)
def test_what_is_found_does_not_depend_on_how_the_answer_was_cut(
    before: str, unit: str, repeats: int, cuts: list[int]
) -> None:
    text = before + unit * repeats + "\n"
    whole = find_loop(text.removesuffix("\n"))

    detector, seen = fed(text, cuts)

    assert detector.finding == whole
    assert whole is None or whole.offset <= seen


@given(unit=st.text(alphabet="abcdefghij klm,.", min_size=2, max_size=700))
@settings(max_examples=40, deadline=None)
def test_any_words_that_repeat_are_found_in_time(unit: str) -> None:
    if not any(map(str.isalpha, unit)):
        return
    found = find_loop(unit * (4 + 600 // len(unit)))

    assert found is not None
    assert found.start == 0
    assert found.offset <= 3 * len(unit) + 400


def test_a_loop_that_began_long_before_it_was_recognised_is_dated_back() -> None:
    # the stretch repeats itself inside, so that its true length shows only at its end
    unit = "row of the same words, " * 20 + "x" + "row of the same words, " * 3 + "y"
    found = find_loop("Start. " + unit * 9)

    assert found is not None
    assert found.offset - found.start <= 3 * len(unit) + 400


@pytest.mark.parametrize("period", [5, 9, 30, 61, 100, 333])
@pytest.mark.parametrize("copies", [1.5, 2.6, 3])
def test_a_few_copies_further_up_do_not_hide_a_loop(period: int, copies: float) -> None:
    noise = random.Random(period)
    unit = "".join(noise.choice("abcdefghijk lmn") for _ in range(period))
    found = find_loop("Start: " + (unit * 4)[: int(period * copies)] + "ZZ" + unit * (6 + 900 // period))

    assert found is not None
    assert found.offset - found.start <= 3 * period + 400


def test_old_places_are_forgotten() -> None:
    noise = random.Random(1)
    text = "".join(noise.choice("abcdefgh ") for _ in range(70_000))

    assert find_loop(text) is None
    assert find_loop(text + "the end of it, again. " * 60) is not None


@pytest.mark.parametrize(
    "unit",
    ["a" * 15 + "b" + "a" * 14 + "c", "Item of a list\nanother one 7\n", "<td>1</td>", "thing [[1, 2, 3, 4]]\n"],
)
def test_time_is_linear(unit: str) -> None:
    def noisy(size: int) -> str:
        noise = random.Random(2)
        return "".join(unit[: noise.randrange(1, len(unit))] + str(noise.randrange(99)) for _ in range(size))

    short, long = noisy(2_000), noisy(16_000)

    assert growth(lambda: find_loop(short), lambda: find_loop(long), times=8) <= LINEAR


def test_real_loops_are_found_in_time_and_healthy_answers_left_alone(shared_data: Path) -> None:
    found = {
        f"{path.parent.name}/{path.stem}": (loop.start, loop.offset, loop.unit)
        for path in sorted((shared_data / "model_outputs").glob("*/*.txt"))
        if (loop := find_loop(path.read_text("utf-8"))) is not None
    }

    assert set(found) == {"deepseek/059", "deepseek/062"}
    assert all(offset - start <= 3 * (len(unit) + 1) + 400 for start, offset, unit in found.values())


def test_no_receipt_and_no_chinese_page_is_a_loop(shared_data: Path) -> None:
    accused = []
    for name in ("receipts/text_only.json", "receipts/manifest.json", "chinese/manifest.json"):
        for item in json.loads((shared_data / name).read_text("utf-8"))["items"]:
            text = "\n".join(line["text"] for line in item.get("boxes", ())) or item.get("text", "")
            if find_loop(text) is not None:
                accused.append(item["id"])

    assert accused == []
