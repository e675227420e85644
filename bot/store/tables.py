"""The tables as they are now; `migrations/` holds the ways to them.

Members, servers, channels and roles are Discord's ids, books, milestones and prompts the ids of the base. The columns
of `servers` are named as the fields of `ports.Server`, those of `jobs` as the fields of `schedules.Job`.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table

from bot.store.types import Utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(name: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def _number(name: str) -> Column[int]:
    # SQLite counts in INTEGER alone.
    return Column(name, BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


members = Table(
    "members",
    metadata,
    _id("member"),
    Column("book", String, nullable=False),
    Column("server", BigInteger),
    Column("at", Utc, nullable=False),
)
"""Where a member last used the bot."""

progress = Table(
    "progress",
    metadata,
    _id("member"),
    Column("book", String, primary_key=True),
    Column("milestone", String, nullable=False),
    Column("at", Utc, nullable=False),
)

servers = Table(
    "servers",
    metadata,
    _id("server"),
    Column("book", String),
    Column("moderators", BigInteger),
    Column("spoilers", String, nullable=False),
    Column("timezone", String, nullable=False),
    Column("hides", Boolean, nullable=False),
    Column("notices", BigInteger),
    Column("misses", Boolean, nullable=False, default=False),
)

ceilings = Table(
    "ceilings",
    metadata,
    _id("channel"),
    Column("book", String, primary_key=True),
    Column("server", BigInteger, nullable=False, index=True),
    Column("milestone", String, nullable=False),
)

watched = Table(
    "watched",
    metadata,
    _id("channel"),
    Column("server", BigInteger, nullable=False),
)

prompts_had = Table(
    "prompts_had",
    metadata,
    _id("place"),
    Column("book", String, primary_key=True),
    Column("prompt", String, primary_key=True),
)
"""The prompts that a place has had since its round began."""

schedules = Table(
    "schedules",
    metadata,
    _number("number"),
    Column("id", String, nullable=False, unique=True),
    Column("server", BigInteger, nullable=False, index=True),
    Column("channel", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("text", String, nullable=False),
    Column("fence", Integer, nullable=False, default=0),
)
"""`number` is the order in which they were made. `text` is the whole of it as JSON, from which the others are taken but
`fence`: that of its next occurrence, above that of any that was forgotten and may come again."""

jobs = Table(
    "jobs",
    metadata,
    Column("schedule", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("server", BigInteger, nullable=False),
    Column("due", Utc, nullable=False, index=True),
    Column("at", Utc, index=True),
    Column("state", String, nullable=False),
    Column("post", String),
    Column("claims", String, nullable=False),
    Column("refusals", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("worker", String),
    Column("lease", Utc),
)
"""Every occurrence, by its name. `at` is null where it is over, `lease` where nobody has it; `post`, `claims`: JSON."""

waiting = Index(
    "uq_jobs_waiting",
    jobs.c.schedule,
    unique=True,
    sqlite_where=jobs.c.state == "waiting",
    postgresql_where=jobs.c.state == "waiting",
)
"""Of one schedule one occurrence waits."""

workers = Table(
    "workers",
    metadata,
    Column("worker", String, primary_key=True),
    Column("seen", Utc, nullable=False),
)
"""When each process last asked for work, where several may."""

suggestions = Table(
    "suggestions",
    metadata,
    _number("id"),
    Column("server", BigInteger, nullable=False, index=True),
    Column("book", String, nullable=False),
    Column("question", String, nullable=False),
    Column("milestone", String),
    Column("approved", Boolean, nullable=False),
    # A number never comes again: a button may still name one that was rejected.
    sqlite_autoincrement=True,
)
"""Prompts that members wrote, and not who."""

overlays = Table(
    "overlays",
    metadata,
    _id("server"),
    Column("book", String, primary_key=True),
    Column("revision", Integer, nullable=False),
)
"""How many revisions each server's overlay of a book has had. Its row is locked while the next one is made."""

revisions = Table(
    "revisions",
    metadata,
    _id("server"),
    Column("book", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("author", BigInteger, index=True),
    Column("what", String, nullable=False),
)

edits = Table(
    "edits",
    metadata,
    _id("server"),
    Column("book", String, primary_key=True),
    Column("entry", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("edit", String),
    # The revision first, or PostgreSQL takes it for the way to all entries of a book while it knows no figures.
    Index("ix_edits_revision_server_book", "revision", "server", "book"),
)
"""What became of an entry in a revision, as JSON; null: it is as in the book again. Older rows are its history."""

misses = Table(
    "misses",
    metadata,
    _number("id"),
    Column("server", BigInteger, nullable=False),
    Column("book", String, nullable=False),
    Column("member", BigInteger, nullable=False, index=True),
    Column("question", String, nullable=False),
    Column("at", Utc, nullable=False, index=True),
    Column("not_meant", Boolean, nullable=False),
    Index("ix_misses_server_book_id", "server", "book", "id"),
    # A number never comes again: a button may still name one that was settled.
    sqlite_autoincrement=True,
)

dismissed = Table(
    "dismissed",
    metadata,
    _number("id"),
    Column("server", BigInteger, nullable=False),
    Column("book", String, nullable=False),
    Column("question", String, nullable=False),
    Index("ix_dismissed_server_book_id", "server", "book", "id"),
)
"""Questions that moderators do not want to hear of, and not whose."""

contributions = Table(
    "contributions",
    metadata,
    _number("id"),
    Column("server", BigInteger, nullable=False, index=True),
    Column("book", String, nullable=False),
    Column("member", BigInteger, index=True),
    Column("sort", String, nullable=False),
    Column("text", String, nullable=False),
    Column("where", String),
    Column("milestone", String),
    Column("entry", String),
    Column("at", Utc, nullable=False),
    sqlite_autoincrement=True,
)

departures = Table(
    "departures",
    metadata,
    _id("server"),
    Column("at", Utc, nullable=False),
)
"""Since when the bot is no longer in a server."""
