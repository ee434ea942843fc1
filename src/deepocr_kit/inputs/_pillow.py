"""The one place where Pillow opens and decodes foreign bytes."""

from __future__ import annotations

import io
import math
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageFile

from deepocr_kit.errors import DamagedInputError, LimitExceededError
from deepocr_kit.inputs._structure import check_structure
from deepocr_kit.inputs._tiff import open_at
from deepocr_kit.inputs.policy import InputFormat

__all__ = ["OpenedPicture", "decoding", "open_picture", "read_orientation"]

_ORIENTATION_TAG = 0x0112
_SUB_DIRECTORY_TAGS = (34665, 34853, 40965)
"""Exif, GPS and interoperability."""
_TILE_WIDTH_TAG = 322
_TILE_LENGTH_TAG = 323
_UPRIGHT = 1

# Guards the list of warning filters, which belongs to the whole process.
_WARNING_FILTERS = threading.Lock()


@dataclass(frozen=True, slots=True)
class OpenedPicture:
    """A picture whose header has been read, but no pixel.

    Attributes:
        image: Not yet loaded; for one thread.
        frames_ignored: Whether the file holds more pictures than the one opened.
        damaged_metadata: Whether Pillow complained about the metadata.
    """

    image: ImageFile.ImageFile
    frames_ignored: bool
    damaged_metadata: bool


@contextmanager
def decoding(source: str, what: str, *, max_pixels: int, page_index: int | None) -> Iterator[None]:
    """Turn whatever Pillow raises on hostile bytes into one of our errors, without Pillow's words.

    They may hold heap addresses (CVE-2026-22778 began with one).

    Raises:
        LimitExceededError: Pillow itself refuses the number of pixels.
        DamagedInputError: Anything else.
    """
    remedy = "Open it in a picture program and save it anew, or ask for the file again"
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        pixels = re.search(r"\((\d{1,30}) pixels\)", str(error))
        value = int(pixels[1]) if pixels else math.inf
        raise LimitExceededError(source, "max_pixels", value, max_pixels, page_index=page_index) from None
    except MemoryError:
        reason = f"decoding the {what} ran out of memory"
        raise DamagedInputError(source, reason, remedy, page_index=page_index) from None
    except Exception:  # noqa: BLE001 - Pillow's readers raise nearly any class; translated and raised anew
        raise DamagedInputError(source, f"the {what} is damaged or cut off", remedy, page_index=page_index) from None


@contextmanager
def _hearing_complaints() -> Iterator[list[warnings.WarningMessage]]:
    """Collect Pillow's warnings instead of showing them; only for the short time that a header takes."""
    with _WARNING_FILTERS, warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always")
        yield complaints


def open_picture(data: bytes, kind: InputFormat, *, max_pixels: int, directory: int | None = None) -> OpenedPicture:
    """Read the header of a picture, with the reader of that one format.

    Call it inside ``decoding``, and check the size before loading.

    Args:
        data: The whole file.
        kind: Its format.
        max_pixels: Where this is below Pillow's own limit, that limit holds inside the file too.
        directory: Where the page of a TIFF begins; None for the other formats.
    """
    check_structure(data)
    with _hearing_complaints() as complaints:
        if max_pixels <= (Image.MAX_IMAGE_PIXELS or 0):
            warnings.simplefilter("error", Image.DecompressionBombWarning)
        file = io.BytesIO(data) if directory is None else open_at(data, directory)
        image = Image.open(file, formats=(kind.value.upper(),))
        more = directory is None and _has_more_frames(image)
        if directory is not None:
            _refuse_large_tiles(image, max_pixels)
            _drop_sub_directories(image)
    damaged = any(complaint.category is UserWarning for complaint in complaints)
    return OpenedPicture(image, frames_ignored=more, damaged_metadata=damaged)


def _has_more_frames(image: ImageFile.ImageFile) -> bool:
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # noqa: BLE001 - a GIF looks for its second frame here; that one is broken, so it is there
        return True


def read_orientation(image: Image.Image) -> tuple[int, bool]:
    """EXIF orientation 1..8 (1 when there is none), and whether the metadata is damaged.

    Only a JPEG knows it before it is loaded. A TIFF turns itself when it is loaded and then has none.
    """
    with _hearing_complaints() as complaints:
        try:
            # Read anew first: the reader of a JPEG has tried already, and is silent the second time.
            Image.Exif().load(image.info.get("exif", b""))
            # The plain method: that of a PNG would decode the picture and hide what goes wrong.
            value = Image.Image.getexif(image).get(_ORIENTATION_TAG, _UPRIGHT)
        except Exception:  # noqa: BLE001 - broken metadata must not cost the picture; Pillow raises nearly any class
            return _UPRIGHT, True
    known = isinstance(value, int) and 1 <= value <= 8
    return value if known else _UPRIGHT, bool(complaints)


def _refuse_large_tiles(image: Image.Image, max_pixels: int) -> None:
    """Raise for tiles larger than a page may be, for which memory would be taken."""
    tags = getattr(image, "tag_v2", {})
    if tags.get(_TILE_WIDTH_TAG, 1) * tags.get(_TILE_LENGTH_TAG, 1) > max_pixels:
        raise ValueError("too large a tile")


def _drop_sub_directories(image: Image.Image) -> None:
    """Keep Pillow from reading the camera's metadata when it loads a TIFF: if broken, it would cost the page."""
    exif = image.getexif()
    for tag in _SUB_DIRECTORY_TAGS:
        exif.pop(tag, None)
