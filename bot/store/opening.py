"""Opens what the bot remembers, wherever it lies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

from bot.store.postgres.opening import open_database
from bot.store.sql import SqlStore
from bot.store.sqlite.holding import hold
from bot.store.sqlite.opening import FILE, open_file


def is_there(where: Path | str) -> bool:
    """Whether there is anything to open; of a database only its server knows."""
    return not isinstance(where, Path) or (where / FILE).exists()


async def open_store(where: Path | str, *, patience: float = 10) -> SqlStore:
    """The store in the SQLite file of a folder, or in the PostgreSQL database of a URL, with this version's tables.

    `patience`: for how many seconds opening waits for others; afterwards it is 1.5 at the most. StoreError: a sentence
    for the host.
    """
    if isinstance(where, Path):
        return SqlStore(await open_file(where, patience))
    return SqlStore(await open_database(where, patience))


@asynccontextmanager
async def running_store(where: Path | str, *, patience: float = 10) -> AsyncIterator[SqlStore]:
    """The same for a bot that runs, closed at the end. StoreError also where another runs with the same folder."""
    async with AsyncExitStack() as stack:
        if isinstance(where, Path):
            stack.enter_context(closing(await asyncio.to_thread(hold, where, patience)))
        store = await open_store(where, patience=patience)
        stack.push_async_callback(store.close)
        yield store
