"""Takes a Markdown answer apart into blocks: headings, paragraphs, lists, tables, formulas, pictures."""

from __future__ import annotations

import re

from deepocr_kit.documents import IssueCode, RegionLabel, Severity, TextFormat
from deepocr_kit.grounding._content import Content
from deepocr_kit.grounding._latex_table import parse_latex_table
from deepocr_kit.grounding._plain_text import inline_text, plain_text
from deepocr_kit.grounding.dialects._answer import Answer, label_of
from deepocr_kit.grounding.dialects._frames import Frame, FramedBox, read_numbers
from deepocr_kit.grounding.markdown_tables import find_markdown_tables
from deepocr_kit.grounding.tables import find_tables

__all__ = ["ATOM", "HTML_TABLE", "SEMANTIC", "WRAPPER", "MarkdownReader", "read_markdown_blocks"]

SEMANTIC = "watermark|page_number|signature|logo|img|header|footer"
_WORDS = {
    "watermark": RegionLabel.OTHER,
    "signature": RegionLabel.OTHER,
    "logo": RegionLabel.PICTURE,
    "img": RegionLabel.PICTURE,
}
ATOM = re.compile(
    rf"<(?P<tag>{SEMANTIC})>(?P<inside>(?:[^<]++|<(?!/?(?P=tag)>))*+)</?(?P=tag)>"
    r"|<!--[ \t]*+(?P<kind>[A-Za-z]{1,20}+)[ \t]*+\((?P<box>[-\d., \t]{1,80}+)\)[ \t]*+-->"
    r"|!\[(?P<alt>(?:[^\[\]\n]++|\[[^\[\]\n]{0,200}+\])*+)\]\([^()\n]*+\)"
    r"|\$\$(?P<dollars>(?:[^$]++|\$(?!\$))*+)\$\$|\\\[(?P<brackets>(?:[^\\]++|\\(?![\[\]]))*+)\\\]"
    r"|\\begin\{(?P<env>tabular|table|longtable)(?P<star>\*?)\}"
    r"(?:[^\\]++|\\(?!(?:begin|end)\{(?P=env)))*+\\end\{(?P=env)(?P=star)\}"
    r"|^[ ]{0,3}(?P<fence>```|~~~)[^`\n]{0,60}+\n"
    r"(?P<code>(?:(?![ ]{0,3}(?P=fence))[^\n]*+(?:\n|\Z))*+)(?P<closer>[ ]{0,3}(?P=fence))?+"
    r"|(?P<noise><\|[a-z_]{2,40}+\|>|</s>)",
    re.MULTILINE,
)
HTML_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
WRAPPER = re.compile(r"\s*+```(?:markdown|md|html)?[ \t]*+(?:\n|\Z)")
_WRAPPER_END = re.compile(r"\n?```\s*\Z")
_MARKED = re.compile(r"\s{0,20}[-*+•_#\[☐☑☒\d]")
"""What a line begins with that may be more than text: one look instead of four."""

_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+\S")
_RULE = re.compile(r"[ ]{0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*")
_ITEM = re.compile(r"\s{0,20}(?:(?P<bullet>[-*+•])|\d{1,3}[.)])[ \t]+(?=\S)")
_BOX_MARK = re.compile(r"\s{0,20}(?:[-*+][ \t]+)?(?:\[(?P<cross>[ xX])\]|(?P<sign>[☐☑☒]))[ \t]*")
_ANY_BOX = re.compile(r"\[[ xX]\]|[☐☑☒]")


def read_markdown_blocks(answer: Answer, start: int = 0, end: int | None = None, *, frame: Frame | None = None) -> None:
    """Add a region for every block of a stretch of the answer, in linear time.

    Nanonets' ``<watermark>``, ``<page_number>``, ``<signature>`` and ``<img>`` and Qwen's
    ``<!-- Image (x, y, x, y) -->`` are blocks of their own wherever they stand; the comment's box goes to
    the table that follows it.

    Args:
        answer: Takes the regions and issues.
        start: Where to begin in the raw text.
        end: Where to end; the end of the answer by default.
        frame: Of boxes in comments.
    """
    text = answer.raw_text
    end = len(text) if end is None else end
    wrapper = WRAPPER.match(text, start, end)
    if wrapper is not None:
        start = wrapper.end()
        closer = _WRAPPER_END.search(text, max(start, end - 64), end)
        end = end if closer is None else closer.start()
    reader = MarkdownReader(answer, frame)
    reader.read(start, end)
    reader.flush_box()


class MarkdownReader:
    """Reads stretches one after the other.

    Args:
        answer: Takes the regions and issues.
        frame: Of boxes in comments; None leaves them out.
    """

    def __init__(self, answer: Answer, frame: Frame | None) -> None:
        self._answer = answer
        self._text = answer.raw_text
        self._frame = frame
        self._placed: tuple[re.Match[str], FramedBox] | None = None
        self._block: list[int] = []
        self._is_item = False

    def read(self, start: int, end: int) -> None:
        """Add the blocks from ``start`` to ``end``; a comment with a box waits for its block."""
        position = start
        text = self._text[start:end]
        tables = find_tables(text) if HTML_TABLE.search(text) else ()
        for table_start, table_end in tables:
            self._stretch(position, start + table_start)
            self._add(start + table_start, start + table_end, RegionLabel.TABLE)
            position = start + table_end
        self._stretch(position, end)

    @property
    def comment_at(self) -> int | None:
        """Where the comment stands whose block has not come yet."""
        return None if self._placed is None else self._placed[0].start()

    def _stretch(self, start: int, end: int) -> None:
        """A stretch without HTML tables."""
        position = start
        for atom in ATOM.finditer(self._text, start, end):
            self._lines(position, atom.start())
            self._atom(atom)
            position = atom.end()
        self._lines(position, end)

    def _atom(self, atom: re.Match[str]) -> None:
        if atom["kind"] is not None:
            self._comment(atom)
        elif atom["tag"] is not None:
            self._semantic(atom)
        elif atom["alt"] is not None:
            self._add(atom.start(), atom.end(), RegionLabel.PICTURE, text=inline_text(atom["alt"]).strip())
        elif atom["env"] is not None:
            parsed = parse_latex_table(atom[0])
            read = Content(parsed.text, TextFormat.LATEX, parsed.table, parsed.issues)
            self._add(atom.start(), atom.end(), RegionLabel.TABLE, read=read)
        elif atom["fence"] is not None:
            code = atom["code"].rstrip("\n")
            if not atom["closer"]:
                message = "a code fence is not closed; it ends where the answer ends"
                self._answer.note(IssueCode.UNCLOSED_TAG, Severity.WARNING, message, atom.start())
            self._add(atom.start(), atom.end(), RegionLabel.CODE, text=code)
        elif atom["noise"] is None:
            self._add(atom.start(), atom.end(), RegionLabel.FORMULA, text=atom[0])

    def _semantic(self, atom: re.Match[str]) -> None:
        self.flush_box()
        inside, at = atom["inside"], atom.start("inside")
        content = inside.strip()
        self._answer.region(
            atom.span(),
            atom["tag"],
            needs_box=False,
            content=content,
            content_at=at + len(inside) - len(inside.lstrip()),
            label=_WORDS.get(atom["tag"]) or label_of(atom["tag"]),
        )

    def _comment(self, atom: re.Match[str]) -> None:
        """A box: of the table that follows, or of a picture."""
        self.flush_box()
        framed = FramedBox(None) if self._frame is None else self._frame.box(read_numbers(atom["box"]))
        self._placed = (atom, framed)
        if atom["kind"].lower() not in ("table", "formula", "equation", "code"):
            self.flush_box()

    def flush_box(self) -> None:
        """A comment that no block followed is a region without content."""
        placed, self._placed = self._placed, None
        if placed is not None:
            atom, framed = placed
            self._answer.region(atom.span(), atom["kind"], boxes=(framed,), needs_box=False)

    def _add(
        self, start: int, end: int, label: RegionLabel, *, text: str | None = None, read: Content | None = None
    ) -> None:
        """Add a block; the box of a comment right before it is its own."""
        raw = self._text[start:end]
        content = raw.strip()
        at = start + len(raw) - len(raw.lstrip())
        if text is not None:
            form = TextFormat.LATEX if label is RegionLabel.FORMULA else TextFormat.MARKDOWN
            read = Content(text, form)
        placed, self._placed = self._placed, None
        boxes: tuple[FramedBox, ...] = ()
        begin, word = at, ""
        if placed is not None:
            boxes, begin, word = (placed[1],), placed[0].start(), placed[0]["kind"]
            label = label_of(word) or label
        self._answer.region(
            (begin, at + len(content)),
            word,
            boxes=boxes,
            needs_box=False,
            content=content,
            content_at=at,
            label=label,
            read=read,
        )

    def _lines(self, start: int, end: int) -> None:
        """A stretch of plain Markdown."""
        position = start
        stretch = self._text[start:end]
        tables = find_markdown_tables(stretch) if "|" in stretch else ()
        for table_start, table_end in tables:
            self._paragraphs(position, start + table_start)
            self._add(start + table_start, start + table_end, RegionLabel.TABLE)
            position = start + table_end
        self._paragraphs(position, end)

    def _paragraphs(self, start: int, end: int) -> None:
        offset = start
        for line in self._text[start:end].splitlines(keepends=True):
            stop = offset + len(line)
            bare = line.rstrip()
            if bare and not _MARKED.match(bare):
                self._block = [self._block[0] if self._block else offset, stop]
            elif not bare or _RULE.fullmatch(bare):
                self._flush()
            elif (heading := _HEADING.match(bare)) is not None:
                self._flush()
                label = RegionLabel.TITLE if heading[1] == "#" else RegionLabel.SECTION_HEADER
                self._add(offset, stop, label)
            elif (item := _ITEM.match(bare)) or _BOX_MARK.match(bare):
                self._flush()
                self._block = [offset, stop]
                # several check boxes on one line are text
                self._is_item = item is not None or len(_ANY_BOX.findall(bare)) == 1
            else:
                self._block = [self._block[0] if self._block else offset, stop]
            offset = stop
        self._flush()

    def _flush(self) -> None:
        """Add the paragraph or list item that is open."""
        block, is_item = self._block, self._is_item
        self._block, self._is_item = [], False
        if not block:
            return
        start, end = block
        if not is_item:
            self._add(start, end, RegionLabel.TEXT)
            return
        content = self._text[start:end].strip()
        mark = _BOX_MARK.match(content)
        item = _ITEM.match(content)
        if mark is not None and len(_ANY_BOX.findall(content)) == 1:
            checked = (mark["cross"] or "") in "xX" if mark["sign"] is None else mark["sign"] != "☐"
            label = RegionLabel.CHECKBOX_SELECTED if checked else RegionLabel.CHECKBOX_UNSELECTED
            self._add(start, end, label, text=plain_text(content[mark.end() :]))
        else:
            body = content[item.end() :] if item is not None and item["bullet"] else content
            self._add(start, end, RegionLabel.LIST_ITEM, text=plain_text(body))
