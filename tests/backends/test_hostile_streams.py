"""Whatever a server sends, a page ends with a recognition or a typed error."""

from __future__ import annotations

import json

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.backends.conftest import SHORT
from tests.backends.dialects import PlainDialect

from deepocr_kit.backends import OpenAICompatibleBackend
from deepocr_kit.documents import Recognition
from deepocr_kit.errors import ServiceError
from deepocr_kit.testing import Answer, HttpFault, RawEvent, VllmServer, build_page_image

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=()), max_size=8)
)
keys = st.sampled_from(
    [
        "choices",
        "delta",
        "content",
        "finish_reason",
        "usage",
        "prompt_tokens",
        "error",
        "code",
        "message",
        "model",
        "id",
    ]
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
chunks = st.builds(
    lambda choice, usage: {"choices": choice, "usage": usage},
    values | st.lists(st.dictionaries(keys, values, max_size=3), max_size=2),
    values,
)
events = (
    st.binary(max_size=60)
    | st.builds(lambda data: b"data: " + data + b"\n\n", st.binary(max_size=60))
    | st.builds(lambda value: f"data: {json.dumps(value)}\n\n".encode(), values | chunks)
)


HALVES = ("\\ud83d", "\\ude00 \\ude00", " \\ud83d")
FINISH = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'


def read(server: VllmServer) -> Recognition | ServiceError:
    async def once() -> Recognition | ServiceError:
        async with OpenAICompatibleBackend(
            server.base_url, server.model, PlainDialect(), api_key=server.api_key, timeouts=SHORT
        ) as backend:
            try:
                return await backend.recognize(build_page_image(width=8, height=8))
            except ServiceError as error:
                return error

    return anyio.run(once)


@pytest.fixture(scope="module")
def hostile():
    with VllmServer() as running:
        yield running


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(event=events)
def test_any_event_in_a_stream(hostile, event):
    hostile.enqueue(Answer("before", ending=RawEvent(event)))

    outcome = read(hostile)

    assert isinstance(outcome, Recognition | ServiceError)
    text = outcome.raw_text if isinstance(outcome, Recognition) else outcome.partial_text
    assert text.startswith("before")
    if isinstance(outcome, Recognition):
        assert Recognition.model_validate_json(outcome.model_dump_json()) == outcome


def test_halves_of_a_character_meet_over_two_events_and_alone_are_said(hostile):
    spelled = (f'data: {{"choices": [{{"delta": {{"content": "{half}"}}}}]}}\n\n' for half in HALVES)
    hostile.enqueue(Answer("", ending=RawEvent("".join(spelled).encode() + FINISH)))

    outcome = read(hostile)

    assert isinstance(outcome, Recognition)
    assert outcome.raw_text == "\N{GRINNING FACE} \ufffd \ufffd"
    assert outcome.regions[0].text == outcome.raw_text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(status=st.integers(400, 599), body=values | st.binary(max_size=60))
def test_any_error_body(hostile, status, body):
    hostile.enqueue(HttpFault(status, json.dumps(body).encode() if not isinstance(body, bytes) else body))

    outcome = read(hostile)

    assert isinstance(outcome, ServiceError)
    assert outcome.status == status
