"""Relations: standing ties between two parties, as documents tell them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0003"
down_revision = "0002"


def _word() -> TypeEngine[str]:
    return sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        *("relations", sa.Column("id", _word(), primary_key=True), sa.Column("document", _word())),
        *(sa.Column("kind", _word()), sa.Column("subject", _word()), sa.Column("object", _word())),
        *(sa.Column("known_at", sa.DateTime(timezone=True)), sa.Column("recipe", _word())),
        sa.Column("record", sa.Text(), nullable=False),
    )
    for name in ("document", "kind", "known_at"):
        op.create_index(f"ix_relations_{name}", "relations", [name])


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("relations")
