"""Brings a database to the newest revision, inside of a transaction: wholly, or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, inspect

from bot.club.ports import StoreError
from bot.store.migrations import HEAD, REVISIONS

Misfit = Literal["foreign", "newer"]
"""Why this version of the bot cannot bring a database up: it is another program's, or of a newer version."""

_SCRIPTS = Path(__file__).parent / "migrations"


def bring_up(
    connection: Connection,
    refuse: Callable[[Misfit], StoreError],
    before: Callable[[], None] = lambda: None,
) -> None:
    """Migrates in the transaction that the connection is in, which must keep out whoever migrates as well.

    `before` is called before something that is older is changed. Raises what `refuse` makes.
    """
    stored = _revision(connection, refuse)
    if stored == HEAD:
        return
    if stored is not None:
        before()
    _migrate(connection)


def _revision(connection: Connection, refuse: Callable[[Misfit], StoreError]) -> str | None:
    """None: the database is new."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if not {"alembic_version", "members"} <= set(tables):
        raise refuse("foreign")
    stored = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if stored not in REVISIONS:
        raise refuse("newer")
    return str(stored)


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - it costs every start 0.2 s, and is rarely needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    command.upgrade(config, HEAD)
