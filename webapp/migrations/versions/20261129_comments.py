"""note at which revision a comment came, so that a form sent twice counts once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_comments"
down_revision = "0003_known_networks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("comments", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
