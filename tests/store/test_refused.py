"""All that can be wrong with the file or its folder when it is opened, and what the host is told."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.club.ports import StoreError
from bot.store.migrations import HEAD
from bot.store.opening import open_store
from bot.store.sqlite.opening import FILE
from tests.store.conftest import without_roots_rights
from tests.store.old import alembic_to, assert_all_there, make_0001, names

SQL = "UPDATE alembic_version SET version_num = ?"


async def refused(folder: Path) -> str:
    """The sentence for the host, which names the file alone."""
    with pytest.raises(StoreError) as caught:
        await open_store(folder, patience=0.05)
    said = str(caught.value)
    assert FILE in said
    assert "/" not in said
    assert said.count(".") - said.count(".sqlite3") - said.count(".before-") == 1
    return said


@pytest.mark.parametrize("revision", ["0005", "9999", "f00dfeed1234"])
async def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path, revision: str) -> None:
    file = make_0001(tmp_path / "data")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(SQL, (revision,))
    before = file.read_bytes()
    assert await refused(file.parent) == f"{FILE} was made by a newer version of the bot: update the bot."
    assert file.read_bytes() == before
    assert names(file.parent) == [FILE]


@pytest.mark.parametrize("tables", [["notes"], ["alembic_version", "notes"]])
async def test_a_file_of_another_program_is_refused_and_left_alone(tmp_path: Path, tables: list[str]) -> None:
    file = tmp_path / FILE
    with closing(sqlite3.connect(file)) as connection, connection:
        for table in tables:
            connection.execute(f"CREATE TABLE {table} (version_num)")
            connection.execute(f"INSERT INTO {table} VALUES ('0001')")  # noqa: S608
    before = file.read_bytes()
    assert "another program" in await refused(tmp_path)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "bytes_", [b"hello, I am no database" * 100, b"\0" * 8192, b"SQLite format 3\0" + b"\xff" * 4080]
)
async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, bytes_: bytes) -> None:
    (tmp_path / FILE).write_bytes(bytes_)
    said = await refused(tmp_path)
    assert said.startswith(f"{FILE} is damaged or no database: move it away")
    assert said.endswith("and the bot begins a new one.")
    assert (tmp_path / FILE).read_bytes() == bytes_


@pytest.mark.parametrize("harm", ["half", "page", "root"])
async def test_a_damaged_file_is_refused_and_the_newest_copy_named(tmp_path: Path, harm: str) -> None:
    file = make_0001(tmp_path / "data")
    await (await open_store(file.parent)).close()
    shutil.copy(file.with_name(f"{FILE}.before-{HEAD}"), file.with_name(f"{FILE}.before-0001"))
    file.with_name(f"{FILE}.before-0002.part").touch()
    whole = file.read_bytes()
    file.write_bytes(
        {
            "half": whole[: len(whole) // 2],
            "page": whole[:8192] + b"\x5a" * 4096 + whole[12288:],
            "root": whole[:100] + b"\xff" * 900 + whole[1000:],
        }[harm]
    )
    said = await refused(file.parent)
    assert said.endswith(f"and copy {FILE}.before-{HEAD} to {FILE}.")
    # What the sentence says, done.
    file.rename(tmp_path / "away")
    shutil.copy(file.with_name(f"{FILE}.before-{HEAD}"), file)
    store = await open_store(file.parent)
    await assert_all_there(store)
    await store.close()


async def test_a_file_that_another_program_writes_is_said_to_be_in_use(tmp_path: Path) -> None:
    await (await open_store(tmp_path)).close()
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "is in use by another program" in await refused(tmp_path)
        other.execute("ROLLBACK")
        await (await open_store(tmp_path, patience=0.05)).close()


async def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be opened or written" in await refused(tmp_path / "file")
    assert "cannot be opened or written" in await refused(tmp_path / "file" / "data")
    (tmp_path / FILE).mkdir()
    assert "cannot be opened or written" in await refused(tmp_path)


@pytest.mark.parametrize("locked", ["folder", "file", "folder of a file that is behind"])
async def test_what_may_not_be_written_is_said(reachable: Path, locked: str) -> None:
    folder = reachable / "data"
    if locked == "folder of a file that is behind":
        make_0001(folder)
    else:
        folder.mkdir()
    if locked == "file":
        alembic_to(folder / FILE, HEAD)
    folder.chmod(0o777 if locked == "file" else 0o555)
    for path in folder.iterdir():
        path.chmod(0o444 if locked == "file" else 0o666)
    with without_roots_rights():
        said = await refused(folder)
    assert said.startswith(f"{FILE} cannot be opened or written: let the user that the bot runs as write")
    assert set(names(folder)) <= {FILE}
