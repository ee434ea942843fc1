"""Asks a window of a document for all fields, and goes on where an answer was cut."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.errors import ServiceError
from deepocr_kit.revisers._asker import Asker, answer_tokens
from deepocr_kit.revisers._cut_json import CutPath
from deepocr_kit.revisers.answer import ParsedAnswer
from deepocr_kit.revisers.fields import ListNode, ObjectNode, specs_of
from deepocr_kit.revisers.prompt import Question, json_text
from deepocr_kit.revisers.windows import DocumentWindow
from deepocr_kit.revisers.wire import TEXT, JsonObject, wire_schema

__all__ = ["ask_all_fields"]

CONTINUATIONS_MAX = 8
"""Most questions for the rest of one answer; each must bring something new."""

LAST_ITEM_MAX_CHARS = 600


async def ask_all_fields(asker: Asker, window: DocumentWindow, tree: ObjectNode) -> JsonObject:
    """The fields as the model answers them, nested like the schema; empty when nothing could be read.

    Of an answer that was cut everything complete is kept, and the rest is asked for on its own.

    Raises:
        ServiceError: The first question was not answered.
    """
    tokens = asker.settings.max_tokens or answer_tokens(specs_of(tree))
    hint = ""
    while True:
        parsed, cut = await _ask(asker, window, tree, tokens, hint)
        if parsed is not None and (parsed.cut is None or _leaves_in(parsed.data)):
            return await _Rest(asker, window, tree, tokens).complete(parsed)
        what = "was cut before its end" if cut else "holds no JSON object with the fields"
        if not asker.may_reask:
            asker.note(IssueCode.ANSWER_UNPARSABLE, Severity.ERROR, f"the answer {what}; no field was read")
            return {}
        asker.note(IssueCode.ANSWER_UNPARSABLE, Severity.WARNING, f"the answer {what}; it was asked for again")
        asker.reasks += 1
        tokens = 2 * tokens if cut else tokens
        hint = f"\n\nYour last answer {what}. Answer with the JSON object alone."


async def _ask(
    asker: Asker, window: DocumentWindow, tree: ObjectNode, tokens: int, hint: str
) -> tuple[ParsedAnswer | None, bool]:
    """The answer, and whether it was cut."""
    schema = wire_schema(tree)
    questions = [Question(spec.path, spec) for spec in specs_of(tree)]
    completion = await asker.send(window, questions, schema, tokens, hint)
    parsed = asker.parse(completion, schema)
    return parsed, completion.finish_reason == "length" or (parsed is not None and parsed.cut is not None)


class _Rest:
    """What a cut answer did not come to.

    Args:
        asker: Asks.
        window: What is read.
        tree: All fields.
        tokens: Room for one answer.
    """

    def __init__(self, asker: Asker, window: DocumentWindow, tree: ObjectNode, tokens: int) -> None:
        self._asker = asker
        self._window = window
        self._tree = tree
        self._tokens = tokens

    async def complete(self, first: ParsedAnswer) -> JsonObject:
        """The whole answer, or as much of it as the model gives."""
        data, cut, asked = first.data, first.cut, 0
        while cut is not None and (rest := _missing(self._tree, data, cut)) is not None:
            if asked == CONTINUATIONS_MAX or not self._asker.settings.max_reasks or not self._asker.may_spend:
                return self._give_up(data, rest)
            asked += 1
            parsed = await self._next(data, cut, rest)
            if parsed is None:
                return self._give_up(data, rest)
            before = _leaves_in(data)
            data = _joined(data, parsed.data, cut)
            if parsed.cut is not None and _leaves_in(data) == before:
                return self._give_up(data, rest)
            cut = parsed.cut and _moved(parsed.cut, data)
        if asked:
            message = f"the answer was cut; what was missing was asked for {asked} more times and joined to it"
            self._asker.note(IssueCode.ANSWER_CUT, Severity.INFO, message)
        return data

    async def _next(self, data: JsonObject, cut: CutPath, rest: ObjectNode) -> ParsedAnswer | None:
        hint = "\n\nYour last answer was cut. Give only what is asked for here." + _hint_of_list(data, cut)
        try:
            parsed, _ = await _ask(self._asker, self._window, rest, self._tokens, hint)
        except ServiceError as error:
            message = f"the rest of a cut answer could not be asked for: {error}"
            self._asker.note(IssueCode.RETRIED, Severity.WARNING, message)
            return None
        return parsed

    def _give_up(self, data: JsonObject, rest: ObjectNode) -> JsonObject:
        names = ", ".join(spec.path for spec in specs_of(rest)[:6])
        message = f"the answer was cut and could not be completed; not or not wholly read: {names}"
        self._asker.note(IssueCode.ANSWER_CUT, Severity.ERROR, message, field=next(iter(rest.children)))
        return data


def _missing(node: ObjectNode, data: Mapping[str, Any], cut: CutPath) -> ObjectNode | None:
    """The part of the schema that the answer did not come to; a list that was open belongs to it."""
    children: dict[str, Any] = {}
    for name, child in node.children.items():
        is_open = bool(cut) and cut[0] == name
        match child:
            case _ if name not in data:
                children[name] = child
            case ListNode() if is_open:
                children[name] = child
            case ObjectNode() if is_open and isinstance(data[name], Mapping):
                inner = _missing(child, data[name], cut[1:])
                children |= {name: inner} if inner else {}
            case _:
                pass
    return ObjectNode(children, node.model) if children else None


def _joined(data: JsonObject, more: Mapping[str, Any], cut: CutPath) -> JsonObject:
    """Both answers as one; the items of the open list follow each other."""
    joined = dict(data)
    for name, value in more.items():
        old = joined.get(name)
        inner = cut[1:] if cut and cut[0] == name else ()
        if isinstance(old, list) and isinstance(value, list):
            joined[name] = _followed(old, value, has_open_item=bool(inner))
        elif isinstance(old, dict) and isinstance(value, Mapping) and TEXT not in old:
            joined[name] = _joined(old, value, inner)
        elif _leaves_in(value) or name not in joined:
            joined[name] = value
    return joined


def _followed(old: list[Any], new: list[Any], *, has_open_item: bool) -> list[Any]:
    """The items with those that come after them; an item that was cut gives way to its complete form."""
    whole = old[:-1] if has_open_item else old
    if new[: len(whole)] == whole:
        new = new[len(whole) :]  # the model began the list anew
    elif whole and new[:1] == whole[-1:]:
        new = new[1:]
    # without a complete form the cut item is better than nothing
    return [*whole, *new] if new or not has_open_item else old


def _moved(cut: CutPath, data: Any) -> CutPath:
    """The path of the cut in the joined answer, whose lists have more items: always the last one."""
    moved: list[str | int] = []
    for step in cut:
        here = len(data) - 1 if isinstance(step, int) and isinstance(data, list) else step
        moved.append(here)
        data = data[here]
    return tuple(moved)


def _hint_of_list(data: Any, cut: CutPath) -> str:
    """Which item of the open list was the last complete one, as data."""
    for depth, step in enumerate(cut):
        data = data[step]
        if not isinstance(data, list):
            continue
        items = data[:-1] if depth + 1 < len(cut) else data
        if not items:
            return ""
        last = json_text(json.dumps(items[-1], ensure_ascii=False)[:LAST_ITEM_MAX_CHARS])
        return f' The list "{step}" has {len(items)} items already; give only those after its last one: {last}'
    return ""


def _leaves_in(value: Any) -> int:
    """How many values stand in an answer; an empty one counts, since it says that there is none."""
    stack, count = [value], 0
    while stack:
        item = stack.pop()
        if isinstance(item, Mapping) and not (TEXT in item and not isinstance(item[TEXT], Mapping | list)):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
        else:
            count += 1
    return count
