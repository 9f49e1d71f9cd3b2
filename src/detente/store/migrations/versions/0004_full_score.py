"""Events keep the chance that they are right as a whole in a column of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; events of earlier versions have none."""
    op.add_column("events", sa.Column("full_score", sa.Float()))
