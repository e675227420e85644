"""What every part of the SQL store speaks with its database by."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from sqlalchemy import ColumnElement, Delete, Row, Select, Table, Update, and_, delete, select
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database


class SqlBase:
    """Reads and writes, each in one transaction, and any may raise a StoreError."""

    def __init__(self, database: Database) -> None:
        self.engine = database.engine
        self._database = database
        self._writer = self.engine.execution_options(writes=True)
        # Each dialect has an INSERT of its own, and what is used of it here is alike in SQLite's and PostgreSQL's.
        self._insert: Callable[[Table], Insert] = import_module(
            f"sqlalchemy.dialects.{self.engine.dialect.name}"
        ).insert

    async def close(self) -> None:
        """Ends the connections."""
        await self.engine.dispose()

    async def _rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        async with self._reading() as connection:
            return (await connection.execute(query)).all()

    async def _value(self, query: Select[*tuple[Any, ...]]) -> str | None:
        rows = await self._rows(query)
        return rows[0][0] if rows else None

    async def _put(self, table: Table, **row: Any) -> None:  # noqa: ANN401 - as its columns are
        """Writes a row in place of the one with its key."""
        await self._write(self._in_place(table, table.primary_key.columns.keys(), row))

    def _in_place(self, table: Table, key: Collection[str], row: Mapping[str, Any]) -> Insert:
        new = self._insert(table).values(row)
        rest = {name: new.excluded[name] for name in row if name not in key}
        return new.on_conflict_do_update(index_elements=key, set_=rest)

    async def _write(self, statement: Insert | Update | Delete) -> int:
        """How many rows it changed."""
        async with self._writing() as connection:
            return (await connection.execute(statement)).rowcount

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        with self._database.mendable():
            async with self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        async with self._database.turn():
            with self._database.mendable():
                async with self._writer.begin() as connection:
                    yield connection


def matches(table: Table, **values: Any) -> ColumnElement[bool]:  # noqa: ANN401
    """The rows that have these values."""
    return and_(True, *(table.c[name] == value for name, value in values.items()))


def pick(table: Table, *columns: str, **where: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401
    """Reads some columns of the rows that have these values."""
    return select(*(table.c[name] for name in columns)).where(matches(table, **where))


def drop(table: Table, **where: Any) -> Delete:  # noqa: ANN401
    """Deletes the rows that have these values."""
    return delete(table).where(matches(table, **where))
