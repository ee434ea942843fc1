"""Pages of any shape, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from deepocr_kit.documents import Region, RegionLabel, Table, TableCell
from deepocr_kit.geometry import BBox
from deepocr_kit.testing import build_region

_unit = st.floats(0, 1, allow_nan=False)
boxes = st.builds(BBox.of, _unit, _unit, _unit, _unit)
words = st.lists(
    st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=8), min_size=0, max_size=4
).map(" ".join)
lines = st.lists(words, min_size=1, max_size=3).map("\n".join)
texts = lines | st.sampled_from(["Total 4.10", "23:40", "单价(元)", "0元"])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows, cols = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    cells = [
        TableCell(row=row, col=col, text=draw(words), header=row == 0)
        for row in range(rows)
        for col in range(cols)
        if draw(st.booleans())
    ]
    return Table(row_count=rows, col_count=cols, cells=tuple(cells))


@st.composite
def regions(draw: st.DrawFn, *, max_size: int = 12) -> list[Region]:
    built = []
    for number in range(draw(st.integers(0, max_size))):
        region = build_region(draw(texts), None, region_id=f"p1r{number + 1}", label=draw(st.sampled_from(RegionLabel)))
        update: dict[str, object] = {"boxes": tuple(draw(st.lists(boxes, max_size=2)))}
        if region.label is RegionLabel.TABLE:
            table = draw(tables())
            update["table"] = table
            update["text"] = " ".join(cell.text for cell in table.cells)
            update["content"] = update["text"]
        built.append(region.model_copy(update=update))
    return built
