"""Reads every example scan on the CPU, checks every value, and keeps what comes out.

``python examples/demo.py [NAME ...] [--out demo-output]``. The exit code is 1 when a value is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deepocr_kit import Pipeline, Result
from schemas import SCHEMAS

HERE = Path(__file__).resolve().parent


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value of a JSON value, with its path (``lines[0].amount``)."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from leaves(item, f"{path}[{number}]")
    else:
        yield path, value


def compare(result: Result[Any], expected: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """One row for each value that the schema asks for or that was found: path, value, grade, whether it is right."""
    asked = type(result.value).model_fields if result.value is not None else expected
    true_values = dict(leaves({name: value for name, value in expected.items() if name in asked}))
    found = {} if result.value is None else dict(leaves(result.value.model_dump(mode="json")))
    rows = []
    for path in true_values | found:
        grade = str(result.evidence[path].grade) if path in result.evidence else "-"
        value = found.get(path)
        rows.append((path, str(value), grade, path in true_values and value == true_values[path]))
    return rows


def pad(text: str, width: int) -> str:
    """``text`` filled up with blanks; a Chinese character is two columns wide."""
    columns = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(width - columns, 0)


def run_example(name: str, out: Path) -> int:
    """Read one example and say what was found; how many values are wrong."""
    started = time.perf_counter()
    with Pipeline(schema=SCHEMAS[name]) as pipeline:
        result = pipeline.run(HERE / "images" / f"{name}.jpg")
    seconds = time.perf_counter() - started
    written = result.save(out / name)
    rows = compare(result, json.loads((HERE / "expected" / f"{name}.json").read_text(encoding="utf-8")))
    wrong = sum(not right for *_, right in rows)
    print(f"\n{name}: {len(rows) - wrong} of {len(rows)} values right, {seconds:.1f} s")
    for path, value, grade, right in rows:
        print(f"  {pad(path, 24)} {pad(value, 36)} {pad(grade, 18)} {'right' if right else 'WRONG'}")
    print(f"  -> {', '.join(path.name for path in written)} in {out / name}")
    return wrong


def main() -> int:
    """Read the examples; 0 when every value is right."""
    parser = argparse.ArgumentParser(description="Read the example scans on the CPU and check every value.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(SCHEMAS)}; all of them by default")
    parser.add_argument("--out", type=Path, default=Path("demo-output"), help="folder for the results")
    options = parser.parse_args()
    out, names = options.out, options.names or list(SCHEMAS)
    if unknown := set(names) - set(SCHEMAS):
        parser.error(f"no example is called {min(unknown)}; there are {', '.join(SCHEMAS)}")
    wrong = sum(run_example(name, out) for name in names)
    print(f"\n{f'{wrong} values are WRONG' if wrong else 'All values are right'}. The results are in {out.resolve()}:")
    for name in names:
        print(f"  {out / name / 'document.html'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
