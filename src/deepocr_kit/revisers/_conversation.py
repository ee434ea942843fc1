"""Asks a model for all fields, then for the failing ones again, and keeps account."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Generic, TypeAlias

from deepocr_kit.documents import Issue, IssueCode, Severity, Usage
from deepocr_kit.errors import ServiceError
from deepocr_kit.revisers._completion import Completion, CompletionRequest
from deepocr_kit.revisers._leaves import Leaf, LeafReader, read_leaf
from deepocr_kit.revisers._retrying import RetryPolicy, with_retries
from deepocr_kit.revisers._settling import Fault, faults_of, without_empty_items
from deepocr_kit.revisers.answer import ParsedAnswer, parse_answer
from deepocr_kit.revisers.base import Exchange, T
from deepocr_kit.revisers.evidence import EvidenceIndex
from deepocr_kit.revisers.fields import FieldSpec, ObjectNode, leaf_specs
from deepocr_kit.revisers.prompt import DocumentBlock, PromptLimits, Question, document_block, system_text, user_text
from deepocr_kit.revisers.wire import JsonObject, flat_wire_schema, wire_schema

__all__ = ["Conversation", "ConversationSettings"]

TOKENS_BASE = 512
TOKENS_PER_FIELD = 80
TOKENS_FOR_LISTS = 3000
TOKENS_MAX = 8192
"""Most tokens that are asked for unless the user says so; Bedrock reserves quota for all of them at once."""

REASKED_AT_ONCE = 60

Ask: TypeAlias = Callable[[CompletionRequest], Awaitable[Completion]]


@dataclass(frozen=True, slots=True)
class ConversationSettings:
    """Limits of a conversation, as in ``LlmReviser``."""

    max_reasks: int
    max_tokens: int | None
    token_budget: int
    limits: PromptLimits
    retry: RetryPolicy


class Conversation(Generic[T]):
    """One document, one schema, and everything said about them.

    Args:
        ask: Sends a question to the model.
        schema: The user's model class.
        tree: Its tree.
        index: The document.
        settings: Limits.
        instructions: The caller's own words.

    Attributes:
        issues: What was repaired, cut or not understood.
        exchanges: Everything that was asked and answered.
        usage: Over all answers.
        model: What answered last.
        method: How it was asked last.
        reasked: Paths that were asked again.
    """

    def __init__(
        self,
        ask: Ask,
        schema: type[T],
        tree: ObjectNode,
        index: EvidenceIndex,
        settings: ConversationSettings,
        *,
        instructions: str | None = None,
    ) -> None:
        self._ask = ask
        self._schema = schema
        self._tree = tree
        self._index = index
        self._settings = settings
        self._instructions = instructions
        self._reasks = 0
        self._hopeless: set[str] = set()
        self.issues: list[Issue] = []
        self.exchanges: list[Exchange] = []
        self.usage = Usage()
        self.model = ""
        self.method = ""
        self.reasked: set[str] = set()

    async def run(self) -> dict[str, Leaf]:
        """All leaves, by path.

        Raises:
            ServiceError: The first question was not answered. When a later one is not,
                what was answered before counts.
        """
        if not any(item.text.raw.strip() for item in self._index.regions):
            return self._leaves({})
        block = document_block(self._index.document, self._settings.limits)
        self.issues += block.issues
        leaves = self._leaves(await self._all_fields(block))
        while failing := self._failing(leaves):
            if not self._may_reask():
                break
            self._reasks += 1
            try:
                leaves |= await self._again(block, failing)
            except ServiceError as error:
                self._note(IssueCode.RETRIED, Severity.WARNING, f"failing fields could not be asked again: {error}")
                break
        return leaves

    def _leaves(self, data: JsonObject) -> dict[str, Leaf]:
        reader = LeafReader(self._index)
        leaves = without_empty_items(reader.read(self._tree, data))
        for path in reader.cut[:1]:
            self._note(IssueCode.LIMIT_REACHED, Severity.ERROR, "the answer has more values than are read", field=path)
        return leaves

    async def _all_fields(self, block: DocumentBlock) -> JsonObject:
        specs = leaf_specs(self._schema)
        questions = [Question(spec.path, spec) for spec in specs]
        schema = wire_schema(self._tree)
        tokens = self._settings.max_tokens or _estimate(specs)
        hint = ""
        while True:
            completion = await self._send(block, questions, schema, tokens, hint)
            parsed = self._parse(completion, schema)
            if parsed is not None:
                return parsed.data
            cut = completion.finish_reason == "length"
            what = "was cut before its end" if cut else "holds no JSON object with the fields"
            if not self._may_reask():
                self._note(IssueCode.ANSWER_UNPARSABLE, Severity.ERROR, f"the answer {what}; no field was read")
                return {}
            self._note(IssueCode.ANSWER_UNPARSABLE, Severity.WARNING, f"the answer {what}; it was asked for again")
            self._reasks += 1
            tokens = 2 * tokens if cut else tokens
            hint = f"\n\nYour last answer {what}. Answer with the JSON object alone."

    async def _again(self, block: DocumentBlock, failing: Mapping[str, tuple[Leaf, str]]) -> dict[str, Leaf]:
        specs = {key: leaf.spec for key, (leaf, _) in failing.items()}
        questions = [Question(key, leaf.spec, leaf.text, problem) for key, (leaf, problem) in failing.items()]
        schema = flat_wire_schema(specs)
        tokens = self._settings.max_tokens or _estimate(tuple(specs.values()))
        completion = await self._send(block, questions, schema, tokens)
        parsed = self._parse(completion, schema)
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
                key = _key_of(leaf.path)
                if leaf.path not in self._hopeless and len(failing) < REASKED_AT_ONCE:
                    failing.setdefault(key, (leaf, fault.message))
        return failing

    def _may_reask(self) -> bool:
        spent = self.usage.prompt_tokens + self.usage.completion_tokens
        return self._reasks < self._settings.max_reasks and spent < self._settings.token_budget

    async def _send(
        self, block: DocumentBlock, questions: Sequence[Question], schema: JsonObject, tokens: int, hint: str = ""
    ) -> Completion:
        nonce = secrets.token_hex(8)
        compact = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
        request = CompletionRequest(
            system=system_text(nonce, self._instructions),
            user=user_text(block, nonce, questions, compact) + hint,
            wire_schema=schema,
            max_tokens=tokens,
        )
        start = monotonic()
        completion, tries = await with_retries(self._settings.retry, lambda: self._ask(request))
        self._record(request, completion, Usage(requests=1, seconds=monotonic() - start))
        if tries > 1:
            self._note(IssueCode.RETRIED, Severity.INFO, f"the server answered at try {tries}")
        return completion

    def _record(self, request: CompletionRequest, completion: Completion, spent: Usage) -> None:
        asked = json.dumps(
            {"system": request.system, "user": request.user, "max_tokens": request.max_tokens}, ensure_ascii=False
        )
        answered = completion.text if completion.data is None else json.dumps(completion.data, ensure_ascii=False)
        if completion.reasoning:
            answered = f"<think>{completion.reasoning}</think>{answered}"
        self.exchanges += completion.earlier
        self.exchanges.append(Exchange(request=asked, response=_writable(answered), method=completion.method))
        # a transport that does not count gets its one request and the time it took
        self.usage += completion.usage if completion.usage.requests else completion.usage + spent
        self.issues += completion.issues
        self.model = completion.model or self.model
        self.method = completion.method or self.method

    def _parse(self, completion: Completion, schema: JsonObject) -> ParsedAnswer | None:
        text = completion.text if completion.data is None else json.dumps(completion.data, ensure_ascii=False)
        # a thought that was cut is no answer, even when it quotes one
        reasoning = "" if completion.finish_reason == "length" else completion.reasoning
        parsed = parse_answer(text, tuple(schema["properties"]), reasoning=reasoning)
        for repair in parsed.repairs if parsed else ():
            self._note(IssueCode.ANSWER_REPAIRED, Severity.INFO, repair)
        return parsed

    def _note(self, code: IssueCode, severity: Severity, message: str, *, field: str | None = None) -> None:
        self.issues.append(Issue(code=code, severity=severity, message=message, field=field))


def _writable(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _estimate(specs: Sequence[FieldSpec]) -> int:
    """Tokens that an answer needs; one list of a schema may have many items."""
    lists = TOKENS_FOR_LISTS if any("[*]" in spec.path for spec in specs) else 0
    return min(TOKENS_BASE + TOKENS_PER_FIELD * len(specs) + lists, TOKENS_MAX)


def _leaves_of(fault: Fault, leaves: Mapping[str, Leaf]) -> list[Leaf]:
    """The leaves that a fault is about: itself, or all answered ones inside."""
    if fault.path in leaves:
        return [leaves[fault.path]]
    inside = (f"{fault.path}.", f"{fault.path}[") if fault.path else ("",)
    return [leaf for path, leaf in leaves.items() if path.startswith(inside) and leaf.text]


def _key_of(path: str) -> str:
    """The path as one property name that every server takes: ``lines[0].amount`` becomes ``lines-0-amount``."""
    return path.replace("[", "-").replace("]", "").replace(".", "-")
