"""The committed example scans are what the script draws, and can be read into their schemas."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from pydantic import BaseModel

from deepocr_kit import DeepSeekOcrDialect, Pipeline
from deepocr_kit.testing import StaticBackend, build_page_image
from demo import compare
from drawing.fonts import FontFiles
from make_examples import EXAMPLES, Example, differences
from schemas import SCHEMAS

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(SCHEMAS)
IMAGE_MAX_BYTES = 300_000


class Sum(BaseModel):
    total: str


def test_every_schema_has_a_picture_and_values() -> None:
    assert sorted(path.stem for path in (ROOT / "examples/images").glob("*.jpg")) == NAMES
    assert sorted(path.stem for path in (ROOT / "examples/expected").glob("*.json")) == NAMES
    assert sorted(example.name for example in EXAMPLES) == NAMES


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_expected_values_are_all_that_the_schema_asks_for(example: Example) -> None:
    text = example.expected_path.read_text(encoding="utf-8")

    value = type(example.values).model_validate_json(text)
    assert value.model_dump(mode="json") == json.loads(text)
    assert isinstance(value, SCHEMAS[example.name])


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_small_and_know_their_resolution(name: str) -> None:
    path = ROOT / f"examples/images/{name}.jpg"

    assert path.stat().st_size < IMAGE_MAX_BYTES
    with Image.open(path) as picture:
        assert picture.info["dpi"] == (200, 200)


def test_the_committed_values_are_those_of_the_script() -> None:
    assert differences(None) == []


def test_other_pixels_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    other = EXAMPLES[0].image_path.read_bytes()
    monkeypatch.setattr(Example, "jpeg", lambda self, fonts: other)

    found = differences(FontFiles(sans=Path(), sans_bold=Path(), serif=Path()))

    assert found == [f"{example.name}: other pixels than the script draws" for example in EXAMPLES[1:]]


def test_the_check_compares_pixels_where_it_can_and_writes_nothing() -> None:
    before = {path: path.stat().st_mtime_ns for path in (ROOT / "examples").rglob("*") if path.is_file()}
    script = ROOT / "examples/make_examples.py"

    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "come from this script" in done.stdout
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())


@pytest.mark.cpu
def test_the_demo_reads_every_value_right(tmp_path: Path) -> None:
    # one of them: make demo, which every run of the CI ends with, reads them all
    demo = [sys.executable, ROOT / "examples/demo.py", "taxi_receipt", "--out", tmp_path]

    done = subprocess.run(demo, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "All values are right" in done.stdout
    written = {path.name for path in (tmp_path / "taxi_receipt").iterdir()}
    assert {"document.html", "document.txt", "document.md", "document.json"} <= written
    assert {"value.json", "evidence.json"} <= written


def test_the_demo_names_the_examples_when_it_is_asked_for_another() -> None:
    demo = [sys.executable, ROOT / "examples/demo.py", "menu"]

    done = subprocess.run(demo, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "no example is called menu; there are taxi_receipt, vat_invoice, receipt" in done.stderr


def test_a_subclass_for_another_model_is_at_most_15_lines() -> None:
    tree = ast.parse((ROOT / "examples/custom_backend.py").read_text(encoding="utf-8"))

    backend = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "QwenBackend")
    assert backend.end_lineno - backend.lineno + 1 <= 15


def test_the_demo_calls_a_wrong_value_wrong() -> None:
    answer = "<|ref|>text<|/ref|><|det|>[[100, 100, 400, 130]]<|/det|>\nTotal 49.66\n"
    with Pipeline(StaticBackend(answer, dialect=DeepSeekOcrDialect()), schema=Sum) as pipeline:
        result = pipeline.run(build_page_image())

    assert [row[3] for row in compare(result, {"total": "49.66"})] == [True]
    assert [row[3] for row in compare(result, {"total": "94.66"})] == [False]


def test_the_demo_counts_a_missing_value_as_wrong() -> None:
    with Pipeline(StaticBackend("", dialect=DeepSeekOcrDialect()), schema=Sum) as pipeline:
        result = pipeline.run(build_page_image())

    assert compare(result, {"total": "49.66"}) == [("total", "None", "missing", False)]
