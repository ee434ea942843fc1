"""What the answers of each family are made from: well-formed and malformed ones, pieces of markup, real outputs."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "grounding"))  # these files also run as scripts
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from fragments import FOREIGN_FRAGMENTS, FRAGMENTS
from tests.grounding.dialect_contract import DialectContract

from deepocr_kit.geometry import BBox
from deepocr_kit.grounding import KNOWN_DIALECTS, TextLine, write_lines

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared/data"
CONTRACTS = (
    "dialects_a.test_unlimited_ocr", "dialects_a.test_mineru", "dialects_a.test_paddleocr_vl",
    "dialects_a.test_glm_ocr", "dialects_a.test_hunyuan_ocr", "dialects_a.test_doctags", "dialects_b.test_dots_ocr",
    "dialects_b.test_chandra", "dialects_b.test_qwen_vl", "dialects_b.test_markdown_models",
)  # fmt: skip
MODELS = {
    "DeepSeek": ("deepseek-ocr",), "chandra": ("chandra-2",), "dots": ("dots-ocr",), "DocTags": ("doctags",),
    "Qwen2.5-VL": ("qwen2.5-vl", "qwen3-vl"), "olmOCR": ("olmocr", "nanonets"), "Unlimited": ("unlimited-ocr",),
    "MinerU": ("mineru2.5",), "Hunyuan": ("hunyuan-ocr",), "PaddleOCR": ("paddleocr-vl",), "GLM": ("glm-ocr",),
}  # fmt: skip
"""Which dialects read the outputs of a model, by a part of its name in the data set."""

TABLE = '<table><tr><td>Item</td><td>Price</td></tr><tr><td>A<B</td><td rowspan="2">12.50</td></tr></table>'
DEEPSEEK_ANSWERS = (
    "<|ref|>title<|/ref|><|det|>[[171, 101, 825, 150]]<|/det|>\n# Heading  \n\n"
    "<|ref|>text<|/ref|><|det|>[[143, 164, 311, 227]]<|/det|>\nTwo lines\n\nof text  \n\n<｜end▁of▁sentence｜>",
    "sub_title[[86, 310, 182, 324]]\n## ABSTRACT\n\nimage[[242, 243, 753, 653]]\n"
    "image_caption[[248, 664, 469, 683]]\n<center>Figure 1: a box. </center>\n\ntext[[1, 700, 900, 730]]\n总计 12.50\n",
    "continued from the last page\n\n<|ref|>table<|/ref|><|det|>[[100, 300, 900, 400]]<|/det|>\n"
    f"<|ref|>table_caption<|/ref|><|det|>[[100, 270, 900, 290]]<|/det|>\nTable 1: Prices\n\n{TABLE}\n",
    f"<|ref|>table<|/ref|><|det|>[[100, 300, 900, 400]]<|/det|>\n\n{TABLE}\n\n"
    "<|ref|>equation<|/ref|><|det|>[[100, 500, 900, 540]]<|/det|>\n\\[ x = 1 \\]\n",
    "=====================\nBASE:  torch.Size([1, 256, 1280])\nPATCHES:  torch.Size([6, 100, 1280])\n"
    "=====================\n<|ref|>text<|/ref|><|det|>[[119,\n\nwords\n===============save results:===============\n",
    "<|ref|>越过高峰<|/ref|><|det|>[[547, 703, 604, 730]]<|/det|>\n"
    "<|ref|>Total 9.80<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n",
    "First paragraph, **bold** &amp; more.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nLast one.",
)  # fmt: skip
LINE_ANSWERS = (
    write_lines([TextLine("Total 9.80", BBox(0.1, 0.1, 0.5, 0.2), 0.98), TextLine("总计"), TextLine(" a ")]),
)
LINE_FRAGMENTS = (
    *LINE_ANSWERS[0].splitlines(keepends=True),
    "\n",
    "{",
    "}",
    '"text"',
    ": ",
    ", ",
    '"',
    "words",
    "\r\n",
)

TOKENS = r"<[\uff5c|][^<>\n]{1,40}[\uff5c|]>|</s>|```[A-Za-z]{0,20}"
"""Special tokens and code fences: whatever the family, they are no text of the page."""


@dataclass(frozen=True)
class Family:
    """What the answers in one dialect are made from.

    Attributes:
        samples: Whole answers, some of them real.
        fragments: Pieces of markup.
        markup: What may stand outside of every span; None where ``check_lossless`` checks it.
    """

    samples: tuple[str, ...]
    fragments: tuple[str, ...]
    markup: re.Pattern[str] | None


def real_outputs() -> dict[str, str]:
    """Outputs of real models by file, when the shared data set is beside this checkout."""
    files = sorted(SHARED_DATA.glob("model_outputs/*/*.txt")) + sorted(SHARED_DATA.glob("taxi_invoice/*.txt"))
    return {str(file.relative_to(SHARED_DATA)): file.read_text("utf-8") for file in files}


def dialects_of(name: str) -> tuple[str, ...]:
    """Names of the dialects that a real output is written in."""
    notes = (SHARED_DATA / name).with_suffix(".json")
    model = json.loads(notes.read_text("utf-8")).get("model", "") if notes.exists() else "DeepSeek"
    return next((names for part, names in MODELS.items() if part.lower() in model.lower()), ("deepseek-ocr",))


def families() -> dict[str, Family]:
    """The material of every dialect, by its name."""
    real: dict[str, list[str]] = {}
    for file, raw_text in real_outputs().items():
        for name in dialects_of(file):
            real.setdefault(name, []).append(raw_text)
    found = {
        "deepseek-ocr": Family((*DEEPSEEK_ANSWERS, *real.get("deepseek-ocr", ())), FRAGMENTS, None),
        "lines": Family(LINE_ANSWERS, LINE_FRAGMENTS, re.compile(r"(?!)")),
    }
    for module in CONTRACTS:
        for contract in vars(import_module(f"tests.grounding.{module}")).values():
            if isinstance(contract, type) and issubclass(contract, DialectContract) and hasattr(contract, "dialect"):
                name = contract.dialect.name
                samples = (*(sample.raw_text for sample in contract.samples.values()), *contract.malformed.values())
                fragments = (*contract.fragments, *contract.fragments, *FOREIGN_FRAGMENTS)
                markup = re.compile(f"{contract.markup.pattern}|{TOKENS}", contract.markup.flags)
                found[name] = Family((*samples, *real.get(name, ())), fragments, markup)
    return {dialect.name: found[dialect.name] for dialect in KNOWN_DIALECTS}
