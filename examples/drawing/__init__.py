"""How the example scans are drawn and aged; needed to make them anew, not to use them."""

from __future__ import annotations
