"""Turns the model's Markdown into plain words."""

from __future__ import annotations

import html
import re

from deepocr_kit.documents import RegionLabel

__all__ = ["inline_text", "plain_text"]

_HEADING_LABELS = frozenset({RegionLabel.TITLE, RegionLabel.SECTION_HEADER})
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+", re.MULTILINE)
_BOLD = re.compile(r"\*\*([^*\n]++)\*\*")
_CENTER = re.compile(r"</?center>")
_BREAK = re.compile(r"<br[ ]?/?>", re.IGNORECASE)
_INLINE_TAG = re.compile(r"(</?(?:b|i|sub|sup)>)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain_text(content: str, label: RegionLabel = RegionLabel.TEXT) -> str:
    """The words of a region without marks of Markdown and HTML, in linear time.

    A leading ``#`` is a heading mark only under a heading label: code comments
    and item numbers begin with it too. LaTeX stays as it is.

    Args:
        content: As the model wrote it, without tables.
        label: The region's label.
    """
    text = content
    if label in _HEADING_LABELS and "#" in text:
        text = _HEADING.sub("", text)
    text = inline_text(text)
    if " \n" in text:
        text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return text.strip()


def inline_text(text: str) -> str:
    """``text`` without emphasis, inline tags and entities.

    Only whole pairs of ``<b> <i> <sub> <sup>`` are tags; a lone ``<b>`` or the
    ``<B`` of ``A<B`` is text. A superscript is set off with ``^``, so that
    10<sup>3</sup> does not become 103. Entities are decoded once, and only when
    a semicolon ends them.
    """
    if "<" in text:
        text = _BREAK.sub("\n", _CENTER.sub("", text))
        text = _without_pairs(text)
    if "**" in text:
        text = _BOLD.sub(r"\1", text)
    if "&" in text:
        text = _ENTITY.sub(_decode, text)
    return text


def _without_pairs(text: str) -> str:
    parts = _INLINE_TAG.split(text)  # text, tag, text, tag, ..., text
    open_tags: dict[str, list[int]] = {}
    for index in range(1, len(parts), 2):
        tag = parts[index]
        if tag[1] != "/":
            open_tags.setdefault(tag, []).append(index)
        elif opened := open_tags.get(f"<{tag[2:]}"):
            parts[opened.pop()] = "^" if tag == "</sup>" else ""
            parts[index] = ""
    return "".join(parts)


def _decode(match: re.Match[str]) -> str:
    """One entity; as written when it names no printable character."""
    decoded = html.unescape(match[0])
    return decoded if decoded and decoded != "\ufffd" else match[0]
