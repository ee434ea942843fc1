"""Time stays linear whatever a model of another family writes. The texts are those that ``benchmarks`` measures."""

from __future__ import annotations

import pytest
from benchmarks.dialect_texts import FAMILIES, HOSTILE_ANYWHERE

from deepocr_kit.geometry import Size
from deepocr_kit.grounding import KNOWN_DIALECTS, dialect_named
from steady_time import LINEAR, growth

pytestmark = pytest.mark.uncounted

SIZE = Size(1000, 1400)
SHORT = 4_000
TIMES = 8
SIBLINGS = {"chandra-1", "qwen2.5-vl", "olmocr"}
"""Read by the same code as a dialect that is measured."""

HOSTILE = [
    (dialect, text)
    for dialect, family in FAMILIES.items()
    if dialect not in SIBLINGS
    for text in (*HOSTILE_ANYWHERE, *family.hostile)
]


def test_every_dialect_has_hostile_texts() -> None:
    assert {*FAMILIES, "deepseek-ocr"} == {dialect.name for dialect in KNOWN_DIALECTS}


@pytest.mark.parametrize(("name", "text"), HOSTILE)
def test_time_is_linear_on_every_hostile_text(name: str, text: str) -> None:
    family, dialect = FAMILIES[name], dialect_named(name)
    make = (HOSTILE_ANYWHERE | family.hostile)[text]
    short, long = make(SHORT), make(TIMES * SHORT)
    grown = growth(
        lambda: dialect.parse(short, task=family.task, size=SIZE),
        lambda: dialect.parse(long, task=family.task, size=SIZE),
        times=TIMES,
    )

    assert grown <= LINEAR


@pytest.mark.parametrize("name", FAMILIES)
def test_spans_of_hostile_texts_lie_apart(name: str) -> None:
    family, dialect = FAMILIES[name], dialect_named(name)
    for text, make in (HOSTILE_ANYWHERE | family.hostile).items():
        raw_text = make(600)
        parsed = dialect.parse(raw_text, task=family.task, size=SIZE)
        spans = [region.span for region in parsed.regions] + [issue.span for issue in parsed.issues]
        position = 0
        for start, end in sorted(span for span in spans if span is not None):
            assert position <= start <= end <= len(raw_text), text
            position = end
