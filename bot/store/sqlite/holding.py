"""The data folder belongs to one running bot, and lies on a disk that can be relied on."""

import errno
import os
import sqlite3
from pathlib import Path

from bot.club.ports import StoreError
from bot.store.sqlite.faults import mendable

LOCK = "bookclub.lock"

TAKEN = "The bot already runs with this data folder: stop the other one first, or give this one another data folder."
DISTANT = (
    "The data folder lies on a network file system, where SQLite cannot keep data safe: set BOOKCLUB_DATA to a folder "
    "on a disk of this machine, or DATABASE_URL to a PostgreSQL database."
)

_MOUNTS = Path("/proc/self/mountinfo")
_DISTANT = frozenset({"afs", "cifs", "fuse.rclone", "fuse.sshfs", "nfs", "nfs4", "smb3", "smbfs"})
"""Not 9p and virtiofs: they reach the next machine as often as they are all the disk that a virtual one has."""


def hold(folder: Path, patience: float) -> sqlite3.Connection:
    """Keeps the folder for this process until the connection is closed or the process ends, however it does.

    Makes the folder where it is missing. `patience`: for how many seconds it waits for another that is just ending.
    StoreError: another has it, or it is none to keep data in.
    """
    lock = folder / LOCK
    with mendable(lock):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _file_system(folder) in _DISTANT:
            raise StoreError(DISTANT)
        # SQLite makes the file: whoever else opens and closes it in this process gives up its lock (POSIX).
        connection = sqlite3.connect(lock, timeout=patience, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            connection.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise StoreError(TAKEN) from None
            raise
        if not os.access(lock, os.W_OK):
            # Then SQLite takes a lock that many can have.
            connection.close()
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return connection


def _file_system(folder: Path) -> str | None:
    """As Linux calls it; None where that cannot be told."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    device = folder.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    for mount in mounts.splitlines():
        here, _, of = mount.partition(" - ")
        if here.split()[2] == number:
            return of.split()[0]
    return None
