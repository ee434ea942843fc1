"""The contract catches backends that break it."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

HEAD = """
import pytest
from deepocr_kit.backends import OcrBackend, RecognitionDone, TextDelta
from deepocr_kit.documents import Recognition, Usage
from deepocr_kit.grounding import LineDialect
from deepocr_kit.testing import OcrBackendContract, StaticBackend, build_region

GOOD = Recognition(raw_text="text", dialect="plain", model="m", finish_reason="stop", usage=Usage(requests=1))

class Backend(StaticBackend):
    def __init__(self):
        super().__init__(GOOD)

class TestIt(OcrBackendContract):
    @pytest.fixture
    def backend(self):
        return Backend()
"""

BAD = {
    "refuses_pages_after_it_is_closed": "async def aclose(self): pass",
    "may_be_closed_twice": """async def aclose(self):
        assert not self.closed
        self.closed = True""",
    "numbers_regions_within_the_page": """async def recognize(self, image, *, task=None):
        await super().recognize(image, task=task)
        return GOOD.model_copy(update={"regions": (build_region(region_id="p1r1"),)})""",
    "gives_a_recognition_that_names_its_origin": """async def recognize(self, image, *, task=None):
        await super().recognize(image, task=task)
        return GOOD.model_copy(update={"model": ""})""",
    "regions_stand_on_the_page_and_in_the_raw_text": """async def recognize(self, image, *, task=None):
        await super().recognize(image, task=task)
        region = build_region(region_id="p3r1").model_copy(update={"span": (0, 99)})
        return GOOD.model_copy(update={"regions": (region,)})""",
    "the_stream_ends_with_what_recognize_gives": """async def stream(self, image, *, task=None):
        yield RecognitionDone(GOOD.model_copy(update={"raw_text": "other"}))""",
    "the_stream_tells_what_the_recognition_holds": """async def stream(self, image, *, task=None):
        yield TextDelta("half")
        yield RecognitionDone(await self.recognize(image))""",
    "reads_pages_at_once_without_mixing_them": """async def recognize(self, image, *, task=None):
        await super().recognize(image, task=task)
        return GOOD.model_copy(update={"raw_text": str(image.page_index)})""",
    "can_be_cancelled_and_used_again": """async def recognize(self, image, *, task=None):
        import asyncio
        try:
            await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            return GOOD
        return await super().recognize(image, task=task)""",
    "its_repr_fits_on_a_line": """def __repr__(self):
        return "a\\nb\"""",
}


@pytest.fixture
def suite(pytester):
    def run(body: str, *options: str):
        pytester.makepyfile(HEAD.replace("super().__init__(GOOD)\n", f"super().__init__(GOOD)\n    {body}\n", 1))
        return pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider", *options)

    return run


@pytest.mark.parametrize("name", BAD)
def test_a_backend_that_breaks_a_rule_fails_its_test(suite, name):
    suite(BAD[name], "-k", name).assert_outcomes(failed=1, deselected=12)


def test_a_good_backend_passes(suite):
    suite("pass").assert_outcomes(passed=13)
