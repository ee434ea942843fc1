"""Reads a document into a schema with any language model, and proves what it says."""

from __future__ import annotations

from abc import abstractmethod

from deepocr_kit.documents import Document
from deepocr_kit.revisers._completion import Completion, CompletionRequest
from deepocr_kit.revisers._conversation import Conversation, ConversationSettings
from deepocr_kit.revisers._report import proved
from deepocr_kit.revisers._retrying import RetryPolicy
from deepocr_kit.revisers.base import OnUnsupported, Reviser, Revision, T
from deepocr_kit.revisers.evidence import EvidenceIndex
from deepocr_kit.revisers.fields import schema_tree
from deepocr_kit.revisers.given import finish
from deepocr_kit.revisers.prompt import PromptLimits

__all__ = ["Completion", "CompletionRequest", "LlmReviser", "RetryPolicy"]


class LlmReviser(Reviser):
    """Prompt, wire schema, parsing, typing, re-asking and evidence; a subclass gives ``complete``.

    The model is asked for every field as printed text plus the regions it
    stands in. Text becomes typed values here, the user's model checks them, fields
    that fail are asked once more on their own, and every value is looked
    up in the document.

    Args:
        on_unsupported: What happens to a value that nothing on the page proves.
        max_reasks: How often failing fields are asked again.
        max_tokens: Most tokens of one answer; None for an estimate from the schema.
        token_budget: No more is asked once the answers so far have cost this many tokens.
        limits: How much of a document goes into the prompt.
        retry: How a server that does not answer is asked again.
    """

    def __init__(
        self,
        *,
        on_unsupported: OnUnsupported = "flag",
        max_reasks: int = 2,
        max_tokens: int | None = None,
        token_budget: int = 200_000,
        limits: PromptLimits = PromptLimits(),  # noqa: B008 - frozen
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
    ) -> None:
        if on_unsupported not in {"flag", "null", "raise"}:
            raise ValueError(f"on_unsupported must be 'flag', 'null' or 'raise', got {on_unsupported!r}")
        if max_reasks < 0:
            raise ValueError(f"max_reasks must not be negative, got {max_reasks!r}")
        if max_tokens is not None and max_tokens < 1:
            raise ValueError(f"max_tokens must be at least 1, got {max_tokens!r}")
        self.on_unsupported: OnUnsupported = on_unsupported
        self._settings = ConversationSettings(max_reasks, max_tokens, token_budget, limits, retry)

    @abstractmethod
    async def complete(self, request: CompletionRequest) -> Completion:
        """Ask the model once.

        Raises:
            ServiceError: No answer; ``retryable`` tells whether to try again.
        """

    async def revise(self, document: Document, schema: type[T], *, instructions: str | None = None) -> Revision[T]:
        """Fill ``schema`` from ``document``, with evidence for every field.

        Args:
            document: Pages in reading order. One without any region is not sent to the model.
            schema: Any pydantic model class.
            instructions: Extra words for the model; never document text.

        Raises:
            SchemaError: The schema cannot be used.
            UnsupportedValueError: ``on_unsupported="raise"`` and a value has no support.
            ServiceError: The model's server does not answer.
        """
        tree = schema_tree(schema)
        index = EvidenceIndex(document)
        talk = Conversation(self.complete, schema, tree, index, self._settings, instructions=instructions)
        leaves = proved(index, await talk.run(), self.on_unsupported, reasked=talk.reasked)
        draft: Revision[T] = Revision(
            issues=tuple(talk.issues),
            usage=talk.usage,
            model=talk.model,
            method=talk.method,
            exchanges=tuple(talk.exchanges),
        )
        return finish(schema, leaves, draft)
