"""Runs one benchmark: a table, and last one line of JSON."""

from __future__ import annotations

import argparse
import json
import sys
from types import ModuleType

from benchmarks import (
    backends,
    chinese_fields,
    dialects,
    evidence,
    import_time,
    layout,
    parser,
    quality,
    reading_order,
    receipts_cpu,
    receipts_fields,
    rows,
)
from benchmarks.machine import machine
from benchmarks.outcome import Outcome, Unavailable, table

BENCHMARKS: tuple[ModuleType, ...] = (
    backends,
    chinese_fields,
    dialects,
    evidence,
    import_time,
    layout,
    parser,
    quality,
    reading_order,
    receipts_cpu,
    receipts_fields,
    rows,
)

UNAVAILABLE = 3
"""Exit code when data or packages are missing."""


def name_of(module: ModuleType) -> str:
    """The name on the command line."""
    return module.__name__.rpartition(".")[2]


def summary_of(module: ModuleType) -> str:
    """What a benchmark measures: the first line of its docstring."""
    return (module.__doc__ or "").strip().splitlines()[0]


def result_line(name: str, outcome: Outcome) -> str:
    """The line for machines."""
    return json.dumps({"name": name, "figures": outcome.figures, "machine": machine()}, ensure_ascii=False)


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark that the arguments name; the exit code."""
    by_name = {name_of(module): module for module in BENCHMARKS}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(by_name), metavar="NAME", help="which one; see --list")
    parser.add_argument("--list", action="store_true", help="say what each benchmark measures")
    parser.add_argument("--limit", type=int, help="at most so many inputs or rounds")
    options = parser.parse_args(argv)
    if options.list or options.name is None:
        width = max(len(name) for name in by_name)
        print("\n".join(f"{name.ljust(width)}  {summary_of(by_name[name])}" for name in sorted(by_name)))
        return 0
    if options.limit is not None and options.limit < 1:
        parser.error(f"--limit must be at least 1, got {options.limit}")
    try:
        outcome: Outcome = by_name[options.name].run(limit=options.limit)
    except Unavailable as reason:
        print(f"benchmarks: {options.name} cannot run here: {reason}", file=sys.stderr)
        return UNAVAILABLE
    print(table(outcome))
    print(result_line(options.name, outcome))
    return 0


if __name__ == "__main__":
    sys.exit(main())
