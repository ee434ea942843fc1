"""Sources on the command line, and safe names for what is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepocr_kit.cli._paths import NAME_MAX_BYTES, expand, output_names


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    for name in ("b.jpg", "a.PNG", "deep/c.pdf", "notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path


def test_a_folder_stands_for_the_scans_inside_it_at_any_depth(scans: Path) -> None:
    assert expand([str(scans)]) == (scans / "a.PNG", scans / "b.jpg", scans / "deep/c.pdf")


def test_a_pattern_that_the_shell_left_alone_is_expanded(scans: Path) -> None:
    assert expand([f"{scans}/**/*.pdf"]) == (scans / "deep/c.pdf",)


def test_a_file_is_taken_once_and_tried_whatever_its_suffix(scans: Path) -> None:
    note = scans / "notes.txt"

    assert expand([str(note), str(note)]) == (note,)


def test_what_does_not_exist_is_kept_so_that_it_is_reported(scans: Path) -> None:
    assert expand([str(scans / "gone.jpg")]) == (scans / "gone.jpg",)


def test_dead_links_and_closed_folders_inside_a_folder_are_kept_so_that_they_are_reported(scans: Path) -> None:
    (scans / "dead.png").symlink_to("nowhere")
    (scans / "again").symlink_to(scans, target_is_directory=True)
    closed = scans / "closed"
    closed.mkdir(mode=0)
    found = expand([str(scans)])
    readable = os.access(closed, os.R_OK)  # for the superuser no folder is closed
    closed.chmod(0o700)

    assert found == (
        *(scans / name for name in ("a.PNG", "b.jpg")),
        *(() if readable else (closed,)),
        *(scans / name for name in ("dead.png", "deep/c.pdf")),
    )


def test_two_files_never_share_an_output_folder() -> None:
    paths = [Path("a/scan.jpg"), Path("b/SCAN.jpg"), Path("c/other.jpg")]

    names = output_names(paths)

    assert len({name.casefold() for name in names}) == 3
    assert names[2] == "other"


@given(st.lists(st.text(min_size=1, max_size=200).filter(lambda text: text not in {".", ".."}), min_size=1, max_size=5))
def test_output_names_are_safe_for_any_file_name(stems: list[str]) -> None:
    paths = [Path(f"{index}") / stem.replace("/", "_").replace("\0", "_") for index, stem in enumerate(stems)]

    for name in output_names(paths):
        assert name
        assert not name.startswith((".", "-", " "))
        assert not set(name) & set('/\\:*?"<>|\0\n\x1b\u202e')
        assert len(name.encode()) <= NAME_MAX_BYTES + 9
