"""A reviser that sees gets the pictures of the pages, upright."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from PIL import Image
from pydantic import BaseModel

from deepocr_kit.documents import PageImage, Recognition
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import DeepSeekOcrDialect, OcrTask
from deepocr_kit.pipeline import AsyncPipeline, revise_document
from deepocr_kit.revisers import PromptLimits, RulesReviser
from deepocr_kit.testing import (
    FunctionBackend,
    ScriptedLlmReviser,
    StaticBackend,
    build_document,
    build_page,
    build_page_image,
)

pytestmark = pytest.mark.anyio

TEXT = "<|ref|>text<|/ref|><|det|>[[100, 100, 900, 160]]<|/det|>\nTotal 12.75\n"
ANSWER = json.dumps({"total": {"text": "12.75", "src": ["p1r1"]}})


class Receipt(BaseModel):
    total: str


def size_of(data: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(data)).size


async def run(source: Any, **options: Any) -> ScriptedLlmReviser:
    reviser = ScriptedLlmReviser(ANSWER, **options)
    async with AsyncPipeline(
        StaticBackend(TEXT, dialect=DeepSeekOcrDialect()), reviser=reviser, schema=Receipt
    ) as pipeline:
        result = await pipeline.run(source)
    assert result.value == Receipt(total="12.75")
    return reviser


async def test_pictures_of_all_pages_are_handed_on(tiff: bytes) -> None:
    reviser = await run(tiff, send_images=True)

    (request,) = reviser.requests
    assert [image.page_index for image in request.images] == [0, 1, 2]
    assert [size_of(image.data)[0] for image in request.images] == [120, 130, 140]


async def test_no_question_has_more_pictures_than_allowed(tiff: bytes) -> None:
    reviser = await run(tiff, send_images=True, limits=PromptLimits(images=2))

    assert sorted(len(request.images) for request in reviser.requests) == [1, 2]


async def test_a_reviser_that_does_not_see_gets_none(tiff: bytes) -> None:
    reviser = await run(tiff)

    assert reviser.requests[0].images == ()


async def test_a_large_picture_is_made_smaller() -> None:
    reviser = await run(build_page_image(width=2400, height=3200), send_images=True)

    (image,) = reviser.requests[0].images
    assert image.media_type == "image/jpeg"
    assert size_of(image.data) == (1200, 1600)


async def test_a_small_jpeg_goes_as_it_is() -> None:
    page = build_page_image(media_type="image/jpeg")

    reviser = await run(page, send_images=True)

    assert reviser.requests[0].images[0].data == page.data


@pytest.mark.parametrize(("quarters", "size"), [(0, (200, 280)), (1, (280, 200)), (2, (200, 280)), (3, (280, 200))])
async def test_a_turned_page_is_seen_upright(quarters: int, size: tuple[int, int]) -> None:
    reviser = ScriptedLlmReviser(ANSWER, send_images=True)
    page = build_page("Total 12.75", size=Size(200, 280)).model_copy(update={"turned": quarters})
    document = build_document(page)

    await revise_document(reviser, document, Receipt, images={0: build_page_image(media_type="image/jpeg")})

    assert size_of(reviser.requests[0].images[0].data) == size


async def test_pictures_for_a_reviser_without_eyes_are_left_alone() -> None:
    document = build_document("Total: 12.75")

    revision = await RulesReviser().revise_with_images(document, Receipt, {0: build_page_image()})

    assert revision.value == Receipt(total="12.75")


async def test_a_page_that_could_not_be_read_has_its_picture_all_the_same() -> None:
    def fails(_image: PageImage, _task: OcrTask) -> Recognition:
        raise ValueError("no")

    reviser = ScriptedLlmReviser(ANSWER, send_images=True)
    async with AsyncPipeline(FunctionBackend(fails), reviser=reviser, schema=Receipt) as pipeline:
        result = await pipeline.run(build_page_image())

    assert result.document.pages[0].error is not None
    assert reviser.requests == []
