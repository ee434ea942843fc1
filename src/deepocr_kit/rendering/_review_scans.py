"""The left side of the review page: scans, boxes and what the regions say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from deepocr_kit.documents import Page, PageImage, PageStatus, Region, upright_page, with_distinct_ids
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout import UNKNOWN_SIZE, em_width
from deepocr_kit.rendering._characters import clean, escape, language
from deepocr_kit.rendering._review_parts import Ids, issue_items
from deepocr_kit.rendering._review_values import ReviewState
from deepocr_kit.rendering._scan import data_url

__all__ = ["Scans"]

_TURNS = ("", "translate({h} 0) rotate(90)", "translate({w} {h}) rotate(180)", "translate(0 {w}) rotate(270)")
"""Quarter turns clockwise of a picture of w x h that then stands at the origin again."""


class Scans:
    """Draws pages as sections with a sheet, their issues and the list of their regions.

    Args:
        images: Scans by 0-based page index.
        regions: Ids of all regions.
        used: How loud the fields are that cite a region, by region id.

    Attributes:
        rules: Style rules that the sheets need: one for each shape of a page.
    """

    def __init__(
        self, images: Mapping[int, PageImage], regions: Ids, used: Mapping[str, Iterable[ReviewState]]
    ) -> None:
        self._images = images
        self._regions = regions
        self._used = used
        self._shapes: dict[str, int] = {}

    @property
    def rules(self) -> list[str]:
        """Aspects of the sheets, so that a page which is not drawn yet already has its height."""
        return [f".shape{number}{{--aspect:{aspect}}}" for aspect, number in self._shapes.items()]

    def page(self, page: Page) -> str:
        """The section of a page, standing upright whichever way it was handed in."""
        page = with_distinct_ids(page)
        scan, upright = self._images.get(page.index), upright_page(page)
        lines = [f'<section class="page" id="page-{page.number}" data-index="{page.index}" tabindex="-1">']
        status = "" if page.status is PageStatus.OK else f' <span class="status">{page.status.value}</span>'
        lines.append(f"<h2>Page {page.number}{status}</h2>")
        if page.error is not None or page.status is PageStatus.FAILED:
            lines.append(f'<p class="failure">{_failure(page)}</p>')
        if page.issues:
            lines.append(
                f'<ul class="issues">{"".join(issue_items(page.issues, self._regions, at_page=page.index))}</ul>'
            )
        if scan is not None or any(region.boxes for region in upright.regions):
            lines.append(self._sheet(page, upright, scan))
        elif page.error is None:
            lines.append('<p class="empty">Nothing was found on this page, and its scan is not here.</p>')
        if upright.regions:
            flagged = {issue.region_id for issue in page.issues}
            items = "".join(self._item(region, flagged=region.id in flagged) for region in upright.regions)
            count = len(upright.regions)
            lines.append(
                f'<details class="words"><summary>Text of page {page.number} '
                f"({count} {'region' if count == 1 else 'regions'})</summary><ol>{items}</ol></details>"
            )
        return "\n".join([*lines, "</section>"])

    def _sheet(self, page: Page, upright: Page, scan: PageImage | None) -> str:
        # a scan of unknown page size has been turned neither
        size = upright.size or (scan.size.turned(page.turned) if scan is not None else UNKNOWN_SIZE)
        shape = self._shapes.setdefault(f"{size.width}/{size.height}", len(self._shapes))
        tongue = language("".join(region.text for region in upright.regions))
        drawn = _picture(scan, size, page.turned) if scan is not None else ""
        boxed = [region for region in upright.regions if region.boxes]
        flagged = {issue.region_id for issue in page.issues}
        # small boxes come last, so that none is hidden under a large one
        boxed.sort(key=lambda region: -sum(box.area for box in region.boxes))
        groups = "".join(self._group(region, size, words=scan is None) for region in boxed)
        flags = "".join(_flag(region.boxes[0], size) for region in boxed if region.id in flagged)
        return (
            f'<div class="sheet shape{shape}"{f" lang={tongue}" if tongue else ""}>'
            f'<svg viewBox="0 0 {size.width} {size.height}" preserveAspectRatio="none" role="group" '
            f'aria-label="{"Scan" if scan is not None else "Layout"} of page {page.number}">'
            f'{drawn}<g>{groups}</g><g class="flags">{flags}</g></svg></div>'
        )

    def _group(self, region: Region, size: Size, *, words: bool) -> str:
        states = set(self._used.get(region.id, ()))
        loudest = next((state.value for state in reversed(ReviewState) if state in states), "")
        kinds = f"r used {loudest}" if loudest else "r"
        shapes = "".join(f"<rect {_rect(box, size)}/>" for box in region.boxes)
        if words and region.boxes:
            shapes += _words(clean(region.text).strip(), region.boxes[0], size)
        return f'<g class="{kinds}" id="{escape(self._regions[region.id])}">{shapes}</g>'

    def _item(self, region: Region, *, flagged: bool) -> str:
        name = escape(self._regions[region.id])
        own_id = "" if region.boxes else f' id="{name}"'
        sure = "" if region.confidence is None else f' data-confidence="{region.confidence:.2f}"'
        text = escape((region.text if region.text.strip() else region.content).strip())
        mark = ' <span class="flagged">issue</span>' if flagged else ""
        return (
            f'<li{own_id} data-region="{escape(region.id)}"{sure}><a href="#{name}">{escape(region.id)}</a> '
            f'<span class="kind">{region.label.value.replace("_", " ")}</span>{mark} '
            f'<span class="said" dir="auto">{text}</span></li>'
        )


def _failure(page: Page) -> str:
    if page.error is None:
        return "This page failed."
    again = " Running it again may help." if page.error.retryable else ""
    return f"This page failed: <bdi>{escape(page.error.type)}: {escape(page.error.message)}</bdi>{again}"


def _picture(scan: PageImage, size: Size, turned: int) -> str:
    handed_in = size.turned(turned)
    turn = _TURNS[turned].format(w=handed_in.width, h=handed_in.height)
    return (
        f'<image width="{handed_in.width}" height="{handed_in.height}" preserveAspectRatio="none"'
        f'{f" transform={chr(34)}{turn}{chr(34)}" if turn else ""} href="{data_url(scan)}"/>'
    )


def _px(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _rect(box: BBox, size: Size) -> str:
    return (
        f'x="{_px(box.x0 * size.width)}" y="{_px(box.y0 * size.height)}" '
        f'width="{_px(box.width * size.width)}" height="{_px(box.height * size.height)}"'
    )


def _flag(box: BBox, size: Size) -> str:
    """A line without length at the box's corner, which the style sheet draws as a dot that no zoom makes larger."""
    place = f"M{_px(box.x1 * size.width)} {_px(box.y0 * size.height)}h0"
    return f'<path class="rim" d="{place}"/><path class="dot" d="{place}"/>'


def _words(text: str, box: BBox, size: Size) -> str:
    """The words of a region inside its box, for a page whose scan is not at hand."""
    width, height = box.width * size.width, box.height * size.height
    if not text or width <= 0 or height <= 0:
        return ""
    lines = _lines(text, width / height)
    pitch = height / len(lines)
    drawn = []
    for number, line in enumerate(lines):
        font = min(pitch * 0.8, width / max(em_width(line), 0.5))
        x, y = box.x0 * size.width, box.y0 * size.height + pitch * (number + 0.5) + font * 0.35
        drawn.append(f'<text x="{_px(x)}" y="{_px(y)}" font-size="{_px(font)}">{escape(line)}</text>')
    return "".join(drawn)


def _lines(text: str, aspect: float) -> Sequence[str]:
    """The text in as many lines as fill a box of this aspect best."""
    given = [line for line in text.splitlines() if line.strip()]
    if len(given) > 1:
        return given
    count = max(1, round((em_width(text) / aspect / 1.3) ** 0.5))
    words = text.split(" ") if " " in text else list(text)
    glue = " " if " " in text else ""
    lines, room = [""], em_width(text) / count
    for word in words:
        if lines[-1] and em_width(lines[-1] + glue + word) > room * 1.1:
            lines.append(word)
        else:
            lines[-1] += (glue if lines[-1] else "") + word
    return lines
