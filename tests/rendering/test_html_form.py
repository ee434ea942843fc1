"""The HTML form."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_documents import A5, HOSTILE, hostile_document, one_of_everything, region

from deepocr_kit.documents import Document, Page, RegionLabel
from deepocr_kit.errors import RenderError
from deepocr_kit.geometry import Size
from deepocr_kit.rendering import render_html
from deepocr_kit.testing import build_document, build_page, build_page_image, build_region

VOID = {"meta", "input", "img", "br"}


class Reader(HTMLParser):
    """Collects tags, attributes and the text of the body; checks that tags are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str | None]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.style = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["style"]:
            self.style += data
        elif "body" in self._open:
            self.text.append(data)


def words(text: str) -> list[str]:
    return text.split()


def sheet_words(html: str) -> list[str]:
    """The words inside the positioned pages and the lists of what has no position, in order."""
    body = re.sub(r'<header.*?</header>|<p class="number">.*?</p>|<p class="failure">.*?</p>', "", html, flags=re.S)
    body = re.sub(r'<section class="issues">.*?</section>|<h3 lang="en">Without position</h3>', "", body, flags=re.S)
    body = re.sub(r'<div class="flow".*?</section>', "</section>", body, flags=re.S)
    return words(" ".join(Reader(body).text))


def test_the_file_holds_no_script_and_asks_for_nothing() -> None:
    reader = Reader(render_html(one_of_everything(), images={0: build_page_image()}))
    names = {name for name, _ in reader.attributes}

    assert reader.tags.keys().isdisjoint({"script", "link", "iframe", "object", "base", "img"})
    assert not {name for name in names if name.startswith("on")}
    assert names.isdisjoint({"style", "href", "src"})
    assert re.findall(r"url\((?!data:)", reader.style) == []


def test_the_policy_names_the_hash_of_the_style_sheet() -> None:
    html = render_html(one_of_everything())
    style = html[html.index("<style>") + 7 : html.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert f"content=\"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri" in html


def test_every_region_stands_in_it_once_in_reading_order() -> None:
    document = one_of_everything()
    told = [
        word.replace("☑", "").replace("☐", "") for word in sheet_words(render_html(document)) if word not in {"☑", "☐"}
    ]

    assert told == [word for page in document.pages for region in page.regions for word in words(region.text)]


def test_ids_are_the_regions_own_and_boxes_stay_with_them() -> None:
    html = render_html(one_of_everything())
    element = next(attributes for _, attributes in Reader(html).elements if attributes.get("id") == "p1r15")

    assert element["data-region"] == "p1r15"
    assert element["data-box"] == "0.10000 0.65000 0.16000 0.67000"


def test_labels_become_elements() -> None:
    html = render_html(one_of_everything())
    tags = {attributes.get("id"): tag for tag, attributes in Reader(html).elements}

    assert [tags[f"p1r{n}"] for n in (2, 3, 4, 5, 7, 9, 12)] == ["h2", "h3", "p", "li", "div", "div", "pre"]
    assert "<th>Item</th>" in html
    assert '<th colspan="2">Both</th>' in html
    assert 'role="img" aria-label="picture"' in html
    assert '<ul class="list">\n<li id="p1r5"' in html


def test_what_a_caption_describes_points_at_it() -> None:
    assert 'id="p1r7" class="r block picture"' in (html := render_html(one_of_everything()))
    assert 'aria-describedby="p1r8"' in html


def test_a_list_at_the_end_of_a_page_is_closed() -> None:
    items = [region(n, RegionLabel.LIST_ITEM, "point", (0.1, 0.1 * n, 0.3, 0.1 * n + 0.02)) for n in (1, 2)]

    assert Reader(render_html(Document(pages=(Page(index=0, size=A5, regions=tuple(items)),)))).tags["ul"] == 2


def test_a_failed_page_is_there_with_its_error() -> None:
    html = render_html(one_of_everything())

    assert "Page 3: failed" in html
    assert "ServiceTimeoutError: no token for 60 s (running it again may help)" in html


def test_a_failed_page_without_an_error_says_so() -> None:
    assert "This page failed." in render_html(build_document(build_page(status=one_of_everything().pages[2].status)))


def test_issues_stand_after_their_page() -> None:
    assert "missing_box (p1r20): no &lt;box&gt;</li>" in render_html(one_of_everything())


def test_the_title_is_the_name_of_the_source_or_what_was_asked_for() -> None:
    document = build_document("x", name="a&b.png")

    assert "<title>a&amp;b.png</title>" in render_html(document)
    assert "<title>&lt;T&gt;</title>" in render_html(document, title="<T>")
    assert "<title>Document</title>" in render_html(Document())


def test_pages_print_in_their_own_size() -> None:
    html = render_html(Document(pages=(Page(index=0, size=A5, dpi=150, regions=(build_region(),)),)))
    unknown = render_html(Document(pages=(Page(index=0, size=Size(2000, 1000), dpi=3, regions=(build_region(),)),)))

    assert "@page p1{size:169.3mm 239.7mm;margin:0}" in html
    assert "@page p1{size:210.0mm 105.3mm;margin:0}" in unknown


def test_scans_are_embedded_once_and_pictures_show_their_part() -> None:
    scan = build_page_image()
    html = render_html(one_of_everything(), images={0: scan})

    assert html.count(base64.b64encode(scan.data).decode()) == 1
    assert "--scan:url(data:image/png;base64," in html
    assert ":root:has(#view-text:checked){\n#p1r7{background:var(--scan) " in html
    assert 'id="view-scan"' in html


def test_a_page_size_comes_from_the_scan_when_the_page_has_none() -> None:
    document = build_document(Page(index=0, regions=(build_region(),)))

    assert "#sheet-1{aspect-ratio:200/280;page:p1}" in render_html(document, images={0: build_page_image()})
    assert "#sheet-1{aspect-ratio:1000/1000;page:p1}" in render_html(document)


def test_a_picture_over_the_whole_page_has_no_part_to_show() -> None:
    whole = build_region("", (0, 0, 1, 1), label=RegionLabel.PICTURE)

    assert "background-size:100.000%" not in render_html(
        build_document(build_page(whole)), images={0: build_page_image()}
    )


def test_a_scan_of_a_foreign_type_is_refused() -> None:
    scan = build_page_image()
    odd = type(scan)(data=b"<svg/>", media_type="image/svg+xml", size=scan.size)

    with pytest.raises(RenderError, match="svg"):
        render_html(build_document("x"), images={0: odd})


@pytest.mark.parametrize(("text", "tag"), [("発票です", "ja"), ("한국어", "ko"), ("发票", "zh")])
def test_the_script_decides_the_language_of_a_page(text: str, tag: str) -> None:
    assert f'id="sheet-1" lang="{tag}">' in render_html(build_document(text))


def test_characters_that_html_cannot_hold_are_replaced() -> None:
    html = render_html(build_document(build_page("a\x00b\x1bc\ufffed\ud800e")))

    assert "a\ufffdb\ufffdc\ufffdd\ufffde" in html
    assert html.encode("utf-8")


def test_same_and_odd_ids_get_ids_that_are_safe_and_unique() -> None:
    html = render_html(hostile_document())
    ids = [attributes["id"] for _, attributes in Reader(html).elements if "id" in attributes]

    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name or "") for name in ids)


def test_hostile_texts_stay_texts() -> None:
    html = render_html(hostile_document())
    reader = Reader(html)
    text = "".join(reader.text)

    assert reader.tags.keys().isdisjoint({"script", "img", "a", "base"})
    assert reader.tags["style"] == 1
    assert reader.tags["meta"] == 3
    assert [payload for payload in HOSTILE if text.count(payload) < 4] == []


def test_the_founding_case_stands_row_by_row(founding_page: Page) -> None:
    told = " ".join(sheet_words(render_html(Document(pages=(founding_page,)))))

    for row in (
        "车号 BB88888",
        "证号 114514",
        "日期 24-08-08",
        "上车 1228 22:20",
        "下车 23:40",
        "单价(元) 4.10元",
        "里程(km) 15.9km",
        "等候 00:03:26",
        "金额(元) 100.00元",
        "含电调费 0元燃油附加费 0元",
        "节假日附加费 0元",
        "发票代码: 1233777024888215",
        "发票号码:97233233388",
        "统一社会信用代码: 9237083284283916429N",
    ):
        assert row in told


_texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=30)
_unit = st.floats(0, 1)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(_texts, st.tuples(_unit, _unit, _unit, _unit), st.sampled_from(RegionLabel)), max_size=6))
def test_no_text_is_lost_or_becomes_markup(
    pieces: list[tuple[str, tuple[float, float, float, float], RegionLabel]],
) -> None:
    regions = [build_region(text, box, region_id=f"p1r{n}", label=label) for n, (text, box, label) in enumerate(pieces)]
    told = sheet_words(render_html(build_document(build_page(*regions))))

    marks = {"☑", "☐"}
    expected = Counter(word for region in regions for word in words(region.text))
    assert Counter(word for word in told if word not in marks) == Counter(
        {word: count for word, count in expected.items() if word not in marks}
    )
