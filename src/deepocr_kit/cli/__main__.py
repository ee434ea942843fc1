"""``python -m deepocr_kit.cli`` is ``deepocr``."""

from __future__ import annotations

from deepocr_kit.cli import main

if __name__ == "__main__":
    main()
