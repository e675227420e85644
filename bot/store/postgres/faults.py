"""What the host of the bot can mend, in a sentence that names no server, no user, no SQL and nothing that is stored."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.club.ports import StoreError
from bot.store.migrating import Misfit

MISSING = "For PostgreSQL the bot needs asyncpg: install it with 'uv sync --extra postgres'."
UNUSABLE = (
    "DATABASE_URL is not usable: write it as postgresql://user:password@host/database, special characters in the "
    "password as %XX, without options that PostgreSQL does not know; or leave it empty, then a file is kept."
)
UNREACHABLE = "PostgreSQL cannot be reached: look whether it runs, and compare host, port and sslmode in DATABASE_URL with it."
REFUSED = "PostgreSQL refuses the user or the password in DATABASE_URL: compare them and sslmode with what it allows."
UNKNOWN = "PostgreSQL has no database of the name in DATABASE_URL: create it, or correct the name."
CROWDED = "PostgreSQL takes no more connections: end some others, or let it and the bot's user have more."
FULL = "The disk or memory of the PostgreSQL server is full, so nothing can be written: free some."
FORBIDDEN = "PostgreSQL does not let the bot's user do what it must: make it the owner of the database."
STANDBY = "PostgreSQL only lets the bot read: DATABASE_URL must lead to a server that can be written."
SLOW = "PostgreSQL does not answer in time: look how busy it is, and whether another program holds the bot's tables."
BROKEN = "PostgreSQL reports a fault of its own: look into its log."

_MISFITS: dict[Misfit, str] = {
    "newer": "The PostgreSQL database was made by a newer version of the bot: update the bot.",
    "foreign": "The PostgreSQL database holds the data of another program: give the bot a database of its own.",
}

_BY_STATE = {
    "08": UNREACHABLE,
    "25006": STANDBY,
    "25P03": UNREACHABLE,
    "28": REFUSED,
    "3D": UNKNOWN,
    "40": SLOW,
    "42501": FORBIDDEN,
    "53": FULL,
    "53300": CROWDED,
    "55P03": SLOW,
    "57014": SLOW,
    "57P": UNREACHABLE,
    "57P04": UNKNOWN,
    "58": BROKEN,
    "XX": BROKEN,
}
"""By SQLSTATE, or the beginning of one: https://www.postgresql.org/docs/current/errcodes-appendix.html."""


def by_state(error: BaseException | None) -> str | None:
    """The sentence for what the server says."""
    state = str(getattr(error, "sqlstate", None) or "")
    return next((_BY_STATE[state[:length]] for length in (5, 3, 2) if state[:length] in _BY_STATE), None)


def misfit(why: Misfit) -> StoreError:
    """Why this database cannot be brought up."""
    return StoreError(_MISFITS[why])


@contextmanager
def mendable() -> Iterator[None]:
    """Turns what the host can mend into a StoreError. Every other error is a fault of the bot and passes."""
    try:
        yield
    except (DBAPIError, PoolTimeoutError, OSError) as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        # Without its cause, which may name the server and the user.
        raise StoreError(sentence) from None


def _sentence(error: DBAPIError | PoolTimeoutError | OSError) -> str | None:
    if isinstance(error, PoolTimeoutError | TimeoutError):
        return SLOW
    if isinstance(error, OSError) or error.connection_invalidated:
        return UNREACHABLE
    return by_state(error.orig)
