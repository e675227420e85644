"""Servers that removed the bot: what is stored of them is forgotten after a while."""

from collections.abc import Callable, Collection
from datetime import timedelta

from bot.club.club import Club

KEPT = timedelta(days=30)
"""How long what is stored of a server stays after it removed the bot."""


async def keep_track(club: Club, servers: Collection[int], is_ours: Callable[[int], bool]) -> None:
    """Notes since when the bot is no longer in servers of which something is stored. Raises StoreError.

    `servers` are those that it is in, `is_ours` says of which others it would know.
    """
    known = await club.store.known_servers()
    await club.store.note_left([one for one in known if one not in servers and is_ours(one)], club.now())
    await club.store.note_back([one for one in known if one in servers])


async def forget_left(club: Club) -> None:
    """Forgets the servers that removed the bot long enough ago. Raises StoreError."""
    await club.store.forget_left(club.now() - KEPT)
