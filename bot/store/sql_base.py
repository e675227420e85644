"""What every part of the SQL store speaks with its database by."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import ColumnElement, Delete, Row, Select, Table, Update, and_, bindparam, delete, select
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database


class SqlBase:
    """Reads and writes, each in one transaction, and any may raise a StoreError."""

    def __init__(self, database: Database) -> None:
        self.engine = database.engine
        self._database = database
        self._writer = self.engine.execution_options(writes=True)
        self._reader = self.engine.execution_options(one_read=True)
        # Each dialect has an INSERT of its own, and what is used of it here is alike in SQLite's and PostgreSQL's.
        self._insert: Callable[[Table], Insert] = import_module(
            f"sqlalchemy.dialects.{self.engine.dialect.name}"
        ).insert

    async def close(self) -> None:
        """Ends the connections."""
        await self.engine.dispose()

    async def _rows(
        self, query: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None
    ) -> Sequence[Row[*tuple[Any, ...]]]:
        with self._database.mendable():
            async with self._reader.connect() as connection:
                return (await connection.execute(query, values)).all()

    async def _pick(self, table: Table, *columns: str, **where: Any) -> Sequence[Row[*tuple[Any, ...]]]:  # noqa: ANN401
        """Some columns of the rows that have these values."""
        return await self._rows(picking(table, columns, tuple(where)), where)

    async def _value(self, table: Table, column: str, **where: Any) -> str | None:  # noqa: ANN401
        """A column of the row that has these values, if there is one."""
        rows = await self._pick(table, column, **where)
        return rows[0][0] if rows else None

    async def _put(self, table: Table, **row: Any) -> None:  # noqa: ANN401 - as its columns are
        """Writes a row in place of the one with its key."""
        await self._write(self._in_place(table, table.primary_key.columns.keys(), row))

    def _in_place(self, table: Table, key: Collection[str], row: Mapping[str, Any]) -> Insert:
        new = self._insert(table).values(row)
        rest = {name: new.excluded[name] for name in row if name not in key}
        return new.on_conflict_do_update(index_elements=key, set_=rest)

    async def _write(
        self, statement: Insert | Update | Delete, values: Mapping[str, Any] | None = None
    ) -> int:
        """How many rows it changed."""
        async with self._writing() as connection:
            return (await connection.execute(statement, values)).rowcount

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


@cache
def picking(table: Table, columns: tuple[str, ...], by: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """Reads some columns of the rows whose columns `by` have the values that are given by these names.

    Made once: to make a statement takes longer than to run it.
    """
    return select(*(table.c[name] for name in columns)).where(
        *(table.c[name] == bindparam(name) for name in by)
    )


def drop(table: Table, **where: Any) -> Delete:  # noqa: ANN401
    """Deletes the rows that have these values."""
    return delete(table).where(matches(table, **where))
