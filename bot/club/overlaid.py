"""Each server's own book over the one that all share, kept ready for as long as it stays as it is."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.club.asking import Asking
from bot.club.curation_ports import KnowledgeStore
from bot.content.merging import merged

MOST = 1_000
"""Servers whose books are kept ready: with twenty edits each they take 70 MB. The one asked longest ago goes first, and is
made ready again in some twenty milliseconds when somebody asks there."""


@dataclass(frozen=True, slots=True)
class _Ready:
    revision: int
    shared: Asking
    own: Asking


@dataclass
class Overlaid:
    """What answers for a server, by the revision of its overlay and the book below it: so it is never an old one."""

    _ready: OrderedDict[tuple[int, str], _Ready] = field(default_factory=OrderedDict)

    async def of(self, shared: Asking, server: int, revision: int, store: KnowledgeStore) -> Asking:
        """What answers for a server whose overlay of a book has this revision. Raises StoreError."""
        key = (server, shared.book.slug)
        ready = self._ready.get(key)
        if ready is None or ready.revision < revision or ready.shared is not shared:
            overlay = await store.overlay(server, shared.book.slug)
            own = await asyncio.to_thread(lambda: shared.over(merged(shared.book, overlay)))
            ready = _Ready(overlay.revision, shared, own)
            self._ready[key] = ready
            if len(self._ready) > MOST:
                self._ready.popitem(last=False)
        self._ready.move_to_end(key)
        return ready.own

    def drop(self) -> None:
        """Keeps nothing ready any longer: what lies below has changed, and is to be given up."""
        self._ready.clear()
