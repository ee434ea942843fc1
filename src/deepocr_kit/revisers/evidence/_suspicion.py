"""Tells printed text that talks to a model from text that talks to people."""

from __future__ import annotations

import re

__all__ = ["is_suspicious"]

_WORDS_TO_A_MODEL = re.compile(
    r"\b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+|these\s+)?"
    r"(?:previous|prior|above|earlier|preceding|other|instructions?|system|rules)\b"
    r"|\bsystem\s+prompt\b|\b(?:new|updated)\s+instructions?\b|\byou\s+are\s+(?:now\s+)?an?\s+(?:ai|assistant|llm)\b"
    r"|\b(?:instead|only|always|must)\s+(?:return|output|answer|respond|reply)\b|\bas\s+an\s+ai\b"
    r"|<\|[^|<>]{1,40}\|>|\[/?INST\]|<</?SYS>>"
    r"|(?:忽略|无视|無視)[^。\n]{0,12}(?:指令|指示|以上|之前|上述)|(?:以上|以下|上記|下記)の(?:指示|命令)"
    r"|(?:系统|系統)(?:提示|指令)",
    re.IGNORECASE,
)
"""Every repetition is bounded or over white space that nothing after it matches, so a search is linear."""


def is_suspicious(text: str) -> bool:
    """Whether a printed text reads like an instruction to a model.

    It is a hint, never a defence: such text stays in the document, and a
    value that stands in it alone is not taken as proved.
    """
    return _WORDS_TO_A_MODEL.search(text) is not None
