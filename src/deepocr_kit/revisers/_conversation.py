"""Asks a model for all fields, window by window, then for the failing ones again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import anyio

from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.errors import ContextLengthError, DeepOcrError, ServiceError
from deepocr_kit.revisers._all_fields import ask_all_fields
from deepocr_kit.revisers._asker import Asker, answer_tokens
from deepocr_kit.revisers._context import PromptCutError
from deepocr_kit.revisers._leaves import Leaf, LeafReader, read_leaf
from deepocr_kit.revisers._merging import merged_leaves
from deepocr_kit.revisers._purse import BudgetSpentError
from deepocr_kit.revisers._settling import Fault, faults_of, without_empty_items
from deepocr_kit.revisers.base import T
from deepocr_kit.revisers.evidence import EvidenceIndex
from deepocr_kit.revisers.fields import ObjectNode
from deepocr_kit.revisers.prompt import Question
from deepocr_kit.revisers.windows import DocumentWindow, document_windows
from deepocr_kit.revisers.wire import JsonObject, flat_wire_schema

__all__ = ["Conversation"]

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

REASKED_AT_ONCE = 60


class Conversation(Generic[T]):
    """One document, one schema, and everything said about them.

    Args:
        asker: Puts the questions and keeps account.
        schema: The user's model class.
        tree: Its tree.
        index: The document.

    Attributes:
        reasked: Paths that were asked again.
        disputed: Paths for which parts of the document gave different values.
    """

    def __init__(self, asker: Asker, schema: type[T], tree: ObjectNode, index: EvidenceIndex) -> None:
        self._asker = asker
        self._schema = schema
        self._tree = tree
        self._index = index
        self._hopeless: set[str] = set()
        self._windows: list[DocumentWindow] = []
        self._window_of: dict[str, int] = {}
        self.reasked: set[str] = set()
        self.disputed: set[str] = set()

    async def run(self) -> dict[str, Leaf]:
        """All leaves, by path.

        Raises:
            ServiceError: No window was answered. What was answered before an error counts.
        """
        if not any(item.text.raw.strip() for item in self._index.regions):
            return self._leaves(self._asker, {})
        leaves = await self._first_leaves()
        while (failing := self._failing(leaves)) and self._asker.may_reask:
            self._asker.reasks += 1
            groups: dict[int, dict[str, tuple[Leaf, str]]] = {}
            for key, item in failing.items():
                groups.setdefault(self._window_of.get(item[0].path, 0), {})[key] = item
            answers = await self._at_once(list(groups.items()), self._again)
            for _, _, answer in answers:
                leaves |= answer or {}
            if any(error is not None for _, error, _ in answers):
                break
        return leaves

    async def _first_leaves(self) -> dict[str, Leaf]:
        limits = self._asker.settings.limits
        pages = limits.images if self._asker.images else None
        planned = document_windows(self._index.document, limits, pages=pages)
        self._asker.issues += planned.issues
        answers: list[tuple[DocumentWindow, dict[str, Leaf]]] = []
        errors: list[ServiceError] = []
        for window, error, found in await self._at_once(list(planned.windows), self._all_fields):
            answers += found or []
            errors += [error] if error else []
            if error is not None:
                message = f"{window.place} could not be read: {error}"
                self._asker.note(IssueCode.DOCUMENT_CUT, Severity.ERROR, message)
        if errors and not answers:
            raise errors[0]
        self._windows = [window for window, _ in answers]
        merged = merged_leaves(self._index, [leaves for _, leaves in answers])
        self._asker.issues += merged.issues
        self._window_of, self.disputed = merged.windows, merged.disputed
        return merged.leaves

    async def _all_fields(self, asker: Asker, window: DocumentWindow) -> list[tuple[DocumentWindow, dict[str, Leaf]]]:
        """The leaves of a window, or of its halves when it is too large for the model."""
        halves = window.halves()
        if len(halves) > 1 and not asker.memory.is_worth_a_try(window.tokens):
            return await self._in_parts(asker, window, halves, "larger than what the model was seen to read at once")
        try:
            data = await ask_all_fields(asker, window, self._tree)
        except BudgetSpentError:
            message = f"{window.place} was not read: the token budget is spent"
            asker.note(IssueCode.DOCUMENT_CUT, Severity.ERROR, message)
            data = {}
        except ContextLengthError as error:
            if len(halves) == 1:
                raise
            if not isinstance(error, PromptCutError) or error.certain:
                asker.memory.note_refused(window.tokens)
            return await self._in_parts(asker, window, halves, error.message)
        else:
            asker.memory.note_read(window.tokens)
        return [(window, self._leaves(asker, data))]

    async def _in_parts(
        self, asker: Asker, window: DocumentWindow, parts: Sequence[DocumentWindow], why: str
    ) -> list[tuple[DocumentWindow, dict[str, Leaf]]]:
        message = f"{window.place} does not fit into the model's context and was asked in two parts: {why}"
        asker.note(IssueCode.WINDOW_SPLIT, Severity.INFO, message)
        answers: list[tuple[DocumentWindow, dict[str, Leaf]]] = []
        for part in parts:
            try:
                answers += await self._all_fields(asker, part)
            except ServiceError as error:
                # when the first part is not answered either, the second one need not be tried
                if not answers:
                    raise
                asker.note(IssueCode.DOCUMENT_CUT, Severity.ERROR, f"{part.place} could not be read: {error}")
        return answers

    def _leaves(self, asker: Asker, data: JsonObject) -> dict[str, Leaf]:
        reader = LeafReader(self._index)
        leaves = without_empty_items(reader.read(self._tree, data))
        for path in reader.cut[:1]:
            asker.note(IssueCode.LIMIT_REACHED, Severity.ERROR, "the answer has more values than are read", field=path)
        return leaves

    async def _at_once(
        self, items: Sequence[_Given], work: Callable[[Asker, _Given], Awaitable[_Made]]
    ) -> list[tuple[_Given, ServiceError | None, _Made | None]]:
        """The work on all items, so many at once as the limits allow; errors of the server stay with their item."""
        branches = [self._asker.branch() for _ in items]
        results: list[tuple[ServiceError | None, _Made | None]] = [(None, None) for _ in items]
        refused: list[DeepOcrError] = []
        places = anyio.CapacityLimiter(self._asker.settings.limits.concurrency)

        async def one(number: int) -> None:
            async with places:
                try:
                    results[number] = (None, await work(branches[number], items[number]))
                except ServiceError as error:
                    results[number] = (error, None)
                except DeepOcrError as error:
                    refused.append(error)

        if len(items) == 1:
            await one(0)
        else:
            async with anyio.create_task_group() as group:
                for number in range(len(items)):
                    group.start_soon(one, number)
        for branch in branches:
            self._asker.join(branch)
        if refused:
            raise refused[0]
        return [(item, *result) for item, result in zip(items, results, strict=True)]

    async def _again(self, asker: Asker, group: tuple[int, Mapping[str, tuple[Leaf, str]]]) -> dict[str, Leaf]:
        number, failing = group
        specs = {key: leaf.spec for key, (leaf, _) in failing.items()}
        questions = [Question(key, leaf.spec, leaf.text, problem) for key, (leaf, problem) in failing.items()]
        schema = flat_wire_schema(specs)
        tokens = asker.settings.max_tokens or answer_tokens(tuple(specs.values()))
        try:
            completion = await asker.send(self._windows[number], questions, schema, tokens)
        except ServiceError as error:
            message = f"failing fields could not be asked again: {error}"
            asker.note(IssueCode.RETRIED, Severity.WARNING, message)
            raise
        parsed = asker.parse(completion, schema)
        data: Mapping[str, Any] = parsed.data if parsed else {}
        better: dict[str, Leaf] = {}
        for key, (old, _) in failing.items():
            new = read_leaf(old.path, old.spec, data.get(key), self._index)
            self.reasked.add(old.path)
            if new.text == old.text or key not in data:
                self._hopeless.add(old.path)
            if new.text or (old.problem and key in data):
                better[old.path] = new
        return better

    def _failing(self, leaves: Mapping[str, Leaf]) -> dict[str, tuple[Leaf, str]]:
        """Leaves to be asked again with what is wrong, by their key in the question."""
        failing: dict[str, tuple[Leaf, str]] = {}
        for fault in faults_of(self._schema, self._tree, leaves):
            for leaf in _leaves_of(fault, leaves):
                # every window of a long document was asked for what is missing, and has none
                hopeless = leaf.path in self._hopeless or (len(self._windows) > 1 and not leaf.text)
                if not hopeless and len(failing) < REASKED_AT_ONCE:
                    failing.setdefault(_key_of(leaf.path), (leaf, fault.message))
        return failing


def _leaves_of(fault: Fault, leaves: Mapping[str, Leaf]) -> list[Leaf]:
    """The leaves that a fault is about: itself, or all answered ones inside."""
    if fault.path in leaves:
        return [leaves[fault.path]]
    inside = (f"{fault.path}.", f"{fault.path}[") if fault.path else ("",)
    return [leaf for path, leaf in leaves.items() if path.startswith(inside) and leaf.text]


def _key_of(path: str) -> str:
    """The path as one property name that every server takes: ``lines[0].amount`` becomes ``lines-0-amount``."""
    return path.replace("[", "-").replace("]", "").replace(".", "-")
