"""Learns how much of a document a model reads at once, from refusals and from prompts that were cut without a word."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from deepocr_kit.errors import ContextLengthError
from deepocr_kit.revisers._completion import Completion, CompletionRequest
from deepocr_kit.revisers.windows import DocumentWindow, estimate_tokens

__all__ = ["ContextMemory", "PromptCutError", "check_prompt_was_read"]

CONTEXT_MIN_TOKENS = 1_000
"""There is no smaller context."""

READ_SHARE = 0.4
"""Estimates are right within a factor of two, so a server that counts less than this share of a prompt cut it."""

SAME_SHARE = 0.05
"""Prompts whose estimates differ by more are different prompts."""

_RUNS = re.compile(r"(.)\1{3,}", re.DOTALL)


class PromptCutError(ContextLengthError):
    """The server seems to have cut the prompt.

    Attributes:
        certain: Whether nothing else explains its token count.
    """

    certain: bool = True


@dataclass(slots=True)
class ContextMemory:
    """What one model of one server was seen to read at once; all documents of a reviser share it.

    Sizes are estimated tokens of windows. The question and the room for the answer take their
    part of a context too, so this is no limit but a guess of what is worth a try.

    Attributes:
        read: Largest window that was read.
        refused: Smallest window that was refused or cut; None while none was.
        round_counts: Token counts at which Ollama may have cut a prompt, with the estimate of that prompt.
    """

    read: int = 0
    refused: int | None = None
    round_counts: dict[int, int] = field(default_factory=dict)

    def is_worth_a_try(self, tokens: int) -> bool:
        """Whether a window is not larger than halfway between what was read and what was refused."""
        return self.refused is None or 2 * tokens <= self.read + self.refused

    def note_read(self, tokens: int) -> None:
        """A window of so many tokens was answered."""
        self.read = max(self.read, tokens)

    def note_refused(self, tokens: int) -> None:
        """A window of so many tokens did not fit; of one that fits every context this says nothing."""
        if tokens < CONTEXT_MIN_TOKENS:
            return
        self.refused = tokens if self.refused is None else min(self.refused, tokens)
        self.read = min(self.read, self.refused)


def check_prompt_was_read(
    memory: ContextMemory, window: DocumentWindow, request: CompletionRequest, completion: Completion
) -> None:
    """Raise when the token count of an answer says that the server cut the prompt.

    Ollama does so without a word, and keeps the end: of a prompt that is longer than ``num_ctx`` it reads
    ``num_ctx`` tokens, or ``4 + (num_ctx - 4) // 2`` where it shifts its context. Such a round count
    is a reason to ask in two parts, and a proof when prompts of different length give the same one.
    Source: Ollama's log, ``truncating input prompt limit=4096 prompt=7268 keep=4 new=4096`` of 2025 and
    ``limit=2050 prompt=8707 keep=4 new=2050`` of 0.40.

    Raises:
        PromptCutError: It was, or seems to have been, cut.
    """
    read = completion.usage.prompt_tokens
    if completion.earlier or read < CONTEXT_MIN_TOKENS:
        return
    # rulers and gaps of many equal characters are few tokens
    sent = estimate_tokens(_RUNS.sub(r"\1\1\1", request.user))
    if read < READ_SHARE * sent:
        raise _cut(read, sent)
    if not _is_round(read) or len(window.halves()) == 1:
        return
    before = memory.round_counts.setdefault(read, sent)
    error = _cut(read, sent)
    error.certain = abs(before - sent) > SAME_SHARE * sent
    raise error


def _is_round(tokens: int) -> bool:
    return tokens % 1024 == 0 or tokens % 512 == 2


def _cut(read: int, sent: int) -> PromptCutError:
    return PromptCutError(
        f"the server counts {read} tokens of a prompt of about {sent}, so it seems to have cut the prompt without"
        " saying so; raise its context (for Ollama: OLLAMA_CONTEXT_LENGTH) or lower PromptLimits.window_tokens",
        service="reviser",
    )
