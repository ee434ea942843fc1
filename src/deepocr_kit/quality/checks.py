"""Looks over one recognition for signs that text is lost or made up."""

from __future__ import annotations

from collections.abc import Iterator

from deepocr_kit.documents import Issue, IssueCode, Recognition, RegionLabel, Severity
from deepocr_kit.geometry import Size
from deepocr_kit.quality._characters import count_mojibake, count_replacements
from deepocr_kit.quality._repetition import find_repetition
from deepocr_kit.quality.ink import InkMap
from deepocr_kit.quality.ink_checks import check_ink

__all__ = ["check_recognition"]

PICTURE_MIN_AREA = 0.8
"""A picture that covers more of the page than this, without any text, stands for the page itself."""

PICTURE_MAX_CHARS = 20
"""Most characters beside such a picture; a page number is not yet the page's text."""

MEAN_CONFIDENCE_MIN = 0.7
"""Below this mean, weighted by characters, an engine's page needs a look. RapidOCR drops lines under 0.5 by itself
and gives 0.9 and more on clean print."""

REPLACEMENT_MAX_SHARE = 0.02
"""More replacement characters than this part of the text mean that words are lost, not single characters."""

MOJIBAKE_MIN_RUNS = 3
"""Fewest wrongly decoded runs; one or two can be typography."""

_END_TOKEN = "<｜end▁of▁sentence｜>"


def check_recognition(
    recognition: Recognition, *, size: Size | None = None, ink: InkMap | None = None
) -> tuple[Issue, ...]:
    """What looks wrong with an answer, in linear time. Pure.

    An issue that the recognition already carries is not said again.

    Args:
        recognition: A backend's answer.
        size: Pixels of the page; said in the message of an empty answer.
        ink: Of the page's picture; without it the last four checks are left out.

    Returns:
        Issues without a page index: ``TRUNCATED``, ``EMPTY_ANSWER``,
        ``REPETITION``, ``WHOLE_PAGE_PICTURE``, ``REPLACEMENT_CHARACTERS``,
        ``LOST_CELLS``, ``LOW_CONFIDENCE``; ``BLANK_PAGE``, ``TEXT_ON_BLANK``,
        ``UNCOVERED_INK``, ``ORIENTATION``.
    """
    known = {(issue.code, issue.region_id) for issue in recognition.issues}
    checks = (_truncated, _repetition, _whole_page_picture, _characters, _lost_cells, _confidence)
    inked = () if ink is None else check_ink(recognition, ink)
    known_blank = any(issue.code is IssueCode.BLANK_PAGE for issue in (*recognition.issues, *inked))
    empty = () if known_blank else _empty(recognition, size, ink)
    found = (*empty, *(issue for check in checks for issue in check(recognition)), *inked)
    return tuple(issue for issue in found if (issue.code, issue.region_id) not in known)


def _truncated(recognition: Recognition) -> Iterator[Issue]:
    reason = recognition.finish_reason
    if reason not in (None, "stop"):
        yield Issue(
            code=IssueCode.TRUNCATED,
            severity=Severity.ERROR,
            message=f"the answer is not whole: the model stopped with {reason!r}",
            offset=len(recognition.raw_text),
        )


def _empty(recognition: Recognition, size: Size | None, ink: InkMap | None) -> Iterator[Issue]:
    if any(region.text or region.boxes for region in recognition.regions):
        return
    page = "the page" if size is None else f"the page of {size.width} x {size.height} pixels"
    severity = Severity.ERROR
    if ink is None:
        reason = f"{page} is blank, or its text is lost"
    elif ink.uncovered(()).boxes:
        reason = f"{page} has ink that looks like text"
    else:
        severity = Severity.WARNING
        reason = f"{page} has ink, but none that looks like lines of text"
    yield Issue(code=IssueCode.EMPTY_ANSWER, severity=severity, message=f"nothing was read; {reason}")


def _repetition(recognition: Recognition) -> Iterator[Issue]:
    raw_text = recognition.raw_text.rstrip().removesuffix(_END_TOKEN)
    repeated = find_repetition(raw_text, recognition.regions)
    if repeated is not None:
        finding, region_id = repeated
        yield Issue(
            code=IssueCode.REPETITION,
            severity=Severity.ERROR,
            message=f"{finding.message}; the model fell into a loop, and what comes after it on the page may be lost",
            region_id=region_id,
            offset=finding.start if region_id is None else None,
        )


def _whole_page_picture(recognition: Recognition) -> Iterator[Issue]:
    pictures = [region for region in recognition.regions if region.label is RegionLabel.PICTURE]
    largest = max((box.area for region in pictures for box in region.boxes), default=0.0)
    chars = sum(len(region.text) for region in recognition.regions)
    if largest > PICTURE_MIN_AREA and chars <= PICTURE_MAX_CHARS:
        yield Issue(
            code=IssueCode.WHOLE_PAGE_PICTURE,
            severity=Severity.ERROR,
            message=f"the answer calls {largest:.0%} of the page one picture and holds no text",
        )


def _characters(recognition: Recognition) -> Iterator[Issue]:
    text = "\n".join(region.text for region in recognition.regions)
    replaced, mojibake = count_replacements(text), count_mojibake(text)
    if replaced or mojibake >= MOJIBAKE_MIN_RUNS:
        severe = replaced > REPLACEMENT_MAX_SHARE * len(text)
        yield Issue(
            code=IssueCode.REPLACEMENT_CHARACTERS,
            severity=Severity.ERROR if severe else Severity.WARNING,
            message=f"{replaced} characters could not be decoded and {mojibake} runs look wrongly decoded",
        )


def _lost_cells(recognition: Recognition) -> Iterator[Issue]:
    for region in recognition.regions:
        if region.label is not RegionLabel.TABLE or region.table is not None:
            continue
        if not region.text or "<table" in region.content:
            yield Issue(
                code=IssueCode.LOST_CELLS,
                severity=Severity.ERROR,
                message="a table without cells" if region.text else "a table without any text",
                region_id=region.id,
                offset=None if region.span is None else region.span[0],
            )


def _confidence(recognition: Recognition) -> Iterator[Issue]:
    rated = [(region.confidence, len(region.text)) for region in recognition.regions if region.confidence is not None]
    weight = sum(chars for _, chars in rated)
    if not weight:
        return
    mean = sum(confidence * chars for confidence, chars in rated) / weight
    if mean < MEAN_CONFIDENCE_MIN:
        yield Issue(
            code=IssueCode.LOW_CONFIDENCE,
            severity=Severity.WARNING,
            message=f"the engine's mean confidence is {mean:.2f}, below {MEAN_CONFIDENCE_MIN}",
        )
