"""The one way in: anything that holds pages, opened."""

from __future__ import annotations

import os
from typing import Any, BinaryIO, TypeAlias

from PIL import Image

from deepocr_kit.documents import PageImage, SourceInfo
from deepocr_kit.errors import LimitExceededError, UnsupportedFormatError
from deepocr_kit.inputs._images import ImageFileSource, PageImageSource, PilSource
from deepocr_kit.inputs._pdf import PdfSource
from deepocr_kit.inputs._reading import Blob, clean_name, read_file, read_path
from deepocr_kit.inputs._sniffing import HEAD_BYTES, name_foreign_format, sniff_format
from deepocr_kit.inputs.policy import DEFAULT_POLICY, InputFormat, InputPolicy
from deepocr_kit.inputs.source import PageSource

__all__ = ["SourceLike", "open_source"]

SourceLike: TypeAlias = str | os.PathLike[str] | bytes | BinaryIO | Image.Image | PageImage
"""A path, the bytes of a file, a binary file, a PIL image, or a finished page."""


def open_source(
    source: SourceLike,
    *,
    policy: InputPolicy = DEFAULT_POLICY,
    name: str | None = None,
    password: str | None = None,
) -> PageSource:
    """Open a source and count its pages; blocks.

    Args:
        source: A path (a ``str`` is always a path), bytes, a binary file (read from
            where it stands, not closed), a PIL image, or a ``PageImage``.
        policy: What is let in.
        name: What to call it; by default the file name, where there is one.
        password: Opens an encrypted PDF.

    Returns:
        The open source; close it, or use it as a context manager.

    Raises:
        InputError: It cannot become pages; the class says why.
        MissingExtraError: It is a PDF and pypdfium2 is not installed.
        TypeError: It is none of the above.
    """
    if isinstance(source, PageImage):
        return _open_page_image(source, name)
    if isinstance(source, Image.Image):
        shown = name or str(getattr(source, "filename", "") or "") or "image"
        return PilSource(source, SourceInfo(name=clean_name(shown)), policy)
    blob = _read(source, name, policy)
    info, kind = _describe(blob, policy)
    if kind is InputFormat.PDF:
        return PdfSource(blob, info, policy, password)
    return ImageFileSource(blob, kind, info, policy)


def _open_page_image(image: PageImage, name: str | None) -> PageSource:
    shown = clean_name(name or image.source_name or "page")
    return PageImageSource(image, SourceInfo(name=shown, sha256=image.sha256, media_type=image.media_type))


def _read(source: str | os.PathLike[str] | bytes | BinaryIO, name: str | None, policy: InputPolicy) -> Blob:
    if isinstance(source, str | os.PathLike):
        path = os.fsdecode(source)
        shown = name or path or "''"
        return Blob(shown, read_path(path, name=shown, max_bytes=policy.max_bytes))
    if isinstance(source, bytes | bytearray | memoryview):
        size = memoryview(source).nbytes
        if size > policy.max_bytes:
            raise LimitExceededError(name or "bytes", "max_bytes", size, policy.max_bytes)
        return Blob(name or "bytes", bytes(source))
    if not callable(getattr(source, "read", None)):
        raise TypeError(
            f"a source is a path, bytes, a binary file, a PIL image or a PageImage, not {type(source).__name__}"
            + (": pass PIL.Image.fromarray(array), in RGB" if hasattr(source, "__array_interface__") else "")
        )
    shown = name or _name_of(source)
    return Blob(shown, read_file(source, name=shown, max_bytes=policy.max_bytes))


def _name_of(file: Any) -> str:
    # An open descriptor has its number as name, and some files have none.
    name = getattr(file, "name", None)
    return name if isinstance(name, str) and name else "stream"


def _describe(blob: Blob, policy: InputPolicy) -> tuple[SourceInfo, InputFormat]:
    head = blob.data[:HEAD_BYTES]
    kind = sniff_format(head)
    if kind is None:
        raise UnsupportedFormatError(blob.name, *name_foreign_format(head))
    if kind not in policy.formats:
        raise UnsupportedFormatError(
            blob.name, f"the policy does not let {kind.name} in", "Add it to InputPolicy.formats, or convert the file"
        )
    return SourceInfo(name=clean_name(blob.name), sha256=blob.sha256, media_type=kind.media_type), kind
