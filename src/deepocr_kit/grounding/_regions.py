"""Makes the finished value of a region."""

from __future__ import annotations

from deepocr_kit.documents import Region
from deepocr_kit.grounding._content import Content, read_content
from deepocr_kit.grounding._draft import Draft, join_pieces, offset_finder, raw_offset
from deepocr_kit.grounding._issue_log import IssueLog

__all__ = ["build_region"]


def build_region(draft: Draft, log: IssueLog, *, plain: bool) -> Region:
    """The region of a complete draft.

    Args:
        draft: Complete, its caption links included.
        log: Takes what is odd about its table.
        plain: The task gives bare lines, no Markdown.
    """
    joined = join_pieces(draft.pieces) if draft.has_text else ""
    content = joined.strip()
    end = draft.tag_end
    if content:
        end = max(end, raw_offset(draft.pieces, len(joined.rstrip()) - 1) + 1)
    read = read_content(content, draft.label, plain=plain and not draft.raw_label)
    if read.issues:
        _log_issues(draft, len(joined) - len(joined.lstrip()), read, log)
    return Region(
        id=draft.id,
        label=draft.label,
        raw_label=draft.raw_label,
        boxes=tuple(draft.boxes),
        content=content,
        format=read.format,
        text=read.text,
        table=read.table,
        span=(draft.start, end),
        caption_of=draft.caption_of,
    )


def _log_issues(draft: Draft, lead: int, read: Content, log: IssueLog) -> None:
    """Note what is odd about the tables; ``lead`` characters stand before the content in the pieces."""
    raw_offset_of = offset_finder(draft.pieces)
    for issue in read.issues:
        offset = raw_offset_of(lead + (issue.offset or 0))
        log.add(issue.code, issue.severity, issue.message, offset, region_id=draft.id)
