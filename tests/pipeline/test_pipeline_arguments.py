"""What a pipeline is given is checked before a page costs anything, and reaches whom it is for."""

from __future__ import annotations

from typing import Any, cast

import pytest
from pydantic import BaseModel

from deepocr_kit.errors import SchemaError
from deepocr_kit.grounding import DeepSeekOcrDialect, OcrTask
from deepocr_kit.pipeline import AsyncPipeline
from deepocr_kit.revisers import Revision
from deepocr_kit.testing import StaticBackend, StaticReviser, build_page_image

pytestmark = pytest.mark.anyio

TEXT = "title[[100, 50, 900, 90]]\n# 茶馆\n\ntext[[100, 120, 500, 150]]\n合计 5.00\n"


class Bill(BaseModel):
    """A schema."""

    total: str


def static() -> StaticBackend:
    return StaticBackend(TEXT, dialect=DeepSeekOcrDialect())


async def test_a_schema_that_cannot_be_filled_is_refused_before_a_page_is_read() -> None:
    class Loop(BaseModel):
        """A schema without an end."""

        inner: Loop | None

    for schema in (Loop, dict, Bill(total="1")):
        with pytest.raises(SchemaError):
            AsyncPipeline(static(), schema=cast("Any", schema))


async def test_a_reviser_may_take_schemas_of_its_own() -> None:
    class AnySchema(StaticReviser):
        def check_schema(self, schema: type[BaseModel]) -> None:
            """All of them."""

    class Free(BaseModel):
        """No reviser of the library fills a mapping."""

        words: dict[str, int]

    reviser = AnySchema(Revision(value=Free(words={"a": 1})))
    async with AsyncPipeline(static(), reviser=reviser, schema=Free) as pipeline:
        result = await pipeline.run(build_page_image())

    assert result.value == Free(words={"a": 1})


@pytest.mark.parametrize(
    ("name", "kind"), [("backend", "OcrBackend"), ("store", "RunStore"), ("policy", "InputPolicy")]
)
async def test_an_argument_of_another_kind_is_named(name: str, kind: str) -> None:
    arguments: Any = {"backend": static(), name: "http://gpu:8000/v1"}
    with pytest.raises(TypeError, match=f"^{name} is an object of {kind}, not of str$"):
        AsyncPipeline(**arguments)


def test_wrong_arguments_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="schema"):
        AsyncPipeline(static(), reviser=StaticReviser(Revision()))
    with pytest.raises(ValueError, match="concurrency"):
        AsyncPipeline(static(), concurrency=0)


async def test_the_task_and_the_instructions_reach_the_backend_and_the_reviser() -> None:
    backend, reviser = static(), StaticReviser(Revision())
    async with AsyncPipeline(
        backend, reviser=reviser, schema=Bill, task=OcrTask.FREE, instructions="Dates are day first"
    ) as pipeline:
        await pipeline.run(build_page_image())

    assert backend.calls[0].task is OcrTask.FREE
    assert reviser.calls[0].instructions == "Dates are day first"
