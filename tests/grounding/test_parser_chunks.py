"""What stands at the end of one chunk and at the begin of the next means the same as in one piece."""

from __future__ import annotations

import pytest
from lossless import check_lossless

from deepocr_kit.documents import IssueCode
from deepocr_kit.grounding import DeepSeekOcrDialect, OcrTask, ParsedText

DIALECT = DeepSeekOcrDialect()
RULE = "=" * 21
ANSWERS = {
    "console output behind a rule": f"<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nwords\n{RULE}\n"
    f"BASE:  torch.Size([1, 256, 1280])\nPATCHES:  torch.Size([6, 100, 1280])\n{RULE}\nmore",
    "a rule behind words on one line": f"words{RULE}\nNO PATCHES\n{RULE}\nmore",
    "a rule that is only a rule": f"words\n{RULE}\nBASE camp\n{RULE}\n",
    "console words that are words": "image size: (1, 2)\nBASE: a word\nsave results",
    "a console line without its rule": "words\nimage size:  (1, 2)\nvalid image tokens:  903\n",
    "the last lines": f"words\n{RULE}\nimage size:  (1280, 960)\ncompression ratio:  1.5\n"
    f"{'=' * 15}save results:{'=' * 15}\n",
    "stripped tags": "text[[1, 2, 3, 4]]\na[[5, 6\ntable[[1, 2, 3, 4]]\n<table><tr><td>a</td></tr></table>\n",
    "a box list over two lines": "<|ref|>text<|/ref|><|det|>[[1, 2,\n3, 4]]<|/det|>\nwords",
    "carriage returns": "text[[1, 2, 3, 4]]\r\nwords\r\n\r\nmore\r",
    "blocks": "one\n\ntwo\n\n<table>\n\n<tr><td>a</td></tr></table>\n\nthree\u2028\u2028four",
    "a cut token": "<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nwords <|re",
}


def in_two(raw_text: str, at: int, task: OcrTask) -> ParsedText:
    parser = DIALECT.parser(task=task)
    parser.feed(raw_text[:at])
    parser.feed(raw_text[at:])
    return parser.finish()


@pytest.mark.parametrize("task", [OcrTask.DOCUMENT, OcrTask.LINES, OcrTask.FREE])
@pytest.mark.parametrize("name", ANSWERS)
def test_every_single_cut_gives_the_same(name: str, task: OcrTask) -> None:
    raw_text = ANSWERS[name]
    whole = DIALECT.parse(raw_text, task=task)
    check_lossless(raw_text, whole)

    assert all(in_two(raw_text, at, task) == whole for at in range(len(raw_text) + 1))


def test_console_words_in_the_chunk_after_the_rule_are_console_output() -> None:
    parser = DIALECT.parser()
    parser.feed(f"words\n{RULE}\n")
    parser.feed(f"BASE:  torch.Size([1, 256])\n{RULE}\n")
    parser.feed("more\n")
    parsed = parser.finish()

    assert [region.text for region in parsed.regions] == ["words", "more"]
    assert [issue.span for issue in parsed.issues if issue.code is IssueCode.CONSOLE_NOISE] == [(6, 77)]


def test_a_rule_before_ordinary_words_stays_text() -> None:
    parser = DIALECT.parser()
    parser.feed(f"words\n{RULE}\n")
    parser.feed("BASE camp\n")

    assert [region.text for region in parser.finish().regions] == [f"words\n{RULE}\nBASE camp"]
