"""Reads the JSON that a model's own toolkit saves: objects of one known form, and much besides that is no region."""

from __future__ import annotations

from dataclasses import dataclass

from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.grounding._loose_json import LooseObject, LooseValue, read_objects
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._frames import Frame, read_numbers

__all__ = ["JsonForm", "add_json_regions"]


@dataclass(frozen=True, slots=True)
class JsonForm:
    """Which members of an object say what; the first key that is there counts.

    Attributes:
        label: The model's word; empty when objects have none.
        box: Four or eight numbers.
        content: The text.
        plain: The text is bare, no Markdown.
    """

    box: tuple[str, ...]
    content: tuple[str, ...]
    label: tuple[str, ...] = ()
    plain: bool = False


def add_json_regions(answer: Answer, form: JsonForm, frame: Frame, start: int = 0, end: int | None = None) -> None:
    """Add a region for every object that has a box or a content, and an issue for what stands between.

    Args:
        answer: Takes the regions and issues.
        form: The members.
        frame: Of the boxes.
        start: Where to begin in the raw text.
        end: Where to end; the end of the answer by default.
    """
    found = read_objects(answer.raw_text, start, end)
    items: list[tuple[int, int, LooseObject | None]] = [(obj.start, obj.end, obj) for obj in found.objects]
    items += [(start, end, None) for start, end in found.rest]
    besides: tuple[int, int] | None = None
    for start, end, obj in sorted(items, key=lambda item: item[0]):
        if obj is None or (_member(obj, form.content) is None and _member(obj, form.box) is None):
            besides = (start if besides is None else besides[0], end)
        else:
            _say_besides(answer, besides)
            besides = None
            _add(answer, obj, form, frame)
    _say_besides(answer, besides)


def _say_besides(answer: Answer, span: tuple[int, int] | None) -> None:
    """Keep what stands between two regions."""
    if span is not None:
        message = "this part of the answer describes no region"
        answer.note(IssueCode.UNTAGGED_TEXT, Severity.INFO, message, span[0], span=span)


def _member(obj: LooseObject, keys: tuple[str, ...]) -> LooseValue | None:
    for wanted in keys:
        for key, value in obj.members:
            if key == wanted:
                return value
    return None


def _add(answer: Answer, obj: LooseObject, form: JsonForm, frame: Frame) -> None:
    label, box, text = _member(obj, form.label), _member(obj, form.box), _member(obj, form.content)
    words = [] if text is None else [text.text]
    content = "\n".join((*words, *(loose for _, loose in obj.loose))).strip()
    region_id = answer.region(
        (obj.start, obj.end),
        "" if label is None else label.text.strip(),
        boxes=() if box is None or not (box.numbers or box.text) else (frame.box(_numbers(box)),),
        content=content,
        plain=form.plain,
    )
    for flaw in obj.flaws:
        message = f"the JSON of the region is not well formed: {flaw}"
        answer.note(IssueCode.MALFORMED_JSON, Severity.WARNING, message, obj.start, region_id=region_id)
    if obj.cut:
        answer.cut(obj.start)


def _numbers(value: LooseValue) -> tuple[float, ...]:
    """The numbers of a box, also of one that is written as a string, ``"(1,2),(3,4)"``."""
    return value.numbers or read_numbers(value.text)
