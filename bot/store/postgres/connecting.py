"""How every connection to PostgreSQL is made, the one that migrates and those of the running bot."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.club.ports import StoreError
from bot.store.postgres.faults import MISSING, REFUSED, STANDBY, UNREACHABLE, UNUSABLE, by_state

CONNECTIONS = 5
"""A small server has twenty for all."""

_SCHEMES = frozenset({"postgresql", "postgres", "postgresql+asyncpg"})


def opening_engine(url: str, patience: float) -> AsyncEngine:
    """For the time before the bot runs. Migrating takes as long as it takes. Raises StoreError."""
    return _engine(_connector(url, patience, None), poolclass=NullPool)


def running_engine(url: str, patience: float) -> AsyncEngine:
    """For the running bot: nothing waits for longer than `patience` seconds. Raises StoreError."""
    return _engine(
        _connector(url, patience, patience),
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=patience,
        # What was cut while nobody used it is made anew before it is used, and with it all that are as old.
        pool_pre_ping=True,
    )


def _engine(connect: Callable[[], Awaitable[object]], **options: Any) -> AsyncEngine:  # noqa: ANN401 - as SQLAlchemy's
    # The URL stays with `connect`: asyncpg reads the options in it as PostgreSQL's own programs do, SQLAlchemy does not.
    return create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, hide_parameters=True, **options
    )


def _connector(url: str, patience: float, command_patience: float | None) -> Callable[[], Awaitable[object]]:
    try:
        import asyncpg  # noqa: PLC0415 - an extra
    except ImportError:
        raise StoreError(MISSING) from None
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in _SCHEMES:
        raise StoreError(UNUSABLE)

    async def connect() -> object:
        try:
            return await asyncpg.connect(
                f"postgresql://{rest}", timeout=patience, command_timeout=command_patience
            )
        # Without their causes, which may name the server and the user. Some of asyncpg's own are ValueErrors too.
        except asyncpg.PostgresError as error:
            raise StoreError(by_state(error) or UNUSABLE) from None
        except asyncpg.TargetServerAttributeNotMatched:
            raise StoreError(STANDBY) from None
        except OSError:
            raise StoreError(UNREACHABLE) from None
        except ValueError:
            raise StoreError(UNUSABLE) from None
        except (asyncpg.InterfaceError, asyncpg.InternalClientError):
            raise StoreError(REFUSED) from None

    return connect
