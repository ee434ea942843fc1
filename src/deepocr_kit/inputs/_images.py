"""Pictures as sources: files of one page, TIFF files of many, PIL images, and finished pages."""

from __future__ import annotations

import dataclasses
import threading
from contextlib import AbstractContextManager

from PIL import Image, ImageFile

from deepocr_kit.documents import Issue, PageImage, SourceInfo
from deepocr_kit.errors import LimitExceededError
from deepocr_kit.geometry import Size
from deepocr_kit.inputs._encoding import (
    PagePlace,
    encode_page,
    note_damaged_metadata,
    note_ignored_frames,
    note_square_pixels,
)
from deepocr_kit.inputs._fitting import allowed_side, check_size, fit_side
from deepocr_kit.inputs._pillow import OpenedPicture, decoding, open_picture, read_orientation
from deepocr_kit.inputs._raster import Raster, read_dpi, square_pixels
from deepocr_kit.inputs._reading import Blob
from deepocr_kit.inputs._thumbnails import draft_thumbnail, make_thumbnail
from deepocr_kit.inputs._tiff import list_directories
from deepocr_kit.inputs.policy import InputFormat, InputPolicy
from deepocr_kit.inputs.source import PageSource

__all__ = ["ImageFileSource", "PageImageSource", "PilSource"]

_UPRIGHT = 1


class ImageFileSource(PageSource):
    """A picture file; only a TIFF has several pages.

    Args:
        blob: The file.
        kind: Its format.
        info: Its description.
        policy: The limits.

    Raises:
        DamagedInputError: Its header cannot be read.
        LimitExceededError: Too many pages, or (one page only) a size outside the limits.
    """

    def __init__(self, blob: Blob, kind: InputFormat, info: SourceInfo, policy: InputPolicy) -> None:
        super().__init__(info, 1)
        self._blob = blob
        self._kind = kind
        self._policy = policy
        self._directories: tuple[int, ...] = ()
        if kind is InputFormat.TIFF:
            self._directories = self._list_directories()
            self.page_count = len(self._directories)
        if self.page_count == 1:
            self._open(blob.name, 0)

    def _list_directories(self) -> tuple[int, ...]:
        with self._decoding(self._blob.name, None):
            directories = list_directories(self._blob.data, at_most=self._policy.max_pages)
        if len(directories) > self._policy.max_pages:
            raise LimitExceededError(self._blob.name, "max_pages", len(directories), self._policy.max_pages)
        return directories

    def _open(self, source: str, index: int, *, page_index: int | None = None) -> OpenedPicture:
        """The picture of one page, not yet loaded, of a size within the limits."""
        directory = self._directories[index] if self._directories else None
        with self._decoding(source, page_index):
            opened = open_picture(self._blob.data, self._kind, max_pixels=self._policy.max_pixels, directory=directory)
        check_size(*opened.image.size, self._policy, source=source, page_index=page_index)
        return opened

    def _decoding(self, source: str, page_index: int | None) -> AbstractContextManager[None]:
        return decoding(source, self._kind.name, max_pixels=self._policy.max_pixels, page_index=page_index)

    def _load_page(self, index: int) -> PageImage:
        place = PagePlace(self.info.name, index)
        opened = self._open(place.source_name, index, page_index=index)
        image, size = opened.image, Size(*opened.image.size)
        full = square_pixels(size, read_dpi(image), self._policy)
        with self._decoding(place.source_name, index):
            if self._kind is not InputFormat.JPEG:
                image.load()
            turn = (_UPRIGHT, False) if self._kind is InputFormat.TIFF else read_orientation(image)
            issues = _list_issues(opened, place, damaged=turn[1])
            if full.size != size:
                issues += (note_square_pixels(size, full.size, place),)
            if self._kind is InputFormat.JPEG:
                target = fit_side(full.size, allowed_side(self._policy))
                if image.mode in ("L", "RGB") and turn[0] == _UPRIGHT and target == size:
                    return self._pass_on(image, place, full, issues)
                image.draft(image.mode, (target.width, target.height))
                image.load()
            return encode_page(image, turn[0], self._policy, place, full=full, issues=issues)

    def _pass_on(
        self, image: ImageFile.ImageFile, place: PagePlace, full: Raster, issues: tuple[Issue, ...]
    ) -> PageImage:
        """A page that is the file itself, a JPEG that is not yet loaded."""
        # Loading proves that the file is whole: a draft still reads every byte, at half the cost.
        draft_thumbnail(image)
        image.load()
        return PageImage(
            data=self._blob.data,
            media_type=self._kind.media_type,
            size=full.size,
            page_index=place.index,
            dpi=full.dpi,
            source_name=place.source_name,
            issues=issues,
            thumbnail=make_thumbnail(image),
        )


def _list_issues(opened: OpenedPicture, place: PagePlace, *, damaged: bool) -> tuple[Issue, ...]:
    frames = (note_ignored_frames(place),) if opened.frames_ignored else ()
    metadata = (note_damaged_metadata(place),) if opened.damaged_metadata or damaged else ()
    return frames + metadata


class PilSource(PageSource):
    """A PIL image, of which the frame it stands on is the one page.

    Args:
        image: Stays as it is, apart from being loaded.
        info: Its description.
        policy: The limits.

    Raises:
        LimitExceededError: A size outside the limits.
    """

    def __init__(self, image: Image.Image, info: SourceInfo, policy: InputPolicy) -> None:
        super().__init__(info, 1)
        check_size(*image.size, policy, source=info.name, page_index=None)
        self._image = image
        self._policy = policy
        self._lock = threading.Lock()

    def _load_page(self, index: int) -> PageImage:
        place = PagePlace(self.info.name, index)
        with decoding(place.source_name, "picture", max_pixels=self._policy.max_pixels, page_index=index), self._lock:
            self._image.load()
            orientation, damaged = read_orientation(self._image)
            issues = (note_damaged_metadata(place),) if damaged else ()
            # Its pixels are taken as they are: whoever resizes a picture with Pillow keeps the old dots per inch.
            dpi = read_dpi(self._image)
            full = Raster(Size(*self._image.size), dpi and max(dpi))
            return encode_page(self._image, orientation, self._policy, place, full=full, issues=issues)


class PageImageSource(PageSource):
    """A page that is ready.

    Args:
        image: Becomes page 0.
        info: Its description.
    """

    def __init__(self, image: PageImage, info: SourceInfo) -> None:
        super().__init__(info, 1)
        self._image = dataclasses.replace(image, page_index=0, source_name=info.name)

    def _load_page(self, index: int) -> PageImage:
        del index
        return self._image
