"""The process is killed, really, at every step of opening and at any moment of writing; then the file is opened again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.book.overlay import Change, Overlay, Revision
from bot.store.migrations import HEAD
from bot.store.opening import open_store
from bot.store.sqlite.opening import FILE
from bot.store.tables import metadata
from tests.store.killing import EDITED, HIDDEN, NOW, REVISION
from tests.store.old import MEMBERS, make_0001, rows

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked, so as to import once")

ROOT = Path(__file__).parents[2]

STRIDE = 1 if os.environ.get("BOOKCLUB_CRASHES") == "all" else 5
"""Every so many steps of opening the process is killed; all of them take half a minute."""


def killing(*arguments: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.killing", *arguments],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    said: dict[str, object] = json.loads(done.stdout)
    return said


def assert_killed_everywhere(ends: dict[str, object], steps: int, sizes: int) -> None:
    """Every child was killed but the last ones, for which no step and no page was left."""
    for kind, killed, least in (("step", -9, steps), ("size", -25, sizes)):
        of_kind = [end for folder, end in ends.items() if folder.startswith(kind)]
        spared = of_kind.count(0)
        assert spared in {1, 2}
        assert of_kind == [killed] * (len(of_kind) - spared) + [0] * spared
        assert len(of_kind) - spared >= least // STRIDE


async def test_a_new_file_whose_making_is_killed_is_made_the_next_time(tmp_path: Path) -> None:
    ends = killing("opening", str(tmp_path), str(STRIDE))
    assert_killed_everywhere(ends, steps=40, sizes=10)
    for folder in ends:
        await (await open_store(tmp_path / folder)).close()
        assert rows(tmp_path / folder / FILE) == {
            **{table: [] for table in metadata.tables},
            "alembic_version": [(HEAD,)],
        }
        assert [path.name for path in (tmp_path / folder).iterdir()] == [FILE], (
            "never half made, so never copied"
        )


async def test_an_old_file_whose_migration_is_killed_loses_nothing(tmp_path: Path) -> None:
    old = make_0001(tmp_path / "old")
    before = rows(old)
    after: dict[str, list[tuple[object, ...]]] = {
        **{table: [] for table in metadata.tables},
        **before,
        "servers": [(*row, None, 0) for row in before["servers"]],
        "alembic_version": [(HEAD,)],
    }
    ends = killing("opening", str(tmp_path), str(STRIDE), str(old))
    assert_killed_everywhere(ends, steps=40, sizes=10)
    backups = 0
    for folder in ends:
        file = tmp_path / folder / FILE
        backup = file.with_name(f"{FILE}.before-{HEAD}")
        # What a host would find in place of the bot: the whole of the old file or of the new one, and no half copy.
        found = rows(file)
        assert found["progress"] == before["progress"]
        assert found["alembic_version"] in ([("0001",)], [(HEAD,)])
        assert set(found) == set(after if found["alembic_version"] == [(HEAD,)] else before)
        assert not backup.exists() or rows(backup) == before
        assert backup.exists() or found["alembic_version"] == [("0001",)]
        backups += backup.exists()

        await (await open_store(file.parent)).close()
        assert rows(file) == after
        assert rows(backup) == before
        assert sorted(path.name for path in file.parent.iterdir()) == [FILE, backup.name]
    assert 10 < backups < len(ends) - 10 // STRIDE, "killed before the copy and after it"
    assert len(before["progress"]) == len(MEMBERS)


async def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    said = killing("writing", str(tmp_path), "20261121", "15")
    acknowledged, each = said["acknowledged"], said["each"]
    assert isinstance(acknowledged, list)
    assert isinstance(each, list)
    assert len(each) == 15
    assert all(each)
    assert len(set(acknowledged)) == len(acknowledged) > 100
    store = await open_store(tmp_path)
    for member in acknowledged:
        assert await store.progress(member, "never-let-me-go") == f"part-{member}"
    await store.close()
    # What a kill cut off before it was acknowledged is there or not: at most one for each.
    assert len(rows(tmp_path / FILE)["progress"]) <= len(acknowledged) + len(each)


async def test_a_revision_whose_saving_is_killed_is_there_whole_with_its_history_or_not_at_all(
    tmp_path: Path,
) -> None:
    store = await open_store(tmp_path / "old")
    await store.revise(1, "a", (Change("kathy", None, HIDDEN),), 7, "Removed", NOW)
    await store.close()
    ends = killing("revising", str(tmp_path), str(tmp_path / "old" / FILE))
    assert list(ends.values()) == [-9] * (len(ends) - 1) + [0]
    assert len(ends) > 10
    found = []
    for folder in ends:
        store = await open_store(tmp_path / folder)
        overlay = await store.overlay(1, "a")
        history = await store.history(1, "a", 10)
        assert overlay.revision == len(history)
        assert overlay in (Overlay({"kathy": HIDDEN}, 1), Overlay({"bus": EDITED}, 2))
        assert [one.changes for one in history] == [REVISION, (Change("kathy", None, HIDDEN),)][
            -len(history) :
        ]
        # Whoever was not told that it was saved can save it again.
        if overlay.revision == 1:
            assert isinstance(await store.revise(1, "a", REVISION, 7, "Edited", NOW), Revision)
        found.append(overlay.revision)
        await store.close()
    assert found == sorted(found), "once it is there, it stays"
    assert set(found) == {1, 2}
