"""Titles, addressees and signatures of formal documents, by their size, their words and their place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from deepocr_kit.revisers.fields import ValueKind
from deepocr_kit.revisers.rules._ink import Ink, Piece
from deepocr_kit.revisers.rules._letterhead_words import COMPANY_END
from deepocr_kit.revisers.rules._names import Block, join_lines
from deepocr_kit.revisers.rules._placeholders import placeholder_edges
from deepocr_kit.revisers.values import find_values

__all__ = ["find_addressee", "find_signatory", "find_signature_date", "find_title"]

UPPER, LOWER = 0.45, 0.5
"""Shares of a page's written height above which a title stands, and below which a signature does."""
KIND_BONUS = 1.5
"""What a word for a kind of document is worth, in heights of the line."""
CLEAR = 1.15
"""How much taller than any other line a title is that needs no label."""
CLEAR_SCORE, PLACE_SCORE = 0.76, 0.6
"""Score of such a title, and of what only its place tells."""
_KIND = re.compile(
    r"(?:发票|证书|报告|说明|通知|公告|合同|协议|收据|清单|证明|凭证|规定|办法|决定|函|单)$"
    r"|\b(?:invoice|receipt|certificate|report|agreement|contract|notice|statement|quotation|order)\b",
    re.IGNORECASE,
)
_CJK = re.compile(r"[\u2e80-\u9fff]")
_SALUTATION = re.compile(r"^(?:dear\s+|致\s*[:：]?\s*)?(.{2,40}?)\s*[:：]$|^dear\s+(.{2,40}?)\s*,$", re.IGNORECASE)


def find_title(ink: Ink, labels: frozenset[int] = frozenset()) -> Block | None:
    """The tallest line in the upper part of the first page, with the lines of its size around it.

    Args:
        ink: The document.
        labels: Indices of pieces that are labels.
    """
    page = _first_page(ink)
    lines = [piece for piece in _part(page, 0.0, UPPER) if piece.index not in labels and _may_be_title(piece.text)]
    if not lines:
        return None
    best = max(lines, key=lambda line: (_size(line), -line.index))
    block = [best]
    for line in reversed([line for line in lines if line.index < best.index]):
        if not _continues(line, block[0]):
            break
        block.insert(0, line)
    for line in [line for line in lines if line.index > best.index]:
        if not _continues(block[-1], line):
            break
        block.append(line)
    others = (line for line in page if line not in block and line.read_surely and _may_be_title(line.text))
    rest = max(map(_size, others), default=0.0)
    text = block[0].text.strip()
    for line in block[1:]:
        text = join_lines(text, line.text.strip())
    clear = _size(best) >= CLEAR * rest
    return Block(text, tuple(line.index for line in block), CLEAR_SCORE if clear else PLACE_SCORE)


def _size(piece: Piece) -> float:
    return piece.height * (KIND_BONUS if _KIND.search(piece.text) else 1.0)


def _may_be_title(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    whole = len(_CJK.findall(text)) >= 4 or (len(text.split()) > 1 and len(letters) >= 6)
    return whole and not re.search(r"[:：]", text) and sum(char.isdigit() for char in text) < len(letters)


def _continues(above: Piece, below: Piece) -> bool:
    """Whether two lines are of one title: as tall, close, and about one middle."""
    alike = 0.8 <= below.height / max(above.height, 0.01) <= 1.25
    middles = abs(above.x0 + above.x1 - below.x0 - below.x1) / 2
    return alike and 0 < below.row - above.row <= 1 and below.y0 - above.y1 < 0.8 * above.height and middles < 3.0


def find_addressee(ink: Ink, labels: frozenset[int] = frozenset()) -> Block | None:
    """Whom a letter greets: a line of its upper half that ends with a colon, or with a comma after "Dear"."""
    for piece in _part(_first_page(ink), 0.0, LOWER):
        match = _SALUTATION.match(piece.text.strip())
        if match is not None and piece.index not in labels and len(ink.rows[piece.row]) == 1:
            return Block((match[1] or match[2]).strip(), (piece.index,), PLACE_SCORE)
    return None


def find_signatory(ink: Ink, labels: frozenset[int] = frozenset()) -> Block | None:
    """Who signs: the last line of the lower half that is nothing but a company's name."""
    for piece in reversed(_part(_last_page(ink), LOWER, 1.0)):
        text = piece.text.strip(" \t:：")
        first, last = placeholder_edges(text)
        text = text[first:last].strip()
        if piece.index not in labels and len(text) <= 40 and COMPANY_END.search(text[-12:]):
            return Block(text, (piece.index,), PLACE_SCORE)
    return None


def find_signature_date(ink: Ink, labels: frozenset[int] = frozenset()) -> Block | None:
    """When it was signed: the last line of the lower half that is nothing but a date."""
    for piece in reversed(_part(_last_page(ink), LOWER, 1.0)):
        dates = find_values(piece.text, ValueKind.DATE)
        if piece.index not in labels and len(dates) == 1 and len(piece.text.strip()) <= len(dates[0].text) + 2:
            return Block(dates[0].text, (piece.index,), PLACE_SCORE)
    return None


def _first_page(ink: Ink) -> list[Piece]:
    return [piece for piece in ink.pieces if piece.page_index == ink.pieces[0].page_index]


def _last_page(ink: Ink) -> list[Piece]:
    return [piece for piece in ink.pieces if piece.page_index == ink.pieces[-1].page_index]


def _part(page: Sequence[Piece], above: float, below: float) -> list[Piece]:
    """The pieces of a page between two shares of its written height, top to bottom."""
    top = min((piece.y0 for piece in page), default=0.0)
    height = max((piece.y1 for piece in page), default=0.0) - top
    return [piece for piece in page if above * height <= (piece.y0 + piece.y1) / 2 - top <= below * height]
