"""The process that renders PDF pages: runs alone, limits itself, and answers over its pipes.

Started as a plain script, so that it imports neither this package nor the
caller's ``__main__``. Only the two message functions are for its parent.

A message is the length of a JSON header (4 bytes, big endian), the length of
a payload (8 bytes), the header and the payload. The parent sends ``open``
(payload: the PDF), then any number of ``page``; each gets one answer. The
answer to a page has the encoded page and, behind ``encoded_bytes``, its
thumbnail. An answer with ``error`` says what went wrong; a worker that dies
says nothing.
"""

from __future__ import annotations

import io
import json
import math
import os
import struct
import sys
import time
from collections.abc import Iterable
from typing import Any, BinaryIO

try:
    import resource
except ImportError:  # pragma: no cover - not a POSIX system: the parent's clock is the only limit
    resource = None  # type: ignore[assignment]  # the module or nothing

__all__ = ["fit_scale", "limit_resource", "read_message", "write_message"]

HEADER_MAX_BYTES = 1024 * 1024
POINTS_PER_INCH = 72.0
_LENGTHS = struct.Struct(">IQ")


def write_message(stream: BinaryIO, header: dict[str, Any], payload: bytes = b"") -> None:
    """Send one message.

    Raises:
        OSError: The other side is gone.
    """
    text = json.dumps(header).encode()
    stream.write(_LENGTHS.pack(len(text), len(payload)))
    stream.write(text)
    stream.write(payload)
    stream.flush()


def read_message(stream: BinaryIO, *, payload_max: int) -> tuple[dict[str, Any], bytes]:
    """Receive one message.

    Raises:
        EOFError: The other side is gone.
        ValueError: The lengths are not plausible, or the header is not JSON.
    """
    header_bytes, payload_bytes = _LENGTHS.unpack(_read_exactly(stream, _LENGTHS.size))
    if header_bytes > HEADER_MAX_BYTES or payload_bytes > payload_max:
        raise ValueError(f"a message of {header_bytes} + {payload_bytes} bytes")
    header = json.loads(_read_exactly(stream, header_bytes))
    if not isinstance(header, dict):
        raise ValueError("a header that is not an object")  # noqa: TRY004 - bad data, not a caller's wrong type
    return header, _read_exactly(stream, payload_bytes)


def _read_exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def fit_scale(width: float, height: float, *, dpi: float, max_pixels: int, max_side: int) -> tuple[float, str | None]:
    """Pixels per point for a page of these points, and which limit made it less than ``dpi / 72``, if one did."""
    wanted = dpi / POINTS_PER_INCH
    scale, limit = min(
        (wanted, None),
        (math.sqrt(max_pixels / (width * height)), "max_pixels"),
        (max_side / max(width, height), "max_side"),
        key=lambda candidate: candidate[0],
    )
    # Both sides are rounded up to whole pixels, which may just pass the limits.
    while not _fits(math.ceil(width * scale), math.ceil(height * scale), max_pixels, max_side):
        scale *= 0.999
    return scale, limit


def _fits(width: int, height: int, max_pixels: int, max_side: int) -> bool:
    return width * height <= max_pixels and max(width, height) <= max_side


class _Renderer:
    """One open document."""

    def __init__(self, data: bytes, password: str | None) -> None:
        import pypdfium2  # noqa: PLC0415 - optional extra, found only on the parent's import path

        self._document = pypdfium2.PdfDocument(data, password=password)
        self._document.init_forms()

    def __len__(self) -> int:
        return len(self._document)

    def render(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        page = self._document[request["index"]]
        width, height = page.get_size()
        limits = {key: request[key] for key in ("dpi", "max_pixels", "max_side")}
        scale, limit = fit_scale(width, height, **limits)
        bitmap = page.render(scale=scale)
        picture = bitmap.to_pil()  # a copy, RGB
        bitmap.close()
        page.close()
        buffer = io.BytesIO()
        options = {"quality": request["quality"]} if request["encoding"] == "jpeg" else {"compress_level": 1}
        picture.save(buffer, request["encoding"], **options)
        answer = {
            "width": picture.width,
            "height": picture.height,
            "dpi": scale * POINTS_PER_INCH,
            "limit": limit,
            "encoded_bytes": buffer.tell(),
        }
        _append_thumbnail(buffer, picture, request["thumbnail_side"])
        return answer, buffer.getvalue()


def _append_thumbnail(buffer: io.BytesIO, picture: Any, side: int) -> None:
    """As in ``_thumbnails``, which this process does not import."""
    from PIL import Image  # noqa: PLC0415 - found only on the parent's import path

    grey = picture.convert("L")
    grey.thumbnail((side, side), Image.Resampling.BOX)
    grey.save(buffer, "ppm")


def limit_resource(kind: str, value: int) -> None:
    """Set a soft limit, as far as the hard one and the platform let us."""
    try:
        number = getattr(resource, kind)
        hard = resource.getrlimit(number)[1]
        resource.setrlimit(number, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
    except (AttributeError, ValueError, OSError):
        return  # the platform lacks this one; the parent's clock remains


def _limit_cpu(seconds: int) -> None:
    # The limit counts from the start of the process, so it moves on with every request.
    limit_resource("RLIMIT_CPU", math.ceil(time.process_time()) + seconds)


def _load_libraries() -> None:
    """Load what rendering will need while there still is memory to load it."""
    import pypdfium2  # noqa: F401, PLC0415 - optional extra, found only on the parent's import path
    from PIL import Image  # noqa: PLC0415 - found only on the parent's import path

    Image.preinit()


def _open(request: dict[str, Any], payload: bytes) -> tuple[_Renderer | None, dict[str, Any]]:
    sys.path[:] = request["import_path"]
    _load_libraries()
    limit_resource("RLIMIT_CORE", 0)
    limit_resource("RLIMIT_AS", request["memory_bytes"])
    try:
        renderer = _Renderer(payload, request["password"])
    except RuntimeError as error:  # pypdfium2's PdfiumError
        return None, {"error": "password" if "password" in str(error).lower() else "damaged"}
    except UnicodeEncodeError:  # no text, so nobody's password
        return None, {"error": "password"}
    return renderer, {"pages": len(renderer)}


def _render(renderer: _Renderer, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        return renderer.render(request)
    except (RuntimeError, ArithmeticError, ValueError):  # pypdfium2's PdfiumError, or a page without a size
        return {"error": "damaged"}, b""
    except MemoryError:
        return {"error": "memory"}, b""


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the parent closes its end."""
    renderer: _Renderer | None = None
    while True:
        try:
            request, payload = read_message(requests, payload_max=sys.maxsize)
        except EOFError:
            return
        _limit_cpu(request["cpu_seconds"])
        if renderer is None:
            renderer, answer = _open(request, payload)
            write_message(answers, answer)
        else:
            write_message(answers, *_render(renderer, request))


def _main(argv: Iterable[str]) -> None:
    del argv
    answers = os.fdopen(os.dup(1), "wb")
    # Nothing that a library prints may get among the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    _main(sys.argv)
