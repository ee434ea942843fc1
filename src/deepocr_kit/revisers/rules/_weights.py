"""Every number that the score of a labelled value is made of.

Tuned on the half of the benchmark's receipts whose ids end in an even digit;
``python -m benchmarks receipts_fields`` reports the other half. All are factors of a product
that begins with the label's weight, unless they say otherwise.
"""

from __future__ import annotations

__all__ = [
    "BEHIND",
    "BEHIND_OTHER_LABEL",
    "BELOW",
    "BELOW_GAP_MAX",
    "BELOW_GAP_MIN",
    "BELOW_OVERLAP",
    "BELOW_PER_LINE",
    "BELOW_TAKEN",
    "BRACKETED",
    "CROSSING",
    "CROWDED",
    "EDGE_TOLERANCE",
    "GLUED",
    "LABEL_WORD",
    "MARGIN",
    "NOT_EXACT",
    "NOT_PAID",
    "NO_NAME",
    "NO_PROSE",
    "NO_ROUNDING",
    "OTHER_END",
    "OTHER_UNIT",
    "OUTSIDE",
    "OWNED",
    "PAID",
    "PART",
    "PERCENT",
    "REVERSED",
    "RIGHT",
    "RIGHT_PER_LINE",
    "SECOND",
    "SHORT_CODE",
    "SUMMARY",
    "UNROUNDED",
    "ZERO",
]

BEHIND = 1.0
"""In the same piece, behind the label."""
BEHIND_OTHER_LABEL = 0.5
"""The same, with another label between."""
REVERSED = 0.3
"""Before its label, in the same piece or row."""
RIGHT = 0.98
"""In the same row, to the right ..."""
RIGHT_PER_LINE = 0.004
"""... divided by 1 plus this for each height of a line between them."""
BELOW = 0.84
"""In one of the next rows, under the label ..."""
BELOW_PER_LINE = 0.12
"""... divided by 1 plus this for each height of a line between them."""
BELOW_GAP_MIN, BELOW_GAP_MAX = -0.6, 2.5
"""Heights of a line that may lie between label and value below it; rows overlap a little."""
BELOW_OVERLAP = 0.2
"""Least common width of label and value below it, over the smaller width ..."""
EDGE_TOLERANCE = 1.5
"""... unless their left or right edges are within so many heights of a line."""
SECOND = 0.93
"""For each value of the same form between the label and this one."""
BELOW_TAKEN = 0.6
"""Below a label that has a value of the form in its own row."""
OWNED = 0.55
"""A label of another field stands nearer ..."""
MARGIN = 0.004
"""... by more than this in the factor of place."""
PERCENT = 0.3
"""A percentage where the field is no rate."""
OTHER_UNIT = 0.5
"""The label names a unit, the value another."""
OUTSIDE = 0.4
"""A label outside of the block of the party that the field asks for."""
CROSSING = 0.97
"""In the row of one half of the label and under the other half; nothing comes nearer."""
BRACKETED = 0.65
"""A text that stands in brackets as a whole, as remarks about a label do: ``(if any)``."""
CROWDED = 0.85
"""One of several values of one label: one that has a label for itself comes first."""
LABEL_WORD = 0.3
"""A text of a label that is the beginning of a longer one."""
NO_ROUNDING = 0.3
"""A rounding of one unit of money or more."""
PART = 0.5
"""A part of a column whose sum is printed."""
OTHER_END = 0.5
"""The other end of a range of dates than the field asks for."""
GLUED = 0.95
"""A text that nothing parts from its label: perhaps one word."""
NOT_EXACT = 0.86
"""An amount of money without decimals or currency."""
ZERO = 0.5
"""A total that is not above zero."""
SUMMARY = 0.7
"""A total, or an amount that is no tax, in the summary of taxes at the end of a receipt."""
PAID = 1.08
"""A total that a sum gives, such as the money given less the change ..."""
NOT_PAID = 0.8
"""... and one that is not the money given less the change, where both are printed."""
UNROUNDED = 0.8
"""A total before it is rounded to what coins there are."""
SHORT_CODE = 0.75
"""A code of less than four characters."""
NO_PROSE = 0.7
"""A text without letters, or that begins like a number's label (No., Reg.) ..."""
NO_NAME = 0.3
"""... where the field is a company's name."""
