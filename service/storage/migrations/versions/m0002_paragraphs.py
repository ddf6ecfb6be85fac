"""The paragraph that a segment stands in, and of which kind it is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns. Segments that are there become one paragraph until their story is sent again."""
    op.add_column("segments", sa.Column("block", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "segments", sa.Column("kind", sa.Text(), nullable=False, server_default="paragraph")
    )


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("segments", "kind")
    op.drop_column("segments", "block")
