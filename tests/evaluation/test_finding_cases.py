"""Folders and manifests of documents with their truths."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel

from deepocr_kit.errors import DamagedInputError, InputError, SourceNotFoundError
from deepocr_kit.evaluation import find_cases, load_document, load_result
from deepocr_kit.pipeline import Result
from deepocr_kit.revisers import revision_of
from deepocr_kit.testing import build_document


class Bill(BaseModel):
    total: Decimal


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_documents_and_truths_are_paired_by_name_at_any_depth(tmp_path: Path) -> None:
    folder = {"b.png": "", "b.json": '{"total": 2}', "a.PDF": "", "a.json": '{"total": 1.10}', "in/b.tif": ""}
    found = find_cases(write(tmp_path, folder | {"in/b.json": "\ufeff{}", "notes.txt": "", "out/x.html": ""}))

    assert [(case.name, case.source) for case in found.cases] == [
        ("a", tmp_path / "a.PDF"),
        ("b", tmp_path / "b.png"),
        ("in/b", tmp_path / "in/b.tif"),
    ]
    assert found.cases[0].expected == {"total": Decimal("1.10")}
    assert found.skipped == {}


def test_a_document_that_was_read_before_goes_before_its_scan(tmp_path: Path) -> None:
    found = find_cases(write(tmp_path, {"a.png": "", "a.document.json": "{}", "a.json": "{}"}))

    assert [case.source.name for case in found.cases] == ["a.document.json"]
    assert found.skipped == {}


def test_what_has_no_partner_and_second_scans_are_listed(tmp_path: Path) -> None:
    found = find_cases(write(tmp_path, {"a.png": "", "b.json": "{}", "c.pdf": "", "c.png": "", "c.json": "{}"}))

    assert [case.source.name for case in found.cases] == ["c.pdf"]
    assert found.skipped == {
        "a": "there is no truth beside 'a.png'",
        "b": "there is no document beside 'b.json'",
        "c.png": "'c.pdf' has the same truth",
    }


@pytest.mark.parametrize(
    ("truth", "words"),
    [
        ("", "not JSON"),
        ("[1]", "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"total": NaN}', "NaN is not a number"),
        ('{"total": ' + "9" * 5000 + "}", "cannot be used"),
        ('{"a":' * 100_000, "cannot be used"),
        (b"\xff\xfe{}", "UTF-8"),
        (" " * 10_000_001, "larger than 10000000 bytes"),
    ],
)
def test_a_hostile_truth_is_listed_and_the_others_are_still_found(
    tmp_path: Path, truth: str | bytes, words: str
) -> None:
    found = find_cases(write(tmp_path, {"a.png": "", "a.json": truth, "b.png": "", "b.json": "{}"}))

    assert [case.name for case in found.cases] == ["b"]
    assert words in found.skipped["a"]


def test_a_manifest_counts_instead_of_the_pairs(tmp_path: Path) -> None:
    lines = [
        {"source": "scans/a.png", "expected": {"total": 1.10}},
        {"source": "scans/a.png", "expected": "b-truth.json", "name": "again"},
        {"source": "c.document.json", "expected": {}},
        {"source": "gone.png", "expected": {}},
        {"source": "scans/a.png", "expected": {}},
        {"source": "scans/a.png", "expected": "gone.json", "name": "no truth"},
        {"source": "scans/a.png"},
        {"source": "scans/a.png", "expected": {}, "extra": 1},
    ]
    text = "\n\n".join(json.dumps(line) for line in lines) + "\nnot json\n[]"
    files = {
        "scans/a.png": "",
        "b-truth.json": '{"total": 2}',
        "c.document.json": "",
        "manifest.jsonl": text,
        "x.png": "",
    }
    write(tmp_path, files)
    found = find_cases(tmp_path)

    assert [(case.name, case.source.name) for case in found.cases] == [
        ("scans/a.png", "a.png"),
        ("again", "a.png"),
        ("c", "c.document.json"),
    ]
    assert [case.expected for case in found.cases] == [{"total": Decimal("1.1")}, {"total": 2}, {}]
    assert found.skipped["gone.png"] == "there is no file 'gone.png'"
    assert "another document is called 'scans/a.png'" in found.skipped["scans/a.png (a.png)"]
    assert "gone.json" in found.skipped["no truth"]
    assert "expected" in found.skipped["line 13"]
    assert "extra" in found.skipped["line 15"]
    assert "not JSON" in found.skipped["line 16"]
    assert "not a JSON object" in found.skipped["line 17"]
    assert find_cases(tmp_path / "manifest.jsonl") == found


def test_a_place_that_is_not_there_or_no_text_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match="no such folder"):
        find_cases(tmp_path / "gone")
    with pytest.raises(DamagedInputError, match="not text"):
        find_cases(write(tmp_path, {"manifest.jsonl": b"\xff"}))


def test_an_empty_folder_has_no_cases(tmp_path: Path) -> None:
    assert find_cases(tmp_path).cases == ()


def test_a_saved_result_comes_back_with_its_evidence(tmp_path: Path) -> None:
    document = build_document("Total 5.00")
    result = Result(document, revision_of(document, Bill, {"total": "5.00"}))
    result.save(tmp_path / "with")
    Result(document).save(tmp_path / "without")

    assert load_result(tmp_path / "with", Bill).evidence["total"].quote == "5.00"
    assert load_result(tmp_path / "without", Bill).revision is None
    assert load_document(tmp_path / "with/document.json") == document


@pytest.mark.parametrize("files", [{}, {"document.json": "[]"}, {"document.json": "{", "revision.json": "{}"}])
def test_a_folder_without_a_result_is_an_input_error(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    with pytest.raises(InputError):
        load_result(write(tmp_path, files), Bill)


def test_a_revision_of_another_schema_is_an_input_error(tmp_path: Path) -> None:
    class Other(BaseModel):
        place: str

    document = build_document("Total 5.00")
    Result(document, revision_of(document, Bill, {"total": "5.00"})).save(tmp_path)

    with pytest.raises(DamagedInputError, match="not a revision of this schema"):
        load_result(tmp_path, Other)


def test_a_line_of_a_manifest_ends_at_a_line_feed_alone(tmp_path: Path) -> None:
    text = '{"source": "a.png", "expected": {"company": "ACME\u2028STORES\x85"}}\r\n'

    found = find_cases(write(tmp_path, {"a.png": "", "manifest.jsonl": text.encode()}))

    assert [case.expected for case in found.cases] == [{"company": "ACME\u2028STORES\x85"}]
