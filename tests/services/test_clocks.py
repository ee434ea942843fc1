"""The four clocks."""

from __future__ import annotations

import anyio
import pytest
from pydantic import ValidationError

from deepocr_kit.errors import ServiceTimeoutError
from deepocr_kit.services import Clocks, Timeouts

pytestmark = pytest.mark.anyio


async def test_a_quick_answer_comes_through():
    async def answer() -> str:
        return "text"

    assert await Clocks(Timeouts()).wait(answer()) == "text"


@pytest.mark.parametrize(
    ("timeouts", "after_text", "clock"),
    [
        (Timeouts(first_token=0.02), False, "first_token"),
        (Timeouts(idle=0.02), True, "idle"),
        (Timeouts(total=0.02), False, "total"),
        (Timeouts(total=0.02), True, "total"),
    ],
)
async def test_the_clock_that_ran_out_is_named(timeouts, after_text, clock):
    clocks = Clocks(timeouts, service="vllm")
    if after_text:
        clocks.text_arrived()

    with pytest.raises(ServiceTimeoutError) as caught:
        await clocks.wait(anyio.sleep(5))

    assert (caught.value.clock, caught.value.seconds, caught.value.retryable) == (clock, 0.02, True)
    assert str(caught.value).startswith("vllm: ")


async def test_text_stops_the_first_clock():
    clocks = Clocks(Timeouts(first_token=0.02, idle=5))
    clocks.text_arrived()

    await clocks.wait(anyio.sleep(0.05))

    assert clocks.seconds >= 0.05


async def test_a_cancellation_from_outside_is_not_a_timeout():
    clocks = Clocks(Timeouts())

    with anyio.move_on_after(0.02) as scope:
        await clocks.wait(anyio.sleep(5))

    assert scope.cancelled_caught


@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_senseless_limits_are_refused(value):
    with pytest.raises(ValidationError):
        Timeouts(idle=value)
