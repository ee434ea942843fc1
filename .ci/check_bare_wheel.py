"""Checks the installed wheel without any extra: cheap import, pure use, and a clear word about what is missing."""

from __future__ import annotations

import sys

VENDORS = ("openai", "boto3", "botocore", "rapidocr", "onnxruntime", "pypdfium2", "typer", "rich", "ray")
ANSWER = (
    "<|ref|>text<|/ref|><|det|>[[100, 100, 300, 130]]<|/det|>\nTotal\n\n"
    "<|ref|>text<|/ref|><|det|>[[700, 100, 900, 130]]<|/det|>\n49.66\n"
)


def main() -> int:
    """Check; 0 when all is well."""
    import deepocr_kit  # noqa: PLC0415 - what the import loads is what is checked

    loaded = sorted(name for name in VENDORS if name in sys.modules)
    assert not loaded, f"importing deepocr_kit loaded {loaded}"
    assert "site-packages" in deepocr_kit.__file__, f"not the installed wheel: {deepocr_kit.__file__}"

    document = deepocr_kit.parse_document(ANSWER)
    assert [region.text for region in document.regions] == ["Total", "49.66"], document.regions
    assert type(document).model_validate_json(document.model_dump_json()) == document

    from deepocr_kit.rendering import render_html, render_text  # noqa: PLC0415 - after the check above

    assert "49.66" in render_html(document)
    assert "49.66" in render_text(document)

    missing = []
    try:
        deepocr_kit.Pipeline()
    except deepocr_kit.DeepOcrError as error:
        missing.append(error.message)
    assert missing, "Pipeline() without the extra 'cpu' raised nothing"
    assert "deepocr_kit[cpu]" in missing[0], missing[0]

    for name in deepocr_kit.__all__:
        getattr(deepocr_kit, name)
    print(f"the bare wheel works; {len(deepocr_kit.__all__)} public names load")  # noqa: T201 - what a script says
    return 0


if __name__ == "__main__":
    sys.exit(main())
