"""Each server's edits of its book, what its moderators' inbox holds, and servers that the bot has left."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """See Alembic."""
    with op.batch_alter_table("servers") as servers:
        servers.add_column(sa.Column("misses", sa.Boolean, nullable=False, server_default=sa.false()))
    with op.batch_alter_table("servers") as servers:
        servers.alter_column("misses", server_default=None)
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "overlays",
        _server(),
        sa.Column("book", sa.String, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("server", "book", name="pk_overlays"),
    )
    op.create_table(
        "revisions",
        _server(),
        sa.Column("book", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.BigInteger),
        sa.Column("what", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("server", "book", "number", name="pk_revisions"),
    )
    op.create_index("ix_revisions_author", "revisions", ["author"])
    op.create_table(
        "edits",
        _server(),
        sa.Column("book", sa.String, nullable=False),
        sa.Column("entry", sa.String, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("edit", sa.String),
        sa.PrimaryKeyConstraint("server", "book", "entry", "revision", name="pk_edits"),
    )
    op.create_index("ix_edits_revision_server_book", "edits", ["revision", "server", "book"])
    op.create_table(
        "misses",
        sa.Column("id", number, nullable=False),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.Column("book", sa.String, nullable=False),
        sa.Column("member", sa.BigInteger, nullable=False),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_meant", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_misses"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_misses_member", "misses", ["member"])
    op.create_index("ix_misses_at", "misses", ["at"])
    op.create_index("ix_misses_server_book_id", "misses", ["server", "book", "id"])
    op.create_table(
        "dismissed",
        sa.Column("id", number, nullable=False),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.Column("book", sa.String, nullable=False),
        sa.Column("question", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dismissed"),
    )
    op.create_index("ix_dismissed_server_book_id", "dismissed", ["server", "book", "id"])
    op.create_table(
        "contributions",
        sa.Column("id", number, nullable=False),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.Column("book", sa.String, nullable=False),
        sa.Column("member", sa.BigInteger),
        sa.Column("sort", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("where", sa.String),
        sa.Column("milestone", sa.String),
        sa.Column("entry", sa.String),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contributions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contributions_server", "contributions", ["server"])
    op.create_index("ix_contributions_member", "contributions", ["member"])
    op.create_table(
        "departures",
        _server(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("server", name="pk_departures"),
    )


def _server() -> sa.Column[int]:
    return sa.Column("server", sa.BigInteger, autoincrement=False, nullable=False)
