"""Sources into upright RGB pages."""

from __future__ import annotations

from deepocr_kit.inputs.opening import SourceLike, open_source
from deepocr_kit.inputs.page_pixels import decode_rgb, decode_thumbnail
from deepocr_kit.inputs.policy import DEFAULT_POLICY, ImageEncoding, InputFormat, InputPolicy
from deepocr_kit.inputs.source import PageSource
from deepocr_kit.inputs.turning import turn_image

__all__ = [
    "DEFAULT_POLICY",
    "ImageEncoding",
    "InputFormat",
    "InputPolicy",
    "PageSource",
    "SourceLike",
    "decode_rgb",
    "decode_thumbnail",
    "open_source",
    "turn_image",
]
