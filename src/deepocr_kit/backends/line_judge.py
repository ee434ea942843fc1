"""The seam to whatever can tell how the lines of a page lie."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from deepocr_kit.documents import PageImage
from deepocr_kit.geometry import BBox

__all__ = ["LineJudge", "LineVotes"]

MIN_VOTES = 3
"""Fewest lines that must have been sure; a page of one or two words stays as it is."""

CLEAR_SHARE = 0.75
"""Share of the sure lines that must agree. On 83 upright scans and 83 turned upside down at least 3 of 4 did."""

SIDEWAYS_SHARE = 0.6
"""Share of lines taller than wide from which a page may lie on its side; upright forms have a few such columns."""


@dataclass(frozen=True, slots=True)
class LineVotes:
    """How the lines of a page lie.

    Attributes:
        lines: How many lines are long enough to tell their direction.
        sideways: How many of them are taller than wide.
        upright: Lines of the larger kind that were seen to stand upright, tall ones after a quarter turn against
            the clock.
        upside_down: Lines of that kind that were seen upside down.
    """

    lines: int
    sideways: int
    upright: int
    upside_down: int

    @property
    def lies_sideways(self) -> bool:
        """Whether most lines are taller than wide."""
        return self.lines > 0 and self.sideways >= SIDEWAYS_SHARE * self.lines

    @property
    def turn_needed(self) -> int:
        """Quarter turns clockwise that set the page upright; 0 as well when the votes are few or divided."""
        votes = self.upright + self.upside_down
        if votes < MIN_VOTES or max(self.upright, self.upside_down) < CLEAR_SHARE * votes:
            return 0
        if self.lies_sideways:
            return 1 if self.upside_down > self.upright else 3
        return 2 if self.upside_down > self.upright else 0


class LineJudge(ABC):
    """Tells how the lines of a page lie."""

    @abstractmethod
    async def judge_lines(self, image: PageImage, boxes: Sequence[BBox] | None = None) -> LineVotes:
        """Look at a few lines of a page.

        Args:
            image: The page as it was handed in.
            boxes: One box per line, in the unit frame; None lets the judge find them.

        Raises:
            ServiceError: The engine failed.
            ClosedError: It is closed.
        """

    async def aclose(self) -> None:
        """Free engines. May be called twice."""
