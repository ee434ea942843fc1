"""Reads a document into a schema with any language model, and proves what it says."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict

import anyio.to_thread

from deepocr_kit.documents import Document, PageImage
from deepocr_kit.revisers._asker import Asker, ConversationSettings
from deepocr_kit.revisers._completion import Completion, CompletionRequest, SentImage
from deepocr_kit.revisers._context import ContextMemory
from deepocr_kit.revisers._conversation import Conversation
from deepocr_kit.revisers._leaves import Leaf
from deepocr_kit.revisers._pictures import sent_images
from deepocr_kit.revisers._purse import Purse
from deepocr_kit.revisers._report import proved
from deepocr_kit.revisers._retrying import RetryPolicy
from deepocr_kit.revisers.base import OnUnsupported, Reviser, Revision, T
from deepocr_kit.revisers.evidence import EvidenceIndex
from deepocr_kit.revisers.fields import schema_tree
from deepocr_kit.revisers.given import finish
from deepocr_kit.revisers.windows import PromptLimits

__all__ = ["Completion", "CompletionRequest", "LlmOptions", "LlmReviser", "RetryPolicy", "SentImage"]


class LlmOptions(TypedDict, total=False):
    """The keyword arguments of ``LlmReviser``, which its subclasses take as well and hand on."""

    on_unsupported: OnUnsupported
    max_reasks: int
    max_tokens: int | None
    token_budget: int
    limits: PromptLimits
    retry: RetryPolicy
    send_images: bool


class LlmReviser(Reviser):
    """Prompt, wire schema, parsing, typing, re-asking and evidence; a subclass gives ``complete``.

    The model is asked for every field as printed text plus the regions it
    stands in. Text becomes typed values here, the user's model checks them, fields
    that fail are asked once more on their own, and every value is looked
    up in the document. How much the model was seen to read at once is remembered for the next document.

    Args:
        on_unsupported: What happens to a value that nothing on the page proves.
        max_reasks: How often failing fields are asked again.
        max_tokens: Most tokens of one answer; None for an estimate from the schema.
        token_budget: No more is asked once the answers so far have cost this many tokens; questions in flight count
            with the most that they may cost.
        limits: How a document is cut into questions.
        retry: How a server that does not answer is asked again.
        send_images: Whether the model sees and gets the pictures of the pages too, when it is given any.
    """

    def __init__(  # noqa: PLR0913 - keyword-only, each with a default
        self,
        *,
        on_unsupported: OnUnsupported = "flag",
        max_reasks: int = 2,
        max_tokens: int | None = None,
        token_budget: int = 200_000,
        limits: PromptLimits = PromptLimits(),  # noqa: B008 - frozen
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
        send_images: bool = False,
    ) -> None:
        if on_unsupported not in {"flag", "null", "raise"}:
            raise ValueError(f"on_unsupported must be 'flag', 'null' or 'raise', got {on_unsupported!r}")
        if max_reasks < 0:
            raise ValueError(f"max_reasks must not be negative, got {max_reasks!r}")
        if max_tokens is not None and max_tokens < 1:
            raise ValueError(f"max_tokens must be at least 1, got {max_tokens!r}")
        if token_budget < 0:
            raise ValueError(f"token_budget must not be negative, got {token_budget!r}")
        self.on_unsupported: OnUnsupported = on_unsupported
        self.send_images = send_images
        self._settings = ConversationSettings(max_reasks, max_tokens, limits, retry)
        self._token_budget = token_budget
        self._memory = ContextMemory()

    @abstractmethod
    async def complete(self, request: CompletionRequest) -> Completion:
        """Ask the model once.

        Raises:
            ServiceError: No answer; ``retryable`` tells whether to try again.
        """

    async def revise(self, document: Document, schema: type[T], *, instructions: str | None = None) -> Revision[T]:
        """Fill ``schema`` from ``document``, with evidence for every field.

        A document that is longer than ``limits.window_tokens`` is asked window by window, several at once.

        Args:
            document: Pages in reading order. One without any region is not sent to the model.
            schema: Any pydantic model class.
            instructions: Extra words for the model; never document text.

        Raises:
            SchemaError: The schema cannot be used.
            UnsupportedValueError: ``on_unsupported="raise"`` and a value has no support.
            ServiceError: The model's server does not answer.
        """
        return await self._revise(document, schema, {}, instructions)

    async def revise_with_images(
        self,
        document: Document,
        schema: type[T],
        images: Mapping[int, PageImage],
        *,
        instructions: str | None = None,
    ) -> Revision[T]:
        """As ``revise``; with ``send_images`` the model gets the pictures too, made small enough for a request.

        Args:
            document: As in ``revise``.
            schema: As in ``revise``.
            images: Pages by index, upright.
            instructions: As in ``revise``.

        Raises:
            SchemaError, UnsupportedValueError, ServiceError: As ``revise``.
        """
        small = await anyio.to_thread.run_sync(sent_images, images) if self.send_images else {}
        return await self._revise(document, schema, small, instructions)

    async def _revise(
        self, document: Document, schema: type[T], images: Mapping[int, SentImage], instructions: str | None
    ) -> Revision[T]:
        tree = schema_tree(schema)
        index = EvidenceIndex(document)
        purse = Purse(self._token_budget)
        asker = Asker(self.complete, self._settings, purse, self._memory, instructions, images=images)
        talk = Conversation(asker, schema, tree, index)
        leaves = proved(index, await talk.run(), self.on_unsupported, reasked=talk.reasked)
        draft: Revision[T] = Revision(
            issues=tuple(asker.issues),
            usage=asker.usage,
            model=asker.model,
            method=asker.method,
            exchanges=tuple(asker.exchanges),
        )
        return finish(schema, _signalled(leaves, talk.disputed), draft)


def _signalled(leaves: Mapping[str, Leaf], disputed: set[str]) -> dict[str, Leaf]:
    """The leaves; those for which parts of the document gave different values say so."""
    marked = dict(leaves)
    for path, leaf in leaves.items():
        if path in disputed and leaf.evidence is not None:
            signals = {**leaf.evidence.signals, "windows_disagree": True}
            marked[path] = replace(leaf, evidence=leaf.evidence.model_copy(update={"signals": signals}))
    return marked
