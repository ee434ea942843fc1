"""The project stands on its own: its files, its metadata and its papers."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import deepocr_kit

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BINARY = frozenset({".jpg", ".jpeg", ".png", ".pdf", ".tif", ".tiff", ".gif", ".webp", ".bmp", ".ico"})
FOREIGN_PLACES = re.compile(
    r"(?<![\w.])/(?:tmp|root|work|home/(?!somebody\b)\w+)/|pypi\.org|pythonhosted\.org|\.\./shared(?!/data)"
)
REAL_DATA = re.compile(r"\.\./shared/data")
MAY_NAME_REAL_DATA = ("tests/", "benchmarks/", "docs/benchmarks.md", "CONTRIBUTING.md")


def project_files() -> list[Path]:
    """Tracked files; everything that is not ignored in a copy without history."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    folders = ("src", "tests", "docs", "benchmarks", "examples", ".ci")
    return [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]


TEXT_FILES = [path for path in project_files() if path.suffix not in BINARY and "__pycache__" not in path.parts]


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in TEXT_FILES
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if FOREIGN_PLACES.search(line)
    ]

    assert found == []


def test_only_tests_and_benchmarks_name_the_real_data() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in TEXT_FILES
        if REAL_DATA.search(path.read_text(encoding="utf-8", errors="replace"))
        and not str(path.relative_to(ROOT)).startswith(MAY_NAME_REAL_DATA)
    ]

    assert found == []


def test_source_files_stay_small() -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("src", "benchmarks", "examples")
        for path in (ROOT / folder).rglob("*.py")
    }

    assert {name: lines for name, lines in sizes.items() if lines > 400} == {}


def test_every_module_says_in_one_line_what_it_does() -> None:
    first_lines = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").partition("\n")[0]
        for folder in ("src", "benchmarks", "examples")
        for path in (ROOT / folder).rglob("*.py")
    }

    assert {name: line for name, line in first_lines.items() if not re.match(r'r?"""[^"\n]+[.?!:](""")?$', line)} == {}


def test_types_are_shipped() -> None:
    assert (Path(deepocr_kit.__file__).parent / "py.typed").is_file()


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile"])
def test_the_papers_are_there(name: str) -> None:
    assert (ROOT / name).stat().st_size > 0


def test_the_extra_all_has_everything_but_ray() -> None:
    extras = PROJECT["optional-dependencies"]

    inside = set(re.findall(r"[a-z]+", extras["all"][0].partition("[")[2]))
    assert inside == set(extras) - {"all", "ray", "dev", "docs"}


def test_make_help_names_every_job() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    jobs = set(re.search(r"^\.PHONY: (.*)$", makefile, re.M).group(1).split()) - {"help"}
    assert jobs == set(re.findall(r"^#   make (\w+)", makefile, re.M))
