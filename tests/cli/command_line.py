"""The command, as a person types it."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from deepocr_kit.cli._app import app

TEXT = "text[[100, 50, 500, 90]]\n茶馆有限公司\n\ntext[[100, 120, 500, 150]]\n合计 5.00\n"
"""What a model says of a page."""


def deepocr(*arguments: str) -> Result:
    """What the command says and ends with, on a wide terminal without colours."""
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "NO_COLOR": "1"})
