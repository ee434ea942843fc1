"""PDF pages, rendered one by one in a process of their own."""

from __future__ import annotations

import importlib.util
import sys
import threading
from typing import Any, NoReturn

from deepocr_kit.documents import THUMBNAIL_SIDE, Issue, PageImage, SourceInfo
from deepocr_kit.errors import (
    ClosedError,
    DamagedInputError,
    EncryptedPdfError,
    LimitExceededError,
    MissingExtraError,
    RasterizationError,
)
from deepocr_kit.geometry import Size
from deepocr_kit.inputs._fitting import allowed_side, check_size, downscaled, name_side_limit
from deepocr_kit.inputs._pdf_process import PdfProcess, PdfProcessDiedError
from deepocr_kit.inputs._reading import Blob
from deepocr_kit.inputs.policy import InputFormat, InputPolicy
from deepocr_kit.inputs.source import PageSource

__all__ = ["PdfSource"]

_REPAIR = "Open it in a PDF program and save or print it to a new PDF"
_PICTURE_OVERHEAD_BYTES = 1024 * 1024


class PdfSource(PageSource):
    """A PDF. Its pages are rendered by one process at a time, which is replaced when it dies.

    Args:
        blob: The file.
        info: Its description.
        policy: The limits.
        password: Opens an encrypted file.

    Raises:
        MissingExtraError: pypdfium2 is not installed.
        EncryptedPdfError: A password is missing or wrong.
        DamagedInputError: It is not a PDF that can be opened, or has no page.
        LimitExceededError: More than ``max_pages``.
        RasterizationError: Opening it kills the process or takes too long.
    """

    def __init__(self, blob: Blob, info: SourceInfo, policy: InputPolicy, password: str | None) -> None:
        if importlib.util.find_spec("pypdfium2") is None:
            raise MissingExtraError("reading a PDF", extra="pdf")
        super().__init__(info, 0)
        self._blob = blob
        self._policy = policy
        self._password = password
        self._lock = threading.Lock()
        self._process: PdfProcess | None = None
        self._pages_served = 0
        try:
            self._start()
        except PdfProcessDiedError as death:
            raise self._translate(death, blob.name, page_index=None) from None

    def _start(self) -> PdfProcess:
        """A fresh process with the document open."""
        process = self._process = PdfProcess()
        self._pages_served = 0
        try:
            self._send_document(process)
        except BaseException:
            self._process = None
            process.kill()
            raise
        return process

    def _send_document(self, process: PdfProcess) -> None:
        request = {
            "import_path": [entry for entry in sys.path if entry],
            "memory_bytes": self._policy.pdf_memory_bytes,
            "cpu_seconds": self._policy.pdf_cpu_seconds,
            "password": self._password,
        }
        answer, _ = process.ask(request, self._blob.data, wall_seconds=self._policy.pdf_wall_seconds, answer_max=0)
        self.page_count = int(answer.get("pages", 0))
        if self.page_count < 1:
            self._refuse(answer.get("error"))
        if self.page_count > self._policy.max_pages:
            raise LimitExceededError(self._blob.name, "max_pages", self.page_count, self._policy.max_pages)

    def _refuse(self, error: str | None) -> NoReturn:
        name = self._blob.name
        if error != "password":
            raise DamagedInputError(name, "the PDF is too damaged to be opened", _REPAIR)
        if self._password is None:
            raise EncryptedPdfError(name, "the PDF is encrypted and needs a password", "Pass password=...")
        raise EncryptedPdfError(name, "the password does not open the PDF", "Pass the right user or owner password")

    def _load_page(self, index: int) -> PageImage:
        with self._lock:
            answer, data = self._render(index)
        name, policy = self.info.name, self._policy
        match answer.get("error"):
            case None:
                size = Size(int(answer["width"]), int(answer["height"]))
            case "memory":
                raise self._translate(PdfProcessDiedError("rendering ran out of memory"), name, page_index=index)
            case _:
                raise DamagedInputError(name, "the page is damaged", _REPAIR, page_index=index)
        check_size(size.width, size.height, policy, source=name, page_index=index)
        issues: tuple[Issue, ...] = ()
        if answer["limit"] is not None:
            limit = name_side_limit(policy) if answer["limit"] == "max_side" else "InputPolicy.max_pixels"
            issues = (downscaled(f"a page at {policy.dpi:g} dots per inch", size, limit, index),)
        return PageImage(
            data=data[: answer["encoded_bytes"]],
            media_type=InputFormat(policy.encoding).media_type,
            size=size,
            page_index=index,
            dpi=float(answer["dpi"]),
            source_name=name,
            issues=issues,
            thumbnail=data[answer["encoded_bytes"] :],
        )

    def _render(self, index: int) -> tuple[dict[str, Any], bytes]:
        """The worker's answer for one page; only for the thread that holds the lock."""
        policy = self._policy
        request = {
            "index": index,
            "dpi": policy.dpi,
            "max_pixels": policy.max_pixels,
            "max_side": allowed_side(policy),
            "encoding": policy.encoding,
            "quality": policy.jpeg_quality,
            "cpu_seconds": policy.pdf_cpu_seconds,
            "thumbnail_side": THUMBNAIL_SIDE,
        }
        while True:
            alone = self._process is None or self._pages_served == 0
            try:
                answer = (self._process or self._start()).ask(
                    request,
                    wall_seconds=policy.pdf_wall_seconds,
                    answer_max=4 * policy.max_pixels + _PICTURE_OVERHEAD_BYTES,
                )
            except PdfProcessDiedError as death:
                self._process = None
                if self._closed:
                    raise ClosedError(f"the source {self.info.name!r} was closed while a page was rendered") from None
                # A process that has served other pages may have died of what they left behind: once more, alone.
                if alone or death.limit is not None:
                    raise self._translate(death, self.info.name, page_index=index) from None
            else:
                self._pages_served += 1
                return answer

    def _translate(self, death: PdfProcessDiedError, source: str, *, page_index: int | None) -> RasterizationError:
        limit = death.limit or "pdf_memory_bytes"
        return RasterizationError(
            source,
            f"{death.reason} ({limit}={getattr(self._policy, limit)})",
            f"Raise InputPolicy.{limit} if you trust the source, or lower InputPolicy.dpi",
            page_index=page_index,
        )

    def close(self) -> None:
        """End the process, also when it is rendering. May be called twice."""
        super().close()
        process = self._process
        if process is None:
            return
        if self._lock.acquire(blocking=False):
            try:
                process.close()
            finally:
                self._lock.release()
        else:
            process.kill()
