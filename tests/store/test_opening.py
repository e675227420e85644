"""Opening the file: new, as it was, and from an earlier version."""

import asyncio
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Inspector, inspect

from bot.store import migrations
from bot.store.migrations import HEAD, REVISIONS
from bot.store.opening import open_store
from bot.store.sqlite.connecting import sync_engine
from bot.store.sqlite.opening import FILE
from bot.store.tables import metadata
from tests.store.old import MEMBERS, assert_all_there, make_0001, names, rows

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


async def test_a_new_folder_and_file_are_for_the_bot_alone(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        store = await open_store(tmp_path / "deep" / "data")
        await store.set_progress(1, "a", "one", NOW)
        folder = tmp_path / "deep" / "data"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        assert modes == dict.fromkeys([FILE, f"{FILE}-wal", f"{FILE}-shm"], 0o600)
        await store.close()
    finally:
        os.umask(mask)
    assert names(folder) == [FILE]


async def test_an_empty_file_is_a_new_one(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    store = await open_store(tmp_path)
    assert await store.progress(1, "a") is None
    await store.close()
    assert names(tmp_path) == [FILE]


async def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "büch er #1 ?mode=memory %20 %(here)s"
    for _ in range(2):
        store = await open_store(folder)
        await store.set_progress(1, "a", "one", NOW)
        await store.close()
    assert rows(folder / FILE)["progress"][0][:3] == (1, "a", "one")


async def test_the_bot_may_be_installed_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = tmp_path / "100%(here)s büch er"
    shutil.copytree(Path(migrations.__file__).parent, scripts)
    monkeypatch.setattr("bot.store.migrating._SCRIPTS", scripts)
    await (await open_store(tmp_path / "data")).close()
    assert rows(tmp_path / "data" / FILE)["alembic_version"] == [(HEAD,)]


async def test_what_is_acknowledged_is_on_the_disk_and_readers_do_not_wait(tmp_path: Path) -> None:
    store = await open_store(tmp_path, patience=0.05)
    async with store.engine.connect() as connection:
        asked = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert asked == ["wal", 2, 1, 50]
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM progress").fetchall()
        await store.set_progress(1, "a", "one", NOW)
        other.execute("COMMIT")
        other.execute("BEGIN IMMEDIATE")
        assert await store.progress(1, "a") == "one"
    await store.close()


async def test_a_write_waits_for_less_long_than_discord_does(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    async with store.engine.connect() as connection:
        assert (await connection.exec_driver_sql("PRAGMA busy_timeout")).scalar() == 1_500
    await store.close()


def test_alembic_is_imported_only_where_a_file_is_behind(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom bot.store.opening import open_store\n"
        "async def main():\n    await (await open_store(Path(sys.argv[1]))).close()\n"
        "asyncio.run(main())\nprint('alembic' in sys.modules)"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script, tmp_path / "data"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        for _ in range(2)
    ]
    assert [done.stdout for done in said] == ["True\n", "False\n"]
    assert [done.stderr for done in said] == ["", ""]


def test_the_newest_revision_is_the_scripts() -> None:
    scripts = ScriptDirectory(Path(migrations.__file__).parent)
    assert scripts.get_heads() == [HEAD]
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == REVISIONS
    assert {len(revision) for revision in REVISIONS} == {4}, "so that names of backups sort by age"


async def test_the_migrations_lead_to_the_tables(tmp_path: Path) -> None:
    await (await open_store(tmp_path)).close()
    made = tmp_path / "made.sqlite3"
    made.touch()
    with sync_engine(tmp_path / FILE, 1).connect() as migrated, sync_engine(made, 1).begin() as created:
        metadata.create_all(created)
        context = MigrationContext.configure(
            migrated, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []
        # Keys and constraints, which Alembic does not compare.
        assert shape(inspect(migrated)) == shape(inspect(created))


def shape(inspector: Inspector) -> dict[str, list[str]]:
    return {
        table: [
            *map(str, inspector.get_columns(table)),
            str(inspector.get_pk_constraint(table)),
            *(
                str(index | {"dialect_options": {key: str(value) for key, value in options.items()}})
                for index in inspector.get_indexes(table)
                for options in [index.get("dialect_options", {})]
            ),
            str(inspector.get_unique_constraints(table)),
            str(inspector.get_check_constraints(table)),
            str(inspector.get_foreign_keys(table)),
        ]
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


async def test_an_earlier_file_is_brought_up_and_copied_first(tmp_path: Path) -> None:
    file = make_0001(tmp_path / "data")
    before = rows(file)
    store = await open_store(file.parent)
    await assert_all_there(store)
    assert await store.mark_used(1, "never-let-me-go", "p")
    await store.close()
    assert rows(file)["alembic_version"] == [(HEAD,)]

    backup = file.with_name(f"{FILE}.before-{HEAD}")
    assert names(file.parent) == [FILE, backup.name]
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert rows(backup) == before
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",), "it stands alone"
    assert len(before["progress"]) == len(MEMBERS)
    shutil.copy(backup, file)
    store = await open_store(file.parent)
    await assert_all_there(store)
    await store.close()


async def test_what_is_only_in_the_wal_is_copied_too(tmp_path: Path) -> None:
    file = make_0001(tmp_path / "data")
    with closing(sqlite3.connect(file)) as other:
        with other:
            other.execute("UPDATE progress SET milestone = 'late' WHERE member = 1")
        assert file.with_name(f"{FILE}-wal").stat().st_size
        await (await open_store(file.parent)).close()
    assert rows(file.with_name(f"{FILE}.before-{HEAD}"))["progress"][0][2] == "late"


async def test_the_copy_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_0001(tmp_path / "data")
    done: list[object] = []
    sync, replace = os.fsync, os.replace

    def noted_sync(handle: int) -> None:
        sync(handle)
        done.append(os.fstat(handle).st_ino)

    def noted_replace(path: Path, to: Path) -> None:
        replace(path, to)
        done.append("named")

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(os, "replace", noted_replace)
    await (await open_store(file.parent)).close()
    backup = file.with_name(f"{FILE}.before-{HEAD}")
    assert done == [backup.stat().st_ino, "named", file.parent.stat().st_ino]


async def test_nothing_is_copied_where_nothing_changes(tmp_path: Path) -> None:
    for _ in range(2):
        await (await open_store(tmp_path)).close()
    assert names(tmp_path) == [FILE]


@pytest.mark.parametrize(("days", "stays"), [(29, True), (31, False)])
async def test_a_copy_is_kept_for_a_month(tmp_path: Path, days: int, stays: bool) -> None:
    file = make_0001(tmp_path / "data")
    await (await open_store(file.parent)).close()
    backup, other = file.with_name(f"{FILE}.before-{HEAD}"), file.with_name(f"{FILE}.before-the-move")
    shutil.copy(backup, other)
    then = time.time() - timedelta(days=days).total_seconds()
    for path in (file, backup, other):
        os.utime(path, (then, then))
    await (await open_store(file.parent)).close()
    assert names(file.parent) == sorted([FILE, other.name, *([backup.name] if stays else [])])


async def test_two_that_open_an_old_file_at_once_bring_it_up_once(tmp_path: Path) -> None:
    file = make_0001(tmp_path / "data")
    opened = await asyncio.gather(*(open_store(file.parent) for _ in range(4)))
    for store in opened:
        await store.close()
    store = await open_store(file.parent)
    await assert_all_there(store)
    await store.close()
    assert rows(file.with_name(f"{FILE}.before-{HEAD}"))["alembic_version"] == [("0001",)]
