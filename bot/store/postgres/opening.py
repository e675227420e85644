"""Opens the PostgreSQL database of a URL."""

from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import PATIENCE
from bot.store.migrating import bring_up
from bot.store.postgres.connecting import opening_engine, running_engine
from bot.store.postgres.faults import mendable, misfit

_MIGRATING = int.from_bytes(b"bookclub")
"""The advisory lock that is held while the tables are brought up."""


@dataclass(frozen=True)
class PostgresDatabase:
    """A Database."""

    alone = False

    engine: AsyncEngine

    def mendable(self) -> AbstractContextManager[None]:
        """See Database."""
        return mendable()

    def turn(self) -> AbstractAsyncContextManager[None]:
        """See Database. Here many write at a time."""
        return nullcontext()

    def moment(self, later: timedelta = timedelta(0)) -> ColumnElement[datetime]:
        """See Database. The server's clock, as it was when the transaction began."""
        return func.now() + later


async def open_database(url: str, patience: float) -> PostgresDatabase:
    """Brings the database to this version's tables. Several may open it at once, and have it open.

    `patience`: for how many seconds opening waits for the server and for others; afterwards it is 1.5 at the most.
    StoreError: a sentence for the host.
    """
    with mendable():
        async with opening_engine(url, patience).begin() as connection:
            await connection.execute(select(func.set_config("lock_timeout", f"{patience * 1000:.0f}", True)))
            await connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
            await connection.run_sync(bring_up, misfit)
    return PostgresDatabase(running_engine(url, min(patience, PATIENCE)))
