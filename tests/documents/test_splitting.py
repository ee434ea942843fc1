"""A file of several documents is split by a rule, and evidence still points into the file."""

from __future__ import annotations

import re

import pytest

from deepocr_kit.documents import Document, PageStatus, RegionLabel, split_document
from deepocr_kit.testing import build_document, build_page, build_region

FILE = build_document("Invoice 1\nTea", "more", "", "Invoice 2\nMilk", "Invoice 3")


def pages_of(parts: tuple[Document, ...]) -> list[list[int]]:
    return [[page.index for page in part.pages] for part in parts]


def test_every_so_many_pages() -> None:
    assert pages_of(split_document(FILE, every=2)) == [[0, 1], [2, 3], [4]]


@pytest.mark.parametrize(
    "rule", [r"^Invoice \d", re.compile("invoice", re.IGNORECASE), lambda page: page.index in {0, 3, 4}]
)
def test_at_pages_that_match(rule: str) -> None:
    assert pages_of(split_document(FILE, first_page=rule)) == [[0, 1, 2], [3], [4]]


def test_pages_before_the_first_match_are_a_document() -> None:
    assert pages_of(split_document(FILE, first_page="Invoice [23]")) == [[0, 1, 2], [3], [4]]


def test_at_pages_with_a_label() -> None:
    title = build_region("A", region_id="p2r1", label=RegionLabel.TITLE)
    document = build_document(build_page("x"), build_page(title, index=1), build_page("y", index=2))

    assert pages_of(split_document(document, first_page=RegionLabel.TITLE)) == [[0], [1, 2]]


def test_at_blank_pages_which_belong_to_none() -> None:
    assert pages_of(split_document(FILE, blank_pages=True)) == [[0, 1], [3, 4]]


def test_at_blank_pages_and_at_pages_that_match() -> None:
    assert pages_of(split_document(FILE, blank_pages=True, first_page="Invoice")) == [[0, 1], [3], [4]]


def test_a_failed_page_is_not_blank() -> None:
    document = build_document(build_page("a"), build_page(index=1, status=PageStatus.FAILED), build_page("b", index=2))

    assert pages_of(split_document(document, blank_pages=True)) == [[0, 1, 2]]


def test_parts_keep_their_source_and_their_region_ids() -> None:
    part = split_document(FILE, every=3)[1]

    assert part.source == FILE.source
    assert [region.id for region in part.regions] == ["p4r1", "p4r2", "p5r1"]


def test_a_file_without_pages_has_no_documents() -> None:
    assert split_document(Document(), every=1) == ()
    assert split_document(build_document(""), blank_pages=True) == ()


@pytest.mark.parametrize("rule", [{}, {"every": 0}, {"every": 2, "blank_pages": True}, {"every": 2, "first_page": "x"}])
def test_senseless_rules_are_refused(rule: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"every"):
        split_document(FILE, **rule)  # type: ignore[arg-type]  # wrong on purpose
