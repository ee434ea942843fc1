"""``deepocr demo``: the whole way on a receipt that is drawn on the spot."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image, ImageDraw, ImageFont
from pydantic import BaseModel, Field
from rich.console import Console

from deepocr_kit.cli._report import exit_code, field_table, issue_lines
from deepocr_kit.pipeline import Pipeline

__all__ = ["demo"]

LINES = (
    ("CORNER BAKERY LTD", ""),
    ("12 MILL LANE", ""),
    ("RECEIPT", ""),
    ("Date: 14/03/2026", "Time: 09:41"),
    ("Sourdough loaf", "4.20"),
    ("Almond croissant", "3.10"),
    ("Oat milk 1L", "2.45"),
    ("Subtotal", "9.75"),
    ("VAT", "1.95"),
    ("TOTAL", "11.70"),
)


class DemoReceipt(BaseModel):
    """What the demo reads from its receipt."""

    company: str = Field(description="Company, the name printed on top")
    date: dt.date = Field(description="Date")
    subtotal: Decimal = Field(description="Subtotal")
    total: Decimal = Field(description="Total")


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("demo-output"),
) -> None:
    """Draw a receipt, read it on the CPU, and show what comes out."""
    console, log = Console(), Console(stderr=True)
    with Pipeline(schema=DemoReceipt) as pipeline:
        result = pipeline.run(_draw(), name="receipt.png")
    for path in result.save(out):
        log.print(f"wrote {path}", highlight=False, soft_wrap=True)
    console.print(result.text(), highlight=False, markup=False)
    console.print(field_table(result.evidence))
    issue_lines(log, result.issues)
    raise typer.Exit(exit_code([result]))


def _draw() -> Image.Image:
    page = Image.new("RGB", (800, 140 + 70 * len(LINES)), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=34)
    for number, (left, right) in enumerate(LINES):
        top = 70 + 70 * number
        draw.text((60, top), left, fill="black", font=font)
        draw.text((740, top), right, fill="black", font=font, anchor="ra")
    return page
