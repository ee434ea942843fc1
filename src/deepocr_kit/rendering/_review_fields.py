"""The right side of the review page: fields in groups, lists as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from deepocr_kit.rendering._characters import clean, escape
from deepocr_kit.rendering._review_parts import Ids, icon, issue_items, region_links
from deepocr_kit.rendering._review_values import ReviewField, ReviewList, ReviewState, segments_of, words_of_name

__all__ = ["Fields"]


LONG_TEXT = 24
"""Characters of a value from which on a cell is given room for several words on a line."""

SHORT_TEXT = 14
"""Characters of a value up to which a cell does not wrap it: dates, amounts."""


@dataclass(slots=True)
class _Group:
    """What stands under one part of a path, in the order in which it came.

    Attributes:
        path: JSON pointer to it.
        parts: By name; one that a value and a group share ends with a slash for the second of them.
        columns: Of a list: pointers from its items to their values.
    """

    path: str = ""
    parts: dict[str, ReviewField | _Group] = field(default_factory=dict)
    columns: tuple[str, ...] = ()

    @property
    def items(self) -> dict[str, _Group]:
        """The items of a list; empty when it holds anything else."""
        items = {name: part for name, part in self.parts.items() if isinstance(part, _Group) and name.isdigit()}
        return items if len(items) == len(self.parts) else {}

    def within(self, name: str) -> _Group:
        """The group below with this name, made when it is missing."""
        found = self.parts.get(name)
        if isinstance(found, _Group):
            return found
        # a value and a group of one name: both are shown
        path = f"{self.path}/{name.replace('~', '~0').replace('/', '~1')}"
        made = self.parts[name if found is None else f"{name}/"] = _Group(path)
        return made

    def leaves(self) -> Iterator[ReviewField]:
        """All fields at any depth."""
        for part in self.parts.values():
            if isinstance(part, _Group):
                yield from part.leaves()
            else:
                yield part


class Fields:
    """Draws fields as cards, the fields of a nested object under its name, and the items of a list as rows.

    Args:
        fields: In the order of the schema.
        ids: Their element ids by path.
        regions: Ids of the regions.
        lists: Lists that can have rows.

    Attributes:
        lists: The lists drawn so far, as the script needs them to add rows; grows.
    """

    def __init__(self, fields: Sequence[ReviewField], ids: Ids, regions: Ids, lists: Sequence[ReviewList] = ()) -> None:
        self._ids = ids
        self._regions = regions
        self.lists: list[dict[str, object]] = []
        self._root = _Group()
        for one in fields:
            self._place(one)
        for known in lists:
            group = self._root
            for part in segments_of(known.path):
                group = group.within(part)
            group.columns = known.columns

    def _place(self, one: ReviewField) -> None:
        *above, last = segments_of(one.path)
        if last.isdigit():
            # a list of plain values: each item is a group with one field
            above.append(last)
        group = self._root
        for part in above:
            group = group.within(part)
        group.parts[f"{last}/" if last in group.parts else last] = one

    def in_order(self) -> tuple[ReviewField, ...]:
        """The fields as they stand on the page, from top to bottom."""
        return tuple(self._root.leaves())

    def html(self) -> str:
        """All fields."""
        return self._group(self._root)

    def _group(self, group: _Group) -> str:
        drawn = []
        for is_group, run in groupby(group.parts.items(), lambda named: isinstance(named[1], _Group)):
            if is_group:
                drawn += [self._part(name, inner) for name, inner in run if isinstance(inner, _Group)]
            else:
                cards = "".join(self._card(one) for _, one in run if isinstance(one, ReviewField))
                drawn.append(f'<ul class="cards">{cards}</ul>')
        return "\n".join(drawn)

    def _part(self, name: str, group: _Group) -> str:
        level = min(group.path.count("/") + 2, 6)
        heading = f'<h{level} class="group"><bdi>{escape(words_of_name(name.removesuffix("/")))}</bdi></h{level}>'
        body = self._table(name, group) if group.items or (group.columns and not group.parts) else self._group(group)
        return f'<div class="part">{heading}{body}</div>'

    def _table(self, name: str, group: _Group) -> str:
        """The items of a list as rows; what they have in common gives the columns."""
        rows = {
            number: {one.path[len(item.path) :]: one for one in item.leaves()} for number, item in group.items.items()
        }
        columns = list(dict.fromkeys((*group.columns, *(key for row in rows.values() for key in row))))
        at = len(self.lists)
        self.lists.append(
            {
                "path": clean(group.path),
                "name": " › ".join(map(words_of_name, segments_of(clean(group.path)))),
                "columns": [[clean(key), clean(_column_name(key))] for key in columns],
            }
        )
        heads = "".join(f'<th scope="col"><bdi>{escape(_column_name(key))}</bdi></th>' for key in columns)
        body = "".join(
            f'<tr data-row="{int(number)}"><th scope="row">{int(number) + 1}</th>'
            + "".join(self._cell(row[key]) if key in row else "<td></td>" for key in columns)
            + "</tr>"
            for number, row in rows.items()
        )
        return (
            f'<div class="table" role="group" aria-label="{escape(words_of_name(name))}" data-list="{at}">'
            f'<table><thead><tr><th scope="col"><abbr title="number">#</abbr></th>{heads}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
            f'<button type="button" class="add scripted" data-list="{at}">Add row</button>'
        )

    def _card(self, one: ReviewField) -> str:
        return (
            f'<li class="field card {one.state.value}" id="{escape(self._ids[one.path])}">'
            f'<a class="pick" href="#{escape(self._ids[one.path])}"><span class="head"><span class="state">'
            f'{icon(one.state)}</span><bdi class="name">{escape(one.name)}</bdi>{_grade(one)}</span>'
            f"{_value(one)}{_quote(one)}</a>{self._more(one)}</li>"
        )

    def _cell(self, one: ReviewField) -> str:
        # the column's head says the name
        length = len(one.value)
        room = " long" if length > LONG_TEXT else " short" if length <= SHORT_TEXT else ""
        return (
            f'<td class="field cell {one.state.value}{room}" id="{escape(self._ids[one.path])}">'
            f'<a class="pick" href="#{escape(self._ids[one.path])}"><span class="state">{icon(one.state)}</span>'
            f"{_value(one)}{_quote(one)}{_grade(one)}</a>{self._more(one)}</td>"
        )

    def _more(self, one: ReviewField) -> str:
        """What is said of a field beyond its value."""
        said = {issue.message for issue in one.issues}
        note = f'<p class="note" dir="auto">{escape(one.note)}</p>' if one.note and one.note not in said else ""
        issues = "".join(issue_items(one.issues, self._regions))
        pages = sorted({box.page_index + 1 for box in one.boxes})
        links = region_links(one.region_ids, self._regions) or "nowhere"
        facts = [("Regions", f"{links}{_on_pages(pages)}")]
        facts += [(escape(name.replace("_", " ")), escape(value)) for name, value in one.signals]
        facts.append(("Path", f"<code>{escape(one.path)}</code>"))
        rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
        return (
            f'<div class="more">{note}{f"<ul class=issues>{issues}</ul>" if issues else ""}'
            f'<dl class="facts">{rows}</dl></div>'
        )


def _column_name(key: str) -> str:
    return " › ".join(map(words_of_name, segments_of(key))) or "Value"


def _on_pages(pages: Sequence[int]) -> str:
    if not pages:
        return ""
    return f" on page{'s' if len(pages) > 1 else ''} " + ", ".join(
        f'<a href="#page-{number}">{number}</a>' for number in pages
    )


def _value(one: ReviewField) -> str:
    if not one.value.strip():
        return '<span class="value none">No value</span>'
    return f'<span class="value" dir="auto">{escape(one.value)}</span>'


def _grade(one: ReviewField) -> str:
    # also where there is none: a decision of the reader is shown there
    return f'<span class="grade">{escape(one.grade.replace("_", " "))}</span>'


def _quote(one: ReviewField) -> str:
    if one.quote.strip():
        page = f" p.&nbsp;{one.boxes[0].page_index + 1}" if one.boxes else ""
        same = " same" if one.quote.split() == one.value.split() else ""
        words = f'<q dir="auto">{escape(one.quote.strip())}</q>'
        return f'<span class="quote{same}">{words}<span class="at">{page}</span></span>'
    said = "" if one.state is ReviewState.MISSING else "Nothing on the pages shows this value."
    return f'<span class="quote nothing">{said}</span>' if said else ""
