"""Puts questions to a model and keeps account of what was asked, answered and spent."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeAlias

from deepocr_kit.documents import Issue, IssueCode, Severity, Usage
from deepocr_kit.errors import ContextLengthError
from deepocr_kit.revisers._completion import Completion, CompletionRequest, SentImage
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

CONTEXT_MIN_TOKENS = 1_000
PROMPT_READ_SHARE = 0.4
"""A server that counts less than this share of a prompt, and at least the smallest context there is, cut it; Ollama
does so without a word."""

_RUNS = re.compile(r"(.)\1{3,}", re.DOTALL)

Ask: TypeAlias = Callable[[CompletionRequest], Awaitable[Completion]]


@dataclass(frozen=True, slots=True)
class ConversationSettings:
    """Limits of a conversation, as in ``LlmReviser``."""

    max_reasks: int
    max_tokens: int | None
    token_budget: int
    limits: PromptLimits
    retry: RetryPolicy


@dataclass(slots=True)
class _Purse:
    """Tokens that all windows of a document have spent together."""

    spent: int = 0


@dataclass(slots=True)
class Asker:
    """One line of questions; windows that are asked at once have one each, which are joined in order.

    Attributes:
        ask: Sends a question to the model.
        settings: Limits.
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
    instructions: str | None = None
    images: Mapping[int, SentImage] = field(default_factory=dict)
    purse: _Purse = field(default_factory=_Purse)
    reasks: int = 0
    issues: list[Issue] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    method: str = ""

    def branch(self) -> Asker:
        """One for a window that is asked at the same time as others; it spends from the same budget."""
        return Asker(
            self.ask, self.settings, self.instructions, images=self.images, purse=self.purse, reasks=self.reasks
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
        return self.purse.spent < self.settings.token_budget

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
            ServiceError: No answer. ``ContextLengthError`` when the window itself is too large.
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
        start = monotonic()
        try:
            completion, tries = await with_retries(self.settings.retry, lambda: self.ask(request))
        except ContextLengthError:
            if tokens < max(window.tokens, 2 * TOKENS_MIN):
                raise
            return await self.send(window, questions, schema, tokens // 2, hint)
        self._record(request, completion, Usage(requests=1, seconds=monotonic() - start))
        if tries > 1:
            self.note(IssueCode.RETRIED, Severity.INFO, f"the server answered at try {tries}")
        _check_prompt_was_read(request, completion)
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

    def _record(self, request: CompletionRequest, completion: Completion, spent: Usage) -> None:
        asked: JsonObject = {"system": request.system, "user": request.user, "max_tokens": request.max_tokens}
        if request.images:
            asked["images"] = [f"page {image.page_index + 1}, {image.media_type}" for image in request.images]
        answered = completion.text if completion.data is None else json.dumps(completion.data, ensure_ascii=False)
        if completion.reasoning:
            answered = f"<think>{completion.reasoning}</think>{answered}"
        self.exchanges += completion.earlier
        self.exchanges.append(
            Exchange(
                request=json.dumps(asked, ensure_ascii=False), response=_writable(answered), method=completion.method
            )
        )
        # a transport that does not count gets its one request and the time it took
        usage = completion.usage if completion.usage.requests else completion.usage + spent
        self.usage += usage
        counted = usage.prompt_tokens + usage.completion_tokens
        self.purse.spent += counted or estimate_tokens(request.user) + estimate_tokens(answered)
        self.issues += completion.issues
        self.model = completion.model or self.model
        self.method = completion.method or self.method


def answer_tokens(specs: Sequence[FieldSpec]) -> int:
    """Tokens that an answer needs; one list of a schema may have many items."""
    lists = TOKENS_FOR_LISTS if any("[*]" in spec.path for spec in specs) else 0
    return min(TOKENS_BASE + TOKENS_PER_FIELD * len(specs) + lists, TOKENS_MAX)


def _check_prompt_was_read(request: CompletionRequest, completion: Completion) -> None:
    # rulers and gaps of many equal characters are few tokens
    read, sent = completion.usage.prompt_tokens, estimate_tokens(_RUNS.sub(r"\1\1\1", request.user))
    if completion.earlier or not CONTEXT_MIN_TOKENS <= read < PROMPT_READ_SHARE * sent:
        return
    raise ContextLengthError(
        f"the server counts {read} tokens of a prompt of about {sent}, so it cut the prompt without saying so; "
        "raise its context (for Ollama: OLLAMA_CONTEXT_LENGTH) or lower PromptLimits.window_tokens",
        service="reviser",
    )


def _writable(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
