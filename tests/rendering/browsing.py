"""HTML files in a real browser: what they ask for, where their parts are, how they look."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

VIEWPORTS = [(400, 800), (1000, 900), (1700, 1000)]

MEASURE = """() => [...document.querySelectorAll('.sheet')].flatMap(sheet => {
  const page = sheet.getBoundingClientRect();
  return [...sheet.querySelectorAll('[data-region]')].map(element => {
    const box = element.getBoundingClientRect();
    const pasts = [...element.querySelectorAll('svg text')].flatMap(text => {
      const width = text.ownerSVGElement.viewBox.baseVal.width;
      const last = text.getNumberOfChars() - 1;
      const ends = [text.getStartPositionOfChar(0).x, text.getEndPositionOfChar(last).x];
      return [-Math.min(...ends), Math.max(...ends) - width].map(past => past * box.width / (width || 1));
    });
    return {
      id: element.id, text: element.textContent,
      left: box.left - page.left, top: box.top - page.top, width: box.width, height: box.height,
      sheetWidth: page.width, sheetHeight: page.height,
      over: Math.max(element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight),
      past: Math.max(0, ...pasts),
    };
  });
})"""


class Visit:
    """One file in the browser, with everything it asked for and said."""

    def __init__(self, page: Any, html: str, path: Path) -> None:
        path.write_text(html, encoding="utf-8")
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(path.as_uri())

    def show(self, view: str) -> None:
        """Switch to a view."""
        self.page.check(f"#view-{view}")


def rules_of(html: str) -> dict[str, tuple[float, ...]]:
    """Left, top, width, height in percent, by element id, as the style sheet says outside of the scan view."""
    number = r"(-?[0-9.]+)%"
    style = re.sub(r"^:root:has\([^)\n]*\)\{\n.*?^\}", "", html, flags=re.M | re.S)
    found = re.findall(rf"^#([\w-]+){{inset:{number} {number} {number} {number}", style, flags=re.M)
    rules = {}
    for name, *texts in found:
        top, right, bottom, left = (float(text) for text in texts)
        rules[name] = (left, top, max(0.0, 100 - left - right), max(0.0, 100 - top - bottom))
    return rules


def check_places(html: str, page: Any, path: Path) -> None:
    """Every box at its place within a pixel at three sizes of the window, holding its text; no request, no word."""
    visit = Visit(page, html, path)
    rules = rules_of(html)
    for width, height in VIEWPORTS:
        page.set_viewport_size({"width": width, "height": height})
        boxes = page.evaluate(MEASURE)

        assert {box["id"] for box in boxes} == set(rules)
        for box in boxes:
            left, top, wide, high = rules[box["id"]]
            assert box["left"] == pytest.approx(left / 100 * box["sheetWidth"], abs=1)
            assert box["top"] == pytest.approx(top / 100 * box["sheetHeight"], abs=1)
            assert box["width"] == pytest.approx(wide / 100 * box["sheetWidth"], abs=1)
            assert box["height"] == pytest.approx(high / 100 * box["sheetHeight"], abs=1)
            assert box["over"] <= 1, box
            assert box["past"] <= max(1.0, 0.03 * box["width"]), box
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert visit.said == []
    assert visit.asked == [path.as_uri()]


def find(page: Any, text: str) -> list[tuple[float, float, float, float]]:
    """The places where the browser's own search finds a text: left, top, right, bottom in the window."""
    return page.evaluate(
        """text => {
          const places = [];
          getSelection().removeAllRanges();
          while (places.length < 20 && window.find(text, true)) {
            const box = getSelection().getRangeAt(0).getBoundingClientRect();
            places.push([box.left + scrollX, box.top + scrollY, box.right + scrollX, box.bottom + scrollY]);
          }
          return places;
        }""",
        text,
    )


def contrast(locator: Any) -> float:
    """Contrast ratio (WCAG 2) of the darkest and the lightest pixel of an element as it is painted."""
    picture = Image.open(io.BytesIO(locator.screenshot())).convert("RGB")
    lights = sorted(_luminance(color) for _, color in picture.getcolors(picture.width * picture.height) or [])
    return (lights[-1] + 0.05) / (lights[0] + 0.05)


def _luminance(color: tuple[int, ...]) -> float:
    linear = [value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
