"""What an answer cost."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Attempt", "Usage"]


class Usage(BaseModel):
    """Tokens, requests and seconds; values add up with ``+``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt_tokens: int = Field(default=0, ge=0)
    completion_tokens: int = Field(default=0, ge=0)
    requests: int = Field(default=0, ge=0)
    seconds: float = Field(default=0.0, ge=0)

    def __add__(self, other: Usage) -> Usage:
        """The sum of both."""
        return Usage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            requests=self.requests + other.requests,
            seconds=self.seconds + other.seconds,
        )


class Attempt(BaseModel):
    """One try that failed before the one that counted.

    Attributes:
        number: 1-based.
        error: Class name of the error.
        message: Its message.
        seconds: How long the try took.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=1)
    error: str
    message: str
    seconds: float = Field(default=0.0, ge=0)
