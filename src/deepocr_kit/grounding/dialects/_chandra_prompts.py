"""The prompts of Chandra, byte for byte.

Source: ``chandra/prompts.py`` of datalab-to/chandra: version 0.1 of chandra-ocr for the first model (commit 282e09a),
version 0.2 for the second. Copyright Endless Labs (Datalab), Apache License 2.0; the models' own licence is
another one. The models were trained with exactly these words.
"""

from __future__ import annotations

from deepocr_kit.grounding.dialect import OcrTask

__all__ = ["PROMPTS_1", "PROMPTS_2"]

_TAGS = (
    "math br i b u del sup sub table tr td p th div pre h1 h2 h3 h4 h5 ul ol li input a span img hr tbody small "
    "caption strong thead big code"
)
_ATTRIBUTES = "class colspan rowspan display checked type border value style href alt align"
_LABELS = (
    "Caption Footnote Equation-Block List-Group Page-Header Page-Footer Image Section-Header Table Text Complex-Block "
    "Code-Block Form Table-Of-Contents Figure"
)

_ENDING = (
    "Only use these tags {tags}, and these attributes {attributes}.\n"
    "\n"
    "Guidelines:\n"
    "* Inline math: Surround math with <math>...</math> tags. Math expressions should be rendered in "
    "KaTeX-compatible LaTeX. Use display for block math.\n"
    "* Tables: Use colspan and rowspan attributes to match table structure.\n"
    "* Formatting: Maintain consistent formatting with the image, including spacing, indentation, "
    "subscripts/superscripts, and special characters.\n"
    "* Images: Include a description of any images in the alt attribute of an <img> tag. Do not fill out the "
    "src property.{more_images}\n"
    "* Forms: Mark checkboxes and radio buttons properly.\n"
    "* Text: join lines together properly into paragraphs using <p>...</p> tags.  Use <br> tags for line "
    "breaks within paragraphs, but only when absolutely necessary to maintain meaning.\n"
    "{more_rules}* Use the simplest possible HTML structure that accurately represents the content of the "
    "block.\n"
    "* Make sure the text is accurate and easy for a human to read and interpret.  Reading order should be "
    "correct and natural."
)
_LAYOUT = (
    "OCR this image to HTML, arranged as layout blocks.  Each layout block should be a div with the "
    "data-bbox attribute representing the bounding box of the block in {form} format.  Bboxes are normalized "
    "0-{scale}. The data-label attribute is the label for the block.\n"
    "\n"
    "Use the following labels:\n"
    "{labels}\n"
    "\n"
    "{ending}"
)
_MORE_IMAGES = (
    " Describe in detail inside the div tag. Also convert charts to high fidelity data, and convert diagrams "
    "to mermaid."
)
_MORE_RULES = (
    "* Chemistry: Use <chem>...</chem> tags for chemical formulas with reactive SMILES.\n"
    "* Lists: Preserve indents and proper list markers.\n"
)


def _prompts(ending: str, labels: str, form: str, scale: int) -> dict[OcrTask, str]:
    bullets = "\n".join(f"- {label}" for label in labels.split())
    return {
        OcrTask.DOCUMENT: _LAYOUT.format(form=form, scale=scale, labels=bullets, ending=ending),
        OcrTask.FREE: f"OCR this image to HTML.\n\n{ending}",
    }


def _ending(tags: str, attributes: str, more_images: str = "", more_rules: str = "") -> str:
    return _ENDING.format(
        tags=tags.split(), attributes=attributes.split(), more_images=more_images, more_rules=more_rules
    )


PROMPTS_1: dict[OcrTask, str] = _prompts(_ending(_TAGS, _ATTRIBUTES), _LABELS, "[x0, y0, x1, y1]", 1024)
"""Of the first model: ``ocr_layout`` and ``ocr``."""

PROMPTS_2: dict[OcrTask, str] = _prompts(
    _ending(f"{_TAGS} chem", f"{_ATTRIBUTES} data-bbox data-label", _MORE_IMAGES, _MORE_RULES),
    f"{_LABELS} Chemical-Block Diagram Bibliography Blank-Page",
    "x0 y0 x1 y1",
    1000,
)
"""Of the second model."""
