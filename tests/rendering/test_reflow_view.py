"""The reflow view: the same content as running text, tables and grids."""

from __future__ import annotations

import re

import pytest
from sample_documents import one_of_everything, region, table

from deepocr_kit.documents import Page, RegionLabel
from deepocr_kit.errors import RenderError
from deepocr_kit.geometry import Size
from deepocr_kit.rendering import render_html
from deepocr_kit.testing import build_document, build_page, build_page_image, build_region

PROSE = "a line of prose that is as wide as its column is and so"


def flow_of(*pieces: object, size: Size | None = None) -> str:
    """The reflow view of a page of these pieces."""
    page = build_page(*pieces) if size is None else build_page(*pieces, size=size)  # type: ignore[arg-type]  # pieces of both forms
    return flow_in(render_html(build_document(page)))


def flow_in(html: str) -> str:
    found = re.search(r'<div class="flow.*?>\n(.*?)\n</div>\n?(<section class="issues|</section>)', html, flags=re.S)
    assert found is not None
    return found[1]


def rows_of(flow: str) -> list[list[str]]:
    rows = re.findall(r'<div class="(?:gap )?row">(.*?)</div>', flow)
    return [re.findall(r"<p[^>]*>(.*?)</p>", row) for row in rows]


def test_what_stands_on_one_line_is_a_row_of_a_grid() -> None:
    flow = flow_of(
        ("Total", (0.1, 0.10, 0.2, 0.12)),
        ("12.50", (0.5, 0.10, 0.6, 0.12)),
        ("Tax", (0.1, 0.13, 0.2, 0.15)),
        ("1.50", (0.5, 0.13, 0.6, 0.15)),
    )

    assert rows_of(flow) == [["Total", "12.50"], ["Tax", "1.50"]]


def test_heads_stand_over_the_end_of_their_numbers_and_sums_under_it() -> None:
    numbers = [
        ("Item", "Price", "Rate", "Tax"),
        ("Pen", "2360.00", "13%", "306.80"),
        ("Ink", "45.50", "13%", "70.98"),
        ("Pad", "62.50", "13%", "65.00"),
        ("Sum", "3406.00", None, "442.78"),
    ]
    rights = (0.2, 0.5, 0.7, 0.9)
    flow = flow_of(
        *(
            (text, (right - 0.012 * len(text), 0.1 + 0.03 * row, right, 0.12 + 0.03 * row))
            for row, texts in enumerate(numbers)
            for text, right in zip(texts, rights, strict=True)
            if text is not None
        )
    )
    names = {words: names for names, words in re.findall(r'<p class="([^"]*)">([^<]*)</p>', flow)}

    assert names["Price"] == "end"
    assert names["3406.00"] == "end"
    assert names["442.78"] == "s4 end"


def test_columns_take_their_places_from_the_page() -> None:
    html = render_html(
        build_document(
            build_page(
                *(
                    (text, (left, 0.1 + 0.03 * row, left + 0.05, 0.12 + 0.03 * row))
                    for row in range(4)
                    for text, left in (("a", 0.1), ("b", 0.2), ("c", 0.6))
                )
            )
        )
    )
    found = re.search(r"#grid-1-0\{grid-template-columns:(.*?);max-width:(\d+)em\}", html)
    assert found is not None
    shares = [float(share) for share in re.findall(r"([0-9.]+)fr", found[1])]

    assert shares[1] / shares[0] == pytest.approx(4, rel=0.01)


def test_a_row_with_a_hole_keeps_its_columns() -> None:
    flow = flow_of(
        ("Item", (0.1, 0.10, 0.2, 0.12)),
        ("Count", (0.4, 0.10, 0.5, 0.12)),
        ("Price", (0.7, 0.10, 0.8, 0.12)),
        ("Pen", (0.1, 0.13, 0.2, 0.15)),
        ("2.00", (0.7, 0.13, 0.8, 0.15)),
        ("3", (0.4, 0.16, 0.5, 0.18)),
        ("4.00", (0.7, 0.16, 0.8, 0.18)),
    )

    assert '<p class="w2">Pen</p><p>2.00</p>' in flow
    assert '<p class="s2">3</p><p>4.00</p>' in flow


def test_pieces_of_a_row_stand_from_left_to_right() -> None:
    flow = flow_of(("12.50", (0.5, 0.10, 0.6, 0.12)), ("Total", (0.1, 0.10, 0.2, 0.12)))

    assert rows_of(flow) == [["Total", "12.50"]]


def test_numbers_at_the_end_of_their_column_stay_there() -> None:
    flow = flow_of(
        *(
            piece
            for row, value in enumerate(("1.50", "12.50", "112.50", "1112.50"))
            for piece in (
                (f"label {row}", (0.1, 0.1 + 0.03 * row, 0.25, 0.12 + 0.03 * row)),
                (value, (0.6 - 0.02 * len(value), 0.1 + 0.03 * row, 0.6, 0.12 + 0.03 * row)),
            )
        )
    )

    assert flow.count('class="end"') == 4


def test_label_and_value_in_one_box_are_two_cells() -> None:
    assert rows_of(flow_of(("Due 4.10", (0.1, 0.1, 0.9, 0.12)))) == [["Due", "4.10"]]


def test_rows_of_more_columns_than_a_grid_takes_are_lines_that_wrap() -> None:
    flow = flow_of(*((f"c{at}", (0.05 * at + 0.01, 0.1, 0.05 * at + 0.03, 0.12)) for at in range(18)))

    assert 'class="free"' in flow
    assert rows_of(flow) == [[f"c{at}" for at in range(18)]]


def test_lone_lines_between_rows_stay_in_the_grid_but_not_many() -> None:
    def lines(*texts: str) -> list[tuple[str, tuple[float, float, float, float]]]:
        pieces = []
        for row, text in enumerate(texts):
            for at, word in enumerate(text.split("|")):
                pieces.append((word, (0.1 + 0.4 * at, 0.1 + 0.03 * row, 0.25 + 0.4 * at, 0.12 + 0.03 * row)))
        return pieces

    assert rows_of(flow_of(*lines("a|b", "x", "c|d"))) == [["a", "b"], ["x"], ["c", "d"]]
    assert flow_of(*lines("a|b", "x", "y", "z", "c|d")).count('class="grid"') == 2


def test_gaps_between_rows_are_kept() -> None:
    flow = flow_of(
        ("a", (0.1, 0.10, 0.2, 0.12)),
        ("b", (0.5, 0.10, 0.6, 0.12)),
        ("c", (0.1, 0.20, 0.2, 0.22)),
        ("d", (0.5, 0.20, 0.6, 0.22)),
    )

    assert flow.count('class="gap row"') == 1


def test_full_lines_run_on_and_short_ones_end() -> None:
    width = 0.02 * 0.55 * len(PROSE) * 0.9
    lines = [(PROSE, (0.1, 0.1 + 0.025 * at, 0.1 + width, 0.12 + 0.025 * at)) for at in range(3)]
    flow = flow_of(*lines, ("the end.", (0.1, 0.175, 0.2, 0.195)), ("Signed", (0.1, 0.2, 0.2, 0.22)))

    assert flow == f"<p>{PROSE}\n{PROSE}\n{PROSE}\nthe end.<br>Signed</p>"


def test_lines_far_apart_are_paragraphs() -> None:
    assert flow_of(("one", (0.1, 0.1, 0.2, 0.12)), ("two", (0.1, 0.2, 0.2, 0.22))) == "<p>one</p>\n<p>two</p>"


def test_labels_become_elements() -> None:
    flow = flow_in(render_html(one_of_everything()))

    for part in (
        "<h2>A *Report* on # Nothing</h2>",
        "<h3>1. Beginnings</h3>",
        "<ul>\n<li>first point</li>\n<li>second point</li>\n</ul>",
        '<div class="image" role="img" aria-label="picture"></div>',
        '<p class="caption">Figure 1: nothing</p>',
        "<div><table><tr><th>Item</th><th>Price</th></tr>",
        '<pre class="code">if a &lt; b:\n    print(&#x27;```&#x27;)</pre>',
        '<p class="formula">E = mc^2</p>',
        '<p class="footnote">see https://example.org/ or www.example.org</p>',
    ):
        assert part in flow


def test_what_has_no_box_stands_where_the_model_wrote_it() -> None:
    loose = build_region("in between", None, region_id="p1r2")
    flow = flow_of(
        build_region("before", (0.1, 0.1, 0.3, 0.12)),
        loose,
        build_region("after", (0.1, 0.2, 0.3, 0.22), region_id="p1r3"),
    )

    assert flow == '<p>before</p>\n<p data-region="p1r2">in between</p>\n<p>after</p>'


def test_a_page_without_boxes_is_running_text_in_every_view() -> None:
    html = render_html(build_document(build_page(region(1, RegionLabel.TITLE, "Alone", None))))

    assert '<div class="flow only">\n<h2 data-region="p1r1">Alone</h2>\n</div>' in html
    assert "view-reflow" not in html.split("</style>")[1]


def test_a_mark_of_its_own_replaces_the_dot_of_a_list() -> None:
    flow = flow_of(region(1, RegionLabel.LIST_ITEM, "1. one", (0.1, 0.1, 0.4, 0.12)))

    assert flow == '<ul>\n<li class="marked">1. one</li>\n</ul>'


def test_pictures_show_their_part_of_the_scan() -> None:
    html = render_html(one_of_everything(), images={0: build_page_image()})

    assert 'id="flow-1-' in html
    assert re.search(r"#flow-1-\d+\{width:35%;aspect-ratio:1.38;background:var\(--scan\) 84.615%", html)


def test_words_in_a_picture_stand_below_it() -> None:
    flow = flow_of(region(1, RegionLabel.CHART, "up\n\n\n\nand up", (0.1, 0.1, 0.4, 0.4)))

    assert flow == '<div class="image" role="img" aria-label="chart"></div><p>up<br><br>and up</p>'


def test_wide_tables_get_a_frame_to_scroll_in() -> None:
    grid = table(("a", "b", "c", "d"))
    flow = flow_of(region(1, RegionLabel.TABLE, "a b c d", (0.1, 0.1, 0.4, 0.4), table=grid))

    assert flow.startswith('<div class="wide" tabindex="0" role="region" aria-label="Table"><table>')


def test_a_page_on_its_side_reads_upright() -> None:
    regions = (
        build_region("Total", (0.1, 0.8, 0.12, 0.9), region_id="p1r1"),
        build_region("12.50", (0.1, 0.3, 0.12, 0.4), region_id="p1r2"),
    )
    html = render_html(build_document(Page(index=0, size=Size(1000, 1000), turned=1, regions=regions)))

    assert rows_of(flow_in(html)) == [["Total", "12.50"]]
    assert 'data-box="0.10000 0.80000 0.12000 0.90000"' in html


@pytest.mark.parametrize("view", ["scan", "boxes"])
def test_a_scan_cannot_be_shown_first_when_there_is_none(view: str) -> None:
    with pytest.raises(RenderError, match="needs scans"):
        render_html(build_document("x"), view=view)  # type: ignore[arg-type]  # wrong on purpose


def test_a_view_that_there_is_not_is_refused() -> None:
    with pytest.raises(RenderError, match="there is no view 'Text'; use one of text, scan, boxes, reflow"):
        render_html(build_document("x"), view="Text")  # type: ignore[arg-type]  # wrong on purpose


def test_any_view_can_be_the_first() -> None:
    html = render_html(build_document(build_page("x")), view="reflow")

    assert 'id="view-reflow" checked' in html
    assert 'id="view-text">' in html
