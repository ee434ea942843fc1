"""Line items: the rows of a table as items of a list field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deepocr_kit.documents import Document, Page, Region, Table
from deepocr_kit.geometry import BBox
from deepocr_kit.revisers.base import EvidenceGrade
from deepocr_kit.revisers.fields import FieldSpec
from deepocr_kit.revisers.rules._answer import Answer, missing
from deepocr_kit.revisers.rules._ink import Piece
from deepocr_kit.revisers.rules._labels import LabelIndex
from deepocr_kit.revisers.values import DateOrder, compare_key, parse_value

__all__ = ["read_items"]

HEADER_ROWS = 4
"""A table's header is looked for in so many rows."""
SURE_HEADER = 0.6
"""Least weight of a label that names a column."""
CELL_SCORE = 0.95
"""Score of a value in a column that a label names."""
_TOTALS = frozenset(
    ("total", "totals", "subtotal", "grandtotal", "sum", "合计", "总计", "小计", "价税合计", "合計", "總計")
)
"""What the first cell of a row says that sums up the others, without spaces."""


@dataclass(frozen=True, slots=True)
class _Grid:
    page: Page
    region: Region
    table: Table
    rows: tuple[tuple[str, ...], ...]

    def piece(self, row: int, column: int) -> Piece:
        """A cell as a piece; its box is an even part of the table's."""
        box = self.region.bbox
        if box is not None:
            width, height = box.width / self.table.col_count, box.height / self.table.row_count
            left, top = box.x0 + width * column, box.y0 + height * row
            box = BBox.of(left, top, left + width, top + height)
        text, confidence = self.rows[row][column], self.region.confidence
        return Piece(0, self.page.index, row, self.region.id, text, box, in_table=True, confidence=confidence)


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: dict[int, int]  # column by field


def read_items(
    document: Document, path: str, specs: Sequence[FieldSpec], index: LabelIndex, order: DateOrder
) -> tuple[tuple[Answer, ...], ...]:
    """The items of one list of models: per item one answer per field of ``specs``.

    The first table whose header names at least two of the fields (one, when
    there is only one) gives the items; tables after it that have the same
    header continue it. Rows that sum up end it.

    Args:
        document: The pages.
        path: Of the list, e.g. ``lines``.
        specs: The fields of one item; their paths begin with ``lines[*].``.
        index: Their labels.
        order: The likeliest reading of ambiguous dates.
    """
    items: list[tuple[Answer, ...]] = []
    named: set[int] | None = None
    for grid in _grids(document):
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


def _grids(document: Document) -> Iterator[_Grid]:
    for page in document.pages:
        for region in page.regions:
            if region.table is not None and region.table.col_count and region.table.row_count > 1:
                yield _Grid(page, region, region.table, region.table.rows())


def _find_header(grid: _Grid, index: LabelIndex, fields: int) -> _Header | None:
    """The row of the first few that names the most fields."""
    headers = [_Header(row, _columns(grid, row, index)) for row in range(min(HEADER_ROWS, len(grid.rows)))]
    best = max(headers, key=lambda header: len(header.columns))
    return best if len(best.columns) >= min(2, fields) else None


def _columns(grid: _Grid, row: int, index: LabelIndex) -> dict[int, int]:
    named = [
        (weight * hit.quality, column, field)
        for column in range(grid.table.col_count)
        for hit in index.find(grid.piece(row, column))
        for field, weight in hit.fields
        if weight * hit.quality >= SURE_HEADER
    ]
    columns: dict[int, int] = {}
    for _, column, field in sorted(named, key=lambda item: (-item[0], item[1], item[2])):
        if field not in columns and column not in columns.values():
            columns[field] = column
    return columns


def _sums_up(row: Sequence[str]) -> bool:
    first = next((text for text in row if text.strip()), "")
    return compare_key(first) in _TOTALS


def _item(
    grid: _Grid, row: int, header: _Header, specs: Sequence[FieldSpec], path: str, order: DateOrder
) -> tuple[Answer, ...] | None:
    """The answers of one row; None when it holds no value at all."""
    answers = []
    for field, spec in enumerate(specs):
        own = path + spec.path[spec.path.rindex("[*]") + 3 :]
        column = header.columns.get(field)
        if column is None:
            answers.append(missing(own, "no column of the table has a label of the field"))
            continue
        text = grid.rows[row][column].strip()
        value = parse_value(text, spec, order=order)
        if value is None:
            answers.append(missing(own, "the cell does not hold such a value" if text else "the cell is empty"))
            continue
        pieces = (grid.piece(row, column), grid.piece(header.row, column))
        signals: dict[str, float | bool | str] = {"label": pieces[1].text, "place": "column"}
        answers.append(Answer(own, value, text, pieces, EvidenceGrade.FOUND_LABELLED, CELL_SCORE, signals))
    return tuple(answers) if any(answer.value is not None for answer in answers) else None
