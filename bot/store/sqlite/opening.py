"""Opens the SQLite file in the data folder."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import ColumnElement, Engine, bindparam
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import PATIENCE
from bot.store.migrating import bring_up
from bot.store.migrations import HEAD
from bot.store.sqlite.connecting import async_engine, sync_engine
from bot.store.sqlite.copying import copy, forget_old
from bot.store.sqlite.faults import BUSY, DAMAGED, backup_name, backups_of, mendable, misfit, refusal
from bot.store.types import Utc

FILE = "bookclub.sqlite3"


@dataclass(frozen=True)
class SqliteFile:
    """A Database."""

    alone = True

    engine: AsyncEngine
    file: Path
    patience: float
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def mendable(self) -> AbstractContextManager[None]:
        """See Database."""
        return mendable(self.file)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """See Database."""
        # One after the other, in order: SQLite itself lets the many that wait for its lock try again by chance.
        try:
            async with asyncio.timeout(self.patience):
                await self._turn.acquire()
        except TimeoutError:
            raise refusal(BUSY, self.file) from None
        try:
            yield
        finally:
            self._turn.release()

    def moment(self, later: timedelta = timedelta(0)) -> ColumnElement[datetime]:
        """See Database."""
        # Asked for when the statement is run, which may be made before.
        return bindparam(None, callable_=lambda: self.clock() + later, type_=Utc)


async def open_file(folder: Path, patience: float) -> SqliteFile:
    """Makes the folder and the file where they are missing, checks the file, brings it to this version's tables, and
    deletes copies of earlier ones that are older than 30 days.

    `patience`: for how many seconds opening waits for another program; afterwards it is 1.5 at the most. StoreError: a
    sentence for the host.
    """
    file = folder / FILE
    with mendable(file):
        await asyncio.to_thread(_prepare, file, patience)
    brief = min(patience, PATIENCE)
    return SqliteFile(async_engine(file, brief), file, brief)


def _prepare(file: Path, patience: float) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Its -wal and -shm files get the same rights from SQLite.
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    engine = sync_engine(file, patience)
    _check(engine, file)
    with engine.execution_options(writes=True).begin() as connection:
        # The copy is made inside of the transaction, so that nobody writes between the copy and the change.
        bring_up(
            connection, partial(misfit, file), partial(copy, file, file.with_name(backup_name(file, HEAD)))
        )
    _let_readers_and_a_writer_work_at_once(engine)
    # Only now: a host whose file is damaged is told of the copies.
    forget_old(backups_of(file), datetime.now(UTC))


def _check(engine: Engine, file: Path) -> None:
    with engine.connect() as connection:
        if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
            raise refusal(DAMAGED, file)


def _let_readers_and_a_writer_work_at_once(engine: Engine) -> None:
    # Stays so in the file. Not inside of a transaction, hence not by a Connection, which always begins one.
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()
