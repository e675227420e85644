"""The prompts that each place has had."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """See Alembic."""
    op.create_table(
        "prompts_had",
        sa.Column("place", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("book", sa.String, nullable=False),
        sa.Column("prompt", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("place", "book", "prompt", name="pk_prompts_had"),
    )
