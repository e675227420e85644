"""aiosqlite with one trip to a connection's thread for a statement and all its rows, where it makes four.

A trip takes longer than most statements, and one post needs a dozen of these.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

Ran = tuple[sqlite3.Cursor, list[Any]]
"""What a statement came to, and its rows."""


class Cursor:
    """What a statement came to, as SQLAlchemy asks for it; its rows are there once it was executed."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._over: sqlite3.Cursor | None = None
        self._rows: Sequence[Any] = ()

    @property
    def description(self) -> Any:  # noqa: ANN401 - as sqlite3's
        """See sqlite3.Cursor; as the next two."""
        return self._over.description if self._over else None

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._over.rowcount if self._over else -1

    @property
    def lastrowid(self) -> int | None:
        """The number of the last row that was made."""
        return self._over.lastrowid if self._over else None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Self:
        """Runs one statement."""
        self._over, self._rows = await self._connection.run("execute", statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Runs one statement for each of these."""
        self._over, self._rows = await self._connection.run("executemany", statement, parameters)
        return self

    async def fetchall(self) -> Sequence[Any]:
        """All rows."""
        return self._rows

    async def close(self) -> None:
        """It is closed already."""


class Connection(aiosqlite.Connection):
    """As far as SQLAlchemy uses one that begins no transaction by itself (`isolation_level=None`)."""

    # Not asked of sqlite3: a BEGIN whose waiter was cancelled may still be under way in the thread.
    _begun = False

    def cursor(self) -> Cursor:  # type: ignore[override]
        """One that is ready at once."""
        return Cursor(self)

    async def commit(self) -> None:
        """Ends the transaction."""
        await super().commit()
        self._begun = False

    async def rollback(self) -> None:
        """Ends the transaction, if there is one."""
        if self._begun:
            await super().rollback()
            self._begun = False

    async def run(self, how: str, statement: str, parameters: object) -> Ran:
        """Runs a statement in the connection's thread."""
        self._begun = self._begun or statement.startswith("BEGIN")
        over: Ran = await self._execute(self._run, how, statement, parameters)  # type: ignore[no-untyped-call]
        return over

    def _run(self, how: str, statement: str, parameters: object) -> Ran:
        cursor: sqlite3.Cursor = getattr(self._conn, how)(statement, parameters)
        rows = cursor.fetchall()
        cursor.close()
        return cursor, rows


def connect(database: str, **options: Any) -> Connection:  # noqa: ANN401 - as sqlite3's
    """As aiosqlite's: to be awaited."""
    made = Connection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
    # Who does not close it shall not keep the process from ending.
    made._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does it
    return made
