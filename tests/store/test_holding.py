"""One bot at a time has a data folder, and the folder lies on a disk of this machine."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.app import open_club
from bot.club.ports import StoreError
from bot.store.opening import open_store, running_store
from bot.store.sqlite.holding import LOCK
from bot.store.sqlite.opening import FILE
from tests.conftest import ROOT
from tests.store.conftest import without_roots_rights
from tests.store.old import names

TAKEN = "The bot already runs with this data folder: stop the other one first, or give this one another data folder."
RUNNING = (
    "import sys, time\nfrom pathlib import Path\nfrom bot.store.sqlite.holding import hold\n"
    "held = hold(Path(sys.argv[1]), 0)\nprint('held', flush=True)\ntime.sleep(60)"
)


@contextmanager
def another(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs with this folder, until its standard input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", RUNNING, folder], stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"held\n"
            yield process
        finally:
            process.kill()


async def test_a_second_bot_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with another(folder) as first:
        with pytest.raises(StoreError) as caught:
            async with running_store(folder, patience=0.05):
                pass
        assert str(caught.value) == TAKEN
        # What is no running bot may look.
        await (await open_store(folder)).close()

        # A former one that is just ending is waited for.
        async def run() -> bool:
            async with running_store(folder, patience=5) as store:
                return await store.watched() == frozenset()

        waiting = asyncio.ensure_future(run())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        first.kill()
        assert await waiting


async def test_two_clubs_in_one_process_have_not_the_same_folder(tmp_path: Path) -> None:
    async with open_club({}, tmp_path), open_club({}, tmp_path / "other"):
        for _ in range(2):
            with pytest.raises(StoreError, match=f"^{TAKEN}$"):
                async with running_store(tmp_path, patience=0.05):
                    pass
    async with running_store(tmp_path, patience=0.05):
        pass
    assert names(tmp_path) == [LOCK, FILE, "other"]
    assert (tmp_path / LOCK).stat().st_size == 0


async def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "data"):
        with pytest.raises(StoreError, match=f"^{LOCK} cannot be opened or written: [^/]*$"):
            async with running_store(folder):
                pass


async def test_a_lock_that_may_not_be_written_is_none(reachable: Path) -> None:
    (reachable / LOCK).touch(mode=0o444)
    with without_roots_rights(), pytest.raises(StoreError, match=f"^{LOCK} cannot be opened or written: "):
        async with running_store(reachable):
            pass


@pytest.mark.parametrize(
    ("kind", "refused"),
    [("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("ext4", False), ("9p", False)],
)
async def test_a_network_file_system_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, refused: bool
) -> None:
    device = os.stat(tmp_path).st_dev  # noqa: PTH116
    number = f"{os.major(device)}:{os.minor(device)}"
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "22 1 0:9999 / / rw,relatime shared:1 - nfs4 elsewhere:/ rw\n"
        f"36 22 {number} /a\\040b /mnt rw,noatime master:1 shared:2 - {kind} there:/a rw\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("bot.store.sqlite.holding._MOUNTS", mounts)
    if not refused:
        async with running_store(tmp_path / "data"):
            return
    with pytest.raises(StoreError) as caught:
        async with running_store(tmp_path / "data"):
            pass
    assert str(caught.value).startswith("The data folder lies on a network file system, where ")
    assert names(tmp_path / "data") == []


async def test_where_mounts_cannot_be_read_every_folder_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.sqlite.holding._MOUNTS", tmp_path / "none")
    async with running_store(tmp_path / "data"):
        pass
