"""Doubles, builders, contract suites and loopback servers, for our tests and yours."""

from __future__ import annotations

from deepocr_kit.testing.builders import build_document, build_page, build_page_image, build_region

__all__ = ["build_document", "build_page", "build_page_image", "build_region"]
