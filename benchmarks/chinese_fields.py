"""Fields of real Chinese documents by the rules reviser, through the CPU engine: right per document, and precision.

There are only five such documents with true fields, and the rules were written
with all five at hand: the figures show what is reached, they are no proof for
other documents. The schemas say what a user would say, the words that are
printed on such forms; they hold no patterns and no places. A row of a table
counts as one field, right when all its cells are.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from benchmarks.outcome import Outcome, Unavailable
from benchmarks.shared_data import shared_data
from deepocr_kit import Pipeline
from deepocr_kit.documents import Document
from deepocr_kit.errors import MissingExtraError
from deepocr_kit.revisers import FieldEvidence, Revision
from deepocr_kit.revisers.fields import ValueKind
from deepocr_kit.revisers.rules import RulesReviser
from deepocr_kit.revisers.values import same_value

__all__ = ["CASES", "Case", "run", "score"]


class Certificate(BaseModel):
    """A management system certificate."""

    issuer: str | None = Field(None, title="发证机构")
    certificate_name: str | None = Field(None, title="证书名称")
    certificate_number: str | None = Field(None, title="证书编号")
    company: str | None = Field(None, title="公司名称")
    address: str | None = Field(None, title="地址")
    standard: str | None = Field(None, title="标准", description="体系符合/符合标准")
    scope: str | None = Field(None, title="适用范围")
    issue_date: dt.date | None = Field(None, title="发证日期")
    valid_until: dt.date | None = Field(None, title="有效期")


class LabResult(BaseModel):
    """One row of a laboratory report."""

    code: str | None = Field(None, title="代号")
    test: str | None = Field(None, title="项目")
    result: str | None = Field(None, title="结果")
    reference: str | None = Field(None, title="参考值")
    unit: str | None = Field(None, title="单位")


class LabReport(BaseModel):
    """A laboratory report."""

    results: list[LabResult] = []


class Party(BaseModel):
    """One side of a VAT invoice; the buyer's and the seller's labels are the same."""

    name: str | None = Field(None, title="名称")
    tax_id: str | None = Field(None, title="纳税人识别号")
    address_phone: str | None = Field(None, title="地址、电话")
    bank_account: str | None = Field(None, title="开户行及账号")


class InvoiceLine(BaseModel):
    """One line of a VAT invoice."""

    name: str | None = Field(None, title="货物或应税劳务、服务名称")
    model: str | None = Field(None, title="规格型号")
    unit: str | None = Field(None, title="单位")
    quantity: Decimal | None = Field(None, title="数量")
    unit_price: Decimal | None = Field(None, title="单价")
    amount: Decimal | None = Field(None, title="金额")
    tax_rate: str | None = Field(None, title="税率")
    tax: Decimal | None = Field(None, title="税额")


class VatInvoice(BaseModel):
    """A Chinese VAT invoice, special or electronic."""

    invoice_type: str | None = Field(None, title="发票类型")
    machine_number: str | None = Field(None, title="机器编号")
    invoice_code: str | None = Field(None, title="发票代码")
    invoice_number: str | None = Field(None, title="发票号码")
    invoice_date: dt.date | None = Field(None, title="开票日期")
    check_code: str | None = Field(None, title="校验码")
    buyer: Party = Field(default_factory=Party, title="购买方")
    lines: list[InvoiceLine] = []
    amount: Decimal | None = Field(None, title="合计金额")
    tax: Decimal | None = Field(None, title="合计税额")
    total_in_words: str | None = Field(None, title="价税合计(大写)")
    total: Decimal | None = Field(None, title="价税合计(小写)")
    seller: Party = Field(default_factory=Party, title="销售方")
    remarks: str | None = Field(None, title="备注")
    payee: str | None = Field(None, title="收款人")
    reviewer: str | None = Field(None, title="复核")
    drawer: str | None = Field(None, title="开票人")


class Letter(BaseModel):
    """An official letter."""

    title: str | None = Field(None, title="标题")
    addressee: str | None = Field(None, title="致")
    project: str | None = Field(None, title="项目")
    notice_start: dt.date | None = Field(None, title="公示开始", description="公示时间")
    notice_end: dt.date | None = Field(None, title="公示结束", description="公示时间")
    signatory: str | None = Field(None, title="落款")
    signature_date: dt.date | None = Field(None, title="落款日期")


@dataclass(frozen=True, slots=True)
class Case:
    """A document, the schema for it, and where its true fields stand in the schema.

    Attributes:
        id: In the data set.
        schema: What is asked.
        paths: Path in the schema by name of the true field.
        table: Path of the list that the true table's rows fill; empty when there is none.
        columns: Fields of a row, in the table's order.
    """

    id: str
    schema: type[BaseModel]
    paths: Mapping[str, str]
    table: str = ""
    columns: tuple[str, ...] = ()


def _paths(schema: type[BaseModel]) -> dict[str, str]:
    """Path by title, for the fields that are no models."""
    return {str(info.title): name for name, info in schema.model_fields.items() if info.title}


_PARTY = (("名称", "name"), ("纳税人识别号", "tax_id"), ("地址电话", "address_phone"), ("开户行及账号", "bank_account"))
_VAT = {
    **_paths(VatInvoice),
    "价税合计大写": "total_in_words",
    "价税合计小写": "total",
    **{f"购买方{title}": f"buyer.{name}" for title, name in _PARTY},
    **{f"销售方{title}": f"seller.{name}" for title, name in _PARTY},
    **{
        key: f"lines[0].{name}"
        for key, name in (
            ("货物名称", "name"),
            ("规格型号", "model"),
            ("单位", "unit"),
            ("数量", "quantity"),
            ("单价", "unit_price"),
            ("税率", "tax_rate"),
        )
    },
}
CASES: tuple[Case, ...] = (
    Case(
        "kv__rd_img_2",
        Certificate,
        {**_paths(Certificate), "公司": "company", "范围": "scope", "有效期止": "valid_until"},
    ),
    Case("kv__pp18069", LabReport, {}, "results", ("code", "test", "result", "reference", "unit")),
    Case("kv__vat_elec", VatInvoice, _VAT),
    Case("kv__vat_special", VatInvoice, _VAT),
    Case("kv__hubei", Letter, _paths(Letter)),
)


def run(*, limit: int | None = None) -> Outcome:
    """Read the documents with the CPU engine and score them.

    Raises:
        Unavailable: The data or the engine is not there.
    """
    folder = shared_data("chinese")
    items = {item["id"]: item for item in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["items"]}
    try:
        pipeline = Pipeline()
    except MissingExtraError as error:
        raise Unavailable(str(error)) from None
    rows, figures = [], {"right": 0.0, "of": 0.0, "proven": 0.0, "proven_right": 0.0}
    milliseconds = []
    for case in CASES[:limit]:
        document = pipeline.run(folder / items[case.id]["image"]).document
        revision, taken = _revise(document, case.schema)
        milliseconds.append(taken)
        right, of, proven, proven_right, misses = score(case, revision, items[case.id]["fields"])
        rows.append((case.id, right, of, right / of, proven, proven_right / max(proven, 1), " ".join(misses)))
        for name, value in (("right", right), ("of", of), ("proven", proven), ("proven_right", proven_right)):
            figures[name] += value
        figures[f"{case.id}.accuracy"] = round(right / of, 4)
    figures["accuracy"] = round(figures["right"] / figures["of"], 4)
    figures["coverage"] = round(figures["proven"] / figures["of"], 4)
    figures["precision"] = round(figures["proven_right"] / max(figures["proven"], 1), 4)
    figures["ms_per_document"] = round(sum(milliseconds) / len(milliseconds), 2)
    return Outcome(
        header=("document", "right", "of", "accuracy", "proven", "precision", "misses"),
        rows=tuple(rows),
        figures=figures,
        notes=(
            f"{figures['accuracy']:.1%} of the fields right; all five were at hand while the rules were made.",
            f"proven: the grade is not low; coverage {figures['coverage']:.1%}, precision {figures['precision']:.1%}.",
            f"{figures['ms_per_document']} ms a document for the rules alone, of the processor's time.",
        ),
    )


def score(case: Case, revision: Revision[Any], fields: Mapping[str, Any]) -> tuple[int, int, int, int, list[str]]:
    """Right, of, proven, proven and right, and the names of the fields that are not right."""
    right = proven = proven_right = of = 0
    misses = []
    for name, is_right, is_proven in _judged(case, revision, fields):
        of += 1
        right += is_right
        proven += is_proven
        proven_right += is_right and is_proven
        if not is_right:
            misses.append(name)
    return right, of, proven, proven_right, misses


def _judged(case: Case, revision: Revision[Any], fields: Mapping[str, Any]) -> Iterator[tuple[str, bool, bool]]:
    """Name, whether it is right, whether it counts as proven."""
    for name, truth in fields.items():
        if name != "table":
            evidence = revision.fields.get(case.paths[name])
            yield name, _is_right(evidence, truth), evidence is not None and not evidence.grade.is_low
            continue
        for number, cells in enumerate(truth[1:]):
            row = [revision.fields.get(f"{case.table}[{number}].{column}") for column in case.columns]
            pairs = [(evidence, cell) for evidence, cell in zip(row, cells, strict=True) if cell]
            sure = all(evidence is not None and not evidence.grade.is_low for evidence, _ in pairs)
            yield cells[0], all(_is_right(evidence, cell) for evidence, cell in pairs), sure


def _is_right(evidence: FieldEvidence | None, truth: str) -> bool:
    if evidence is None:
        return False
    kinds = {dt.date: ValueKind.DATE, Decimal: ValueKind.NUMBER}
    return same_value(evidence.value, truth, kinds.get(type(evidence.value), ValueKind.TEXT))


def _revise(document: Document, schema: type[BaseModel]) -> tuple[Revision[Any], float]:
    """The revision, and the least milliseconds of the processor that it took in three turns."""
    reviser, taken = RulesReviser(), []
    for _ in range(3):
        started = time.process_time()
        revision = asyncio.run(reviser.revise(document, schema))
        taken.append(1000 * (time.process_time() - started))
    return revision, min(taken)
