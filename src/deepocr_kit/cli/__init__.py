"""The command line, deepocr."""

from __future__ import annotations
