"""Makes the finished value of a region."""

from __future__ import annotations

import re

from deepocr_kit.documents import IssueCode, Region, RegionLabel, Severity, Table, TextFormat
from deepocr_kit.grounding._draft import Draft, join_pieces, raw_offset
from deepocr_kit.grounding._issue_log import IssueLog
from deepocr_kit.grounding._plain_text import plain_text
from deepocr_kit.grounding.tables import find_tables, parse_html_table

__all__ = ["build_region"]

_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)


def build_region(draft: Draft, log: IssueLog, *, plain: bool) -> Region:
    """The region of a complete draft.

    Args:
        draft: Complete, its caption links included.
        log: Takes what is odd about its table.
        plain: The task gives bare lines, no Markdown.
    """
    joined = join_pieces(draft.pieces) if draft.pieces else ""
    content = joined.strip()
    lead = len(joined) - len(joined.lstrip())
    end = draft.tag_end
    if content:
        end = max(end, raw_offset(draft.pieces, lead + len(content) - 1) + 1)
    table: Table | None = None
    if "<" in content and (draft.label is RegionLabel.TABLE or _TABLE.search(content)):
        text, table = _read_tables(draft, content, lead, log)
    else:
        text = content if plain and not draft.raw_label else plain_text(content, draft.label)
    return Region(
        id=draft.id,
        label=draft.label,
        raw_label=draft.raw_label,
        boxes=tuple(draft.boxes),
        content=content,
        format=_format(draft, content, plain=plain),
        text=text,
        table=table,
        span=(draft.start, end),
        caption_of=draft.caption_of,
    )


def _read_tables(draft: Draft, content: str, lead: int, log: IssueLog) -> tuple[str, Table | None]:
    """All words of a content with tables, and the first grid."""
    texts: list[str] = []
    grids: list[Table] = []
    position = 0
    for start, end in find_tables(content):
        texts.append(plain_text(content[position:start], draft.label))
        parsed = parse_html_table(content[start:end])
        texts.append(parsed.text)
        if parsed.table is not None:
            grids.append(parsed.table)
        for issue in parsed.issues:
            offset = raw_offset(draft.pieces, lead + start + (issue.offset or 0))
            log.add(issue.code, issue.severity, issue.message, offset, region_id=draft.id)
        position = end
    texts.append(plain_text(content[position:], draft.label))
    if len(grids) > 1:
        message = f"the region holds {len(grids)} tables; only the first became a grid"
        log.add(IssueCode.MALFORMED_TABLE, Severity.WARNING, message, draft.start, region_id=draft.id)
    return "\n".join(filter(None, texts)), grids[0] if grids else None


def _format(draft: Draft, content: str, *, plain: bool) -> TextFormat:
    if _TABLE.match(content):
        return TextFormat.HTML
    if plain and not draft.raw_label:
        return TextFormat.PLAIN
    return TextFormat.LATEX if draft.label is RegionLabel.FORMULA else TextFormat.MARKDOWN
