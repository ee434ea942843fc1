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
_GROUPS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_NUMERAL = "零〇一壹二贰貳两三叁參参四肆五伍六陆陸七柒八捌九玖十拾百佰千仟万萬亿億"
_CAPITAL = "零壹贰貳叁參肆伍陆陸柒捌玖拾佰仟万萬亿億"
MAX_CHARS = 40
"""Longest numeral that is read; trillions with all their units need fewer."""

_AMOUNT = re.compile(
    rf"(?P<whole>[{_CAPITAL}](?: ?[{_NUMERAL}]){{0,{MAX_CHARS}}}) ?[元圆圓](?:整|正)?"
    rf"(?: ?零)?(?: ?(?P<jiao>[{_NUMERAL}]) ?角)?(?: ?零)?(?: ?(?P<fen>[{_NUMERAL}]) ?分)?(?:整|正)?"
)


def parse_numeral(text: str) -> int | None:
    """The whole number that a Chinese numeral says, e.g. ``一百二十三`` or ``二〇二四``; None when it is none."""
    compact = text.replace(" ", "")
    if not compact or len(compact) > MAX_CHARS:
        return None
    if all(char in _DIGITS for char in compact):
        return int("".join(str(_DIGITS[char]) for char in compact))
    total = section = 0
    digit: int | None = None
    for char in compact:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[char]
            digit = None
        elif char in _GROUPS:
            total = (total + section + (digit or 0)) * _GROUPS[char]
            section, digit = 0, None
        else:
            return None
    return total + section + (digit or 0)


def find_capital_amounts(text: str) -> tuple[Found, ...]:
    """Amounts such as 壹佰贰拾叁元肆角伍分, in a folded text."""
    found = []
    for match in _AMOUNT.finditer(text):
        whole = parse_numeral(match["whole"])
        if whole is None:
            continue
        cents = 10 * _DIGITS.get(match["jiao"] or "零", 0) + _DIGITS.get(match["fen"] or "零", 0)
        value = Decimal(whole) + Decimal(cents) / 100
        found.append(Found(match.start(), match.end(), match.group(), value))
    return tuple(found)
