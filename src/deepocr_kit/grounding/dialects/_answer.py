"""Collects the regions and the issues of one answer, in the order of its text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deepocr_kit.documents import IssueCode, Region, RegionLabel, Severity
from deepocr_kit.geometry import BBox
from deepocr_kit.grounding._assembler import MAX_REGIONS
from deepocr_kit.grounding._content import Content, read_content
from deepocr_kit.grounding._coordinates import BOX_PROBLEMS
from deepocr_kit.grounding._issue_log import IssueLog
from deepocr_kit.grounding._labels import KNOWN_LABELS
from deepocr_kit.grounding._regions import Regions
from deepocr_kit.grounding.dialect import ParsedText
from deepocr_kit.grounding.dialects._caption_links import with_captions
from deepocr_kit.grounding.dialects._frames import FramedBox
from deepocr_kit.grounding.dialects._tokens import Tokens

__all__ = ["Answer", "label_of"]

_ONLY_TABLE = re.compile(r"<table[\s>]|<(?:otsl|[elfux]cel|[cr]hed|srow)>", re.IGNORECASE)
_STRAY = "markup without its counterpart was dropped"
_CUT = "the answer ends inside markup; what came after it is missing"


def label_of(word: str, words: dict[str, RegionLabel] | None = None) -> RegionLabel | None:
    """The closed label for a model's own word; None when nothing maps it.

    Args:
        word: As the model wrote it; case, blanks and hyphens do not matter.
        words: The family's own words, in lower case with underscores; they come before ``KNOWN_LABELS``.
    """
    known = words or {}
    label = known.get(word) or KNOWN_LABELS.get(word)
    if label is None:
        name = word.strip().lower().replace("-", "_").replace(" ", "_")
        label = known.get(name) or KNOWN_LABELS.get(name)
    return label


class Answer:
    """Regions and issues of one answer, or of a part of it.

    Add them in the order of the text; spans must not overlap. What is given to the methods counts from the start of
    ``raw_text``; what comes out counts from the start of the whole answer.

    Args:
        raw_text: The whole answer, or the part.
        page_number: 1-based, for region ids.
        strict: Raise ``GroundingError`` on the first thing that is not well formed.
        words: The family's own words for labels, in lower case with underscores.
        offset: Where ``raw_text`` begins in the whole answer.
        number: How many regions stand before it.
    """

    def __init__(
        self,
        raw_text: str,
        page_number: int,
        *,
        strict: bool,
        words: dict[str, RegionLabel] | None = None,
        offset: int = 0,
        number: int = 0,
    ) -> None:
        self.raw_text = raw_text
        self._offset = offset
        self._count = number
        self._id = f"p{page_number}r"
        self._words = words or {}
        self._log = IssueLog(page_number, strict=strict)
        self._regions = Regions()
        self._stopped_at: int | None = None

    def region(  # noqa: PLR0913 - all but the first two are keywords with defaults
        self,
        span: tuple[int, int],
        word: str,
        *,
        boxes: Iterable[FramedBox] = (),
        needs_box: bool = True,
        content: str = "",
        content_at: int | None = None,
        plain: bool = False,
        caption_of: str | None = None,
        read: Content | None = None,
        label: RegionLabel | None = None,
    ) -> str | None:
        """Add a region.

        Args:
            span: Of its markup and its content in the raw text.
            word: The model's word for it; empty when it gave none.
            boxes: What could be read of its boxes; their troubles become issues.
            needs_box: Whether a region without a box is worth an issue.
            content: As the model wrote it, without special tokens and white space around it.
            content_at: Where ``content`` begins in the raw text, when it stands there as it is.
            plain: ``content`` is bare text.
            caption_of: Id of what it captions.
            read: The content, when it has been read already.
            label: What it is, when ``word`` does not decide that.

        Returns:
            Its id; None when there are too many regions already.
        """
        if self._stopped_at is None and self._count >= MAX_REGIONS:
            self._stopped_at = span[0]
        if self._stopped_at is not None:
            return None
        region_id = self.id_of(1)
        label = label or self._label(word, span[0], region_id)
        kept = self._boxes(boxes, span[0], region_id, needs_box=needs_box) if boxes or needs_box else ()
        done = read or read_content(content, label, plain=plain)
        for issue in done.issues:
            at = span[0] if content_at is None else content_at + (issue.offset or 0)
            self._say(issue.code, issue.severity, issue.message, at, region_id=region_id)
        self._regions.add(
            {
                "id": region_id,
                "label": label,
                "raw_label": word,
                "boxes": kept,
                "content": content,
                "format": done.format,
                "text": done.text,
                "table": done.table,
                "span": span if not self._offset else (span[0] + self._offset, span[1] + self._offset),
                "caption_of": caption_of,
            }
        )
        self._count += 1
        return region_id

    def untagged(
        self,
        start: int,
        end: int,
        *,
        expected: bool = False,
        plain: bool = False,
        content: str | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        """Add what no markup claims, white space around it left out, as text without a box.

        Args:
            start: Where it begins.
            end: Where it ends.
            expected: Whether this form of answer has no markup, so that it is no issue.
            plain: It is bare text, no Markdown.
            content: Its words, when they are not what stands there.
            tokens: Special tokens to take out.
        """
        text = self.raw_text[start:end]
        bare = text.strip()
        first = start + len(text) - len(text.lstrip())
        span = (first, first + len(bare))
        at: int | None = first
        if content is not None:
            at = None
        elif tokens is None:
            content = bare
        else:
            content, at = tokens.text(self.raw_text, start, end)
        if not content:
            return
        label = RegionLabel.TABLE if _ONLY_TABLE.match(content) else RegionLabel.TEXT
        region_id = self.region(span, "", needs_box=False, content=content, content_at=at, plain=plain, label=label)
        if region_id is not None and not expected:
            message = "text stands outside of every tag; kept as text without a box"
            self.note(IssueCode.UNTAGGED_TEXT, Severity.WARNING, message, span[0], region_id=region_id)

    def stray(self, at: int) -> None:
        """Say that markup at ``at`` was dropped."""
        self.note(IssueCode.STRAY_MARKUP, Severity.WARNING, _STRAY, at)

    def cut(self, at: int, *, span: tuple[int, int] | None = None) -> None:
        """Say that the answer ends inside markup; ``span`` when that stretch stands in no region."""
        self.note(IssueCode.CUT_TAIL, Severity.ERROR, _CUT, at, span=span)

    def note(
        self,
        code: IssueCode,
        severity: Severity,
        message: str,
        at: int,
        *,
        region_id: str | None = None,
        span: tuple[int, int] | None = None,
    ) -> None:
        """Add an issue at ``at`` in the raw text.

        Raises:
            GroundingError: ``strict``, and it is more than worth knowing.
        """
        if self._stopped_at is None:
            self._say(code, severity, message, at, region_id=region_id, span=span)

    @property
    def is_full(self) -> bool:
        """Whether there are too many regions already; the rest of the answer stands in one issue then."""
        return self._stopped_at is not None

    @property
    def is_empty(self) -> bool:
        """Whether the answer has no region so far."""
        return not self._count

    @property
    def regions(self) -> tuple[Region, ...]:
        """What was added, captions not linked yet."""
        return self._regions.since(0)

    def id_of(self, ahead: int) -> str:
        """The id that the next region will have for 1, the one behind it for 2, and so on."""
        return f"{self._id}{self._count + ahead}"

    def has_room(self, count: int) -> bool:
        """Whether ``count`` more regions can be added."""
        return self._count + count <= MAX_REGIONS

    def result(self) -> ParsedText:
        """Everything that was added, captions linked by place and order."""
        if self._stopped_at is not None:
            message = f"more than {MAX_REGIONS} regions; the rest of the answer stands in this issue"
            span = (self._stopped_at, len(self.raw_text))
            self._say(IssueCode.LIMIT_REACHED, Severity.ERROR, message, self._stopped_at, span=span)
        return ParsedText(with_captions(self._regions.since(0)), self._log.result())

    def _say(
        self,
        code: IssueCode,
        severity: Severity,
        message: str,
        at: int,
        *,
        region_id: str | None = None,
        span: tuple[int, int] | None = None,
    ) -> None:
        shift = self._offset
        self._log.add(
            code,
            severity,
            message,
            at + shift,
            region_id=region_id,
            span=None if span is None else (span[0] + shift, span[1] + shift),
        )

    def _label(self, word: str, at: int, region_id: str) -> RegionLabel:
        if not word:
            return RegionLabel.TEXT
        label = label_of(word, self._words)
        if label is not None:
            return label
        message = f"the label {word[:40]!r} is not known; the region became 'other'"
        self._say(IssueCode.UNKNOWN_LABEL, Severity.INFO, message, at, region_id=region_id)
        return RegionLabel.OTHER

    def _boxes(self, boxes: Iterable[FramedBox], at: int, region_id: str, *, needs_box: bool) -> tuple[BBox, ...]:
        kept: list[BBox] = []
        problems: dict[IssueCode, None] = {}
        for framed in boxes:
            if framed.problems:
                problems.update(dict.fromkeys(framed.problems))
            if framed.box is not None:
                kept.append(framed.box)
        for code in problems:
            self._say(code, Severity.WARNING, BOX_PROBLEMS[code], at, region_id=region_id)
        if not kept and needs_box and IssueCode.MALFORMED_COORDINATES not in problems:
            message = "the region has no box"
            self._say(IssueCode.MISSING_BOX, Severity.WARNING, message, at, region_id=region_id)
        return tuple(kept)
