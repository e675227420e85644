"""Schedules, what becomes of their occurrences, and the prompts that members suggest."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """See Alembic."""
    with op.batch_alter_table("servers") as servers:
        servers.add_column(sa.Column("notices", sa.BigInteger))
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "schedules",
        sa.Column("number", number, nullable=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_schedules"),
        sa.UniqueConstraint("id", name="uq_schedules_id"),
    )
    op.create_index("ix_schedules_server", "schedules", ["server"])
    op.create_table(
        "jobs",
        sa.Column("schedule", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("post", sa.String),
        sa.Column("claims", sa.String, nullable=False),
        sa.Column("refusals", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("worker", sa.String),
        sa.Column("lease", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("schedule", "name", name="pk_jobs"),
    )
    op.create_index("ix_jobs_due", "jobs", ["due"])
    op.create_index("ix_jobs_at", "jobs", ["at"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "uq_jobs_waiting", "jobs", ["schedule"], unique=True, sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_table(
        "workers",
        sa.Column("worker", sa.String, nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name="pk_workers"),
    )
    op.create_table(
        "suggestions",
        sa.Column("id", number, nullable=False),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.Column("book", sa.String, nullable=False),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("milestone", sa.String),
        sa.Column("approved", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_suggestions_server", "suggestions", ["server"])
