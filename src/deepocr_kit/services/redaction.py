"""Foreign messages without secrets, pictures, addresses or control characters, and short."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from deepocr_kit.errors import MESSAGE_MAX_CHARS

__all__ = ["Redactor"]

_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[^\s\"']+")
_DATA_URL = re.compile(r"base64,[A-Za-z0-9+/=_-]{16,}")
_ADDRESS = re.compile(r" (?:object )?at 0x[0-9a-fA-F]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls but tab and line end, controls of direction, and halves of characters, which no log can write."""

_READ_MAX_CHARS = 20_000
"""Longer messages are cut before anything else is done with them."""


class Redactor:
    """Cleans what a server says before an error carries it.

    A server may echo the key, the page image or a heap address into its error
    text (CVE-2026-22778 begins with the latter).

    Args:
        secrets: Strings that never may be shown; empty ones are ignored.
    """

    def __init__(self, *secrets: str) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        # the longest first, so that a form is not torn by one that it contains
        self._forms = sorted(forms, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """``text`` without secrets, at most ``MESSAGE_MAX_CHARS`` long."""
        # a secret that the first cut tears stands far behind the final one
        text = text[:_READ_MAX_CHARS]
        for form in self._forms:
            text = text.replace(form, "***")
        text = _BEARER.sub(r"\1 ***", text)
        text = _DATA_URL.sub("base64,...", text)
        text = _ADDRESS.sub("", text)
        text = _CONTROL.sub("", text)
        return text if len(text) <= MESSAGE_MAX_CHARS else f"{text[: MESSAGE_MAX_CHARS - 3]}..."

    def __repr__(self) -> str:
        return f"{type(self).__name__}(<{len(self._forms)} forms>)"


def _forms(secret: str) -> set[str]:
    return {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]}
