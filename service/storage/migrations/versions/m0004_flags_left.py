"""How many flags of a version nobody has dealt with: stories are listed by it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column, and count the flags that are there."""
    op.add_column(
        "versions", sa.Column("flags_left", sa.Integer(), nullable=False, server_default="0")
    )
    op.execute(
        "UPDATE versions SET flags_left = (SELECT COALESCE(SUM(json_array_length(flags)), 0) "
        "FROM segments WHERE version_id = versions.id AND state <> 'approved')"
    )


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("versions", "flags_left")
