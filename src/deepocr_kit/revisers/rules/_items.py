"""Line items: the rows of a table as items of a list field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deepocr_kit.documents import Document
from deepocr_kit.revisers.base import EvidenceGrade
from deepocr_kit.revisers.fields import FieldSpec
from deepocr_kit.revisers.rules._agreement import UNSURE_SCORE, check_item
from deepocr_kit.revisers.rules._answer import MISREAD, Answer, missing
from deepocr_kit.revisers.rules._grids import SURE_HEADER, Grid, line_grids, table_grids
from deepocr_kit.revisers.rules._ink import Ink, Piece
from deepocr_kit.revisers.rules._labels import LabelIndex
from deepocr_kit.revisers.rules._placeholders import is_placeholder
from deepocr_kit.revisers.values import DateOrder, compare_key, parse_value

__all__ = ["read_items"]

HEADER_ROWS = 4
"""A table's header is looked for in so many rows."""
ONE_COLUMN = "lines under a word may be its list or a paragraph"
CELL_SCORE = 0.95
"""Score of a value in a column that a label names."""
_TOTALS = frozenset(
    ("total", "totals", "subtotal", "grandtotal", "sum", "合计", "总计", "小计", "价税合计", "合計", "總計")
)
"""What the first cell of a row says that sums up the others, without spaces."""


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: dict[int, int]  # column by field


def read_items(
    document: Document, ink: Ink, path: str, specs: Sequence[FieldSpec], index: LabelIndex, order: DateOrder
) -> tuple[tuple[Answer, ...], ...]:
    """The items of one list: per item one answer per field of ``specs``; a list of values has one.

    The first table whose header names at least two of the fields (one, when
    there is only one) gives the items; tables after it that have the same
    header continue it. Rows that sum up end it. Where no table does, rows of
    lines under a row of labels are read alike.

    Args:
        document: The pages.
        ink: Their words.
        path: Of the list, e.g. ``lines``.
        specs: The fields of one item; their paths begin with ``lines[*]``.
        index: Their labels.
        order: The likeliest reading of ambiguous dates.
    """
    return _read(table_grids(document), path, specs, index, order) or _read(
        line_grids(ink, index, len(specs)), path, specs, index, order
    )


def _read(
    grids: Iterable[Grid], path: str, specs: Sequence[FieldSpec], index: LabelIndex, order: DateOrder
) -> tuple[tuple[Answer, ...], ...]:
    items: list[tuple[Answer, ...]] = []
    named: set[int] | None = None
    for grid in grids:
        header = _find_header(grid, index, len(specs))
        if header is None or (named is not None and set(header.columns) != named):
            continue
        named = set(header.columns)
        for row in range(header.row + 1, len(grid.rows)):
            if _sums_up(grid.rows[row]):
                break
            item = _item(grid, row, header, specs, f"{path}[{len(items)}]", order)
            if item is not None:
                items.append(item)
    return tuple(items)


def _find_header(grid: Grid, index: LabelIndex, fields: int) -> _Header | None:
    """The row of the first few that names the most fields."""
    headers = [
        _Header(row, _columns(grid, row, index))
        for row in range(1 if grid.measured else min(HEADER_ROWS, len(grid.rows)))
    ]
    best = max(headers, key=lambda header: len(header.columns))
    return best if len(best.columns) >= min(2, fields) else None


def _columns(grid: Grid, row: int, index: LabelIndex) -> dict[int, int]:
    named = [
        (weight * hit.quality, column, field)
        for column, piece in enumerate(grid.rows[row])
        for hit in index.find(piece)
        for field, weight in hit.fields
        if weight * hit.quality >= SURE_HEADER
    ]
    columns: dict[int, int] = {}
    for _, column, field in sorted(named, key=lambda item: (-item[0], item[1], item[2])):
        if field not in columns and column not in columns.values():
            columns[field] = column
    return columns


def _sums_up(row: Sequence[Piece]) -> bool:
    first = next((cell.text for cell in row if cell.text.strip()), "")
    return compare_key(first) in _TOTALS


def _item(
    grid: Grid, row: int, header: _Header, specs: Sequence[FieldSpec], path: str, order: DateOrder
) -> tuple[Answer, ...] | None:
    """The answers of one row; None when it holds no value at all."""
    answers = []
    for field, spec in enumerate(specs):
        own = path + spec.path[spec.path.rindex("[*]") + 3 :]
        column = header.columns.get(field)
        if column is None:
            answers.append(missing(own, "no column of the table has a label of the field"))
            continue
        text = grid.rows[row][column].text.strip()
        value = None if is_placeholder(text) else parse_value(text, spec, order=order)
        if value is None:
            answers.append(missing(own, "the cell does not hold such a value" if text else "the cell is empty"))
            continue
        pieces = (grid.rows[row][column], grid.rows[header.row][column])
        signals: dict[str, float | bool | str] = {"label": pieces[1].text, "place": "column"}
        reason = ONE_COLUMN if grid.is_one_column else "" if pieces[0].read_surely else MISREAD
        grade = EvidenceGrade.AMBIGUOUS if reason else EvidenceGrade.FOUND_LABELLED
        score = UNSURE_SCORE if reason else CELL_SCORE
        answers.append(Answer(own, value, text, pieces, grade, score, signals, reason))
    return check_item(answers, specs) if any(answer.value is not None for answer in answers) else None
