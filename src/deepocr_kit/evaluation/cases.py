"""Folders of documents with their truths."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from deepocr_kit.documents import Document
from deepocr_kit.errors import DamagedInputError, InputError, SourceNotFoundError
from deepocr_kit.evaluation.judging import EvaluationCase
from deepocr_kit.pipeline import Result
from deepocr_kit.revisers import Revision

__all__ = ["FoundCases", "find_cases", "load_document", "load_result"]

DOCUMENT_SUFFIX = ".document.json"
MANIFEST = "manifest.jsonl"
SCAN_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".pdf"})

MAX_TRUTH_BYTES = 10_000_000
"""Far above any truth that a person writes down."""

_REMEDY = "Give a folder with pairs such as a.pdf and a.json, or a manifest.jsonl"


@dataclass(frozen=True, slots=True)
class FoundCases:
    """What a folder holds.

    Attributes:
        cases: Documents with their truths, by name; a source is a scan or a ``NAME.document.json``.
        skipped: What cannot be judged, with the reason.
    """

    cases: tuple[EvaluationCase[Path], ...]
    skipped: Mapping[str, str]


class _Line(BaseModel):
    """One line of a manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    expected: dict[str, Any] | str
    name: str = ""


def find_cases(place: Path, *, without: Iterable[Path] = ()) -> FoundCases:
    """Pairs of a document and its truth.

    In a folder, at any depth: ``NAME.json`` is the truth about ``NAME.document.json``,
    or else about the scan ``NAME.pdf``, ``NAME.png`` and so on. Where there is a
    ``manifest.jsonl``, it counts instead: each line is an object with ``source``,
    ``expected`` (the truth, or the file that holds it) and perhaps ``name``;
    paths are relative to the manifest.

    Args:
        place: A folder, or a manifest.
        without: Folders below it that hold something else, such as results.

    Raises:
        SourceNotFoundError: There is no such place.
        InputError: The manifest cannot be read at all.
    """
    manifest = place / MANIFEST if place.is_dir() else place
    if manifest.is_file():
        return _gathered(_from_manifest(manifest))
    if not place.is_dir():
        raise SourceNotFoundError(str(place), "there is no such folder", _REMEDY)
    return _gathered(_from_folder(place, {path.resolve() for path in without}))


def load_document(file: Path) -> Document:
    """A document that was kept as JSON.

    Raises:
        InputError: The file cannot be read, or holds no document.
    """
    try:
        return Document.model_validate_json(_bytes(file))
    except ValidationError as error:
        raise _damaged(file, "it is not a document", error) from None


def load_result(folder: Path, schema: type[BaseModel]) -> Result[Any]:
    """What ``deepocr run`` or ``Result.save`` wrote: ``document.json`` and ``revision.json``.

    Args:
        folder: Of one source.
        schema: The user's model class.

    Raises:
        InputError: A file cannot be read, or holds something else.
    """
    document = load_document(folder / "document.json")
    file = folder / "revision.json"
    if not file.exists():  # the reviser gave nothing
        return Result(document)
    try:
        return Result(document, Revision[schema].model_validate_json(_bytes(file)))  # type: ignore[valid-type]  # a class is a value here
    except ValidationError as error:
        raise _damaged(file, "it is not a revision of this schema", error) from None


_Found = tuple[str, Path, Mapping[str, Any]] | tuple[str, str]
"""Name, source and truth; or name and why there is no case."""


def _gathered(found: Iterable[_Found]) -> FoundCases:
    cases: dict[str, EvaluationCase[Path]] = {}
    skipped: dict[str, str] = {}
    for one in found:
        if len(one) == 2:
            skipped[one[0]] = one[1]
        elif one[0] in cases:
            skipped[f"{one[0]} ({one[1].name})"] = f"another document is called {one[0]!r}"
        else:
            cases[one[0]] = EvaluationCase(*one)
    return FoundCases(tuple(cases.values()), skipped)


def _from_folder(folder: Path, without: set[Path]) -> Iterator[_Found]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and without.isdisjoint(path.resolve().parents))
    sources: dict[str, Path] = {}
    truths: dict[str, Path] = {}
    extra: list[tuple[str, str]] = []
    for path in sorted(files, key=lambda path: not path.name.endswith(DOCUMENT_SUFFIX)):
        name = path.relative_to(folder).as_posix()
        if name.endswith(DOCUMENT_SUFFIX):
            sources[name.removesuffix(DOCUMENT_SUFFIX)] = path
        elif path.suffix.lower() in SCAN_SUFFIXES:
            first = sources.setdefault(name[: -len(path.suffix)], path)
            if first is not path and not first.name.endswith(DOCUMENT_SUFFIX):
                extra.append((name, f"{first.name!r} has the same truth"))
        elif path.suffix == ".json":
            truths[name.removesuffix(".json")] = path
    for name in sorted({*sources, *truths}):
        if name not in truths:
            yield name, f"there is no truth beside {sources[name].name!r}"
        elif name not in sources:
            yield name, f"there is no document beside {truths[name].name!r}"
        else:
            yield _case(name, sources[name], truths[name])
    yield from extra


def _from_manifest(manifest: Path) -> Iterator[_Found]:
    try:
        # only line feeds end a line: a JSON string may hold the other line ends of Unicode
        lines = _bytes(manifest).decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise DamagedInputError(str(manifest), "it is not text in UTF-8", _REMEDY) from None
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = _Line.model_validate(_json_object(text))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            yield f"line {number}", f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            continue
        except ValueError as error:
            yield f"line {number}", str(error)
            continue
        source = manifest.parent / line.source
        name = line.name or line.source.removesuffix(DOCUMENT_SUFFIX)
        if not source.is_file():
            yield name, f"there is no file {line.source!r}"
        elif isinstance(line.expected, str):
            yield _case(name, source, manifest.parent / line.expected)
        else:
            yield name, source, line.expected


def _case(name: str, source: Path, truth: Path) -> _Found:
    try:
        return name, source, _json_object(_bytes(truth, MAX_TRUTH_BYTES).decode("utf-8-sig"))
    except UnicodeDecodeError:
        return name, "the truth is not text in UTF-8"
    except ValueError as error:
        return name, f"the truth cannot be used: {error}"
    except InputError as error:
        return name, error.message


def _json_object(text: str) -> dict[str, Any]:
    """An object; numbers with a fraction are exact.

    Raises:
        ValueError: It is something else.
    """
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error}") from None
    if isinstance(found, dict):
        return found
    raise ValueError("it is not a JSON object")


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


def _bytes(file: Path, limit: int | None = None) -> bytes:
    try:
        if limit is not None and file.stat().st_size > limit:
            raise DamagedInputError(str(file), f"it is larger than {limit} bytes", "Give a truth of fewer fields")
        return file.read_bytes()
    except OSError as error:
        raise SourceNotFoundError(str(file), error.strerror or "cannot be read", _REMEDY) from None


def _damaged(file: Path, what: str, error: ValidationError) -> DamagedInputError:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"])) or "the whole file"
    return DamagedInputError(str(file), f"{what}: {where}: {first['msg']}", "Give what deepocr wrote")
