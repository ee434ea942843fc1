"""Makes the pictures of pages small enough to be sent along with a question."""

from __future__ import annotations

import io
from collections.abc import Mapping

from PIL import Image

from deepocr_kit.documents import PageImage
from deepocr_kit.inputs import decode_rgb
from deepocr_kit.revisers._completion import SentImage

__all__ = ["SIDE_MAX", "sent_images"]

SIDE_MAX = 1600
"""Longest side in pixels; models scale larger pictures down themselves, and bill them by size."""

BYTES_MAX = 2_000_000
"""A JPEG that is larger is encoded anew; one of ``SIDE_MAX`` and ``QUALITY`` stays far below Bedrock's 3.75 MB."""

QUALITY = 85


def sent_images(images: Mapping[int, PageImage]) -> dict[int, SentImage]:
    """The pictures as JPEG of at most ``SIDE_MAX`` pixels.

    Args:
        images: Pages by index.
    """
    return {index: _sent(index, image) for index, image in images.items()}


def _sent(index: int, image: PageImage) -> SentImage:
    kept = image.media_type == "image/jpeg" and max(image.size.width, image.size.height) <= SIDE_MAX
    if kept and len(image.data) <= BYTES_MAX:
        return SentImage(image.data, image.media_type, index)
    picture = decode_rgb(image)
    picture.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY)
    return SentImage(buffer.getvalue(), "image/jpeg", index)
