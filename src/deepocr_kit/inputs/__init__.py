"""Sources into upright RGB pages."""

from __future__ import annotations
