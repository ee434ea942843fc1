"""Reads the tags and the words of HTML as models write it, without losing a ``<`` that is text."""

from __future__ import annotations

import html
import re

from deepocr_kit.documents import Issue, IssueCode, RegionLabel, Severity, Table, TextFormat
from deepocr_kit.grounding._content import Content
from deepocr_kit.grounding._plain_text import inline_text
from deepocr_kit.grounding.tables import find_tables, parse_html_table

__all__ = ["TAG", "VOID_TAGS", "attributes_of", "read_html"]

VOID_TAGS = frozenset({"br", "hr", "img", "input"})
"""Tags that have no closer."""

_NAMES = (
    "html|head|body|main|section|article|header|footer|nav|aside|div|p|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|"
    "td|th|caption|colgroup|col|figure|figcaption|blockquote|center|pre|code|style|br|hr|img|input|label|select|option|"
    "textarea|form|a|span|b|i|u|s|del|ins|strong|em|small|big|sup|sub|math|chem|mark|font"
)
_NO_TAG = rf"<(?!/?(?:{_NAMES})[\s>/\"'])"
_VALUE = rf"(?>\"(?>[^\"<]{{1,9999}}+|{_NO_TAG}){{0,99}}+\"|'(?>[^'<]{{1,9999}}+|{_NO_TAG}){{0,99}}+'|[^\s\"'<>]*+)"
_ATTRIBUTE = rf"[^\s\"'<>=/]++(?>\s*+=\s*+{_VALUE})?+"
TAG = re.compile(
    rf"<(?P<close>/?)(?P<name>{_NAMES})(?P<attributes>(?>\s++(?>{_ATTRIBUTE})?+)*+(?P<odd>[\s\"'][^<>]{{0,500}}+)?+)/?>",
    re.IGNORECASE,
)
"""A tag of the allow-list; every other ``<`` is text. Cannot backtrack over more than one tag.

No value of an attribute holds another tag: where a quote is missing, the tag ends at its ``>``, and the text behind it
stays text. What is no proper attribute, such as that quote, stands in ``odd``."""

_NOT_OF_TABLES = re.compile(
    r"<(?!br[ ]?/?>|/?(?:(?:b|i|sub|sup)>|(?i:table|thead|tbody|tfoot|tr|td|th|caption)(?:\s[^<>]*+)?>))[/A-Za-z]"
)
"""What may be another tag than those that the table reader knows as they stand."""

_PAIR = re.compile(r"([^\s\"'<>=/]++)(?>\s*+=\s*+(?>\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>]++)))?+")
_KEPT_INLINE = frozenset({"b", "i", "sub", "sup", "br"})
_TABLE_TAGS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
_INLINE = frozenset(
    {
        "a",
        "span",
        "u",
        "s",
        "del",
        "ins",
        "strong",
        "em",
        "small",
        "big",
        "code",
        "mark",
        "font",
        "label",
        "math",
        "chem",
    }
)
_SPACES = re.compile(r"[ \t\r\n]+")
_BLANKS = re.compile(r"[ ]{2,}")
_EDGES = re.compile(r"[ \t]*\n[ \t\n]*")
_MATH = re.compile(r"<math(?:\s[^<>]{0,200}+)?>((?:[^<]++|<(?!/?+math))*+)</math>", re.IGNORECASE)
_WRAPPED_MATH = re.compile(r"(?:<(?:p|div)>\s*+)?<math", re.IGNORECASE)
_CHECKED = "\N{BALLOT BOX WITH CHECK} "
_UNCHECKED = "\N{BALLOT BOX} "


def attributes_of(tag: re.Match[str]) -> dict[str, str]:
    """The attributes of a ``TAG`` match, names in lower case, entities decoded; of two alike the first."""
    found: dict[str, str] = {}
    for pair in _PAIR.finditer(tag["attributes"]):
        found.setdefault(pair[1].lower(), html.unescape(pair[2] or pair[3] or pair[4] or ""))
    return found


def read_html(content: str, label: RegionLabel) -> Content:
    """Read a region's HTML in linear time. Never raises.

    The first table becomes the grid. Block tags become line breaks, pictures their description, check boxes ☐ and
    ☑, math its LaTeX.

    Args:
        content: As the model wrote it.
        label: The region's label.
    """
    if label is RegionLabel.FORMULA:
        return Content(_latex(content), TextFormat.LATEX)
    if TAG.search(content) is None:
        return Content(inline_text(content).strip(), TextFormat.PLAIN)
    texts: list[str] = []
    grid: Table | None = None
    tables = 0
    issues: list[Issue] = []
    keep_space = label is RegionLabel.CODE
    position = 0
    said: set[str] = set()
    for start, end in find_tables(content):
        if start > position:
            texts.append(_words(content[position:start], keep_space=keep_space))
        html = content[start:end]
        if _NOT_OF_TABLES.search(html) is not None:
            html = TAG.sub(_in_table, html)
        parsed = parse_html_table(html, with_grid=grid is None, said=said)
        texts.append(parsed.text)
        grid = grid or parsed.table
        tables += bool(parsed.text)
        for issue in parsed.issues:
            said.add(issue.message)  # once a region: a thousand tables need no thousand remarks
            issues.append(issue if issue.offset == start else issue.model_copy(update={"offset": start}))
        position = end
    texts.append(_words(content[position:], keep_space=keep_space))
    if tables > 1:
        message = f"the region holds {tables} tables; only the first became a grid"
        issues.append(Issue(code=IssueCode.MALFORMED_TABLE, severity=Severity.WARNING, message=message, offset=0))
    text = "\n".join(filter(None, texts))
    return Content(text, TextFormat.HTML, grid, tuple(issues))


def _latex(content: str) -> str:
    """The LaTeX of a formula: what stands in its ``math`` tags, else its words."""
    found = _MATH.findall(content) if _WRAPPED_MATH.match(content) else []
    return "\n".join(html.unescape(part).strip() for part in found) or _words(content, keep_space=True)


def _words(content: str, *, keep_space: bool) -> str:
    text = content if keep_space or "<pre" in content.lower() else _SPACES.sub(" ", content)
    text = inline_text(TAG.sub(_as_text, text))
    return text.strip() if keep_space else _EDGES.sub("\n", _BLANKS.sub(" ", text)).strip()


def _shown(tag: re.Match[str], name: str) -> str | None:
    """What a tag shows by itself."""
    if name == "img":
        return html.escape(attributes_of(tag).get("alt", ""), quote=False)
    if name == "input":
        facts = attributes_of(tag)
        if facts.get("type", "").lower() in ("checkbox", "radio"):
            return _CHECKED if "checked" in facts else _UNCHECKED
        return html.escape(facts.get("value", ""), quote=False)
    return None


def _as_text(tag: re.Match[str]) -> str:
    """The tag as plain text."""
    name = tag["name"].lower()
    shown = _shown(tag, name)
    if shown is not None:
        return shown
    if name in _KEPT_INLINE:
        return f"<{tag['close']}{name}>"
    if name in ("td", "th"):
        return " "
    return "" if name in _INLINE else "\n"


def _in_table(tag: re.Match[str]) -> str:
    """The tag as the table reader knows it."""
    name = tag["name"].lower()
    if name in _TABLE_TAGS:
        return tag[0]
    shown = _shown(tag, name)
    if shown is not None:
        return shown
    if name in _KEPT_INLINE:
        return f"<{tag['close']}{name}>"
    return "" if name in _INLINE or not tag["close"] else "<br>"
