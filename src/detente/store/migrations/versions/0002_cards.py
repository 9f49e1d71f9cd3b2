"""What fusing keeps so that a document more costs no more than what it touches: cards, blocks, and what is stale."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0002"
down_revision = "0001"


def _text() -> TypeEngine[Any]:
    return sa.String().with_variant(sa.String(collation="C"), "postgresql")


def _number(name: str, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), primary_key=key, autoincrement=False, nullable=False)


def upgrade() -> None:
    """Make the tables, empty: the first fusing fills them."""
    op.create_table(
        *("cards", _number("number", key=True), sa.Column("event", _text(), nullable=False)),
        *(sa.Column("document", _text(), nullable=False), _number("part")),
        *(sa.Column("incident", _text(), nullable=False), _number("by_time"), _number("by_words")),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_cards_document", "cards", ["document"])
    op.create_index("ix_cards_part", "cards", ["part"])
    op.create_table(
        *("blocks", _number("key", key=True), _number("by_time", key=True), _number("number", key=True)),
        _number("by_words"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_blocks_by_words", "blocks", ["key", "by_words", "number"])
    op.create_table("stale", sa.Column("document", _text(), primary_key=True))
    op.create_table(
        *("resolved", sa.Column("link", _text(), primary_key=True)),
        *(sa.Column(name, _text(), nullable=False) for name in ("event", "other")),
    )
    op.create_index("ix_documents_url", "documents", ["url"])


def downgrade() -> None:
    """Remove the tables."""
    op.drop_index("ix_documents_url", "documents")
    for table in ("cards", "blocks", "stale", "resolved"):
        op.drop_table(table)
