"""Pins of the public types; checked by mypy, never run."""
