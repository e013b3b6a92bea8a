"""remember from which networks an account was signed in to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import webapp.models.base

revision = "0003_known_networks"
down_revision = "0002_record"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_networks",
        sa.Column("door", sa.String(100), nullable=False),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("last_used_at", webapp.models.base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("door", "network", name=op.f("pk_known_networks")),
    )
