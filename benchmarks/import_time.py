"""Import time of ``deepocr_kit`` beside ``pydantic``, in fresh processes.

Both are imported in turns, each in a process of its own; the child measures the
import alone, so starting Python does not count.
"""

from __future__ import annotations

import subprocess
import sys

from benchmarks.measure import median_ratio, medians
from benchmarks.outcome import Outcome

__all__ = ["run"]

ROUNDS = 15
CHILD = "import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
VENDORS = ("openai", "boto3", "botocore", "rapidocr", "onnxruntime", "pypdfium2", "lxml", "numpy")
LOADED = "import sys, {module}; print(*[name for name in {vendors!r} if name in sys.modules])"


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    modules = ("deepocr_kit", "pydantic")
    seconds: dict[str, list[float]] = {module: [] for module in modules}
    for number in range(limit or ROUNDS):
        for module in modules if number % 2 else reversed(modules):
            seconds[module].append(float(_child(CHILD.format(module=module))))
    middle = medians(seconds)
    ratio = median_ratio(seconds["deepocr_kit"], seconds["pydantic"])
    loaded = _child(LOADED.format(module="deepocr_kit", vendors=VENDORS)).split()
    return Outcome(
        header=("module", "median ms", "ratio to pydantic"),
        rows=(
            ("deepocr_kit", middle["deepocr_kit"] * 1000, ratio),
            ("pydantic", middle["pydantic"] * 1000, 1.0),
        ),
        figures={
            "import_ratio": round(ratio, 4),
            "deepocr_kit_ms": round(middle["deepocr_kit"] * 1000, 2),
            "pydantic_ms": round(middle["pydantic"] * 1000, 2),
            "vendor_modules_loaded": len(loaded),
        },
        notes=(f"vendor modules loaded by the import: {', '.join(loaded) or 'none'}",),
    )


def _child(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()
