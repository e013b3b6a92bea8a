"""named decisions: what a decision named, formats that were changed, boards as they were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import webapp.models.base

revision = "0007_named_decisions"
down_revision = "0006_left_out"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what decisions name; of those there are already nobody knows it."""
    op.create_table(
        "board_states",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("ratio", sa.String(length=8), nullable=False),
        sa.Column("scene_hashes", sa.JSON(), nullable=False),
        sa.Column("created_at", webapp.models.base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_board_states_job_id_jobs"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_states")),
        sa.UniqueConstraint("job_id", "content_hash", name=op.f("uq_board_states_job_id_content_hash")),
    )
    # SQLite adds such columns in place; a batch would copy whole tables
    op.add_column("jobs", sa.Column("first_ratio", sa.String(length=8), nullable=True))
    op.add_column("versions", sa.Column("named_ratio", sa.String(length=8), server_default="", nullable=False))
    op.add_column("decisions", sa.Column("named_version", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Forget it again."""
    op.drop_column("decisions", "named_version")
    op.drop_column("versions", "named_ratio")
    op.drop_column("jobs", "first_ratio")
    op.drop_table("board_states")
