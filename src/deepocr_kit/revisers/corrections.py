"""The file in which a review page saves what a person corrected or confirmed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deepocr_kit.errors import RevisionError

__all__ = ["CorrectedField", "CorrectedList", "CorrectedSource", "Corrections", "load_corrections"]


ROW_MAX = 999_999
"""Highest number of a row."""


class CorrectedField(BaseModel):
    """What a person said about one field.

    Attributes:
        path: JSON pointer (RFC 6901) into the value, such as ``/lines/0/amount``.
        old: The value as it was shown; None when there was none.
        new: What it is to be; None for no value. Equal to ``old`` when it was only confirmed.
        region_ids: Where it stands.
        confirmed: Whether the person vouches for ``new``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    old: str | None
    new: str | None
    region_ids: tuple[str, ...] = ()
    confirmed: bool = False


class CorrectedList(BaseModel):
    """Which rows a list is to have.

    Attributes:
        path: JSON pointer to the list, such as ``/lines``.
        rows: The rows in their order. A 0-based number below the length of the
            list is the row of the reviewed result; any other number is a new
            row, whose values are among the fields under that number. Rows of
            the result that are not named are taken out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    rows: tuple[Annotated[int, Field(ge=0, le=ROW_MAX)], ...]


class CorrectedSource(BaseModel):
    """Which document was corrected.

    Attributes:
        name: Of the source.
        sha256: Hex digest of the source's bytes; None when there were none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    sha256: str | None = None


class Corrections(BaseModel):
    """The file that a review page saves.

    Attributes:
        format: Name and version of the form.
        document: What was corrected.
        fields: The fields that were changed or confirmed; the others are not in it.
        lists: The lists whose rows were changed, fields numbered as before that.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["deepocr-corrections/1"] = "deepocr-corrections/1"
    document: CorrectedSource = CorrectedSource()
    fields: tuple[CorrectedField, ...] = ()
    lists: tuple[CorrectedList, ...] = ()


def load_corrections(text: str | bytes) -> Corrections:
    """The corrections in a JSON text that a review page saved.

    Raises:
        RevisionError: It is not such a text.
    """
    try:
        return Corrections.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole text"
        raise RevisionError(
            f"these are not corrections: {where}: {first['msg']}; give the JSON that a review page saved"
        ) from None
