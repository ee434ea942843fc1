"""The command line, ``deepocr``."""

from __future__ import annotations

import sys

from deepocr_kit.errors import MissingExtraError

__all__ = ["main"]


def main() -> None:
    """Run the command line; the entry point of the ``deepocr`` script."""
    try:
        from deepocr_kit.cli._app import app  # noqa: PLC0415 - typer and rich come with the extra cli
    except ModuleNotFoundError as error:
        if error.name not in {"typer", "rich"}:
            raise
        sys.exit(MissingExtraError("the deepocr command", extra="cli").message)
    except KeyboardInterrupt:  # before there is a command that could say it
        sys.exit(130)
    app()
