"""How many pages the sources of one ``run_many`` still want, so that no source is opened too early."""

from __future__ import annotations

import asyncio

from deepocr_kit.pipeline.events import Event, PageDone, PageStarted

__all__ = ["Demand", "SourceDemand"]


OPENING_MAX = 4
"""Sources whose number of pages is not known yet; opening one takes milliseconds and mostly CPU."""


class Demand:
    """Pages that are wanted and not done, over all open sources.

    An open PDF costs a process and its bytes. One more source is opened only
    while the open ones cannot fill every place by themselves.

    Args:
        places: Pages that may be in flight at once.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._pages = 0
        self._opening = 0
        self._changed = asyncio.Event()

    @property
    def wants_source(self) -> bool:
        """Whether one more source should be opened."""
        return self._pages < self._places and self._opening < OPENING_MAX

    def add(self, *, pages: int, opening: int = 0) -> None:
        """Change the numbers, by negative ones when something is done."""
        self._pages += pages
        self._opening += opening
        self._changed.set()

    async def change(self) -> None:
        """Wait for the next change."""
        await self._changed.wait()
        self._changed.clear()


class SourceDemand:
    """The share of one source: one page until it is open, then its pages that are not done."""

    def __init__(self, demand: Demand) -> None:
        self._demand = demand
        self._opening = True
        self._pages = 1
        demand.add(pages=1, opening=1)

    async def note(self, event: Event) -> None:
        """Follow the source's events."""
        match event:
            case PageStarted(page_count=page_count) if self._opening:
                self._change(page_count - 1)
            case PageDone():
                self._change(-1)
            case _:
                pass

    def end(self) -> None:
        """The source is finished, well or not."""
        self._change(-self._pages)

    def _change(self, pages: int) -> None:
        self._pages += pages
        self._demand.add(pages=pages, opening=-1 if self._opening else 0)
        self._opening = False
