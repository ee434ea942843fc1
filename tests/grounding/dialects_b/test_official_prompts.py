"""The prompts are the families' own, byte for byte: a digest of each, so that none changes by accident."""

from __future__ import annotations

import hashlib

import pytest

from deepocr_kit.grounding import KNOWN_DIALECTS, OcrTask, dialect_named

DIGESTS = {
    ("deepseek-ocr", OcrTask.DOCUMENT): "2300787a910e0652",
    ("deepseek-ocr", OcrTask.LINES): "ed9aa27c206dcfec",
    ("deepseek-ocr", OcrTask.FREE): "984f546c666f6902",
    ("deepseek-ocr", OcrTask.FIGURE): "c56977d40d96aa93",
    ("deepseek-ocr", OcrTask.DESCRIBE): "b9dd656520e3ede8",
    ("unlimited-ocr", OcrTask.DOCUMENT): "ae22ae5ff343480e",
    ("mineru2.5", OcrTask.DOCUMENT): "cf973f354495660e",
    ("mineru2.5", OcrTask.FREE): "23440297dfb96fec",
    ("mineru2.5", OcrTask.FIGURE): "584f6bc1930dcdc9",
    ("paddleocr-vl", OcrTask.LINES): "174efa2abedd22b0",
    ("paddleocr-vl", OcrTask.FREE): "d715a33c90db45b3",
    ("paddleocr-vl", OcrTask.FIGURE): "ed6865b1c29bbc2b",
    ("glm-ocr", OcrTask.DOCUMENT): "77e8207573e1b8ba",
    ("glm-ocr", OcrTask.FREE): "77e8207573e1b8ba",
    ("hunyuan-ocr", OcrTask.DOCUMENT): "915ac071db0a2eec",
    ("hunyuan-ocr", OcrTask.LINES): "9d5efb395cfbe2ab",
    ("hunyuan-ocr", OcrTask.FREE): "16f15a15a1eb5181",
    ("hunyuan-ocr", OcrTask.FIGURE): "0d37a14f1b5a3320",
    ("doctags", OcrTask.DOCUMENT): "c1887a42d2cd57fc",
    ("doctags", OcrTask.FIGURE): "4cfc6ff7b728c14a",
    ("dots-ocr", OcrTask.DOCUMENT): "16ff71ac5d218f35",
    ("dots-ocr", OcrTask.FREE): "8ee4c4b75c200c7f",
    ("chandra-1", OcrTask.DOCUMENT): "3cdbeed4e2b12e40",
    ("chandra-1", OcrTask.FREE): "f12a69225d90832f",
    ("chandra-2", OcrTask.DOCUMENT): "025935f3e1de1acd",
    ("chandra-2", OcrTask.FREE): "5bddc652e7f39d5c",
    ("qwen2.5-vl", OcrTask.DOCUMENT): "e8d89c253511502e",
    ("qwen2.5-vl", OcrTask.LINES): "bc0ec9367391085e",
    ("qwen2.5-vl", OcrTask.FREE): "d233c642a829efc9",
    ("qwen3-vl", OcrTask.DOCUMENT): "6ec16d7f15fb4148",
    ("qwen3-vl", OcrTask.LINES): "b59ddc60061144bc",
    ("qwen3-vl", OcrTask.FREE): "d233c642a829efc9",
    ("olmocr", OcrTask.DOCUMENT): "c12f21aca8c6c559",
    ("olmocr", OcrTask.FREE): "c12f21aca8c6c559",
    ("nanonets", OcrTask.DOCUMENT): "f8f1002a2fe8c60a",
    ("nanonets", OcrTask.FREE): "f8f1002a2fe8c60a",
}


def digest(prompt: str) -> str:
    return hashlib.sha256(prompt.encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", sorted({name for name, _ in DIGESTS}))
def test_prompts_are_byte_for_byte_those_of_the_source(name: str) -> None:
    expected = {task: known for (family, task), known in DIGESTS.items() if family == name}

    assert {task: digest(dialect_named(name).prompt(task)) for task in expected} == expected
    for task in set(OcrTask) - set(expected) - {OcrTask.LOCATE}:
        with pytest.raises(ValueError, match=task.value):
            dialect_named(name).prompt(task)


def test_every_dialect_of_a_model_has_its_prompts_here() -> None:
    assert {name for name, _ in DIGESTS} == {dialect.name for dialect in KNOWN_DIALECTS} - {"lines"}
