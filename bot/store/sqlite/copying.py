"""A copy of the SQLite file as it was, before it is changed."""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

KEPT = timedelta(days=30)
"""How long a copy stays: it holds what members may have had forgotten since."""


def copy(file: Path, to: Path) -> None:
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


def forget_old(copies: Iterable[Path], now: datetime) -> None:
    """Deletes those that were made longer ago than they are kept."""
    for copied in copies:
        # Another process that opens the file may do the same.
        with suppress(FileNotFoundError):
            if datetime.fromtimestamp(copied.stat().st_mtime, UTC) < now - KEPT:
                copied.unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
