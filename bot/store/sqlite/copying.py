"""Brings the SQLite file to the newest revision: wholly, or not at all, and never without a copy of what was there."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from bot.store.faults import FOREIGN, NEWER, backup_name, refusal
from bot.store.migrations import HEAD, REVISIONS

_SCRIPTS = Path(__file__).parent / "migrations"


def bring_up(engine: Engine, file: Path) -> None:
    """Migrates in one transaction. StoreError: the file is not one that this version of the bot can bring up.

    The copy is made inside of that transaction, so that nobody writes between the copy and the change.
    """
    with engine.execution_options(writes=True).begin() as connection:
        stored = _revision(connection, file)
        if stored == HEAD:
            return
        if stored is not None:
            _back_up(file, file.with_name(backup_name(file, HEAD)))
        _migrate(connection)


def _revision(connection: Connection, file: Path) -> str | None:
    """None: the file is new."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if not {"alembic_version", "members"} <= set(tables):
        raise refusal(FOREIGN, file)
    stored = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if stored not in REVISIONS:
        raise refusal(NEWER, file)
    return str(stored)


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - it costs every start 0.2 s, and is rarely needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    command.upgrade(config, HEAD)


def _back_up(file: Path, to: Path) -> None:
    """Copies the file as it is. A kill in between leaves the former copy, if there was one."""
    part = to.with_name(f"{to.name}.part")
    for left in to.parent.glob(f"{part.name}*"):
        left.unlink()
    os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
        # One file that stands alone, wherever it is copied: the -wal of one that is in WAL mode is easily forgotten.
        target.execute("PRAGMA journal_mode = DELETE")
    _sync(part)
    part.replace(to)
    _sync(to.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
