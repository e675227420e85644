"""The bot is killed, really, at every step of posting and started again: what a member sees is one of everything.

All points, with each restart, blind and not: BOOKCLUB_CRASHES=all uv run pytest tests/crashes -n 0 -s
"""

import asyncio
import os
import time
from collections.abc import Iterable

import pytest

from tests.crashes.bots import Nursery
from tests.crashes.homes import Databases, Folders, Homes
from tests.crashes.matrix import Outcome, Point, Row, play, points

ALL = os.environ.get("BOOKCLUB_CRASHES") == "all"
WIDTH = 5
"""How many rows are played at once: each starts a process, and PostgreSQL has so many connections and no more."""

BEFORE_THE_INTENT = Point("channel", "before", "begin")
BEFORE_SENDING = Point("channel", "after", "begin")
SENT = Point("channel", "unread", "post")
BETWEEN_PARTS = Point("channel", "after", "save post sent")
THREAD_BEFORE, THREAD_MADE = Point("channel", "unsent", "thread"), Point("channel", "unread", "thread")
POLL_BEFORE, POLL_SENT = Point("channel", "unsent", "poll"), Point("channel", "unread", "poll")
PIN_BEFORE, PINNED = Point("channel", "unsent", "pin"), Point("channel", "unread", "pin")
BEFORE_THE_END = Point("channel", "before", "save done")
FORUM_BEFORE, FORUM_SENT = Point("forum", "unsent", "forum"), Point("forum", "unread", "forum")

AT_ONCE = (
    BEFORE_THE_INTENT, BEFORE_SENDING, SENT, BETWEEN_PARTS, THREAD_BEFORE, THREAD_MADE, POLL_BEFORE, POLL_SENT,
    PIN_BEFORE, PINNED, BEFORE_THE_END, FORUM_BEFORE, FORUM_SENT,
)  # fmt: skip
# What has neither a nonce nor a claim is done alike however late it is, and a forum's post that is not there is waited for.
LATE = (BEFORE_SENDING, SENT, POLL_BEFORE, POLL_SENT, FORUM_SENT)
IN_SQLITE = (
    *(Row(point, "at once") for point in AT_ONCE),
    *(Row(point, "late") for point in LATE),
    Row(SENT, "at once", blind=True),
    Row(SENT, "late", blind=True),
    Row(SENT, "at once", deleted=True),
)
IN_POSTGRES = (
    *(Row(point, "at once") for point in (SENT, BETWEEN_PARTS, THREAD_MADE, PINNED)),
    *(Row(point, "late") for point in (BEFORE_SENDING, SENT, POLL_BEFORE, FORUM_SENT)),
)
EVERYTHING = (
    *(
        Row(point, restart, blind)
        for blind in (False, True)
        for point in (*points("channel"), *points("forum"))
        for restart in ("at once", "late")
    ),
    Row(SENT, "at once", deleted=True),
)


async def test_killed_anywhere_with_sqlite(bots: Nursery, folders: Folders) -> None:
    await assert_played(EVERYTHING if ALL else IN_SQLITE, bots, folders, "SQLite")


async def test_killed_anywhere_with_postgres(bots: Nursery, databases: Databases) -> None:
    await assert_played(EVERYTHING if ALL else IN_POSTGRES, bots, databases, "PostgreSQL")


async def assert_played(rows: Iterable[Row], bots: Nursery, homes: Homes, store: str) -> None:
    width = asyncio.Semaphore(WIDTH)

    async def played(row: Row) -> Outcome | Exception:
        async with width, homes.fresh() as kept:
            try:
                return await play(row, bots, kept, again=ALL or row.expected.told > 0)
            except (TimeoutError, AssertionError) as error:
                return error

    start = time.monotonic()
    with bots.heard():
        outcomes = dict(zip(rows, await asyncio.gather(*map(played, rows)), strict=True))
    if ALL:
        for row, outcome in outcomes.items():
            print(line(row, store, outcome))
        print(f"{len(outcomes)} rows with {store}, {time.monotonic() - start:.0f} s")
    wrong = [line(row, store, outcome) for row, outcome in outcomes.items() if outcome != row.expected]
    if wrong:
        pytest.fail("\n".join(wrong))


def line(row: Row, store: str, outcome: Outcome | Exception) -> str:
    """A row of the table: kill point, store, restart; posts, threads, polls and pins seen; state; how often it was told."""
    if isinstance(outcome, Exception):
        return f"{row!s:56}{store:12}{outcome!r}"
    seen = "/".join(map(str, outcome.seen))
    return f"{row!s:56}{store:12}{seen:10}{outcome.state:12}{outcome.told} {'; '.join(outcome.wrong)}"
