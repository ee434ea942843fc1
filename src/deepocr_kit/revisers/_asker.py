"""Puts questions to a model and keeps account of what was asked, answered and spent."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeAlias

from deepocr_kit.documents import Issue, IssueCode, Severity, Usage, whole_text
from deepocr_kit.errors import ContextLengthError
from deepocr_kit.revisers._completion import Completion, CompletionRequest, SentImage
from deepocr_kit.revisers._context import ContextMemory, check_prompt_was_read
from deepocr_kit.revisers._purse import Purse
from deepocr_kit.revisers._retrying import RetryPolicy, with_retries
from deepocr_kit.revisers.answer import ParsedAnswer, parse_answer
from deepocr_kit.revisers.base import Exchange
from deepocr_kit.revisers.fields import FieldSpec
from deepocr_kit.revisers.prompt import Question, system_text, user_text
from deepocr_kit.revisers.windows import DocumentWindow, PromptLimits, estimate_tokens
from deepocr_kit.revisers.wire import JsonObject

__all__ = ["Ask", "Asker", "ConversationSettings", "answer_tokens"]

TOKENS_BASE = 512
TOKENS_PER_FIELD = 80
TOKENS_FOR_LISTS = 3000
TOKENS_MAX = 8192
"""Most tokens that are asked for unless the user says so; Bedrock reserves quota for all of them at once."""

TOKENS_MIN = 256
"""The room for an answer is not made smaller than this to make a prompt fit."""

Ask: TypeAlias = Callable[[CompletionRequest], Awaitable[Completion]]


@dataclass(frozen=True, slots=True)
class ConversationSettings:
    """Limits of a conversation, as in ``LlmReviser``."""

    max_reasks: int
    max_tokens: int | None
    limits: PromptLimits
    retry: RetryPolicy


@dataclass(slots=True)
class Asker:
    """One line of questions; windows that are asked at once have one each, which are joined in order.

    Attributes:
        ask: Sends a question to the model.
        settings: Limits.
        purse: What all windows of the document may cost together.
        memory: What the model was seen to read at once.
        instructions: The caller's own words.
        images: Pictures by page index.
        reasks: Questions that repeated an earlier one.
        issues: What was repaired, cut or not understood.
        exchanges: Everything that was asked and answered.
        usage: Over all answers.
        model: What answered last.
        method: How it was asked last.
    """

    ask: Ask
    settings: ConversationSettings
    purse: Purse
    memory: ContextMemory
    instructions: str | None = None
    images: Mapping[int, SentImage] = field(default_factory=dict)
    reasks: int = 0
    issues: list[Issue] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    method: str = ""

    def branch(self) -> Asker:
        """One for a window that is asked at the same time as others; it spends from the same budget."""
        return Asker(
            self.ask, self.settings, self.purse, self.memory, self.instructions, images=self.images, reasks=self.reasks
        )

    def join(self, branch: Asker) -> None:
        """Take over what a branch has to tell."""
        self.issues += branch.issues
        self.exchanges += branch.exchanges
        self.usage += branch.usage
        self.model = branch.model or self.model
        self.method = branch.method or self.method
        self.reasks = max(self.reasks, branch.reasks)

    @property
    def may_spend(self) -> bool:
        """Whether the token budget allows another question."""
        return not self.purse.is_empty

    @property
    def may_reask(self) -> bool:
        """Whether something may be asked again."""
        return self.reasks < self.settings.max_reasks and self.may_spend

    def note(self, code: IssueCode, severity: Severity, message: str, *, field: str | None = None) -> None:
        """Add an issue."""
        self.issues.append(Issue(code=code, severity=severity, message=message, field=field))

    async def send(
        self, window: DocumentWindow, questions: Sequence[Question], schema: JsonObject, tokens: int, hint: str = ""
    ) -> Completion:
        """Ask once, with retries; when the prompt leaves too little room for the answer, with less room.

        Raises:
            ServiceError: No answer. ``ContextLengthError`` when the window itself is too large,
                ``BudgetSpentError`` when other windows spent the budget meanwhile.
        """
        nonce = secrets.token_hex(8)
        compact = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
        images = tuple(self.images[page] for page in window.pages if page in self.images)
        request = CompletionRequest(
            system=system_text(nonce, self.instructions),
            user=user_text(window.text, nonce, questions, compact) + hint,
            wire_schema=schema,
            max_tokens=tokens,
            images=images,
        )
        try:
            completion = await self._paid_for(request)
        except ContextLengthError:
            if tokens < max(window.tokens, 2 * TOKENS_MIN):
                raise
            return await self.send(window, questions, schema, tokens // 2, hint)
        check_prompt_was_read(self.memory, window, request, completion)
        return completion

    async def _paid_for(self, request: CompletionRequest) -> Completion:
        most = estimate_tokens(request.system) + estimate_tokens(request.user) + request.max_tokens
        await self.purse.set_aside(most)
        start, cost = monotonic(), 0
        try:
            completion, tries = await with_retries(self.settings.retry, lambda: self.ask(request))
            cost = self._record(request, completion, Usage(requests=1, seconds=monotonic() - start))
        finally:
            self.purse.pay(most, cost)
        if tries > 1:
            self.usage += Usage(requests=tries - 1)
            self.note(IssueCode.RETRIED, Severity.INFO, f"the server answered at try {tries}")
        return completion

    def parse(self, completion: Completion, schema: JsonObject) -> ParsedAnswer | None:
        """The object of an answer, as far as it was written; None when there is none."""
        cut = completion.finish_reason == "length"
        text = completion.text if completion.data is None else json.dumps(completion.data, ensure_ascii=False)
        # a thought that was cut is no answer, even when it quotes one
        parsed = parse_answer(text, tuple(schema["properties"]), reasoning="" if cut else completion.reasoning)
        if parsed is None:
            return None
        for repair in parsed.repairs:
            self.note(IssueCode.ANSWER_REPAIRED, Severity.INFO, repair)
        if cut and completion.data is not None:
            # a tool call comes as a whole object, so its end has to be guessed
            last = next(reversed(parsed.data))
            path = (last,) if isinstance(parsed.data[last], list) else ()
            return ParsedAnswer(parsed.data, parsed.repairs, path)
        return parsed

    def _record(self, request: CompletionRequest, completion: Completion, spent: Usage) -> int:
        """Keep account of an answer; the tokens that it cost."""
        asked: JsonObject = {"system": request.system, "user": request.user, "max_tokens": request.max_tokens}
        if request.images:
            asked["images"] = [f"page {image.page_index + 1}, {image.media_type}" for image in request.images]
        answered = completion.text if completion.data is None else json.dumps(completion.data, ensure_ascii=False)
        if completion.reasoning:
            answered = f"<think>{completion.reasoning}</think>{answered}"
        self.exchanges += completion.earlier
        self.exchanges.append(
            Exchange(
                request=json.dumps(asked, ensure_ascii=False), response=whole_text(answered), method=completion.method
            )
        )
        # a transport that does not count gets its one request and the time it took
        usage = completion.usage if completion.usage.requests else completion.usage + spent
        self.usage += usage
        self.issues += completion.issues
        self.model = completion.model or self.model
        self.method = completion.method or self.method
        counted = usage.prompt_tokens + usage.completion_tokens
        return counted or estimate_tokens(request.user) + estimate_tokens(answered)


def answer_tokens(specs: Sequence[FieldSpec]) -> int:
    """Tokens that an answer needs; one list of a schema may have many items."""
    lists = TOKENS_FOR_LISTS if any("[*]" in spec.path for spec in specs) else 0
    return min(TOKENS_BASE + TOKENS_PER_FIELD * len(specs) + lists, TOKENS_MAX)
