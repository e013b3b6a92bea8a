"""order decisions by the history, and commit to names instead of hashing them.

Rows from before keep a null commitment: their hashes cover the names.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_record"
down_revision = "0001"
branch_labels = None
depends_on = None

decisions = sa.table("decisions", sa.column("id"), sa.column("job_id"), sa.column("sequence"))
events = sa.table(
    "events", sa.column("job_id"), sa.column("sequence"), sa.column("details", sa.JSON), sa.column("created_at")
)
versions = sa.table("versions", sa.column("job_id"), sa.column("sequence"), sa.column("created_at"))
actions = sa.table("board_actions", sa.column("id"), sa.column("job_id"), sa.column("number"), sa.column("created_at"))


def upgrade() -> None:
    for table in ("decisions", "events"):
        op.add_column(table, sa.Column("salt", sa.String(64), nullable=False, server_default=""))
        op.add_column(table, sa.Column("commitment", sa.String(64), nullable=True))
    op.add_column("events", sa.Column("reviewer_id", sa.String(36), nullable=True))
    op.create_index("ix_events_reviewer_id", "events", ["reviewer_id"])
    op.add_column("decisions", sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_decisions_job_id_sequence", "decisions", ["job_id", "sequence"])
    op.add_column("versions", sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("board_actions", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    _number_decisions()
    _number_versions()
    _number_actions()


def _number_decisions() -> None:
    """Each decision has the number of the line that tells of it."""
    connection = op.get_bind()
    decided = sa.select(events.c.sequence, events.c.details).where(
        events.c.job_id.in_(sa.select(decisions.c.job_id)), events.c.sequence.is_not(None)
    )
    for sequence, details in connection.execute(decided).all():
        if isinstance(details, dict) and "decision" in details:
            told = sa.update(decisions).where(decisions.c.id == details["decision"])
            connection.execute(told.values(sequence=sequence))


def _number_versions() -> None:
    """Each version knows how many lines there were before it was kept: nothing else tells but the clock."""
    earlier = sa.select(sa.func.max(events.c.sequence)).where(
        events.c.job_id == versions.c.job_id, events.c.created_at <= versions.c.created_at
    )
    op.get_bind().execute(sa.update(versions).values(sequence=sa.func.coalesce(earlier.scalar_subquery(), 0)))


def _number_actions() -> None:
    connection = op.get_bind()
    numbers: dict[str, int] = {}
    query = sa.select(actions.c.id, actions.c.job_id).order_by(actions.c.job_id, actions.c.created_at, actions.c.id)
    for action_id, job_id in connection.execute(query).all():
        numbers[job_id] = numbers.get(job_id, 0) + 1
        connection.execute(sa.update(actions).where(actions.c.id == action_id).values(number=numbers[job_id]))
