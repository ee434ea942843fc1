"""Decoded pictures into encoded pages, once."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

from deepocr_kit.documents import Issue, IssueCode, PageImage, Severity
from deepocr_kit.geometry import Size
from deepocr_kit.inputs._fitting import allowed_side, downscaled, fit_side, name_side_limit
from deepocr_kit.inputs._pixels import flatten, turn_upright
from deepocr_kit.inputs._raster import Raster
from deepocr_kit.inputs._thumbnails import make_thumbnail
from deepocr_kit.inputs.policy import InputFormat, InputPolicy

__all__ = ["PagePlace", "encode_page", "note_damaged_metadata", "note_ignored_frames", "note_square_pixels"]

_PNG_LEVEL = 1
"""Higher levels cost more time than everything else on a page and save few bytes."""


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Where a page comes from.

    Attributes:
        source_name: Name of its source.
        index: 0-based place in it.
    """

    source_name: str
    index: int


def note_ignored_frames(place: PagePlace) -> Issue:
    """The issue for a file that holds more pictures than the page."""
    return _note(IssueCode.INPUT_FRAMES_IGNORED, "the file holds several pictures; only the first is read", place)


def note_damaged_metadata(place: PagePlace) -> Issue:
    """The issue for a picture whose metadata cannot be read in full."""
    message = "the picture's metadata is damaged; what is unreadable is ignored"
    return _note(IssueCode.INPUT_DAMAGED_METADATA, message, place)


def note_square_pixels(before: Size, after: Size, place: PagePlace) -> Issue:
    """The issue for a picture whose pixels are not square."""
    message = (
        f"the file says that its pixels are not square; {before.width} x {before.height} pixels became "
        f"{after.width} x {after.height}"
    )
    return _note(IssueCode.INPUT_STRETCHED, message, place, severity=Severity.INFO)


def _note(code: IssueCode, message: str, place: PagePlace, *, severity: Severity = Severity.WARNING) -> Issue:
    return Issue(code=code, severity=severity, message=message, page_index=place.index)


def encode_page(
    image: Image.Image,
    orientation: int,
    policy: InputPolicy,
    place: PagePlace,
    *,
    full: Raster,
    issues: tuple[Issue, ...] = (),
) -> PageImage:
    """A loaded picture as an upright page, scaled down to ``max_side`` and encoded as the policy says.

    Args:
        image: Loaded, of any mode; stays as it is.
        orientation: EXIF orientation 1..8 that has to be applied.
        policy: Says how.
        place: Where it comes from.
        full: What the page would be without ``max_side``, before it is turned. ``image`` has other pixels when
            ``draft`` reduced it, or when they are not square.
        issues: What is known of it already.
    """
    flat, background = flatten(image)
    if background != "white":
        issues += (
            _note(IssueCode.INPUT_BACKGROUND_CHOSEN, f"{background} was put behind a transparent picture", place),
        )
    flat = turn_upright(_resize(flat, fit_side(full.size, allowed_side(policy))), orientation)
    size = Size(flat.width, flat.height)
    dpi = full.dpi
    if size.pixels < full.size.pixels:
        before = f"{full.size.width} x {full.size.height} pixels"
        issues += (downscaled(before, size, name_side_limit(policy), place.index),)
        dpi = dpi and dpi * max(size.width, size.height) / max(full.size.width, full.size.height)
    buffer = io.BytesIO()
    # The empty comment and profile keep Pillow from copying those of the source.
    if policy.encoding == "jpeg":
        flat.save(buffer, "JPEG", quality=policy.jpeg_quality, comment=b"")
    else:
        flat.save(buffer, "PNG", compress_level=_PNG_LEVEL, icc_profile=None)
    return PageImage(
        data=buffer.getvalue(),
        media_type=InputFormat(policy.encoding).media_type,
        size=size,
        page_index=place.index,
        dpi=dpi,
        source_name=place.source_name,
        issues=issues,
        thumbnail=make_thumbnail(flat),
    )


def _resize(image: Image.Image, size: Size) -> Image.Image:
    if image.size == (size.width, size.height):
        return image
    return image.resize((size.width, size.height), Image.Resampling.LANCZOS, reducing_gap=3.0)
