"""atheris harness: any bytes as an answer of DeepSeek-OCR. ``python tests/fuzz/fuzz_parser.py -max_total_time=60``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["deepocr_kit.grounding"]):
    from answers_to_fuzz import TASKS, check_answer
    from family_answers import families

    from deepocr_kit.grounding import DeepSeekOcrDialect

DIALECT = DeepSeekOcrDialect()
FAMILY = families()[DIALECT.name]


def test_one_input(data: bytes) -> None:
    """Some bytes choose the task and the cuts; in the rest, those from 0x80 on stand for whole fragments."""
    provider = atheris.FuzzedDataProvider(data)
    task = TASKS[provider.ConsumeIntInRange(0, len(TASKS) - 1)]
    cuts = provider.ConsumeIntListInRange(provider.ConsumeIntInRange(0, 6), 0, 400)
    rest = provider.ConsumeBytes(provider.remaining_bytes())
    raw_text = "".join(chr(byte) if byte < 0x80 else FAMILY.fragments[byte % len(FAMILY.fragments)] for byte in rest)
    check_answer(DIALECT, FAMILY, raw_text, task, [cut for cut in cuts if cut < len(raw_text)])


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
