"""Names and addresses in letterheads."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from deepocr_kit.documents import Region, RegionLabel, Table, TableCell
from deepocr_kit.geometry import BBox
from deepocr_kit.revisers import EvidenceGrade, Revision, RulesReviser
from deepocr_kit.testing import build_document, build_page

pytestmark = pytest.mark.anyio


class Head(BaseModel):
    company: str | None = None
    address: str | None = None


async def read(*lines: str) -> Revision[Head]:
    parts = [(line, (0.2, 0.02 + 0.025 * at, 0.8, 0.04 + 0.025 * at)) for at, line in enumerate(lines)]
    return await RulesReviser().revise(build_document(build_page(*parts)), Head)


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["LUCKY STAR SDN BHD"], "LUCKY STAR SDN BHD"),
        (["LUCKY STAR SDN. BHD. (123456-X)"], "LUCKY STAR SDN. BHD."),
        (["LUCKY STAR S/B 273500-U (LS)"], "LUCKY STAR S/B"),
        (["LUCKY STAR LTD (CO"], "LUCKY STAR LTD"),
        (["RED HOUSE", "TRADING SDN BHD"], "RED HOUSE TRADING SDN BHD"),
        (["GOLDEN (PASIR", "GUDANG) SDN BHD"], "GOLDEN (PASIR GUDANG) SDN BHD"),
        (["BLUE MOON", "SDN BHD"], "BLUE MOON SDN BHD"),
        (["HOME HARDWARE &", "ELECTRICAL"], "HOME HARDWARE & ELECTRICAL"),
        (["RESTORAN SEDAP"], "RESTORAN SEDAP"),
        (["SEDAPSTATIONERYSHOP"], "SEDAPSTATIONERYSHOP"),
        (["POPULAR BOOK", "CO. (M) SDN BHD"], "POPULAR BOOK CO. (M) SDN BHD"),
        (["TAX INVOICE", "SUNNY SIDE", "TEL: 07-355 2616"], "SUNNY SIDE"),
        (["上海飞鸟出租汽车有限公司"], "上海飞鸟出租汽车有限公司"),
        (["上海飞鸟出租汽车", "有限公司"], "上海飞鸟出租汽车有限公司"),
        (["欢迎光临", "飞鸟有限公司"], "飞鸟有限公司"),
        (["国家税务总局", "好味道餐厅"], "好味道餐厅"),
    ],
)
async def test_the_name_of_the_company_is_found(lines, name):
    revision = await read(*lines)

    assert revision.fields["company"].value == name


@pytest.mark.parametrize(
    "lines", [["LUCKY STAR SDN BHD"], ["HOME HARDWARE &", "ELECTRICAL"], ["GOLDEN (PASIR", "GUDANG) SDN BHD"]]
)
async def test_a_name_that_stands_alone_is_proven(lines):
    revision = await read(*lines)

    assert revision.fields["company"].grade is EvidenceGrade.FOUND_UNIQUE


@pytest.mark.parametrize(
    "lines",
    [
        ["SUNNY SIDE"],
        ["TAN AH KOW", "LUCKY STAR SDN BHD"],
        ["HOME HARDWARE &", "12345"],
        ["RED HOUSE", "TRADE SDN BHD"],
    ],
)
async def test_a_name_that_could_be_another_one_is_ambiguous(lines):
    revision = await read(*lines)

    assert revision.fields["company"].grade is EvidenceGrade.AMBIGUOUS


async def test_a_page_of_numbers_has_no_name():
    revision = await read("12345", "TEL: 1", "25/12/2018")

    assert revision.fields["company"].value is None
    assert revision.fields["address"].value is None


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        (
            ["X SDN BHD", "LOT 3, JALAN PELABUR 23/1,", "40300 SHAH ALAM, SELANGOR.", "TEL: 1"],
            "LOT 3, JALAN PELABUR 23/1, 40300 SHAH ALAM, SELANGOR.",
        ),
        (
            ["X SDN BHD", "NO 43-45-47G,", "TAMAN SEJATI,", "45600 BESTARI JAYA.", "GST NO 1"],
            "NO 43-45-47G, TAMAN SEJATI, 45600 BESTARI JAYA.",
        ),
        (
            ["X SDN BHD", "NO. 17-G, JALAN SETIA", "(X) U13/X,", "40170 SHAH ALAM", "017-1234567"],
            "NO. 17-G, JALAN SETIA (X) U13/X, 40170 SHAH ALAM",
        ),
        (["X SDN BHD", "HIGH STREET 5", "81100 TOWN"], "HIGH STREET 5 81100 TOWN"),
        (["飞鸟有限公司", "上海市南京西路999号", "邮编 200041"], "上海市南京西路999号邮编 200041"),
        (["X SDN BHD", "5, JALAN BESAR", "THANK YOU"], "5, JALAN BESAR"),
        (["X SDN BHD", "81100 JOHOR BAHRU.", "HAPPY HOURS"], "81100 JOHOR BAHRU."),
    ],
)
async def test_the_lines_of_an_address_are_joined(lines, address):
    revision = await read(*lines)

    assert revision.fields["address"].value == address
    assert revision.fields["address"].grade.is_low


async def test_an_address_ends_at_a_gap():
    page = build_page(
        ("X SDN BHD", (0.2, 0.02, 0.8, 0.04)),
        ("LOT 3, JALAN PELABUR,", (0.2, 0.05, 0.8, 0.07)),
        ("40300 SHAH ALAM", (0.2, 0.40, 0.8, 0.42)),
    )

    revision = await RulesReviser().revise(build_document(page), Head)

    assert revision.fields["address"].value == "LOT 3, JALAN PELABUR,"


async def test_a_labelled_name_wins_over_the_letterhead():
    revision = await read("SUNNY SIDE", "公司名称: 飞鸟有限公司")

    assert revision.fields["company"].value == "飞鸟有限公司"
    assert revision.fields["company"].grade is EvidenceGrade.FOUND_LABELLED


@pytest.mark.parametrize(
    "lines", [["X SDN BHD", "5, HIGH", "TEL: 1"], ["X SDN BHD", "5, HIGH", "LOW", "LOWER"], ["X SDN BHD", "5, HIGH"]]
)
async def test_a_line_that_only_begins_like_an_address_is_none(lines):
    revision = await read(*lines)

    assert revision.fields["address"].value is None


async def test_a_page_of_cells_has_no_letterhead():
    cells = (TableCell(row=0, col=0, text="LUCKY STAR SDN BHD"),)
    grid = Region(
        id="p1r1",
        label=RegionLabel.TABLE,
        boxes=(BBox(0.1, 0.1, 0.9, 0.3),),
        table=Table(row_count=1, col_count=1, cells=cells),
    )

    revision = await RulesReviser().revise(build_document(build_page(grid)), Head)

    assert revision.fields["company"].value is None


@pytest.mark.parametrize(
    "lines", [["SEDAPSTATIONERYSHOP"], ["POPULAR BOOK", "CO. (M) SDN BHD"], ["RED STAR", "SDN. BHD."]]
)
async def test_a_name_is_sure_although_spaces_were_lost_or_its_legal_form_stands_alone(lines):
    assert (await read(*lines)).fields["company"].grade is EvidenceGrade.FOUND_UNIQUE
