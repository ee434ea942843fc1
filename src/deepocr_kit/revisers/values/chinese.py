"""Chinese numerals: everyday ones, and the capital ones that amounts are written in."""

from __future__ import annotations

import re
from decimal import Decimal

from deepocr_kit.revisers.values.found import Found

__all__ = ["find_capital_amounts", "parse_numeral"]

_DIGITS = {
    char: value
    for value, chars in enumerate(
        ("零〇○Ｏ", "一壹弌", "二贰貳两兩", "三叁參参", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for char in chars
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GROUPS = (("亿億", 10**8), ("万萬", 10**4))
_NUMERAL = "零〇一壹二贰貳两三叁參参四肆五伍六陆陸七柒八捌九玖十拾百佰千仟万萬亿億"
_CAPITAL = "零壹贰貳叁參肆伍陆陸柒捌玖拾佰仟万萬亿億"
MAX_CHARS = 40
"""Longest numeral that is read; trillions with all their units need fewer."""

_AMOUNT = re.compile(
    rf"(?P<sign>[负負] ?)?(?:(?P<whole>[{_CAPITAL}](?: ?[{_NUMERAL}]){{0,{MAX_CHARS}}}) ?[元圆圓](?:整|正)?"
    rf"(?: ?零(?! ?角))?(?: ?(?P<jiao>[{_NUMERAL}]) ?角)?(?: ?零(?! ?分))?(?: ?(?P<fen>[{_NUMERAL}]) ?分)?"
    rf"|(?P<only>[{_CAPITAL}]) ?角(?: ?(?P<cents>[{_NUMERAL}]) ?分)?)(?:整|正)?"
)
"""Yuan with or without jiao and fen, or jiao alone: 伍角整."""


def parse_numeral(text: str) -> int | None:
    """The whole number that a Chinese numeral says, e.g. ``一百二十三`` or ``二〇二四``; None when it is none.

    Units must fall within 万 and 亿, and only a ten may stand without its digit: 壹佰壹佰 and 佰贰 say nothing.
    """
    compact = text.replace(" ", "")
    if not compact or len(compact) > MAX_CHARS:
        return None
    if all(char in _DIGITS for char in compact):
        return int("".join(str(_DIGITS[char]) for char in compact))
    return _spelled(compact)


def _spelled(compact: str) -> int | None:
    """A numeral with its units."""
    for marks, group in _GROUPS:
        at = max(map(compact.rfind, marks))
        if at >= 0:
            above, below = _spelled(compact[:at]), _spelled(compact[at + 1 :]) if compact[at + 1 :] else 0
            if above is None or below is None or max(above, below) >= group:
                return None
            return above * group + below
    return _below_ten_thousand(compact)


def _below_ten_thousand(compact: str) -> int | None:
    total = 0
    digit: int | None = None
    last_unit = 10**4
    for char in compact:
        unit = _UNITS.get(char)
        if unit is None:
            if char not in _DIGITS or digit:
                return None
            digit = _DIGITS[char]
        elif unit >= last_unit or (digit is None and unit > 10):
            return None
        else:
            total += (1 if digit is None else digit) * unit
            digit, last_unit = None, unit
    return total + (digit or 0) if compact else None


def find_capital_amounts(text: str) -> tuple[Found, ...]:
    """Amounts such as 壹佰贰拾叁元肆角伍分, in a folded text."""
    found = []
    for match in _AMOUNT.finditer(text):
        whole = _spelled((match["whole"] or "零").replace(" ", ""))
        jiao, fen = (
            _DIGITS.get(digit or "零") for digit in (match["jiao"] or match["only"], match["fen"] or match["cents"])
        )
        if whole is None or jiao is None or fen is None:
            continue
        value = Decimal(whole) + Decimal(10 * jiao + fen) / 100
        found.append(Found(match.start(), match.end(), match.group(), -value if match["sign"] else value))
    return tuple(found)
