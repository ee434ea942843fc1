"""The commands, and how their errors reach the terminal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from deepocr_kit.cli._demo import demo
from deepocr_kit.cli._eval import evaluate_folder
from deepocr_kit.cli._formats import json_schema
from deepocr_kit.cli._report import ExitCode, printable
from deepocr_kit.cli._run import run
from deepocr_kit.cli._steps import ocr, render, revise
from deepocr_kit.errors import DeepOcrError

__all__ = ["app"]

app = typer.Typer(
    name="deepocr",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


def _with_typed_errors(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with the library's errors shown as one line instead of a traceback."""

    @wraps(command)
    def guarded(*arguments: object, **options: object) -> None:
        try:
            command(*arguments, **options)
        except DeepOcrError as error:
            Console(stderr=True).print(Text(f"error: {printable(error.message)}", style="red"), soft_wrap=True)
            raise typer.Exit(ExitCode.FAILURE) from None
        except KeyboardInterrupt:
            Console(stderr=True).print("interrupted; what was finished is kept", style="red")
            raise typer.Exit(ExitCode.INTERRUPTED) from None

    return guarded


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"deepocr {version('deepocr_kit')}")
        raise typer.Exit


@app.callback()
def _options(
    version_wanted: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Scans into typed regions, faithful text and checked data."""


for _command in (run, ocr, render, revise, demo, json_schema):
    app.command()(_with_typed_errors(_command))
app.command("eval")(_with_typed_errors(evaluate_folder))
