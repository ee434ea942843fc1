"""The example backend keeps the promises of every backend."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from custom_backend import QwenBackend
from deepocr_kit import OcrBackend
from deepocr_kit.testing import Answer, OcrBackendContract, VllmServer


class TestQwenBackend(OcrBackendContract):
    @pytest.fixture
    def backend(self) -> Iterator[OcrBackend]:
        answer = Answer("# A heading\n\nand some text", chunk_size=6)
        with VllmServer(answer, model="Qwen/Qwen3-VL-8B-Instruct") as server:
            yield QwenBackend(server.base_url, api_key=server.api_key)
