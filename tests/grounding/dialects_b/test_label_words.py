"""Every word that a family is documented to use maps to a label, and is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from deepocr_kit.documents import IssueCode, RegionLabel
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import OcrTask, dialect_named

# seen in answers of DeepSeek-OCR, OCR-2 and Unlimited-OCR, and mapped by docling (docling/utils/deepseekocr_utils.py)
DEEPSEEK = {
    "title": "title", "sub_title": "section_header", "text": "text", "image": "picture", "figure": "picture",
    "equation": "formula", "table": "table", "image_caption": "caption", "table_caption": "caption",
    "figure_caption": "caption", "figure_title": "caption", "table_title": "caption", "table_footnote": "footnote",
    "header": "page_header", "footer": "page_footer", "page_number": "page_footer", "list": "list_item",
    "chart": "chart", "seal": "seal",
}  # fmt: skip
# BlockType in mineru_vl_utils/structs.py of mineru-vl-utils 2.0.7
MINERU = {
    "text": "text", "title": "section_header", "table": "table", "image": "picture", "code": "code",
    "algorithm": "code", "header": "page_header", "footer": "page_footer", "page_number": "page_footer",
    "page_footnote": "footnote", "aside_text": "text", "equation": "formula", "equation_block": "formula",
    "ref_text": "reference", "list": "list_item", "phonetic": "text", "table_caption": "caption",
    "image_caption": "caption", "code_caption": "caption", "table_footnote": "footnote",
    "image_footnote": "footnote", "unknown": "other", "abstract": "text", "index": "document_index",
    "image_block": "picture", "chart": "chart", "doc_title": "title", "paragraph_title": "section_header",
    "formula_number": "formula", "list_item": "list_item", "caption": "caption", "footnote": "footnote",
}  # fmt: skip
# id2label of PP-DocLayoutV3 in glmocr/config.yaml of zai-org/GLM-OCR@1c6bb76; PaddleOCR-VL runs the same layout model
PP_DOCLAYOUT = {
    "abstract": "text", "algorithm": "code", "aside_text": "text", "chart": "chart", "content": "document_index",
    "display_formula": "formula", "doc_title": "title", "figure_title": "caption", "footer": "page_footer",
    "footer_image": "picture", "footnote": "footnote", "formula_number": "formula", "header": "page_header",
    "header_image": "picture", "image": "picture", "inline_formula": "formula", "number": "page_footer",
    "paragraph_title": "section_header", "reference": "reference", "reference_content": "reference", "seal": "seal",
    "table": "table", "text": "text", "vertical_text": "text", "vision_footnote": "footnote",
}  # fmt: skip
# _normalize_category in train_verl/reward/task_scorers/layout.py of Tencent-Hunyuan/HunyuanOCR@40b26e2
HUNYUAN = {
    "title": "title", "section_title": "section_header", "para_title": "section_header", "heading": "section_header",
    "text": "text", "paragraph": "text", "para": "text", "paragraph_span": "text", "table": "table",
    "figure": "picture", "image": "picture", "chart": "chart", "formula": "formula", "equation": "formula",
    "caption": "caption", "list": "list_item", "header": "page_header", "footer": "page_footer",
    "footnote": "footnote", "page_number": "page_footer", "table_of_contents": "document_index", "code": "code",
}  # fmt: skip
# DocumentToken in docling_core/types/doc/tokens.py of docling-core 2.104
DOCTAGS = {
    "title": "title", "section_header_level_1": "section_header", "section_header_level_6": "section_header",
    "text": "text", "paragraph": "text", "list_item": "list_item", "caption": "caption", "footnote": "footnote",
    "formula": "formula", "page_header": "page_header", "page_footer": "page_footer", "picture": "picture",
    "chart": "chart", "otsl": "table", "document_index": "document_index", "code": "code",
    "checkbox_selected": "checkbox_selected", "checkbox_unselected": "checkbox_unselected",
    "form": "key_value_region", "key_value_region": "key_value_region", "reference": "reference", "smiles": "other",
    "handwritten_text": "text",
}  # fmt: skip
# the categories of prompt_layout_all_en in dots_ocr/utils/prompts.py of rednote-hilab/dots.ocr
DOTS = {
    "Caption": "caption", "Footnote": "footnote", "Formula": "formula", "List-item": "list_item",
    "Page-footer": "page_footer", "Page-header": "page_header", "Picture": "picture",
    "Section-header": "section_header", "Table": "table", "Text": "text", "Title": "title",
}  # fmt: skip
# the labels that ocr_layout lists in chandra/prompts.py of datalab-to/chandra; the last four since Chandra 2
CHANDRA = {
    "Caption": "caption", "Footnote": "footnote", "Equation-Block": "formula", "List-Group": "list_item",
    "Page-Header": "page_header", "Page-Footer": "page_footer", "Image": "picture", "Section-Header": "section_header",
    "Table": "table", "Text": "text", "Complex-Block": "text", "Code-Block": "code", "Form": "key_value_region",
    "Table-Of-Contents": "document_index", "Figure": "picture", "Chemical-Block": "formula", "Diagram": "picture",
    "Bibliography": "reference", "Blank-Page": "other",
}  # fmt: skip
# the classes of QwenVL HTML: arXiv 2502.13923, section 2.2.1
QWEN = {
    "image": "picture", "image caption": "picture", "image_ocr": "picture", "formula": "formula", "chart": "chart",
    "formula.machine_printed": "formula", "formula.handwritten": "formula", "music sheet": "other",
    "chemical formula": "formula", "code": "code", "header": "page_header", "footer": "page_footer",
}  # fmt: skip
# the tags that the prompt of nanonets/Nanonets-OCR-s names, and those that its answers hold besides
NANONETS = {
    "img": "picture", "watermark": "other", "page_number": "page_footer", "signature": "other", "logo": "picture",
    "header": "page_header", "footer": "page_footer",
}  # fmt: skip

FAMILIES: dict[str, tuple[dict[str, str], Callable[[str], str]]] = {
    "deepseek-ocr": (DEEPSEEK, lambda word: f"<|ref|>{word}<|/ref|><|det|>[[1, 2, 300, 40]]<|/det|>\nTotal"),
    "unlimited-ocr": (DEEPSEEK, lambda word: f"<|det|>{word} [1, 2, 300, 40]<|/det|>Total"),
    "mineru2.5": (MINERU, lambda word: f"<|box_start|>1 2 300 40<|box_end|><|ref_start|>{word}<|ref_end|>"),
    "paddleocr-vl": (
        PP_DOCLAYOUT,
        lambda word: json.dumps({"block_bbox": [1, 2, 300, 40], "block_label": word, "block_content": "Total"}),
    ),
    "glm-ocr": (
        PP_DOCLAYOUT,
        lambda word: json.dumps([[{"bbox_2d": [1, 2, 300, 40], "native_label": word, "content": "Total"}]]),
    ),
    "hunyuan-ocr": (
        HUNYUAN,
        lambda word: f"Total<hy-meta><layout>{word}</layout><quad>(1,2),(300,40)</quad></hy-meta>",
    ),
    "doctags": (DOCTAGS, lambda word: f"<{word}><loc_1><loc_2><loc_300><loc_40>Total</{word}>"),
    "dots-ocr": (DOTS, lambda word: json.dumps([{"bbox": [1, 2, 300, 40], "category": word, "text": "Total"}])),
    "chandra-1": (CHANDRA, lambda word: f'<div data-bbox="[1, 2, 300, 40]" data-label="{word}">Total</div>'),
    "chandra-2": (CHANDRA, lambda word: f'<div data-bbox="1 2 300 40" data-label="{word}">Total</div>'),
    "qwen2.5-vl": (QWEN, lambda word: f'<div class="{word}" data-bbox="1 2 300 40">Total</div>'),
    "qwen3-vl": (QWEN, lambda word: f'<div class="{word}" data-bbox="1 2 300 40">Total</div>'),
    "nanonets": (NANONETS, lambda word: f"<{word}>Total</{word}>"),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_every_documented_word_has_a_label_and_is_kept(name: str) -> None:
    words, answer = FAMILIES[name]
    for word, label in words.items():
        parsed = dialect_named(name).parse(answer(word), size=Size(1000, 1400))

        assert [(region.raw_label, region.label) for region in parsed.regions] == [(word, RegionLabel(label))], word
        assert IssueCode.UNKNOWN_LABEL not in [issue.code for issue in parsed.issues], word


def test_the_words_of_a_prompt_are_all_of_them() -> None:
    dots = re.search(r"categories are \[(.*?)\]", dialect_named("dots-ocr").prompt(OcrTask.DOCUMENT))
    chandra = re.findall(r"^- ([A-Z]\S*)$", dialect_named("chandra-2").prompt(OcrTask.DOCUMENT), re.MULTILINE)

    assert dots is not None
    assert set(re.findall(r"'(.*?)'", dots[1])) == set(DOTS)
    assert set(chandra) == set(CHANDRA)
