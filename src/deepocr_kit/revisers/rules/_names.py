"""Names and addresses that no label announces, by where they stand and what words they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from deepocr_kit.revisers.fields import ValueKind
from deepocr_kit.revisers.rules._ink import Ink, Piece
from deepocr_kit.revisers.rules._letterhead_words import (
    ADDRESS_START,
    ADDRESS_STOP,
    ADDRESS_WORD,
    COMPANY_END,
    COMPANY_WORD,
    GLUED_NAME,
    NOT_NAME,
    ONLY_REGISTRATION,
    OWNER,
    PHONE_ONLY,
    POSTCODE,
    REGISTRATION,
    TAIL_WORD,
)
from deepocr_kit.revisers.values import compare_key, find_values

__all__ = ["Block", "find_address", "find_company", "join_lines"]

TOP_ROWS = 14
"""A letterhead ends within so many rows."""
MAX_NAME_ROWS = 3
MAX_ADDRESS_ROWS = 8
MANY = 9
"""Chinese does not part words; a Chinese name counts as many, for its lines are seldom broken."""
DOUBT = 0.24
"""Taken from the score of a name when another line could be the name, or part of it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A text over one or more pieces.

    Attributes:
        text: The pieces' texts, joined by one space; by nothing between Chinese characters.
        pieces: Indices of the pieces, top to bottom.
        score: 0..1, a documented heuristic: how sure it is.
        rank: How well it does against other blocks, whatever doubt there is.
    """

    text: str
    pieces: tuple[int, ...]
    score: float
    rank: float = 0.0


READABLE = 0.9
"""Least confidence of a line that counts as another name; logos are read worse."""
_CJK = re.compile(r"[\u2e80-\u9fff]")
_COUNTRY = re.compile(r"\([A-Z]\)")
"""The country that a legal form is of, as in CO. (M) SDN BHD."""
_CJK_EDGE = re.compile(r"[\u2e80-\u9fff]$")


def find_company(ink: Ink, labels: frozenset[int] = frozenset()) -> Block | None:
    """The name of who issued the document: in the letterhead, by its words or its place.

    Args:
        ink: The document.
        labels: Indices of pieces that are labels of fields and thus no names.
    """
    top = [piece for piece in _top(ink) if piece.index not in labels]
    best: Block | None = None
    for at, piece in enumerate(top):
        block = _company_at(top, at)
        if block is not None and (best is None or block.rank > best.rank):
            best = block
        if ADDRESS_START.search(piece.text) and ADDRESS_WORD.search(piece.text) and best is not None:
            break
    return best


def _company_at(top: list[Piece], at: int) -> Block | None:
    piece = top[at]
    name = _clean(piece.text)
    if not _may_be_name(name):
        return None
    if COMPANY_END.search(name):
        rank = 0.92 - 0.015 * at
        block, sure = _with_lines_above(top, at, name)
    elif COMPANY_WORD.search(name) or GLUED_NAME.search(name):
        rank = 0.80 - 0.02 * at
        block, sure = _with_line_below(top, at, name)
    else:
        rank = 0.62 - 0.04 * at + 0.03 * min(piece.height - 1, 2.0)
        block, sure = (name, (piece.index,)), True
    text, pieces = block
    rivals = any(other.index not in pieces and _is_rival(other, text) for other in top[:at]) or any(
        _announces_owner(other.text) for other in top[at + 1 : at + 1 + MAX_NAME_ROWS]
    )
    return Block(text, pieces, rank if sure and not rivals else rank - DOUBT, rank)


def _is_rival(other: Piece, name: str) -> bool:
    """Whether another line could be the name: not a part of it again, nor a logo that could not be read."""
    text = _clean(other.text)
    if not _may_be_name(text) or compare_key(text) in compare_key(name):
        return False
    return other.confidence is None or other.confidence >= READABLE


def _announces_owner(text: str) -> bool:
    """Whether a line names the company behind a name that is only a brand."""
    return OWNER.match(text) is not None and COMPANY_END.search(text) is not None


def _with_lines_above(top: list[Piece], at: int, name: str) -> tuple[tuple[str, tuple[int, ...]], bool]:
    """A company's name that runs over several lines, its legal form on the last; and whether that is sure."""
    pieces, text, sure = [top[at].index], name, True
    for above in range(at - 1, max(-1, at - MAX_NAME_ROWS), -1):
        line = _clean(top[above].text)
        alike = 0.7 <= top[above].height / max(top[at].height, 0.01) <= 1.5
        if not _may_be_name(line) or COMPANY_END.search(line) or not alike or not _belongs(line, text):
            break
        pieces.insert(0, top[above].index)
        sure = sure and (_open(line, text) or not _own_words(text))
        text = join_lines(line, text)
    return (text, tuple(pieces)), sure


def _belongs(line: str, rest: str) -> bool:
    """Whether ``line`` above ``rest`` is the beginning of the same name."""
    if _open(line, rest):
        return True
    words = _own_words(rest)
    return words < 2 or (words < 3 and COMPANY_WORD.search(line) is not None)


def _own_words(text: str) -> int:
    """Words of a name beside its legal form."""
    rest = _COUNTRY.sub("", COMPANY_END.sub("", text))
    return MANY if _CJK.search(rest) else sum(any(map(str.isalnum, word)) for word in rest.split())


def _with_line_below(top: list[Piece], at: int, name: str) -> tuple[tuple[str, tuple[int, ...]], bool]:
    """A name whose last word asks for another one: ``Hardware &``; and whether it is whole."""
    below = top[at + 1] if at + 1 < len(top) else None
    if not name.endswith(("&", " AND", " DAN")):
        return (name, (top[at].index,)), True
    if below is None or not _may_be_name(_clean(below.text)):
        return (name, (top[at].index,)), False
    return (join_lines(name, _clean(below.text)), (top[at].index, below.index)), True


def _open(line: str, rest: str) -> bool:
    """Whether a name cannot end with ``line``, or cannot begin with ``rest``."""
    if TAIL_WORD.match(rest):
        return True
    return (
        line.count("(") > line.count(")")
        or line.rstrip().endswith(("&", "-", ","))
        or rest.lstrip().startswith(("&", "("))
    )


def _may_be_name(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    digits = sum(char.isdigit() for char in text)
    return letters >= 3 and letters > digits and len(text) <= 80 and not NOT_NAME.search(text)


def _clean(text: str) -> str:
    ends = [match.end() for match in COMPANY_END.finditer(text)]
    if ends and sum(char.isdigit() for char in text[ends[-1] :]) >= 4:  # a registration number follows the legal form
        text = text[: ends[-1] + text.startswith(".", ends[-1])]
    text = re.sub(r"\s*[(（]\s*(?:co|reg|no|roc)?\W*$", "", text, flags=re.IGNORECASE)
    return REGISTRATION.sub("", text).strip(" \t*-_=:,") or text.strip()


def find_address(ink: Ink, company: Block | None) -> Block | None:
    """The lines of an address: from a street or number word to the postcode, city or country."""
    top = _top(ink, TOP_ROWS + 6)
    after = max(company.pieces) if company is not None else -1
    start = next((at for at in range(len(top)) if top[at].index > after and _starts_address(top, at)), None)
    if start is None:
        return None
    lines = [top[start]]
    for at in range(start + 1, min(start + MAX_ADDRESS_ROWS, len(top))):
        if not _continues_address(top, at, lines):
            break
        lines.append(top[at])
    text = ""
    for line in lines:
        text = join_lines(text, line.text.strip()) if text else line.text.strip()
    sure = sum((bool(POSTCODE.search(text)), bool(ADDRESS_WORD.search(text)), len(lines) > 1))
    return Block(text, tuple(line.index for line in lines), 0.45 + 0.07 * sure)


def _ends_address(text: str) -> bool:
    stops = ADDRESS_STOP.search(text) or ONLY_REGISTRATION.search(text) or PHONE_ONLY.search(text)
    return stops is not None or bool(find_values(text, ValueKind.DATE))


def _starts_address(top: list[Piece], at: int) -> bool:
    text = top[at].text
    if _ends_address(text) or (COMPANY_END.search(text) and not ADDRESS_START.search(text)):
        return False
    if ADDRESS_WORD.search(text):
        return bool(ADDRESS_START.search(text) or POSTCODE.search(text) or _address_follows(top, at))
    return bool(ADDRESS_START.search(text)) and _address_follows(top, at)


def _address_follows(top: list[Piece], at: int) -> bool:
    """Whether one of the next two lines is plainly part of an address."""
    for piece in top[at + 1 : at + 3]:
        if _ends_address(piece.text):
            return False
        if POSTCODE.search(piece.text) or ADDRESS_WORD.search(piece.text):
            return True
    return False


def _continues_address(top: list[Piece], at: int, lines: list[Piece]) -> bool:
    piece, last = top[at], lines[-1]
    if piece.page_index != last.page_index or piece.y0 - last.y1 > 1.6 * max(1.0, last.height):
        return False
    if _ends_address(piece.text):
        return False
    if POSTCODE.search(piece.text) or ADDRESS_WORD.search(piece.text):
        return True
    coded = any(POSTCODE.search(line.text) for line in lines)
    return not coded and (last.text.rstrip().endswith(",") or _address_follows(top, at))


def _top(ink: Ink, rows: int = TOP_ROWS) -> list[Piece]:
    """The first pieces of the first page that holds any, single rows from top to bottom."""
    if not ink.pieces:
        return []
    page = ink.pieces[0].page_index
    pieces = [piece for piece in ink.pieces if piece.page_index == page and not piece.in_table]
    if not pieces:
        return []
    last = pieces[0].row + rows
    return [piece for piece in pieces if piece.row < last]


def join_lines(first: str, second: str) -> str:
    """Two lines of one text: parted by a space, but not after a Chinese character."""
    return first + second if _CJK_EDGE.search(first) else f"{first} {second}"
