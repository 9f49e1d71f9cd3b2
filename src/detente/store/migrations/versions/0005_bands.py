"""What finding copies keeps so that a document more is compared with those near it alone: bands, and told credits."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0005"
down_revision = "0004"


def _text() -> TypeEngine[Any]:
    return sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables, empty: the next run compares all documents anew and fills them."""
    op.create_table("credits", sa.Column("document", _text(), primary_key=True), sa.Column("told", _text()))
    op.create_table(
        "bands",
        sa.Column("key", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("document", _text(), primary_key=True),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("credits", "bands"):
        op.drop_table(table)
