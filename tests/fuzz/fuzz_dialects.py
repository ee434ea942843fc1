"""atheris harness: any bytes as an answer in any dialect. ``python tests/fuzz/fuzz_dialects.py -max_total_time=60``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["deepocr_kit.grounding"]):
    from answers_to_fuzz import TASKS, check_answer
    from family_answers import families

    from deepocr_kit.grounding import KNOWN_DIALECTS

FAMILIES = families()


def test_one_input(data: bytes) -> None:
    """Some bytes choose the dialect, the task and the cuts; the rest are characters, from 0x80 on whole fragments."""
    provider = atheris.FuzzedDataProvider(data)
    dialect = KNOWN_DIALECTS[provider.ConsumeIntInRange(0, len(KNOWN_DIALECTS) - 1)]
    task = TASKS[provider.ConsumeIntInRange(0, len(TASKS) - 1)]
    step = provider.ConsumeIntInRange(1, 120)
    family = FAMILIES[dialect.name]
    rest = provider.ConsumeBytes(provider.remaining_bytes())
    raw_text = "".join(chr(byte) if byte < 0x80 else family.fragments[byte % len(family.fragments)] for byte in rest)
    check_answer(dialect, family, raw_text, task, range(step, len(raw_text), step))


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
