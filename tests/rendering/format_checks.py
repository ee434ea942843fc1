"""Random documents, and what every standard format must keep of them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import strategies as st
from lxml import etree

from deepocr_kit.documents import (
    Document,
    Page,
    PageError,
    PageStatus,
    Region,
    RegionLabel,
    SourceInfo,
    Table,
    TableCell,
)
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.rendering._characters import clean
from deepocr_kit.testing import build_region

_LETTERS = st.characters(categories=["L", "N", "P", "S", "Zs", "Mn", "Co"])
_LEFT_TO_RIGHT = st.characters(max_codepoint=0x2FFF, categories=["Lu", "Ll", "Nd", "Po", "Zs"]).filter(
    lambda char: not "\u0590" <= char <= "\u08ff"
)
_NASTY = st.sampled_from(["\x00", "\x1b", "\ufffe", "\uffff", "\ud800", "\n", "\t", "\r\n", "<", "&", '"', "'", "]]>"])
TEXTS = st.lists(st.one_of(_LETTERS, _LETTERS, _LETTERS, _NASTY), max_size=30).map("".join)
PLAIN_TEXTS = st.lists(st.one_of(_LEFT_TO_RIGHT, st.sampled_from("中文字あ𝒳😀")), max_size=30).map("".join)
_UNIT = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.5, 1.0]))
BOXES = st.builds(BBox.of, _UNIT, _UNIT, _UNIT, _UNIT)
IDS = st.sampled_from(["p1r1", "p1r1", "p1r2", "1x", "a b", "p1r1_l0", "<", "x_0", "page_1", "é"])


def spaceless(text: str) -> str:
    """The characters that must arrive, without white space."""
    return "".join(clean(text).split())


def told(region: Region) -> str:
    """What a region says, without white space."""
    if region.table is not None and region.table.cells:
        cells = sorted(region.table.cells, key=lambda cell: (cell.row, cell.col))
        return "".join(spaceless(cell.text) for cell in cells)
    return spaceless(region.text if spaceless(region.text) else region.content)


@st.composite
def tables(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> Table:
    rows, cols = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    wide = draw(st.integers(1, cols))
    first = TableCell(row=0, col=0, col_span=wide, text=draw(texts), header=draw(st.booleans()))
    places = [(row, col) for row in range(rows) for col in range(cols) if row or col >= wide]
    kept = draw(st.lists(st.sampled_from(places), unique=True)) if places else []
    cells = (first, *(TableCell(row=row, col=col, text=draw(texts)) for row, col in kept))
    return Table(row_count=rows, col_count=cols, cells=cells)


@st.composite
def regions(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> Region:
    region = build_region(
        draw(texts),
        None,
        region_id=draw(IDS),
        label=draw(st.sampled_from(RegionLabel)),
        confidence=draw(st.none() | st.floats(0, 1)),
    )
    grid = draw(st.none() | st.none() | tables(texts))
    boxes = tuple(draw(st.lists(BOXES, max_size=2)))
    return region.model_copy(update={"boxes": boxes, "table": grid, "caption_of": draw(st.none() | IDS)})


@st.composite
def documents(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> Document:
    pages = []
    for index in range(draw(st.integers(0, 2))):
        failed = draw(st.booleans())
        pages.append(
            Page(
                index=index,
                size=draw(st.none() | st.builds(Size, st.integers(1, 3000), st.integers(1, 3000))),
                dpi=draw(st.none() | st.floats(0.1, 10000)),
                regions=tuple(draw(st.lists(regions(texts), max_size=4))),
                model=draw(st.sampled_from(["", "a model"])),
                turned=draw(st.integers(0, 3)),
                status=PageStatus.FAILED if failed else PageStatus.OK,
                error=PageError(type="E", message="bad\x00 news") if failed else None,
            )
        )
    return Document(source=SourceInfo(name=draw(texts), media_type="image/png", sha256="ab" * 32), pages=tuple(pages))


def page_schema() -> etree.XMLSchema:
    """PAGE of 2019-07-15, as the package ``ocrd`` holds it."""
    return etree.XMLSchema(etree.parse(_beside("ocrd_validators", "ocrd") / "page.xsd"))


def alto_schema() -> etree.XMLSchema:
    """ALTO 4.4 as the package ``htrflow`` holds it, with the links of the package ``ocrd``."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Links(_beside("ocrd_validators", "ocrd") / "xlink.xsd"))
    schemas = _beside("htrflow", "htrflow") / "serialization" / "schemas"
    return etree.XMLSchema(etree.parse(schemas / "alto-4-4.xsd", parser))


class _Links(etree.Resolver):
    """Gives a file for the schema of XLink, which ALTO's imports from the network."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def resolve(self, url: str, public_id: str, context: object) -> object:
        return self.resolve_filename(str(self.path), context) if url.endswith("/xlink.xsd") else None


def _beside(module: str, package: str) -> Path:
    """The folder of a package that is installed for the XML Schemas in it; nothing of it is imported."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        pytest.skip(f"no XML Schema (pip install --no-deps {package})")
    return Path(spec.origin).parent
