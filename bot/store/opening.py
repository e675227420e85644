"""Opens what the bot remembers, wherever it lies."""

from pathlib import Path

from bot.store.sql import SqlStore
from bot.store.sqlite.opening import open_file


async def open_store(where: Path, *, patience: float = 10) -> SqlStore:
    """See `open_file`."""
    return SqlStore(await open_file(where, patience))
