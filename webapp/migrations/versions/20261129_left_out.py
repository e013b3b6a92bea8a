"""Assets say what their picture leaves out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_left_out"
down_revision = "0005_archive"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assets", sa.Column("left_out", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("assets", "left_out")
