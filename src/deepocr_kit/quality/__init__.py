"""Checks that say how far a page can be trusted."""

from __future__ import annotations
