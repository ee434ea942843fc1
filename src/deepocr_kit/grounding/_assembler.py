"""Puts tokens and text together to regions."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.grounding._coordinates import BOX_PROBLEMS, MAX_BOXES, BoxList, box_list_end, parse_boxes
from deepocr_kit.grounding._draft import Draft, Pieces, join_pieces, split_pieces, text_end
from deepocr_kit.grounding._issue_log import IssueLog
from deepocr_kit.grounding._labels import is_known_label, read_ref
from deepocr_kit.grounding._markup import Token
from deepocr_kit.grounding._scanner import WholeTag
from deepocr_kit.grounding.dialect import OcrTask

__all__ = ["MAX_REGIONS", "Assembler"]

MAX_REGIONS = 5_000
"""Most regions and stretches of noise of one answer; what follows stands in one issue. A page of 8192 tokens has
room for about 500 regions, the longest context that a family of these models offers, 32768 tokens, for about 2000."""

_GROUNDED = frozenset({OcrTask.DOCUMENT, OcrTask.LINES, OcrTask.LOCATE})

_CUT_TAIL = "the answer ends inside a tag; what came after it is missing"


class _State(Enum):
    CONTENT = auto()
    REF = auto()
    AFTER_REF = auto()
    DET = auto()


_CONTENT, _REF, _AFTER_REF, _DET = _State
_MALFORMED, _WARNING = IssueCode.MALFORMED_COORDINATES, Severity.WARNING
"""Names of their own for what is asked for many times a region: Python 3.11 takes 0.1 microseconds to find a member of
an enumeration by its class, which for a short region adds up to a sixth of its time."""


class Assembler:
    """Takes what the scanner finds and hands over each region when the next one begins.

    Args:
        log: Takes the issues.
        task: What the model had been asked.
        page_number: 1-based, for region ids.
        on_region: Called with every complete region, in order.
    """

    def __init__(self, log: IssueLog, task: OcrTask, page_number: int, on_region: Callable[[Draft], None]) -> None:
        self.by_line = task in (OcrTask.LINES, OcrTask.LOCATE)
        self._log = log
        self._task = task
        self._page_number = page_number
        self._on_region = on_region
        self._open_tables: int | None = None if task in _GROUNDED else 0
        self._state = _CONTENT
        self._draft: Draft | None = None
        self._det: Pieces = []
        self._regions = 0
        self._items = 0
        self._stopped_at: int | None = None

    @property
    def takes_stripped_tags(self) -> bool:
        """Whether a stripped tag may begin here."""
        return self._state in (_CONTENT, _AFTER_REF)

    def text(self, start: int, text: str, *, closes_det: bool = False) -> None:
        """Take text."""
        if self._stopped_at is not None:
            return
        draft = self._draft
        if draft is None:
            self._content(start, text)
        elif self._state is _CONTENT:
            if self._open_tables is None or draft.ref is not None or draft.has_det:
                draft.append(start, text)
            else:
                self._ungrounded(start, text)
        elif self._state is _REF and draft.ref is not None:
            draft.ref.append((start, text))
        elif self._state is _DET:
            self._det_text(draft, start, text, closes_det=closes_det)
        elif text.lstrip().startswith("[["):
            self._state = _DET
            self._det_text(draft, start, text, closes_det=closes_det)
        else:
            draft.append(start, text)
            if draft.has_text:
                self._no_box(draft)
                self._state = _CONTENT

    def token(self, token: Token, start: int, end: int) -> None:
        """Take a token."""
        if self._stopped_at is not None:
            return
        draft = self._draft
        match token:
            case Token.REF_OPEN:
                self._close()
                if self._open(start, end, ref=[]) is not None:
                    self._state = _REF
            case Token.REF_CLOSE if self._state is _REF and draft is not None:
                draft.tag_end = end
                self._state = _AFTER_REF
            case Token.DET_OPEN:
                self._open_det(start, end)
            case Token.DET_CLOSE if self._state is _DET and draft is not None:
                draft.tag_end = end
                self._finish_det(draft, closed=True)
            case Token.BEGIN | Token.END:
                self._close()
            case Token.PAGE_SPLIT:
                self._close()
                message = "a page separator: this text holds more than one page"
                self._log.add(IssueCode.STRAY_MARKUP, _WARNING, message, start)
            case _:
                message = f"{token.value} stands where nothing is open; it was dropped"
                region_id = None
                if draft is not None:
                    region_id, draft.garbled = draft.id, True
                self._log.add(IssueCode.STRAY_MARKUP, _WARNING, message, start, region_id=region_id)

    def whole_tag(self, tag: WholeTag) -> None:
        """Take a complete tag."""
        if self._stopped_at is not None:
            return
        self._close()
        draft = self._open(tag.start, tag.end, ref=[(tag.label_start, tag.label)])
        if draft is not None:
            draft.has_det = True
            self._take_boxes(draft, tag.boxes, tag.list_start, closed=True)

    def noise(self, start: int, end: int) -> None:
        """Take console output: it ends a region and stands in an issue."""
        if self._stopped_at is None:
            self._close()
            if self._has_room(start):
                self._items += 1
                message = "console output of the model's code, not text of the page"
                self._log.add(IssueCode.CONSOLE_NOISE, Severity.INFO, message, start, span=(start, end))

    def cut_token(self, start: int, end: int) -> None:
        """Take the beginning of a token that the end of the answer cut off."""
        if self._stopped_at is None:
            self._log.add(IssueCode.CUT_TAIL, Severity.ERROR, _CUT_TAIL, start, span=(start, end))

    def finish(self, raw_text_end: int) -> None:
        """Take the end of the answer."""
        if self._stopped_at is None:
            self._close(at_end=raw_text_end)
        else:
            message = f"more than {MAX_REGIONS} regions; the rest of the text stands in this issue"
            span = (self._stopped_at, raw_text_end)
            self._log.add(IssueCode.LIMIT_REACHED, Severity.ERROR, message, span[0], span=span)

    def _has_room(self, start: int) -> bool:
        if self._items >= MAX_REGIONS:
            self._stopped_at = start
        return self._stopped_at is None

    def _open(self, start: int, end: int, *, ref: Pieces | None = None) -> Draft | None:
        """Begin a region; None when there are too many."""
        if not self._has_room(start):
            return None
        self._draft = Draft(f"p{self._page_number}r{self._regions + 1}", start, end, ref)
        return self._draft

    def _open_det(self, start: int, end: int) -> None:
        draft = self._draft
        if draft is not None and self._state is _REF:
            message = "a <|/ref|> is missing; the label was taken to end at the box list"
            self._log.add(IssueCode.UNCLOSED_TAG, _WARNING, message, start, region_id=draft.id)
        elif draft is not None and self._state is _DET:
            self._finish_det(draft, closed=False)
        elif self._state is _CONTENT and (draft is None or draft.has_text or not draft.has_det):
            self._close()
            draft = self._open(start, end)
            if draft is not None:
                message = "a box list without a label; it got a region of its own"
                self._log.add(IssueCode.STRAY_MARKUP, _WARNING, message, start, region_id=draft.id)
        if draft is not None:
            draft.garbled |= self._state is not _AFTER_REF
            draft.tag_end = end
            self._det = []
            self._state = _DET

    def _content(self, start: int, text: str) -> None:
        draft = self._draft
        if draft is not None and (self._open_tables is None or draft.ref is not None or draft.has_det):
            draft.append(start, text)
        elif self._open_tables is not None:
            self._ungrounded(start, text)
        elif not text.isspace():
            begin = start + len(text) - len(text.lstrip())
            draft = self._open(begin, begin)
            if draft is not None:
                draft.append(start, text)
                message = "text without a tag; it got a region without a box"
                self._log.add(IssueCode.UNTAGGED_TEXT, Severity.INFO, message, begin, region_id=draft.id)

    def _ungrounded(self, start: int, text: str) -> None:
        """Text of an answer without boxes: blank lines outside of tables separate regions."""
        for line in text.splitlines(keepends=True):
            blank = line.isspace()
            if blank and not self._open_tables:
                self._close()
            elif not blank and self._draft is None:
                begin = start + len(line) - len(line.lstrip())
                self._open(begin, begin)
                self._open_tables = 0
            if self._draft is not None:
                self._draft.append(start, line)
                if "<" in line:
                    lower = line.lower()
                    change = lower.count("<table") - lower.count("</table")
                    self._open_tables = max((self._open_tables or 0) + change, 0)
            start += len(line)

    def _det_text(self, draft: Draft, start: int, text: str, *, closes_det: bool) -> None:
        """A box list goes on over a line break only if its closer stands on the next line."""
        if self._det and self._det[-1][1].endswith("\n") and not closes_det:
            self._finish_det(draft, closed=False)
            self._content(start, text)
            return
        size = box_list_end(text, closed=closes_det)
        rest = text[size:]
        if not rest or rest.isspace():
            self._det.append((start, text))
            return
        if size:
            self._det.append((start, text[:size]))
        self._finish_det(draft, closed=False)
        self._content(start + size, rest)

    def _finish_det(self, draft: Draft, *, closed: bool, at_end: bool = False) -> None:
        """Read the collected box list; a missing closer is said unless something worse is."""
        text = join_pieces(self._det) if self._det else ""
        if self._det and not closed:
            draft.tag_end = text_end(self._det) or self._det[0][0] + 1
        offset = self._det[0][0] if self._det else draft.tag_end
        self._det = []
        self._state = _CONTENT
        draft.has_det = True
        if not text or text.isspace():
            if not at_end:
                self._no_box(draft)
            return
        self._take_boxes(draft, parse_boxes(text), offset, closed=closed, at_end=at_end)

    def _take_boxes(self, draft: Draft, result: BoxList, offset: int, *, closed: bool, at_end: bool = False) -> None:
        """Give the region its boxes, and say what is odd about them."""
        if result.boxes:
            draft.boxes += result.boxes[: MAX_BOXES - len(draft.boxes)]
        elif not (draft.boxes or result.problems or at_end):
            self._no_box(draft)
        if closed and not result.problems:
            return
        malformed = _MALFORMED in result.problems
        draft.garbled |= malformed or IssueCode.LIMIT_REACHED in result.problems
        if not closed and not at_end and not malformed:
            message = "a <|/det|> is missing"
            self._log.add(IssueCode.UNCLOSED_TAG, _WARNING, message, offset, region_id=draft.id)
        for code in result.problems:
            if not (at_end and code is _MALFORMED):
                self._log.add(code, _WARNING, BOX_PROBLEMS[code], offset, region_id=draft.id)

    def _no_box(self, draft: Draft) -> None:
        message = "the region has a tag but no box"
        self._log.add(IssueCode.MISSING_BOX, _WARNING, message, draft.tag_end, region_id=draft.id)

    def _unclosed_ref(self, draft: Draft, *, at_end: bool) -> None:
        """Take apart a ``ref`` that nothing closed: a label on its first line, or all of it is text."""
        pieces = draft.ref or []
        first_line = join_pieces(pieces).split("\n", 1)[0] if pieces else ""
        label, rest = split_pieces(pieces, len(first_line) if is_known_label(first_line) else 0)
        draft.ref = label
        for offset, text in rest:
            draft.append(offset, text)
        if label:
            draft.tag_end = label[-1][0] + len(label[-1][1])
        if not at_end:
            message = "a <|ref|> is never closed"
            region_id = draft.id if label or draft.has_text else None
            self._log.add(IssueCode.UNCLOSED_TAG, _WARNING, message, draft.start, region_id=region_id)

    def _close(self, *, at_end: int | None = None) -> None:
        """End the open region, if there is one, and hand it over."""
        draft, state = self._draft, self._state
        if draft is None:
            return
        ends = at_end is not None
        if state is _REF:
            self._unclosed_ref(draft, at_end=ends)
        elif state is _DET:
            self._finish_det(draft, closed=False, at_end=ends)
        elif state is _AFTER_REF and not ends:
            self._no_box(draft)
        self._draft = None
        self._state = _CONTENT
        if at_end is not None and state is not _CONTENT:
            self._log.add(IssueCode.CUT_TAIL, Severity.ERROR, _CUT_TAIL, at_end, region_id=draft.id)
        if draft.ref or draft.has_det or draft.has_text:
            self._classify(draft)
            self._regions += 1
            self._items += 1
            self._on_region(draft)

    def _classify(self, draft: Draft) -> None:
        words = join_pieces(draft.ref) if draft.ref else ""
        meaning = read_ref(words, has_content=draft.has_text, task=self._task)
        draft.label, draft.raw_label = meaning.label, meaning.raw_label
        if meaning.is_text and draft.ref:
            draft.pieces = draft.ref + draft.pieces
            draft.has_text = True
        if meaning.is_unknown:
            message = f"the label {meaning.raw_label[:64]!r} is not known"
            self._log.add(IssueCode.UNKNOWN_LABEL, Severity.INFO, message, draft.start, region_id=draft.id)
