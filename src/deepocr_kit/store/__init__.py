"""Every intermediate of a run, kept."""

from __future__ import annotations
