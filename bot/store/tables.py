"""The tables as they are now; `migrations/` holds the ways to them.

Members, servers, channels and roles are Discord's ids, books, milestones and prompts the ids of the base. The columns
of `servers` are named as the fields of `ports.Server`.
"""

from sqlalchemy import BigInteger, Boolean, Column, MetaData, String, Table

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
