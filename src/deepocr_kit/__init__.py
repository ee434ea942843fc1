"""Scans into typed regions, faithful text and checked data."""

from __future__ import annotations
