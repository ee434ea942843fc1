"""The labels of the layout model that GLM-OCR and PaddleOCR-VL are run with."""

from __future__ import annotations

from deepocr_kit.documents import RegionLabel

__all__ = ["PP_DOCLAYOUT_LABELS"]

PP_DOCLAYOUT_LABELS = {
    "abstract": RegionLabel.TEXT,
    "algorithm": RegionLabel.CODE,
    "aside_text": RegionLabel.TEXT,
    "content": RegionLabel.DOCUMENT_INDEX,
    "display_formula": RegionLabel.FORMULA,
    "inline_formula": RegionLabel.FORMULA,
    "formula_number": RegionLabel.FORMULA,
    "paragraph_title": RegionLabel.SECTION_HEADER,
    "header_image": RegionLabel.PICTURE,
    "footer_image": RegionLabel.PICTURE,
    "number": RegionLabel.PAGE_FOOTER,
    "reference_content": RegionLabel.REFERENCE,
    "vertical_text": RegionLabel.TEXT,
    "vision_footnote": RegionLabel.FOOTNOTE,
}
"""Words of PP-DocLayoutV3 where they are not common.

Source: ``id2label`` in ``glmocr/config.yaml`` of glmocr 0.1.5 (zai-org/GLM-OCR)."""
