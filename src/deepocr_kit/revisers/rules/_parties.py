"""Buyer and seller: which side a field asks for, and which block of the page is whose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deepocr_kit.revisers._vocabulary import synonyms_of
from deepocr_kit.revisers.fields import FieldSpec
from deepocr_kit.revisers.rules._ink import Ink, Piece
from deepocr_kit.revisers.rules._spread import columns_of
from deepocr_kit.revisers.values import compare_key

__all__ = ["PartyBlock", "find_parties", "names_side", "party_labels", "side_of"]

SLACK = 0.8
"""Heights of a line by which a block reaches over its upright heading."""
MAX_ROWS = 10
"""Rows under a heading that can be its block."""
MAX_GAP = 2.5
"""Heights of a line that end a block under a heading."""
NOT_UPRIGHT = 1.2
"""A piece that is higher than so many times its width is written downward."""
_HEADINGS = {
    "buyer": "购买方|购货方|购货单位|购方|买方|买方信息|购买方信息|客户|付款方|甲方"
    "|bill to|billed to|sold to|invoice to|buyer|customer|client|purchaser|bill to address|billing address",
    "seller": "销售方|销货方|销货单位|销方|卖方|卖方信息|销售方信息|收款方|乙方"
    "|from|seller|vendor|supplier|sold by|issued by|billed by",
    "recipient": "收货方|收货单位|收货人"
    "|ship to|shipped to|deliver to|delivery address|shipping address|recipient|consignee",
}
_KEYS = {compare_key(words): side for side, group in _HEADINGS.items() for words in group.split("|")}
_FIELD_WORDS = {
    "buyer": "buyer|customer|client|purchaser|bill_to|billed_to|billing|sold_to",
    "seller": "seller|vendor|supplier|merchant|sold_by",
    "recipient": "recipient|consignee|ship_to|shipping|deliver_to|delivery",
}
_IN_PATH = {
    side: re.compile(rf"(?:^|[._])(?:{words})(?=[._]|$)|^(?:{group})", re.IGNORECASE)
    for (side, words), group in zip(_FIELD_WORDS.items(), _HEADINGS.values(), strict=True)
}
_CJK = re.compile(r"[\u2e80-\u9fff]")
_VARIANTS = str.maketrans("貨購銷單", "货购销单")
_NAMES = frozenset(("", "name", "company", "名称"))


@dataclass(frozen=True, slots=True)
class PartyBlock:
    """The part of a page that speaks of one party, in heights of a line.

    Attributes:
        side: ``buyer``, ``seller`` or ``recipient``.
        page_index: 0-based.
        x0: Left edge.
        x1: Right edge.
        y0: Upper edge.
        y1: Lower edge.
    """

    side: str
    page_index: int
    x0: float
    x1: float
    y0: float
    y1: float

    def holds(self, piece: Piece) -> bool:
        """Whether a piece begins inside."""
        middle = (piece.y0 + piece.y1) / 2
        return piece.page_index == self.page_index and self.x0 <= piece.x0 < self.x1 and self.y0 <= middle <= self.y1


def side_of(spec: FieldSpec) -> str:
    """The party that a field belongs to, by its path or its labels; empty for none."""
    for text in (spec.path, *spec.labels):
        for side, pattern in _IN_PATH.items():
            if pattern.search(text):
                return side
    return ""


def names_side(words: str, side: str) -> bool:
    """Whether a printed label says itself whose it is, e.g. "buyer tax id"; words are parted by spaces."""
    joined = "".join(words.split()) if _CJK.search(words) else words.replace(" ", "_")
    return _IN_PATH[side].search(joined) is not None


def party_labels(spec: FieldSpec) -> tuple[str, ...]:
    """What is printed inside a party's block for a field: its labels without the party, headings for its name."""
    side = side_of(spec)
    if not side:
        return ()
    rest = [_IN_PATH[side].sub("", label.replace(" ", "_")).strip("_").replace("_", " ") for label in spec.labels]
    name = _IN_PATH[side].sub("", spec.name).strip("_")
    stripped = [label for label in rest if label and label not in spec.labels]
    more = synonyms_of(name, tuple(stripped)) if name != spec.name and name not in _NAMES else ()
    headings = _HEADINGS[side].split("|") if name in _NAMES else []
    return tuple(dict.fromkeys((*stripped, *more, *headings)))


def find_parties(ink: Ink) -> tuple[PartyBlock, ...]:
    """The blocks that headings announce: upright ones beside their block, others above it."""
    return (*_beside_upright(columns_of(ink)), *_under_headings(ink))


def _beside_upright(columns: Sequence[Piece]) -> Iterator[PartyBlock]:
    for column in columns:
        side = _side_of_heading(column.text)
        if side is None:
            continue
        rights = [
            other.x0
            for other in columns
            if other.x0 > column.x1
            and other.page_index == column.page_index
            and min(other.y1, column.y1) > max(other.y0, column.y0)
        ]
        yield PartyBlock(
            side, column.page_index, column.x1 - 0.5, min(rights, default=1e9), column.y0 - SLACK, column.y1 + SLACK
        )


def _under_headings(ink: Ink) -> Iterator[PartyBlock]:
    headings = [(piece, side) for piece in ink.pieces if (side := _side_of_heading(piece.text)) is not None]
    for piece, side in headings:
        if piece.height > NOT_UPRIGHT * (piece.x1 - piece.x0):
            continue
        right = min((other.x0 for other, _ in headings if other.row == piece.row and other.x0 > piece.x1), default=1e9)
        bottom = piece.y1
        for number in range(piece.row, min(piece.row + MAX_ROWS, len(ink.rows))):
            inside = [ink.pieces[index] for index in ink.rows[number]]
            inside = [other for other in inside if piece.x0 - 1 <= other.x0 < right - 0.5]
            if any(other.index != piece.index and _side_of_heading(other.text) is not None for other in inside):
                break
            if inside and (inside[0].page_index != piece.page_index or inside[0].y0 - bottom > MAX_GAP):
                break
            bottom = max([bottom, *(other.y1 for other in inside)])
        yield PartyBlock(side, piece.page_index, piece.x0 - 1, right - 0.5, piece.y0 - 0.1, bottom)


def _side_of_heading(text: str) -> str | None:
    return _KEYS.get(compare_key(text).translate(_VARIANTS))
