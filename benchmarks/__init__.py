"""One tool for every figure that the project states: ``python -m benchmarks NAME``.

A benchmark is a module of this package whose docstring's first line says what
it measures and which has one function::

    def run(*, limit: int | None = None) -> Outcome: ...

``limit`` bounds the inputs or the rounds, for a short run. The module is named in
``BENCHMARKS`` of ``benchmarks/__main__.py``; there is no other registry. A
benchmark whose data or packages are missing raises ``Unavailable``.
"""

from __future__ import annotations

from benchmarks.outcome import Outcome, Unavailable

__all__ = ["Outcome", "Unavailable"]
