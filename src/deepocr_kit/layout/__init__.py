"""Rows, columns, reading order and layout text, from boxes alone."""

from __future__ import annotations
