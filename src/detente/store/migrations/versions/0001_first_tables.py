"""The first tables: sources, pages, documents, events, what is made from them, and the marks of work done."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None

# Written out rather than taken from detente.store.tables: a migration must not change when the code does.
_KINDS: dict[str, Callable[[], TypeEngine[Any]]] = {
    "text": lambda: sa.String().with_variant(sa.String(collation="C"), "postgresql"),
    "moment": lambda: sa.DateTime(timezone=True),
    "number": sa.Float,
}
_TABLES = {
    "sources": "name kind url*",
    "pages": "source* url* media_type digest known_at:moment*",
    "documents": "page* url title outlet language genre copy_of* known_at:moment* earliest:moment* "
    "latest:moment",
    "events": "document* type* status place country* known_at:moment* earliest:moment* latest:moment "
    "score:number recipe",
    "links": "event* incident* verdict by at:moment* withdrawn_at:moment*",
    "incidents": "type* status known_at:moment* earliest:moment* latest:moment recipe",
    "readings": "dyad* day:moment* value:number known_at:moment* recipe",
    "forecasts": "question* made_at:moment horizon:moment known_at:moment* model",
    "briefs": "title made_at:moment*",
    "failures": "stage* subject* error at:moment",
}


def _make(table: str, columns: str) -> None:
    made, indexed = [sa.Column("id", _KINDS["text"](), primary_key=True)], []
    for word in columns.split():
        name, _, kind = word.rstrip("*").partition(":")
        made.append(sa.Column(name, _KINDS[kind or "text"]()))
        indexed += [name] if word.endswith("*") else []
    if table == "pages":
        made.append(sa.Column("body", sa.LargeBinary(), nullable=False))
        made.append(sa.Column("body_form", sa.String(), nullable=False))
    op.create_table(table, *made, sa.Column("record", sa.Text(), nullable=False))
    for name in indexed:
        op.create_index(f"ix_{table}_{name}", table, [name])


def upgrade() -> None:
    """Make the tables."""
    for table, columns in _TABLES.items():
        _make(table, columns)
    text = _KINDS["text"]
    op.create_table(
        *("remainders", sa.Column("page", text(), primary_key=True)),
        sa.Column("record", sa.Text(), nullable=False),
    )
    op.create_table(
        *("outcomes", sa.Column("forecast", text(), primary_key=True), sa.Column("score", sa.Float())),
        sa.Column("record", sa.Text(), nullable=False),
    )
    op.create_table(
        "marks",
        sa.Column("stage", text(), primary_key=True),
        sa.Column("subject", text(), primary_key=True),
        sa.Column("recipe", text(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
    )
    op.create_index("ix_marks_stage_recipe", "marks", ["stage", "recipe"])


def downgrade() -> None:
    """Remove the tables."""
    for table in (*_TABLES, "remainders", "outcomes", "marks"):
        op.drop_table(table)
