"""Opens what the bot remembers: one SQLite file in the data folder."""

import asyncio
import os
from pathlib import Path

from sqlalchemy import Engine

from bot.store.connecting import async_engine, sync_engine
from bot.store.faults import DAMAGED, mendable, refusal
from bot.store.migrating import bring_up
from bot.store.sql import SqlStore

FILE = "bookclub.sqlite3"


PATIENCE = 1.5
"""Seconds that a write waits for another program that writes: Discord waits three for an answer."""


async def open_store(folder: Path, *, patience: float = 10) -> SqlStore:
    """Makes the folder and the file where they are missing, checks the file, and brings it to this version's tables.

    `patience`: for how many seconds opening waits for another program; afterwards it is 1.5 at the most. StoreError: a
    sentence for the host.
    """
    file = folder / FILE
    with mendable(file):
        await asyncio.to_thread(_prepare, file, patience)
    brief = min(patience, PATIENCE)
    return SqlStore(async_engine(file, brief), file, brief)


def _prepare(file: Path, patience: float) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Its -wal and -shm files get the same rights from SQLite.
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    engine = sync_engine(file, patience)
    _check(engine, file)
    bring_up(engine, file)
    _let_readers_and_a_writer_work_at_once(engine)


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
