"""What a result does with the scans it is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deepocr_kit.documents import RegionLabel
from deepocr_kit.pipeline import Result
from deepocr_kit.testing import build_document, build_page, build_page_image, build_region


def illustrated() -> Result:
    picture = build_region("", (0.2, 0.2, 0.6, 0.6), region_id="p1r1", label=RegionLabel.PICTURE)
    return Result(build_document(build_page(picture, size=build_page_image().size)))


def test_pictures_are_kept_beside_the_markdown_that_shows_them(tmp_path: Path) -> None:
    paths = illustrated().save(tmp_path, images={0: build_page_image()})

    (picture,) = [path for path in paths if path.suffix == ".png"]
    assert picture == tmp_path / "pictures/page-1-1-p1r1.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "(<pictures/page-1-1-p1r1.png>)" in (tmp_path / "document.md").read_text()
    assert "data:image" in (tmp_path / "document.html").read_text()


def test_without_scans_nothing_is_cut_out(tmp_path: Path) -> None:
    illustrated().save(tmp_path)

    assert not (tmp_path / "pictures").exists()
    assert "<!-- picture p1r1 -->" in (tmp_path / "document.md").read_text()


def test_a_notebook_shows_the_pages_in_a_frame_without_scripts() -> None:
    shown = Result(build_document('<script>alert(1)</script> "quoted"'))._repr_html_()

    assert shown.startswith("<iframe sandbox srcdoc=")
    assert "<script" not in shown
    assert shown.count('"') == 6
    assert "quoted" in shown


def test_a_notebook_s_frame_shows_the_words_and_runs_nothing(page: Any, tmp_path: Path) -> None:
    payload = '"><script>document.title = 1</script><img src=x onerror=alert(1)>'
    file = tmp_path / "notebook.html"
    shown = Result(build_document(payload))._repr_html_()
    file.write_text(f"<!DOCTYPE html><title>notebook</title>{shown}", encoding="utf-8")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(file.as_uri())

    assert payload in page.frames[1].inner_text("main")
    assert page.title() == "notebook"
    assert page.locator("iframe").evaluate("frame => frame.contentDocument") is None
    assert said == []
