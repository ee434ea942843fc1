"""The review page in a real browser: where its parts are, what it asks for, what it saves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from review_samples import SIZE

from deepocr_kit.documents import PageImage
from deepocr_kit.geometry import Size
from deepocr_kit.testing import build_page_image

VIEWPORTS = [(380, 800), (1100, 800), (1700, 1000)]

MARK = """() => {
  const mark = document.querySelector('.marks.held .mark'), place = mark.getScreenCTM(), box = mark.getBBox();
  const sheet = mark.closest('.sheet').getBoundingClientRect();
  const view = document.querySelector('#viewer').getBoundingClientRect();
  const left = place.a * box.x + place.e, top = place.d * box.y + place.f;
  return {page: Number(mark.closest('.page').dataset.index), left: left - sheet.left, top: top - sheet.top,
    right: left + place.a * box.width - sheet.left, bottom: top + place.d * box.height - sheet.top,
    width: sheet.width, height: sheet.height,
    seen: top >= view.top - 1 && top + place.d * box.height <= view.bottom + 1};
}"""


def scan(size: Size, index: int = 0) -> PageImage:
    return build_page_image(width=size.width, height=size.height, page_index=index)


def scans() -> dict[int, PageImage]:
    return {0: scan(SIZE), 1: scan(SIZE.turned(1), 1)}


class Review:
    """One review page in the browser, with everything it asked for and said."""

    def __init__(self, page: Any, html: str, path: Path, fragment: str = "") -> None:
        path.write_text(html, encoding="utf-8")
        self.page = page
        self.address = path.as_uri()
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        # nothing moves by itself, so that places can be measured at once
        page.emulate_media(reduced_motion="reduce")
        page.goto(self.address + fragment)

    @property
    def chosen(self) -> str:
        """Path of the selected field."""
        return self.page.evaluate("document.querySelector('.field.chosen')?.id ?? ''").removeprefix("f=")

    @property
    def focused(self) -> str:
        """Id of what has the focus, or of the field around it."""
        return self.page.evaluate("document.activeElement.id || document.activeElement.parentElement.id")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def saved(self) -> dict[str, Any]:
        """The JSON that the save button gives."""
        with self.page.expect_download() as download:
            self.page.click("#save")
        assert download.value.suggested_filename == "bakery_14.corrections.json"
        return json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
