"""Pieces of DeepSeek-OCR answers, whole and broken, to be mixed."""

from __future__ import annotations

FRAGMENTS = (
    "<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>", "<|grounding|>", "<｜end▁of▁sentence｜>",
    "<｜begin▁of▁sentence｜>", "<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n",
    "<|ref|>table<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n",
    "<|ref|>image<|/ref|><|det|>[[100, 200, 300, 400]]<|/det|>\n",
    "<|ref|>Total 9.80<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>",
    "<|ref|>table_caption<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n", "text[[1, 2, 3, 4]]\n",
    "table[[9, 9, 1, 1]]", "image[[1, 2, 3, 4], [5, 6, 7, 8]]\n", "image_caption[[100, 410, 300, 420]]\n",
    "odd_label[[0, 0, 1000, 1200]]\n", "title", "text", "[[1, 2, 3, 4]]", "[[119,", "[[", "]]", "[1, 2",
    "- 5, ", "[[550, s 331, 600, 340]]", "[[1, 2, 3]]", "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>",
    "<td rowspan=\"2\">", "<th colspan=3>", "<caption>", "<table><tr><td>a</td><td>b</td></tr></table>",
    "<tr><td>a</td><td>b &amp; c</td></tr>", "</table ", "<br>", "| a | b |\n|---|---|\n| c | d |\n", "|",
    "<b>", "</b>", "A<B", "&lt;", "**", "\n", "\n\n", "  ", "<", "<|", "<|/d", "<--- Page Split --->\n",
    "<--- Pa", "=" * 15 + "\n", "=" * 40, "words" + "=" * 20 + "\n", "BASE:  torch.Size([1, 256, 1280])\n",
    "image size: (1, 2)\n", "image size:  (1, 2)\n", "NO PATCHES\n", "save results",
    "=" * 15 + "save results:" + "=" * 15 + "\n", "word", "总计 12.50", "# ", "\\[ x \\]", "\u2028", "\r\n",
    "\0", "\x85",
)  # fmt: skip

FOREIGN_FRAGMENTS = (
    "<|det|>title [115, 101, 273, 117]<|/det|>", "<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>", "<PAGE>",
    "text[[1, 2, 3, 4]]\n", '{"bbox": [1, 2, 30, 40], "category": "Text", "text": "a"}',
    '{"bbox_2d": [1, 2, 30, 40], "label": "a"}', "```json\n", "[", "]", "{", "}", ", ", '"', "\\", "\\n",
    '"text": "', '"bbox": [1, 2, 3', "```html\n", "```", "\n", "\n\n", "words ",
    '<h2 data-bbox="310 94 658 132">', "</h2>", '<div data-bbox="312 115 786 128" data-label="Page-Header">',
    "</div>", "<p>", '<div class="image" data-bbox="1 2 3 4">', "<img src=x>", "<br>",
    "<table><tr><td>a</td></tr></table>", "<table>", "</td>", "<|TEXT_START|>", "<|TEXT_END|>", "<|LOC_BEGIN|>",
    "<|LOC_12|>", "<|LOC_END|>", "(204,50),(300,80)", "<quad>", "</quad>", "<pFig>", "</pFig>",
    "<|box_start|>149 044 297 058<|box_end|>", "<|ref_start|>type<|ref_end|>", "<|rotate_up|>", "&amp;",
    "<doctag>", "</doctag>", "<text>", "</text>", "<loc_45><loc_261><loc_455><loc_289>", "<loc_9>", "<otsl>",
    "</otsl>", "<fcel>", "<ecel>", "<lcel>", "<nl>", "<picture>", "</picture>", "<caption>", "</caption>",
    "---\n", "primary_language: en\n", "<page_number>3</page_number>", "<watermark>", "</watermark>", "<img>",
    "</img>", "| a | b |\n|---|---|\n| 1 | 2 |\n", "|", "# ", "**", "$$", "\\[", "\\begin{tabular}{ll}",
    "\\end{tabular}", " & ", "\\\\ ", "9999999999", "-1", "NaN", "总计", "\0",
)  # fmt: skip
"""Pieces of the answers of other families."""
