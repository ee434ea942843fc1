"""A running vLLM-shaped server and a backend for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.backends.dialects import PlainDialect

from deepocr_kit.backends import OpenAICompatibleBackend, Timeouts
from deepocr_kit.documents import PageImage
from deepocr_kit.testing import VllmServer, build_page_image

SHORT = Timeouts(connect=2.0, first_token=3.0, idle=2.0, total=6.0)


@pytest.fixture
def server() -> Iterator[VllmServer]:
    with VllmServer() as running:
        yield running


@pytest.fixture
def image() -> PageImage:
    return build_page_image()


@pytest.fixture
async def backend(server: VllmServer) -> AsyncIterator[OpenAICompatibleBackend]:
    made = OpenAICompatibleBackend(
        server.base_url, server.model, PlainDialect(), api_key=server.api_key, timeouts=SHORT
    )
    async with made:
        yield made
