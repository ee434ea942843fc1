"""Files that are replaced whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deepocr_kit.documents import whole_text
from deepocr_kit.errors import StoreError

__all__ = ["save_files", "write_atomic"]


def write_atomic(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path``, flush it to the disk, then rename it into place.

    Raises:
        StoreError: The file cannot be written; what stood there before still does.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".tmp-", delete=False) as file:
            temporary = Path(file.name)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # a temporary file is private; the result gets what an ordinary new file would get
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise StoreError(f"cannot write {str(path)!r}: {error.strerror}. Check the folder and the free space") from None


def save_files(directory: Path, files: Mapping[str, str | bytes]) -> tuple[Path, ...]:
    """Write bytes, and texts as UTF-8, into ``directory``; lone surrogates, which UTF-8 cannot hold, become U+FFFD.

    Raises:
        StoreError: A file cannot be written.
    """
    paths = []
    for name, content in files.items():
        path = directory / name
        write_atomic(path, content if isinstance(content, bytes) else whole_text(content).encode())
        paths.append(path)
    return tuple(paths)


def _umask() -> int:
    # there is no way to read it without setting it
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
