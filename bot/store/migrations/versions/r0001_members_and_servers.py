"""What members have finished, and what moderators have set."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """See Alembic."""
    op.create_table(
        "members",
        sa.Column("member", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("book", sa.String, nullable=False),
        sa.Column("server", sa.BigInteger),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member", name="pk_members"),
    )
    op.create_table(
        "progress",
        sa.Column("member", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("book", sa.String, nullable=False),
        sa.Column("milestone", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member", "book", name="pk_progress"),
    )
    op.create_table(
        "servers",
        sa.Column("server", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("book", sa.String),
        sa.Column("moderators", sa.BigInteger),
        sa.Column("spoilers", sa.String, nullable=False),
        sa.Column("timezone", sa.String, nullable=False),
        sa.Column("hides", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("server", name="pk_servers"),
    )
    op.create_table(
        "ceilings",
        sa.Column("channel", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("book", sa.String, nullable=False),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.Column("milestone", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("channel", "book", name="pk_ceilings"),
    )
    op.create_index("ix_ceilings_server", "ceilings", ["server"])
    op.create_table(
        "watched",
        sa.Column("channel", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_watched"),
    )
