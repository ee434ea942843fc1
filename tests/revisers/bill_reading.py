"""A bill as schema, and a model with a context of so many tokens that reads it honestly."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import anyio
from pydantic import BaseModel

from deepocr_kit.documents import Document, Usage
from deepocr_kit.errors import ContextLengthError
from deepocr_kit.revisers import Completion, CompletionRequest, LlmReviser, RetryPolicy
from deepocr_kit.revisers.windows import estimate_tokens
from deepocr_kit.testing import build_document

_LINE = re.compile(r'^\{"id":"([^"]+)".*"text":"(.*)"\}$', re.MULTILINE)


class Line(BaseModel):
    name: str
    amount: Decimal


class Bill(BaseModel):
    company: str
    lines: list[Line] = []
    total: Decimal | None = None


DOCUMENT = build_document("ACME STORES\nTea 4.50\nTotal 12.75")
"""A short bill."""

RIGHT: dict[str, Any] = {
    "company": {"text": "ACME STORES", "src": ["p1r1"]},
    "lines": [],
    "total": {"text": "12.75", "src": ["p1r3"]},
}
"""What an honest model says of it."""

TEXT = json.dumps(RIGHT)
ONCE = RetryPolicy(attempts=1)


def leaf(text: str = "", *sources: str) -> dict[str, Any]:
    return {"text": text, "src": list(sources)}


def answer_of(request: CompletionRequest) -> dict[str, Any]:
    """What an honest model would say to the lines that it sees."""
    answer: dict[str, Any] = {"company": leaf(), "lines": [], "total": leaf()}
    for name, text in _LINE.findall(request.user):
        head, _, amount = text.rpartition(" ")
        if head.startswith("Item"):
            answer["lines"].append({"name": leaf(head, name), "amount": leaf(amount, name)})
        elif head == "Total":
            answer["total"] = leaf(amount, name)
        elif text.endswith("STORES"):
            answer["company"] = leaf(text, name)
    keys = request.wire_schema["properties"]
    return {key: value for key, value in answer.items() if key in keys}


class Reader(LlmReviser):
    """A model with a context of so many tokens."""

    def __init__(
        self,
        *,
        context: int = 1_000_000,
        answer: Callable[[CompletionRequest], dict[str, Any]] = answer_of,
        silent: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(retry=RetryPolicy(attempts=1), **options)
        self.context = context
        self.answer = answer
        self.silent = silent
        self.requests: list[CompletionRequest] = []
        self.running = self.peak = 0

    async def complete(self, request: CompletionRequest) -> Completion:
        self.requests.append(request)
        tokens = estimate_tokens(request.user)
        if tokens + request.max_tokens > self.context and not self.silent:
            raise ContextLengthError("the prompt does not fit")
        self.running += 1
        self.peak = max(self.peak, self.running)
        await anyio.sleep(0.01)
        self.running -= 1
        from_model = self.answer(request)
        usage = Usage(prompt_tokens=min(tokens, self.context), completion_tokens=20, requests=1)
        return Completion(data=from_model, model="reader", usage=usage)


def document_of(pages: int, rows: int = 3) -> Document:
    texts = []
    for page in range(pages):
        items = [f"Item {page + 1}-{row + 1} {row + 1}.50" for row in range(rows)]
        texts.append("\n".join([*(["ACME STORES"] if not page else []), *items]))
    texts[-1] += "\nTotal 99.00"
    return build_document(*texts)


def names(pages: int, rows: int = 3) -> list[str]:
    return [f"Item {page + 1}-{row + 1}" for page in range(pages) for row in range(rows)]
