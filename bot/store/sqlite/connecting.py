"""How every connection to the SQLite file is set up, the one that migrates and those of the running bot."""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.store.sqlite.driving import connect

READERS = 4
"""More connections than that only wait for each other."""


def sync_engine(file: Path, patience: float) -> Engine:
    """For the time before the bot runs."""
    engine = create_engine(_url("sqlite", file), poolclass=NullPool, **_options(patience))
    _set_up(engine)
    return engine


def async_engine(file: Path, patience: float) -> AsyncEngine:
    """For the running bot."""
    engine = create_async_engine(
        _url("sqlite+aiosqlite", file),
        pool_size=READERS,
        max_overflow=0,
        **_options(patience, async_creator_fn=connect),
    )
    _set_up(engine.sync_engine)
    return engine


def _url(driver: str, file: Path) -> URL:
    # mode=rw: a file that was taken away is an error, not the start of an empty one.
    return URL.create(driver, database=file.resolve().as_uri(), query={"uri": "true", "mode": "rw"})


def _options(patience: float, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as SQLAlchemy's
    # isolation_level None: pysqlite would begin transactions by itself, but not before DDL.
    return {"hide_parameters": True, "connect_args": {"timeout": patience, "isolation_level": None, **more}}


def _set_up(engine: Engine) -> None:
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)


def _connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # FULL: what was acknowledged survives a power cut as well, which NORMAL does not promise in WAL mode.
    for pragma in ("PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON"):
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("one_read"):
        # By itself a SELECT sees one state of things.
        return
    # A transaction that first reads and then writes must lock at once: SQLite does not let it wait in between.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")
