"""What an earlier version of the bot left."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.book.spoilers import Spoilers
from bot.club.ports import Server, Store, Used
from bot.store import migrations
from bot.store.sqlite.connecting import sync_engine
from bot.store.sqlite.opening import FILE

MEMBERS = range(1, 101)
SPOILERS: Spoilers = "withhold"


def alembic_to(file: Path, revision: str) -> None:
    """Alembic alone, without what the bot does around it."""
    file.touch()
    with sync_engine(file, 1).execution_options(writes=True).begin() as connection:
        upgrade(connection, revision)


def upgrade(connection: Connection, revision: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    command.upgrade(config, revision)


def fill_0001(connection: Connection) -> None:
    """Revision 0001, with something in every table."""
    upgrade(connection, "0001")
    at = "2026-11-20 18:30:00.000000"
    for member in MEMBERS:
        connection.exec_driver_sql(
            f"INSERT INTO progress VALUES ({member}, 'never-let-me-go', 'part-{member}', '{at}')"  # noqa: S608
        )
    for row in (
        f"members VALUES (1, 'never-let-me-go', 7, '{at}')",
        f"servers VALUES (7, 'never-let-me-go', 8, '{SPOILERS}', 'Europe/Oslo', true)",
        "ceilings VALUES (70, 'never-let-me-go', 7, 'part-1')",
        "watched VALUES (71, 7)",
    ):
        connection.exec_driver_sql(f"INSERT INTO {row}")


def make_0001(folder: Path) -> Path:
    """The file of that revision."""
    folder.mkdir(parents=True)
    file = folder / FILE
    file.touch()
    with sync_engine(file, 1).execution_options(writes=True).begin() as connection:
        fill_0001(connection)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    return file


async def assert_all_there(store: Store) -> None:
    """All that `make_0001` wrote."""
    for member in MEMBERS:
        assert await store.progress(member, "never-let-me-go") == f"part-{member}"
    assert await store.last_used(1) == Used("never-let-me-go", 7)
    assert await store.server(7) == Server("never-let-me-go", 8, SPOILERS, "Europe/Oslo", hides=True)
    assert await store.ceilings(7, "never-let-me-go") == {70: "part-1"}
    assert await store.watched() == {71}


def rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """What each table of a file holds, SQLite's own left out, read without the bot."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'"
        names = [name for (name,) in connection.execute(query)]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}")) for name in names}  # noqa: S608


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())
