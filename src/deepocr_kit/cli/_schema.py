"""``--schema`` into a pydantic model class."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from pydantic import BaseModel

from deepocr_kit.errors import SchemaError
from deepocr_kit.revisers import model_from_json_schema

__all__ = ["load_schema"]

_R = TypeVar("_R")
_HOW = "give module:Class, file.py:Class, or a JSON Schema file"


def load_schema(text: str) -> type[BaseModel]:
    """The class that ``text`` names.

    Args:
        text: ``module:Class`` (importable, the current folder included), ``file.py:Class`` or ``schema.json``.

    Raises:
        SchemaError: There is no such thing, its code raises, or it is not a schema.
    """
    if text.endswith(".json"):
        return _from_file(Path(text))
    place, separator, name = text.rpartition(":")
    if not separator or not place or not name:
        raise SchemaError(f"{text!r} names no schema; {_HOW}")
    module = _module_from_file(Path(place)) if place.endswith(".py") else _module(place)
    found = getattr(module, name, None)
    if not (isinstance(found, type) and issubclass(found, BaseModel)):
        raise SchemaError(f"{text!r}: {name!r} is not a pydantic model class; {_HOW}")
    return found


def _from_file(path: Path) -> type[BaseModel]:
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SchemaError(f"cannot read {str(path)!r}: {error.strerror}; {_HOW}") from None
    except ValueError:
        raise SchemaError(f"{str(path)!r} is not JSON; {_HOW}") from None
    if not isinstance(schema, dict):
        raise SchemaError(f"{str(path)!r} is not a JSON Schema of an object; {_HOW}")
    try:
        return model_from_json_schema(schema, name=path.stem)
    except SchemaError as error:
        raise SchemaError(f"{str(path)!r}: {error.message}") from None


def _module(name: str) -> ModuleType:
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return _executed(name, lambda: importlib.import_module(name))


def _module_from_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_deepocr_schema_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise SchemaError(f"cannot read {str(path)!r}; {_HOW}")
    module = importlib.util.module_from_spec(spec)
    # pydantic looks annotations up in the module's name space
    sys.modules[spec.name] = module
    _executed(str(path), partial(spec.loader.exec_module, module))
    return module


def _executed(name: str, run: Callable[[], _R]) -> _R:
    """The outcome of running the code of a module that the user named.

    Raises:
        SchemaError: The code raised; with the line.
    """
    try:
        return run()
    except ImportError as error:
        raise SchemaError(f"cannot import {name!r}: {error}; {_HOW}") from None
    except Exception as error:  # noqa: BLE001 - the code is the user's and may raise anything; its line is what helps
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = "" if isinstance(error, SyntaxError) else f" ({Path(last.filename).name}, line {last.lineno})"
        raise SchemaError(f"cannot import {name!r}: {type(error).__name__}: {error}{where}") from None
