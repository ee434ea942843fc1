"""Every threshold of the checks is a constant with a reason, and the documentation has its value."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import deepocr_kit.quality

MODULES = sorted(Path(deepocr_kit.quality.__file__).parent.glob("*.py"))
PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "quality.md"


def unexplained(body: list[ast.stmt]) -> Iterator[str]:
    """Constants with numbers that no docstring follows; several in a row may share one."""
    waiting: list[str] = []
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name.isupper() and _has_number(value):
                waiting.append(name)
            case ast.Expr(value=ast.Constant(value=str())):
                waiting.clear()
            case _:
                yield from waiting
                waiting.clear()
    yield from waiting


def _has_number(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=int() | float()) | ast.Call(func=ast.Name(id="range")) | ast.UnaryOp():
            return True
        case ast.BinOp(left=left):
            return _has_number(left)
        case _:
            return False


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_threshold_has_its_reason(path: Path) -> None:
    assert list(unexplained(ast.parse(path.read_text(encoding="utf-8")).body)) == []


def documented() -> Iterator[tuple[str, str, float]]:
    """Module, name and value of the constants in the table of checks."""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[3].startswith("`"):
            for name, value in re.findall(r"`([A-Z_]+)` ([\d.]+)", cells[2]):
                yield cells[3].strip("`"), name, float(value)


@pytest.mark.parametrize(("module", "name", "value"), list(documented()))
def test_the_documentation_has_its_value(module: str, name: str, value: float) -> None:
    assert getattr(importlib.import_module(f"deepocr_kit.quality.{module}"), name) == value


def test_the_table_is_read() -> None:
    assert len(list(documented())) >= 13
