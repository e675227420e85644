"""What the host of the bot can mend, in a sentence that names no folder, no SQL and nothing that is stored."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.club.ports import StoreError
from bot.store.migrating import Misfit

BUSY = (
    "{name} is in use by another program: look whether the bot runs twice or the file is open in another one, "
    "then try again."
)
SHUT = "{name} cannot be opened or written: let the user that the bot runs as write the data folder and all in it."
FULL = "The disk is full, so {name} cannot be written: free some space."
DISK = "{name} could not be read or written: look whether the disk is full or failing."
DAMAGED = "{name} is damaged or no database: move it away, with its -wal and -shm files if there are any, and {then}."

_MISFITS: dict[Misfit, str] = {
    "newer": "{name} was made by a newer version of the bot: update the bot.",
    "foreign": "{name} holds the data of another program: move it away or give the bot another data folder.",
}
_BY_CODE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_PROTOCOL: BUSY,
    sqlite3.SQLITE_PERM: SHUT,
    sqlite3.SQLITE_READONLY: SHUT,
    sqlite3.SQLITE_CANTOPEN: SHUT,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: DISK,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
_BY_ERRNO = {
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT), SHUT),
    **dict.fromkeys((errno.ENOTDIR, errno.EEXIST, errno.EISDIR), SHUT),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), FULL),
    errno.EIO: DISK,
}


def backup_name(file: Path, revision: str) -> str:
    """What the copy is called that is made before the file is brought to a revision."""
    return f"{file.name}.before-{revision}"


def backups_of(file: Path) -> list[Path]:
    """The copies of the file, the oldest revision first."""
    return sorted(file.parent.glob(backup_name(file, "[0-9]*[0-9]")))


def refusal(sentence: str, file: Path) -> StoreError:
    """One of the sentences above, about this file."""
    backups = backups_of(file)
    then = f"copy {backups[-1].name} to {file.name}" if backups else "the bot begins a new one"
    return StoreError(sentence.format(name=file.name, then=then))


def misfit(file: Path, why: Misfit) -> StoreError:
    """Why this file cannot be brought up."""
    return refusal(_MISFITS[why], file)


@contextmanager
def mendable(file: Path) -> Iterator[None]:
    """Turns what the host can mend into a StoreError. Every other error is a fault of the bot and passes."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        sentence = _sentence(cause)
        if sentence is None:
            raise
        raise refusal(sentence, file) from cause


def _sentence(cause: BaseException | None) -> str | None:
    if isinstance(cause, OSError):
        return _BY_ERRNO.get(cause.errno or 0)
    # The lowest byte is the kind, the others its circumstances. Errors of the module itself have no code.
    return _BY_CODE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
