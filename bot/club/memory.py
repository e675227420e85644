"""A club's store that forgets when the program ends: for the terminal and for tests."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.club.ports import Server, Standing, Used


@dataclass
class Memory:
    """A Store."""

    milestones: dict[tuple[int, str], str] = field(default_factory=dict)
    last: dict[int, Used] = field(default_factory=dict)
    servers: dict[int, Server] = field(default_factory=dict)
    opened: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)
    """(channel, book) -> (server, milestone)"""
    watches: dict[int, int] = field(default_factory=dict)
    """channel -> server"""
    had: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict)

    async def standing(self, member: int, server: int | None, channel: int, book: str | None) -> Standing:
        """See Store."""
        last = self.last.get(member)
        where = server if server is not None else last.server if last else None
        settings = self.servers.get(where, Server()) if where is not None else Server()
        chosen = (
            book if book is not None else settings.book if server is not None else last.book if last else None
        )
        if chosen is None:
            return Standing(settings, last)
        _, ceiling = self.opened.get((channel, chosen), (0, None))
        return Standing(settings, last, ceiling, self.milestones.get((member, chosen)))

    async def progress(self, member: int, book: str) -> str | None:
        """See ProgressStore."""
        return self.milestones.get((member, book))

    async def set_progress(self, member: int, book: str, milestone: str | None, now: datetime) -> None:  # noqa: ARG002
        """See ProgressStore."""
        if milestone is None:
            self.milestones.pop((member, book), None)
        else:
            self.milestones[member, book] = milestone

    async def last_used(self, member: int) -> Used | None:
        """See ProgressStore."""
        return self.last.get(member)

    async def note_used(self, member: int, used: Used, now: datetime) -> None:  # noqa: ARG002
        """See ProgressStore."""
        self.last[member] = used

    async def server(self, server: int) -> Server:
        """See ServerStore."""
        return self.servers.get(server, Server())

    async def change_server(self, server: int, change: Callable[[Server], Server]) -> Server:
        """See ServerStore."""
        self.servers[server] = change(await self.server(server))
        return self.servers[server]

    async def ceiling(self, channel: int, book: str) -> str | None:
        """See ServerStore."""
        return self.opened.get((channel, book), (0, None))[1]

    async def set_ceiling(self, server: int, channel: int, book: str, milestone: str | None) -> None:
        """See ServerStore."""
        if milestone is None:
            self.opened.pop((channel, book), None)
        else:
            self.opened[channel, book] = (server, milestone)

    async def ceilings(self, server: int, book: str) -> Mapping[int, str]:
        """See ServerStore."""
        return {
            channel: milestone
            for (channel, of), (where, milestone) in self.opened.items()
            if (where, of) == (server, book)
        }

    async def watched(self, server: int | None = None) -> frozenset[int]:
        """See ServerStore."""
        return frozenset(channel for channel, where in self.watches.items() if server in {None, where})

    async def set_watched(self, server: int, channel: int, *, watched: bool) -> None:
        """See ServerStore."""
        if watched:
            self.watches[channel] = server
        else:
            self.watches.pop(channel, None)

    async def used(self, place: int, book: str) -> frozenset[str]:
        """See PromptLog."""
        return self.had.get((place, book), frozenset())

    async def mark_used(self, place: int, book: str, prompt: str) -> bool:
        """See PromptLog."""
        had = self.had.get((place, book), frozenset())
        self.had[place, book] = had | {prompt}
        return prompt not in had

    async def forget_used(self, place: int, book: str, prompts: Collection[str]) -> None:
        """See PromptLog."""
        self.had[place, book] = self.had.get((place, book), frozenset()).difference(prompts)
