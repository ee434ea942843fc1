"""A threaded HTTP/1.1 server on the loopback address that can break in every way a real one can."""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

__all__ = ["ClientGoneError", "LoopbackHandler", "LoopbackServer"]

_POLL_SECONDS = 0.02
"""How often a silent handler looks whether the client is still there."""


class ClientGoneError(Exception):
    """The client closed the connection, or the server is being stopped."""


class _TrackingServer(ThreadingHTTPServer):
    """Remembers its connections, so that stopping does not wait for idle ones."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, handler: type[LoopbackHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._open.pop(request, None)

    def drop_connections(self) -> None:
        """End every connection and wait for its thread."""
        with self._lock:
            connections = list(self._open.items())
        for connection, _ in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was faster
        for _, thread in connections:
            thread.join(timeout=5)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that leave early are what this server is for."""


class LoopbackHandler(BaseHTTPRequestHandler):
    """Reads requests and writes answers, whole or broken; subclasses give ``do_GET`` and ``do_POST``."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 5
    """Seconds after which an idle connection is closed, as uvicorn does."""
    server: _TrackingServer

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing to the terminal of a test run."""

    def read_body(self) -> bytes:
        """The request's body."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def send_body(self, status: int, body: bytes, headers: dict[str, str], *, version: str = "uvicorn") -> None:
        """Send a whole answer."""
        self.send_response_only(status)
        self.send_header("server", version)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_json(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        """Send a JSON answer, written as compactly as the real server does."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        self.send_body(status, body, {"content-type": "application/json"} | (headers or {}))

    def start_chunks(self, content_type: str) -> None:
        """Send the head of a chunked answer."""
        self.send_response_only(200)
        self.send_header("server", "uvicorn")
        self.send_header("content-type", content_type)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def start_until_close(self, content_type: str) -> None:
        """Send the head of an answer that ends when the connection does."""
        self.send_response_only(200)
        self.send_header("content-type", content_type)
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True

    def send_chunk(self, data: bytes) -> None:
        """Send one chunk; an empty one ends the answer."""
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def pause(self, seconds: float | None) -> None:
        """Stay silent for ``seconds`` (None: until the client goes).

        Raises:
            ClientGoneError: The client went away meanwhile, or the server stops.
        """
        end = None if seconds is None else time.monotonic() + seconds
        while True:
            left = _POLL_SECONDS if end is None else min(_POLL_SECONDS, end - time.monotonic())
            if self.server.stopping.is_set() or self._client_left():
                raise ClientGoneError
            if left <= 0:
                return
            self.server.stopping.wait(left)

    def reset_connection(self) -> None:
        """End the connection with a TCP reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.cut_connection()

    def cut_connection(self) -> None:
        """End the connection at once, whatever is missing."""
        self.close_connection = True
        self.wfile.close()
        self.rfile.close()
        self.connection.close()

    def finish(self) -> None:
        """Close the streams, unless that is done."""
        if not self.wfile.closed:
            super().finish()

    def _client_left(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        try:
            return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True


class LoopbackServer:
    """Runs a handler class on a free port of 127.0.0.1 while the ``with`` block lasts."""

    def __init__(self, handler: type[LoopbackHandler]) -> None:
        self._handler = handler
        self._server: _TrackingServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """``http://127.0.0.1:PORT``.

        Raises:
            RuntimeError: The server does not run.
        """
        if self._server is None:
            raise RuntimeError(f"{type(self).__name__} does not run; use it in a with block")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Open the port and serve in the background."""
        handler = type("Handler", (self._handler,), {"owner": self})
        self._server = _TrackingServer(handler)
        # a short poll keeps stop() quick
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Drop every connection and free the port; may be called twice."""
        if self._server is None or self._thread is None:
            return
        self._server.stopping.set()
        self._server.shutdown()
        self._server.drop_connections()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
