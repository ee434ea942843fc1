"""Takes a JSON answer apart into regions, one for each object with a box, a label or a text."""

from __future__ import annotations

from dataclasses import dataclass, field

from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.grounding._loose_json import LooseJson, LooseObject, LooseValue, read_objects
from deepocr_kit.grounding._loose_objects import pure_end
from deepocr_kit.grounding.dialects._answer import Answer, label_of
from deepocr_kit.grounding.dialects._frames import Frame, FramedBox, read_numbers
from deepocr_kit.grounding.dialects._unplaced import say_unplaced

__all__ = ["JsonBlocks", "holds_boxes", "read_json_layout"]

_BOXES = frozenset({"bbox", "bbox_2d", "box", "box_2d", "block_bbox", "coordinates", "polygon", "quad"})
_LABELS = frozenset({"category", "label", "type", "class", "block_label", "category_type"})
_TEXTS = frozenset(
    {"text", "content", "text_content", "block_content", "html", "latex", "markdown", "transcription", "ocr_text"}
)


_ROLES = dict.fromkeys(_BOXES, "box") | dict.fromkeys(_LABELS, "label") | dict.fromkeys(_TEXTS, "text")


def holds_boxes(found: LooseJson) -> bool:
    """Whether an answer is a layout in JSON: one of its objects has a box."""
    return any(_ROLES.get(key.lower()) == "box" for item in found.objects for key, _ in item.members)


@dataclass(slots=True)
class _Item:
    """The members of an object by what they are."""

    boxes: list[LooseValue] = field(default_factory=list)
    labels: list[LooseValue] = field(default_factory=list)
    texts: list[LooseValue] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def read_json_layout(
    answer: Answer,
    found: LooseJson,
    frame: Frame | None,
    *,
    plain: bool = False,
    free_labels: bool = False,
    is_part: bool = False,
) -> None:
    """Add a region for every object of the answer, in linear time; prose around the JSON becomes text without a box.

    Args:
        answer: Takes the regions and issues.
        found: The objects of the answer.
        frame: Of the coordinates; None when the page's size is not known: boxes are then left out, and that is said.
        plain: Texts are bare lines, no Markdown.
        free_labels: A label that is no known one is the text of an object that has no other.
        is_part: More of the answer follows, so that its end says nothing.
    """
    reader = _Reader(answer, frame, plain=plain, free_labels=free_labels)
    objects = [(item.start, item.end, item) for item in found.objects]
    for start, end, item in sorted([*objects, *((*span, None) for span in found.rest)], key=lambda piece: piece[0]):
        if item is None or not reader.add(item):
            answer.untagged(start, end)
    say_unplaced(answer, reader.unplaced)
    if not is_part:
        _check_end(answer, found)


@dataclass(frozen=True, slots=True)
class JsonBlocks:
    """Reads the objects of a stream up to the first that is not well formed; arguments as for ``read_json_layout``."""

    frame: Frame | None
    plain: bool = False
    free_labels: bool = False

    def __call__(self, answer: Answer, start: int) -> int:
        """See ``BlockReader``."""
        end = pure_end(answer.raw_text, start)
        found = read_objects(answer.raw_text, start, end)
        read_json_layout(answer, found, self.frame, plain=self.plain, free_labels=self.free_labels, is_part=True)
        return end


def _check_end(answer: Answer, found: LooseJson) -> None:
    """A list that is never closed may have lost its last items."""
    if not found.objects or found.objects[-1].cut:
        return
    is_list = answer.raw_text[: found.objects[0].start].rstrip().endswith("[")
    end = found.objects[-1].end
    if is_list and "]" not in answer.raw_text[end:]:
        message = "the list of regions is not closed; if the answer was cut, regions are missing"
        answer.note(IssueCode.UNCLOSED_TAG, Severity.WARNING, message, end)


class _Reader:
    def __init__(self, answer: Answer, frame: Frame | None, *, plain: bool, free_labels: bool) -> None:
        self._answer = answer
        self._frame = frame
        self._plain = plain
        self._free_labels = free_labels
        self.unplaced: list[int] = []

    def add(self, item: LooseObject) -> bool:
        """Add one object's region; whether it is one."""
        members = _sort(item)
        if not (members.boxes or members.labels or members.texts):
            return False
        word = members.labels[0].text if members.labels else ""
        texts = [value.text for value in members.texts if value.text]
        if len(texts) > 1:
            texts = list(dict.fromkeys(texts))
        if len(members.labels) > 1:
            texts += [value.text for value in members.labels[1:] if value.text != word]
        if self._free_labels and word and not texts and label_of(word) is None:
            word, texts = "", [word]
        if item.loose:
            texts += [words for _, words in item.loose]
        if self._frame is None and members.boxes:
            self.unplaced.append(item.start)
        whole = members.texts[0] if len(texts) == 1 and members.texts else None
        region_id = self._answer.region(
            (item.start, item.end),
            word,
            boxes=self._boxes(members),
            needs_box=self._frame is not None,
            content="\n".join(texts).strip(),
            content_at=None if whole is None else whole.text_start,
            plain=self._plain,
        )
        _comment(self._answer, item, members, region_id)
        return True

    def _boxes(self, members: _Item) -> list[FramedBox]:
        if self._frame is None:
            return []
        found = [self._frame.box(value.numbers or read_numbers(value.text)) for value in members.boxes]
        return found if len(found) == 1 else list(dict.fromkeys(found))


def _comment(answer: Answer, item: LooseObject, members: _Item, region_id: str | None) -> None:
    """Say what was repaired and what was left out."""
    if item.cut:
        answer.cut(item.end)
    elif item.flaws:
        message = f"the JSON is not well formed and was repaired: {', '.join(item.flaws)}"
        answer.note(IssueCode.MALFORMED_JSON, Severity.WARNING, message, item.start, region_id=region_id)
    if members.others:
        message = f"members that say nothing of the region's text were left out: {', '.join(members.others[:5])}"
        answer.note(IssueCode.STRAY_MARKUP, Severity.INFO, message, item.start, region_id=region_id)


def _sort(item: LooseObject) -> _Item:
    members = _Item()
    for key, value in item.members:
        role = _ROLES.get(key) or _ROLES.get(key.strip().lower())
        if role == "box" and (value.numbers or value.text or value.end > value.start):
            members.boxes.append(value)
        elif role == "label" and value.text:
            members.labels.append(value)
        elif role == "text":
            members.texts.append(value)
        elif role is None:
            members.others.append(key[:40])
    return members
