"""What a pipeline uses when it is given nothing."""

from __future__ import annotations

from deepocr_kit.backends import OcrBackend, OrientingBackend, RapidOcrBackend
from deepocr_kit.revisers import Reviser, RulesReviser

__all__ = ["default_backend", "default_reviser"]


def default_backend() -> OcrBackend:
    """The CPU engine; pages that lie on their side or upside down are turned for it.

    Raises:
        MissingExtraError: The extra ``cpu`` is not installed.
    """
    return OrientingBackend(RapidOcrBackend())


def default_reviser() -> Reviser:
    """Rules, which need no model."""
    return RulesReviser()
