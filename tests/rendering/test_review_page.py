"""The review page as a file: what stands in it, where, and that nothing else can get in."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

import pytest
from lxml import etree, html
from review_samples import SHA, SIZE, field, hostile, invoice, region
from sample_documents import HOSTILE

from deepocr_kit.documents import Document, Issue, IssueCode, Page, PageImage, PageStatus, Severity, SourceInfo
from deepocr_kit.errors import RenderError
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.rendering import ReviewBox, ReviewField, ReviewList, ReviewState, render_review
from deepocr_kit.testing import build_document, build_page_image


def tree_of(text: str) -> etree._Element:
    return html.document_fromstring(text)


def by_id(tree: etree._Element, name: str) -> etree._Element:
    found = tree.xpath("//*[@id=$name]", name=name)
    assert len(found) == 1, f"{len(found)} elements with id {name!r}"
    return found[0]


def find(tree: etree._Element, selector: str) -> list[etree._Element]:
    """Elements by the simplest of CSS selectors: names, classes and ids, one inside the other."""

    def step(part: str) -> str:
        name, *tests = re.findall(r"^[\w-]*|[.#][\w-]+", part)
        wanted = [
            f"[@id='{test[1:]}']" if test[0] == "#" else f"[contains(concat(' ',@class,' '),' {test[1:]} ')]"
            for test in tests
        ]
        return f"//{name or '*'}{''.join(wanted)}"

    return [found for one in selector.split(",") for found in tree.xpath("." + "".join(map(step, one.split())))]


def words(element: etree._Element) -> str:
    return " ".join(element.text_content().split())


def data_of(tree: etree._Element) -> dict[str, Any]:
    return json.loads(by_id(tree, "data").text)


@pytest.fixture(scope="module")
def page() -> etree._Element:
    document, fields = invoice()
    return tree_of(render_review(document, fields, images={0: build_page_image(width=600, height=800)}))


def test_a_field_shows_its_value_its_grade_its_quote_and_links_to_its_region(page: etree._Element) -> None:
    company = by_id(page, "f=/company")

    assert words(find(company, ".value")[0]) == "Corner Bakery"
    assert words(find(company, ".grade")[0]) == "cited exact"
    assert words(find(company, ".quote q")[0]) == "Corner Bakery"
    assert [link.get("href") for link in find(company, ".to-region")] == ["#r=p1r1"]
    assert "ocr confidence0.93" in words(find(company, "dl")[0])
    assert "/company" in words(find(company, "dl")[0])


def test_a_state_is_told_by_a_word_and_a_sign_and_not_by_color_alone(page: etree._Element) -> None:
    seen = {name: words(find(by_id(page, f"f=/{name}"), ".state")[0]) for name in ("company", "date", "note")}

    assert seen == {"company": "✓Proved:", "date": "?Doubtful:", "note": "∅Missing:"}
    assert words(find(by_id(page, "f=/seller/tax_id"), ".state")[0]) == "!Unsupported:"
    assert words(find(by_id(page, "f=/seller/tax_id"), ".quote")[0]) == "Nothing on the pages shows this value."
    assert words(find(by_id(page, "f=/note"), ".value")[0]) == "No value"


def test_issues_stand_at_their_place_and_once_more_in_a_list_with_links(page: etree._Element) -> None:
    assert "it stands nowhere" in words(find(by_id(page, "f=/seller/tax_id"), ".issues")[0])
    at_page = find(by_id(page, "page-1"), ".issues")[0]
    assert words(at_page) == "?warning low_confidence unsure p1r4 iinfo skewed_page skewed by 1 degree".replace(
        " iinfo", "iinfo"
    )
    assert len(find(page, "#page-1 .flags .dot")) == 1
    assert "issue" in words(find(page, "#page-1 .words li")[3])
    assert [link.get("href") for link in find(page, ".all-issues a")] == ["#f=/seller/tax_id", "#r=p1r4", "#page-1"]


def test_nested_fields_stand_under_their_name_and_list_items_in_rows(page: etree._Element) -> None:
    headings = [words(heading) for heading in find(page, ".fields .group")]
    rows = [[words(cell) for cell in find(row, ".value")] for row in find(page, ".table tbody tr")]

    assert headings == ["Seller", "Lines"]
    assert [words(head) for head in find(page, ".table thead th")] == ["#", "Name", "Amount"]
    assert rows == [["Bread", "4.20"], ["Milk"]]
    order = [element.get("id") for element in find(page, ".field")]
    assert order == ["f=" + one["path"] for one in data_of(page)["fields"]]


def test_paths_of_any_shape_find_a_place() -> None:
    paths = [
        "/tags/0",
        "/tags/1",
        "/a/0/b/c",
        "/a/0/d/0",
        "/a~1b",
        "/m/n/o/p/q",
        "/x",
        "/x/y",
        "/z/w",
        "/z",
        "/",
        "/s/0/t",
    ]
    text = render_review(build_document("a"), [ReviewField(path=path, value=path) for path in paths])
    tree = tree_of(text)

    assert sorted(words(value) for value in find(tree, ".field .value")) == sorted(paths)
    heads = [words(head) for head in find(tree, ".table thead th")]
    assert heads == ["#", "Value", "#", "B › C", "D › No. 1", "#", "T"]


def test_the_script_is_told_where_rows_can_be_added_and_what_they_hold(page: etree._Element) -> None:
    assert data_of(page)["lists"] == [
        {"path": "/lines", "name": "Lines", "columns": [["/name", "Name"], ["/amount", "Amount"]]}
    ]
    assert find(page, ".table")[0].get("data-list") == "0"
    assert [row.get("data-row") for row in find(page, ".table tbody tr")] == ["0", "1"]
    assert [button.get("data-list") for button in find(page, "button.add")] == ["0"]


def test_a_list_of_which_no_row_was_read_is_an_empty_table_and_gives_its_columns() -> None:
    lists = [
        ReviewList("/a~1b/tags", ("",)),
        ReviewList("/lines", ("/name", "/unit/price")),
        ReviewList("/odd", ("/x",)),
    ]
    fields = [field("/lines/1/name", "Tea", "proved"), field("/odd/total", "3", "proved")]
    tree = tree_of(render_review(build_document("a"), fields, lists=lists))
    known = {one["path"]: one["columns"] for one in data_of(tree)["lists"]}

    assert known == {
        "/lines": [["/name", "Name"], ["/unit/price", "Unit › Price"]],
        "/a~1b/tags": [["", "Value"]],
    }
    assert len(find(tree, ".table")) == 2
    assert [words(value) for value in find(tree, ".value")] == ["Tea", "3"]


def test_a_path_that_is_no_pointer_and_a_path_that_comes_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="not a JSON pointer: 'total'"):
        ReviewField(path="total")
    with pytest.raises(ValueError, match="two fields have the same path"):
        render_review(build_document("a"), [ReviewField(path="/a"), ReviewField(path="/a")])


def test_every_region_is_drawn_and_listed_with_its_words(page: etree._Element) -> None:
    rect = by_id(page, "r=p1r1").find("rect")
    listed = [(item.get("data-region"), words(find(item, ".said")[0])) for item in find(page, "#page-1 .words li")]

    assert [float(rect.get(name)) for name in ("x", "y", "width", "height")] == [60, 40, 300, 40]
    assert listed == [
        ("p1r1", "Corner Bakery"),
        ("p1r2", "14/03/2026"),
        ("p1r3", "found without a box"),
        ("p1r4", "thank you"),
    ]
    assert by_id(page, "r=p1r3").tag == "li"
    assert by_id(page, "r=p1r2").get("class") == "r used doubtful"


def test_small_boxes_lie_over_large_ones() -> None:
    inner, outer = region("p1r1", "in", (0.4, 0.4, 0.5, 0.5)), region("p1r2", "out", (0.1, 0.1, 0.9, 0.9))
    tree = tree_of(render_review(Document(pages=(Page(index=0, size=SIZE, regions=(inner, outer)),))))

    assert [group.get("id") for group in find(tree, "g.r")] == ["r=p1r2", "r=p1r1"]


def test_a_page_on_its_side_is_turned_with_its_scan_and_its_boxes() -> None:
    line = region("p1r1", "up", (0.1, 0.2, 0.3, 0.4))
    seen = {}
    for turned in range(4):
        document = Document(pages=(Page(index=0, size=Size(600, 800), regions=(line,), turned=turned),))
        box = ReviewField(path="/a", value="up", region_ids=("p1r1",), boxes=(ReviewBox(0, line.boxes[0]),))
        tree = tree_of(render_review(document, [box], images={0: build_page_image(width=600, height=800)}))
        svg, image, rect = find(tree, "svg")[0], find(tree, "image")[0], find(tree, "g.r rect")[0]
        # lxml keeps the case of attributes, but the name is lower case in HTML's parser
        view = svg.get("viewBox") or svg.get("viewbox")
        left, top = (float(rect.get(name)) for name in ("x", "y"))
        seen[turned] = (
            view,
            image.get("transform"),
            round(left, 1),
            round(top, 1),
            data_of(tree)["fields"][0]["boxes"],
        )

    assert seen == {
        0: ("0 0 600 800", None, 60, 160, [[0, 0.1, 0.2, 0.3, 0.4]]),
        1: ("0 0 800 600", "translate(800 0) rotate(90)", 480, 60, [[0, 0.6, 0.1, 0.8, 0.3]]),
        2: ("0 0 600 800", "translate(600 800) rotate(180)", 420, 480, [[0, 0.7, 0.6, 0.9, 0.8]]),
        3: ("0 0 800 600", "translate(0 600) rotate(270)", 160, 420, [[0, 0.2, 0.7, 0.4, 0.9]]),
    }


def test_without_a_scan_the_words_of_the_regions_are_drawn_inside_their_boxes() -> None:
    prose = "a paragraph of a dozen words which has to be set in several lines"
    regions = (
        region("p1r1", prose, (0.1, 0.1, 0.4, 0.3)),
        region("p1r2", "one\ntwo", (0.1, 0.4, 0.4, 0.5)),
        region("p1r3", "没有空格的文字也要换行", (0.5, 0.1, 0.6, 0.3)),
        region("p1r4", "flat", (0.5, 0.5, 0.6, 0.5)),
    )
    tree = tree_of(render_review(Document(pages=(Page(index=0, size=SIZE, regions=regions),))))
    drawn = {group.get("id"): [words(line) for line in group.findall("text")] for group in find(tree, "g.r")}

    assert " ".join(drawn["r=p1r1"]) == prose
    assert len(drawn["r=p1r1"]) > 2
    assert drawn["r=p1r2"] == ["one", "two"]
    assert "".join(drawn["r=p1r3"]) == "没有空格的文字也要换行"
    assert len(drawn["r=p1r3"]) > 1
    assert drawn["r=p1r4"] == []


def test_pages_of_unknown_size_failed_pages_and_empty_documents_are_shown() -> None:
    failed = Page(index=0, status=PageStatus.FAILED)
    unknown = Page(index=1, regions=(region("p2r1", "x", (0.1, 0.1, 0.2, 0.2)),))
    scanned = Page(index=2)
    empty = Page(index=3, size=SIZE)
    images = {2: build_page_image(width=300, height=200, page_index=2)}
    tree = tree_of(render_review(Document(pages=(failed, unknown, scanned, empty)), images=images))

    assert words(find(tree, "#page-1 .failure")[0]) == "This page failed."
    assert find(tree, "#page-2 svg")
    assert "shape1{--aspect:300/200}" in find(tree, "style")[0].text
    assert "Nothing was found on this page" in words(by_id(tree, "page-4"))
    nothing = tree_of(render_review(Document()))
    assert "The document has no pages." in words(nothing)
    assert "No fields." in words(nothing)
    assert words(find(nothing, "h1")[0]) == "Document"


def test_issues_of_the_document_are_listed_and_unknown_regions_stay_words() -> None:
    whole = Issue(code=IssueCode.ANSWER_REPAIRED, severity=Severity.WARNING, message="asked again", page_index=0)
    lost = Issue(code=IssueCode.UNKNOWN_REGION, severity=Severity.WARNING, message="which?", region_id="p9r9")
    tree = tree_of(render_review(build_document("a"), issues=[whole, lost]))

    assert [words(item) for item in find(tree, ".all-issues li")] == [
        "?warning answer_repaired asked again page 1",
        "?warning unknown_region which? p9r9",
    ]


def test_the_policy_names_the_one_style_and_the_one_script_and_allows_nothing_else(page: etree._Element) -> None:
    policy = page.xpath("//meta[@http-equiv]")[0].get("content")
    texts = {"style-src": find(page, "style")[0].text, "script-src": page.xpath("//script[not(@type)]")[0].text}
    digests = {name: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for name, text in texts.items()}

    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digests['style-src']}'; "
        f"script-src 'sha256-{digests['script-src']}'; base-uri 'none'; form-action 'none'"
    )
    assert not page.xpath("//@style")
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    assert all(link.startswith("#") for link in page.xpath("//a/@href"))
    assert len(find(page, "script")) == 2


def test_the_script_builds_no_html_evaluates_nothing_and_asks_for_nothing(page: etree._Element) -> None:
    script = page.xpath("//script[not(@type)]")[0].text

    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "Function(",
        "fetch(",
        "XMLHttp",
    ):
        assert word not in script
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", script)


def test_hostile_texts_stay_texts_in_every_place() -> None:
    document, fields, issues = hostile()
    text = render_review(document, fields, issues=issues, title=HOSTILE[0])
    tree = tree_of(text)

    assert len(find(tree, "script")) == 2
    assert len(find(tree, "style")) == 1
    assert not find(tree, "main script, main style, main img, iframe, base, object, embed")
    assert not tree.xpath("//*[@onload or @onerror or @onfocus or @autofocus]")
    assert [value.text_content() for value in find(tree, ".field .value")] == list(HOSTILE)
    raw = text.split('id="data">')[1].split("</script>")[0]
    assert not set("<>&\u2028\u2029") & set(raw)
    assert [one["value"] for one in json.loads(raw)["fields"]] == list(HOSTILE)


def test_the_data_holds_what_the_corrections_need(page: etree._Element) -> None:
    data = data_of(page)

    assert data["format"] == "deepocr-corrections/1"
    assert data["document"] == {"name": "bakery 14.pdf", "sha256": SHA}
    assert data["fields"][0] == {
        "id": "f=/company",
        "path": "/company",
        "name": "Company",
        "value": "Corner Bakery",
        "state": "proved",
        "regions": ["p1r1"],
        "places": ["r=p1r1"],
        "boxes": [[0, 0.1, 0.05, 0.6, 0.1]],
    }
    assert data["fields"][4]["name"] == "Lines › No. 1 › Name"


def test_ids_are_fragments_even_where_two_names_look_alike() -> None:
    regions = (region("a b", "1", (0.1, 0.1, 0.2, 0.2)), region("a\x00", "2", None), region("a\x01", "3", None))
    one = ReviewField(path="/单价", value="4.10", region_ids=("a b", "nowhere"))
    tree = tree_of(render_review(Document(pages=(Page(index=0, size=SIZE, regions=regions),)), [one]))

    assert by_id(tree, "f=/%E5%8D%95%E4%BB%B7") is not None
    assert by_id(tree, "r=a%20b") is not None
    assert by_id(tree, "r=a%EF%BF%BD") is not None
    assert by_id(tree, "r=a%EF%BF%BD~") is not None


def test_a_long_and_a_short_cell_get_their_room_and_a_note_is_not_said_twice() -> None:
    issue = Issue(code=IssueCode.FIELD_AMBIGUOUS, severity=Severity.WARNING, message="in two places", field="x")
    fields = [
        field("/l/0/address", "12, a street with a long name, somewhere", "proved"),
        field("/l/0/date", "2026-03-14", "proved"),
        field("/l/0/name", "a middling length", "proved"),
        field("/x", "1", "doubtful", note="in two places", issues=(issue,)),
        ReviewField(
            path="/two", value="v", quote="v w", boxes=(ReviewBox(0, BBox(0, 0, 1, 1)), ReviewBox(2, BBox(0, 0, 1, 1)))
        ),
    ]
    tree = tree_of(render_review(build_document("a"), fields))

    assert "long" in by_id(tree, "f=/l/0/address").get("class")
    assert "short" in by_id(tree, "f=/l/0/date").get("class")
    assert by_id(tree, "f=/l/0/name").get("class") == "field cell proved"
    assert words(by_id(tree, "f=/x")).count("in two places") == 1
    assert "on pages 1, 3" in words(by_id(tree, "f=/two"))


def test_a_label_is_shown_instead_of_the_name_of_the_field() -> None:
    tree = tree_of(render_review(build_document("a"), [ReviewField(path="/seller/vat", value="1", label="VAT number")]))

    assert words(find(by_id(tree, "f=/seller/vat"), ".name")[0]) == "VAT number"
    assert data_of(tree)["fields"][0]["name"] == "Seller › VAT number"


def test_a_scan_of_another_type_is_refused() -> None:
    with pytest.raises(RenderError, match="'image/tiff' cannot be shown; use one of image/jpeg, image/png, image/webp"):
        render_review(build_document("a"), images={0: PageImage(data=b"", media_type="image/tiff", size=SIZE)})


def test_the_title_is_the_callers_or_the_name_of_the_source() -> None:
    document = Document(source=SourceInfo(name="a.pdf"))

    assert words(find(tree_of(render_review(document)), "h1")[0]) == "a.pdf"
    assert words(find(tree_of(render_review(document, title="Mine")), "title")[0]) == "Mine – review"


def test_the_loudest_field_gives_a_region_its_look() -> None:
    shop = region("p1r1", "Shop", (0.1, 0.1, 0.2, 0.2))
    fields = [
        field("/a", "1", "proved", shop),
        field("/b", "2", "unsupported", shop),
        field("/c", "3", "doubtful", shop),
    ]
    tree = tree_of(render_review(Document(pages=(Page(index=0, size=SIZE, regions=(shop,)),)), fields))

    assert by_id(tree, "r=p1r1").get("class") == "r used unsupported"
    assert [state.value for state in ReviewState] == ["proved", "doubtful", "unsupported", "missing"]
