"""What the renderers write, against files that a person has read.

``DEEPOCR_REGENERATE=1 pytest tests/rendering/test_golden_files.py`` writes the files anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_documents import hostile_document, one_of_everything

from deepocr_kit.documents import Document
from deepocr_kit.rendering import render_html, render_json, render_markdown, render_text

GOLDEN = Path(__file__).parent / "golden"
REGENERATE = os.environ.get("DEEPOCR_REGENERATE") == "1"

DOCUMENTS = {"everything": one_of_everything, "hostile": hostile_document}
RENDERERS: dict[str, Callable[[Document], str]] = {
    "html": render_html,
    "md": render_markdown,
    "txt": render_text,
    "json": render_json,
}


@pytest.mark.parametrize("suffix", RENDERERS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_output_is_what_was_read_and_approved(name: str, suffix: str) -> None:
    written = RENDERERS[suffix](DOCUMENTS[name]())
    path = GOLDEN / f"{name}.{suffix}"
    if REGENERATE:
        path.write_bytes(written.encode())

    assert written == path.read_bytes().decode()


def test_golden_files_are_not_being_regenerated() -> None:
    assert not REGENERATE, "unset DEEPOCR_REGENERATE, read the difference of tests/rendering/golden, run again"
