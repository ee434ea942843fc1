"""Finds the real scans, which are not part of the project."""

from __future__ import annotations

from pathlib import Path

from benchmarks.outcome import Unavailable

__all__ = ["shared_data"]


def shared_data(part: str) -> Path:
    """A folder of the real data set beside this checkout.

    Raises:
        Unavailable: It is not there.
    """
    folder = Path(__file__).resolve().parents[2] / "shared" / "data" / part
    if not folder.is_dir():
        raise Unavailable(f"the real data set is not beside this checkout (../shared/data/{part})")
    return folder
