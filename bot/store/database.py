"""What an SQL store asks of the database below it."""

from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncEngine

PATIENCE = 1.5
"""Seconds that the running bot waits for others that write: Discord waits three for an answer."""


class Database(Protocol):
    """One that is open and has this version's tables. What differs from one to the other is here, and the same SQL."""

    @property
    def engine(self) -> AsyncEngine:
        """Its connections. What they begin with the execution option `writes` may write, with `one_read` it is one SELECT."""
        ...

    def mendable(self) -> AbstractContextManager[None]:
        """Turns what the host can mend into a StoreError. Every other error is a fault of the bot and passes."""
        ...

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Around all that writes: waits, where only one can write at a time. StoreError: it took too long."""
        ...

    @property
    def alone(self) -> bool:
        """Whether one process at a time has it."""
        ...

    def moment(self, later: timedelta = timedelta(0)) -> ColumnElement[datetime]:
        """The time by the clock that all who have it share, so much later."""
        ...
