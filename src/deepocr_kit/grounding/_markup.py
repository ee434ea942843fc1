"""The markup of DeepSeek-OCR answers."""

from __future__ import annotations

import re
from enum import Enum

__all__ = [
    "CONSOLE_WORDS",
    "MARK",
    "NOISY_MARK",
    "TOKEN",
    "TOKENS",
    "WHOLE_TAG",
    "Token",
    "cut_token_at",
    "is_console_line",
    "is_rule",
    "rule_start",
]


class Token(Enum):
    """Special tokens, and the separator that the official PDF script writes between pages.

    Source: ``process/image_process.py:168`` and ``run_dpsk_ocr_pdf.py:296`` of
    deepseek-ai/DeepSeek-OCR@e4ac34e. The bars of the end token are U+FF5C, its blanks U+2581.
    """

    REF_OPEN = "<|ref|>"
    REF_CLOSE = "<|/ref|>"
    DET_OPEN = "<|det|>"
    DET_CLOSE = "<|/det|>"
    GROUNDING = "<|grounding|>"
    BEGIN = "<｜begin▁of▁sentence｜>"
    END = "<｜end▁of▁sentence｜>"
    PAGE_SPLIT = "<--- Page Split --->"


_RULE_MIN_CHARS = 15
"""Shortest run of ``=`` that the Hugging Face code prints (around ``save results``)."""

TOKEN = re.compile(r"<(?:\|(?:/?(?:ref|det)|grounding)\|>|｜(?:begin|end)▁of▁sentence｜>|--- Page Split --->)")
"""Any token. Its one ``<`` in front makes the search quick over text that is full of HTML."""

TOKENS = {token.value: token for token in Token}
"""The token for what ``TOKEN`` has found; a look-up here costs a tenth of ``Token(...)``."""

WHOLE_TAG = re.compile(
    r"(?:<\|ref\|>([^<\n]{1,200}+)<\|/ref\|><\|det\|>|([a-z][a-z0-9_]{0,39}+))"
    r"\[\[(\d{1,4}), ?(\d{1,4}), ?(\d{1,4}), ?(\d{1,4})\]\](?(1)<\|/det\|>)(?=\n)"
)
"""A well-formed tag with one box that has its line to itself, with tokens or without: nearly all tags of real answers.
What it matches means the same when it is read token by token; this is the short way. Its groups are the words of a
``ref``, or a label without tokens, and the four numbers."""

_RULE = "=" * _RULE_MIN_CHARS

MARK = re.compile(f"{TOKEN.pattern}|\\[\\[|{_RULE}")
"""What makes a line worth a closer look. Literal alternatives only: it cannot backtrack."""

CONSOLE_WORDS = (
    "BASE:",
    "PATCHES",
    "image size:",
    "valid image tokens:",
    "output texts tokens (valid):",
    "compression ratio:",
    "save results",
)
"""Begin the lines that ``infer()`` of the Hugging Face model code prints around an answer."""

NOISY_MARK = re.compile("|".join((MARK.pattern, *map(re.escape, CONSOLE_WORDS))))
"""``MARK`` for text in which a console word occurs."""

_CONSOLE_LINE = re.compile(
    r"(?:(?:BASE|PATCHES):[ ]{1,9}torch\.Size\(\[[\d, ]{1,99}\]\)|NO PATCHES|image size:[ ]{1,9}\(\d{1,9}, \d{1,9}\)"
    r"|valid image tokens:[ ]{1,9}\d{1,9}|output texts tokens \(valid\):[ ]{1,9}\d{1,9}"
    r"|compression ratio:[ ]{1,9}[\d.]{1,20}|={5,99}save results:?={5,99})"
)
_SURE_WORDS = ("torch.Size(", ":  ", "=save results")
"""Tell a printed line from a line of a page: ``print("image size: ", ...)`` leaves two blanks."""

_CUT_MIN_CHARS = {Token.PAGE_SPLIT: 5}
"""``<-`` at the end of an answer may well be text; ``<|`` and ``<｜`` may not."""


def is_console_line(line: str, *, in_block: bool) -> bool:
    """Whether the Hugging Face code printed this line.

    Args:
        line: One line.
        in_block: Whether it stands right after a rule or another such line; else only a line that
            cannot be text of a page counts.
    """
    stripped = line.strip()
    return _CONSOLE_LINE.fullmatch(stripped) is not None and (in_block or any(word in stripped for word in _SURE_WORDS))


def is_rule(line: str) -> bool:
    """Whether the line is nothing but a run of ``=`` as long as the code prints."""
    stripped = line.strip()
    return len(stripped) >= _RULE_MIN_CHARS and not stripped.strip("=")


def rule_start(line: str) -> int | None:
    """Where a rule of ``=`` that ends the line begins; None when there is none."""
    body = line.rstrip()
    start = len(body.rstrip("="))
    return start if len(body) - start >= _RULE_MIN_CHARS else None


def cut_token_at(text: str) -> int | None:
    """Where a token begins that the end of ``text`` cuts off; None when the end is whole."""
    start = text.rfind("<", max(len(text) - max(len(token.value) for token in Token), 0))
    tail = text[start:] if start >= 0 else ""
    cut = any(token.value.startswith(tail) and len(tail) >= _CUT_MIN_CHARS.get(token, 2) for token in Token)
    return start if cut and tail not in (token.value for token in Token) else None
