"""An object or list of a model's JSON while it is being read."""

from __future__ import annotations

from dataclasses import dataclass, field

from deepocr_kit.grounding._loose_objects import LooseValue

__all__ = ["OpenJson"]


@dataclass(slots=True)
class OpenJson:
    """An object or list while it is open.

    Attributes:
        start: Where it begins in the raw text.
        is_object: Else it is a list.
        wants: What may come next in an object: ``key``, ``value`` or ``comma``.
        key: The last key.
        key_start: Where it begins.
        holds_objects: Whether an object stands in it.
        members: Of an object, so far.
        member_starts: Where the key of each begins.
        numbers: Of a list and the lists in it, so far.
        texts: The same for strings and words.
        items: Where each item of a list begins and ends.
        text_start: Where the first of ``texts`` begins; 0 when there is none.
        loose: Words that belong to no member: where they begin and end, and the words.
        flaws: What is not well formed, in words; a dictionary keeps their order.
    """

    start: int
    is_object: bool
    wants: str = "key"
    key: str = ""
    key_start: int = 0
    holds_objects: bool = False
    members: list[tuple[str, LooseValue]] = field(default_factory=list)
    member_starts: list[int] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    items: list[tuple[int, int]] = field(default_factory=list)
    text_start: int = 0
    loose: list[tuple[int, int, str]] = field(default_factory=list)
    flaws: dict[str, None] = field(default_factory=dict)

    def give(self, value: LooseValue) -> None:
        """Take a finished value: an item of a list, or the value of the open key."""
        if self.is_object:
            self.members.append((self.key, value))
            self.member_starts.append(self.key_start)
            self.wants = "comma"
            return
        self.items.append((value.start, value.end))
        self.numbers += value.numbers
        if value.text:
            self.text_start = self.text_start or value.text_start
            self.texts.append(value.text)
