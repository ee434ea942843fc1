"""What is kept can be trusted later."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deepocr_kit.documents import Recognition
from deepocr_kit.errors import StoreError
from deepocr_kit.revisers import Revision
from deepocr_kit.store import RunStore, save_files, write_atomic
from deepocr_kit.testing import build_document, build_page_image


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "audit")


def keep_a_run(store: RunStore) -> str:
    run = store.new_run()
    store.keep_page_image(run, build_page_image())
    store.keep_recognition(run, 0, Recognition(raw_text="茶 5.00", model="m"))
    store.keep_document(run, build_document("茶 5.00"))
    store.keep_revision(run, Revision())
    return run


def test_every_step_of_a_run_can_be_read_back(store: RunStore) -> None:
    run = keep_a_run(store)

    entries = store.entries(run=run)
    assert [entry.kind for entry in entries] == ["page_image", "recognition", "document", "revision"]
    assert store.load(entries[0].sha256) == build_page_image().data
    assert Recognition.model_validate_json(store.load(entries[1].sha256)).raw_text == "茶 5.00"
    assert store.verify() == 4


def test_the_same_bytes_are_kept_once(store: RunStore) -> None:
    keep_a_run(store)
    keep_a_run(store)

    files = [path for path in (store.directory / "artifacts").rglob("*") if path.is_file()]
    assert len(files) == 4
    assert store.verify() == 8


def test_a_store_goes_on_where_an_earlier_one_ended(store: RunStore) -> None:
    first = keep_a_run(store)
    second = keep_a_run(RunStore(store.directory))

    assert [entry.sequence for entry in store.entries()] == list(range(8))
    assert len(store.entries(run=first)) == len(store.entries(run=second)) == 4


def test_a_changed_artifact_is_found(store: RunStore) -> None:
    keep_a_run(store)
    digest = store.entries()[1].sha256
    path = next((store.directory / "artifacts").rglob(digest))
    path.write_bytes(path.read_bytes().replace(b"5.00", b"9.00"))

    with pytest.raises(StoreError, match="was changed"):
        store.verify()


def test_a_missing_artifact_is_found(store: RunStore) -> None:
    keep_a_run(store)
    next((store.directory / "artifacts").rglob(store.entries()[0].sha256)).unlink()

    with pytest.raises(StoreError, match="cannot be read"):
        store.verify()


@pytest.mark.parametrize("damage", ["swap", "edit", "drop", "garbage"])
def test_a_changed_journal_is_found(store: RunStore, damage: str) -> None:
    keep_a_run(store)
    journal = store.directory / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    match damage:
        case "swap":
            lines[0], lines[1] = lines[1], lines[0]
        case "edit":
            lines[1] = lines[1].replace("recognition", "page_image")
        case "drop":
            del lines[1]
        case "garbage":
            lines[1] = "not json\n"
    journal.write_text("".join(lines))

    with pytest.raises(StoreError, match="line"):
        store.verify()


def test_a_torn_last_line_is_cut_off_and_the_journal_goes_on(store: RunStore) -> None:
    keep_a_run(store)
    with (store.directory / "journal.jsonl").open("a") as file:
        file.write('{"sequence": 4, "run": "x')

    reopened = RunStore(store.directory)
    keep_a_run(reopened)

    assert reopened.verify() == 8


def test_threads_can_share_a_store(store: RunStore) -> None:
    run = store.new_run()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda index: store.keep_page_image(run, build_page_image(width=10 + index)), range(16)))

    assert store.verify() == 16


def test_a_folder_that_cannot_be_written_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreError, match="cannot write"):
        save_files(tmp_path / "file", {"a.txt": "x"})
    with pytest.raises(StoreError, match="cannot write"):
        keep_a_run(RunStore(tmp_path / "file"))


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "value.json"
    target.mkdir()
    (target / "inside").write_text("x")

    with pytest.raises(StoreError, match=r"value\.json"):
        write_atomic(target, b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["value.json"]


def test_text_that_utf8_cannot_hold_is_saved_with_replacements(tmp_path: Path) -> None:
    (path,) = save_files(tmp_path / "new", {"a.txt": "a\ud800b😀"})

    assert path.read_text(encoding="utf-8") == "a\ufffdb😀"


def test_a_journal_that_cannot_be_read_or_written_is_a_typed_error(store: RunStore, tmp_path: Path) -> None:
    (store.directory / "journal.jsonl").mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot read"):
        keep_a_run(store)

    other = RunStore(tmp_path / "other")
    keep_a_run(other)
    (other.directory / "journal.jsonl").unlink()
    (other.directory / "journal.jsonl").mkdir()
    with pytest.raises(StoreError, match="cannot write"):
        keep_a_run(other)
