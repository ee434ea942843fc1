"""A sheet of paper to draw on, measured in millimetres."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

__all__ = ["BLACK", "CARBON", "DRAWN_DPI", "FORM_BROWN", "FORM_RED", "SEAL_RED", "Ink", "Sheet"]

DRAWN_DPI = 400
"""Twice the resolution of the finished pictures, so that a scanner's soft edges come from shrinking."""

Ink = tuple[int, int, int]

BLACK: Ink = (38, 36, 40)
CARBON: Ink = (52, 56, 92)
FORM_RED: Ink = (178, 72, 70)
FORM_BROWN: Ink = (150, 88, 58)
SEAL_RED: Ink = (212, 78, 84)


class Sheet:
    """Paper of a given size; positions and sizes in millimetres from its top left corner."""

    def __init__(self, width: float, height: float, paper: Ink = (251, 250, 246)) -> None:
        self.picture = Image.new("RGB", (self.px(width), self.px(height)), paper)
        self._draw = ImageDraw.Draw(self.picture)

    @staticmethod
    def px(millimetres: float) -> int:
        """Pixels at the drawing resolution."""
        return round(millimetres * DRAWN_DPI / 25.4)

    def text(
        self, at: tuple[float, float], words: str, font: ImageFont.FreeTypeFont, *, ink: Ink = BLACK, anchor: str = "ls"
    ) -> None:
        """Write ``words`` with their anchor (by default the left end of the base line) at a place."""
        x, y = at
        self._draw.text((self.px(x), self.px(y)), words, font=font, fill=ink, anchor=anchor)

    def line(self, start: tuple[float, float], end: tuple[float, float], *, ink: Ink, width: float = 0.25) -> None:
        """Draw a straight rule."""
        points = [(self.px(x), self.px(y)) for x, y in (start, end)]
        self._draw.line(points, fill=ink, width=max(self.px(width), 1))

    def frame(self, corners: tuple[float, float, float, float], *, ink: Ink, width: float = 0.25) -> None:
        """Draw a box: left, top, right, bottom."""
        self._draw.rectangle(tuple(self.px(value) for value in corners), outline=ink, width=max(self.px(width), 1))

    def dashes(self, at: tuple[float, float], length: float, *, ink: Ink = BLACK) -> None:
        """Draw a broken rule to the right."""
        x, y = at
        step = 2.2
        for number in range(int(length / step)):
            self.line((x + number * step, y), (x + number * step + step * 0.6, y), ink=ink)

    def seal(
        self,
        centre: tuple[float, float],
        size: tuple[float, float],
        lines: list[str],
        font: ImageFont.FreeTypeFont,
    ) -> None:
        """Stamp an oval seal: two rings and short lines of text, mixed with what is under it."""
        width, height = (self.px(value) for value in size)
        stamp = Image.new("L", (width, height), 0)
        pen = ImageDraw.Draw(stamp)
        ring = self.px(0.7)
        pen.ellipse((0, 0, width - 1, height - 1), outline=255, width=ring)
        inner = ring * 2
        pen.ellipse((inner, inner, width - 1 - inner, height - 1 - inner), outline=200, width=max(ring // 3, 1))
        for number, words in enumerate(lines, start=1):
            pen.text((width / 2, height * number / (len(lines) + 1)), words, font=font, fill=230, anchor="mm")
        stamp = stamp.rotate(7, Image.Resampling.BICUBIC, expand=True).point([value * 0.62 for value in range(256)])
        x, y = (self.px(value) for value in centre)
        self.picture.paste(SEAL_RED, (x - stamp.width // 2, y - stamp.height // 2), stamp)

    def barcode(self, at: tuple[float, float], size: tuple[float, float], digits: str) -> None:
        """Draw bars whose widths follow the digits; it looks like a bar code and encodes nothing."""
        x, y = at
        width, height = size
        units = sum(int(digit) % 3 + 1 + int(digit) % 2 + 1 for digit in digits)
        unit = width / units
        for digit in digits:
            bar = (int(digit) % 3 + 1) * unit
            corners = (x, y, x + bar, y + height)
            self._draw.rectangle(tuple(self.px(value) for value in corners), fill=BLACK)
            x += bar + (int(digit) % 2 + 1) * unit
