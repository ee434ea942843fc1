"""atheris harness: any bytes as an answer in any dialect. ``python tests/fuzz/fuzz_dialects.py -max_total_time=60``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["deepocr_kit.grounding"]):
    from answers_to_fuzz import TASKS, check_answer
    from fragments import FOREIGN_FRAGMENTS

    from deepocr_kit.grounding import KNOWN_DIALECTS


def test_one_input(data: bytes) -> None:
    """Some bytes choose the dialect and the task; in the rest, those from 0x80 on stand for whole fragments."""
    provider = atheris.FuzzedDataProvider(data)
    dialect = KNOWN_DIALECTS[provider.ConsumeIntInRange(0, len(KNOWN_DIALECTS) - 1)]
    task = TASKS[provider.ConsumeIntInRange(0, len(TASKS) - 1)]
    rest = provider.ConsumeBytes(provider.remaining_bytes())
    raw_text = "".join(chr(byte) if byte < 0x80 else FOREIGN_FRAGMENTS[byte % len(FOREIGN_FRAGMENTS)] for byte in rest)
    check_answer(dialect, raw_text, task, (len(raw_text) // 2,))


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
