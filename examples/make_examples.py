"""Draws the example scans and writes the values that stand on them.

``python examples/make_examples.py`` writes ``images`` and ``expected``.
``python examples/make_examples.py --check`` writes nothing and tells whether
what is there came from this script: the values must be the same, and with the
same fonts and the same Pillow the pixels too.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import PIL
from PIL import Image, ImageChops
from pydantic import BaseModel

from drawing import receipt, taxi_receipt, vat_invoice
from drawing.ageing import Age, scan
from drawing.fonts import FontFiles, FontsMissingError, find_fonts

HERE = Path(__file__).resolve().parent
MADE_WITH = HERE / "images" / "made_with.json"
SCAN_DPI = 200


@dataclass(frozen=True, slots=True)
class Example:
    """One picture: its values, how they are drawn, and what it went through."""

    name: str
    values: BaseModel
    draw: Callable[[Any, FontFiles], Image.Image]
    age: Age

    @property
    def image_path(self) -> Path:
        """Where the scan is kept."""
        return HERE / "images" / f"{self.name}.jpg"

    @property
    def expected_path(self) -> Path:
        """Where the values are kept."""
        return HERE / "expected" / f"{self.name}.json"

    def expected(self) -> str:
        """The values as JSON text."""
        return json.dumps(self.values.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"

    def jpeg(self, fonts: FontFiles) -> bytes:
        """The scan as a JPEG file."""
        buffer = io.BytesIO()
        page = scan(self.draw(self.values, fonts), self.age)
        page.save(buffer, "JPEG", quality=self.age.quality, dpi=(SCAN_DPI, SCAN_DPI))
        return buffer.getvalue()


EXAMPLES = tuple(
    Example(name, module.VALUES, module.draw, module.AGE)
    for name, module in (("taxi_receipt", taxi_receipt), ("vat_invoice", vat_invoice), ("receipt", receipt))
)


def made_with(fonts: FontFiles) -> dict[str, str]:
    """What decides the pixels besides this script."""
    return {"fonts_sha256": fonts.digest(), "pillow": PIL.__version__}


def write(fonts: FontFiles) -> None:
    """Write every picture and its values."""
    for example in EXAMPLES:
        example.image_path.parent.mkdir(exist_ok=True)
        example.expected_path.parent.mkdir(exist_ok=True)
        example.image_path.write_bytes(example.jpeg(fonts))
        example.expected_path.write_text(example.expected(), encoding="utf-8")
        print(f"{example.image_path.relative_to(HERE)}: {example.image_path.stat().st_size} bytes")
    MADE_WITH.write_text(json.dumps(made_with(fonts), indent=2) + "\n", encoding="utf-8")


def differences(fonts: FontFiles | None) -> list[str]:
    """What is there but did not come from this script; pixels are compared where ``fonts`` allow it."""
    found = []
    for example in EXAMPLES:
        if not example.image_path.is_file() or not example.expected_path.is_file():
            found.append(f"{example.name}: the picture or its values are missing")
        elif example.expected_path.read_text(encoding="utf-8") != example.expected():
            found.append(f"{example.name}: other values than the script draws")
        elif fonts is not None and not _same_pixels(example.image_path.read_bytes(), example.jpeg(fonts)):
            found.append(f"{example.name}: other pixels than the script draws")
    return found


def _same_pixels(one: bytes, other: bytes) -> bool:
    pictures = [Image.open(io.BytesIO(data)).convert("RGB") for data in (one, other)]
    if pictures[0].size != pictures[1].size:
        return False
    return ImageChops.difference(*pictures).getbbox() is None


def _fonts_that_made_them() -> FontFiles | None:
    """The installed fonts, when they and Pillow are those that made the committed pictures."""
    try:
        fonts = find_fonts()
    except FontsMissingError:
        return None
    return fonts if json.loads(MADE_WITH.read_text(encoding="utf-8")) == made_with(fonts) else None


def check() -> int:
    """Compare what is there with what the script makes; 0 when it is the same."""
    fonts = _fonts_that_made_them()
    found = differences(fonts)
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    what = "values and pixels" if fonts else "values (other fonts or another Pillow: pixels not compared)"
    print(f"{len(EXAMPLES)} examples come from this script: same {what}")
    return 0


def main() -> int:
    """Write the examples, or check them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    if parser.parse_args().check:
        return check()
    try:
        write(find_fonts())
    except FontsMissingError as error:
        print(f"make_examples: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
