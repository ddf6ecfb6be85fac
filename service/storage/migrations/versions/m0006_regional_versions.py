"""The target of a version has its region: a revision may have one for `es-MX` and one for `es-ES`."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Write the region of each version into its target."""
    connection = op.get_bind()
    versions = sa.text("SELECT id, target, record FROM versions").columns(record=sa.JSON)
    for version in connection.execute(versions).all():
        if region := version.record.pop("region", None):
            connection.execute(
                sa.text("UPDATE versions SET target = :target WHERE id = :id"),
                {"id": version.id, "target": f"{version.target}-{region}"},
            )


def downgrade() -> None:
    """Impossible: the schema before has one version for all regions of a language."""
    raise NotImplementedError
