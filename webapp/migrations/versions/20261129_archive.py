"""The record outlives stray deletes: no cascade reaches it; boards can be archived, and purges leave a line

Revision ID: 0005_archive
Revises: 0004_comments
Create Date: 2026-11-29 01:45:00

"""

import sqlalchemy as sa
from alembic import op

import webapp.models.base

revision = "0005_archive"
down_revision = "0004_comments"
branch_labels = None
depends_on = None

BEFORE = {
    "jobs": [("client_id", "clients", "CASCADE")],
    "scenes": [("job_id", "jobs", "CASCADE")],
    "takes": [("scene_id", "scenes", "CASCADE")],
    "versions": [("job_id", "jobs", "CASCADE")],
    "version_scenes": [
        ("version_id", "versions", "CASCADE"),
        ("scene_id", "scenes", "CASCADE"),
        ("take_id", "takes", "CASCADE"),
        ("frame_id", "frames", "SET NULL"),
    ],
    "decisions": [("job_id", "jobs", "CASCADE"), ("version_id", "versions", "SET NULL")],
    "events": [("job_id", "jobs", "CASCADE"), ("client_id", "clients", "CASCADE")],
    "comments": [
        ("job_id", "jobs", "CASCADE"),
        ("scene_id", "scenes", "CASCADE"),
        ("parent_id", "comments", "CASCADE"),
    ],
    "review_links": [("job_id", "jobs", "CASCADE")],
    "reviewers": [("link_id", "review_links", "CASCADE")],
    "scene_verdicts": [
        ("version_id", "versions", "CASCADE"),
        ("scene_id", "scenes", "CASCADE"),
        ("reviewer_id", "reviewers", "CASCADE"),
    ],
}
"""Table → its keys that let a stray DELETE into the record: column, table referred to, what it did."""


def upgrade():
    for table, keys in BEFORE.items():
        with op.batch_alter_table(table) as batch_op:
            if table == "jobs":
                batch_op.add_column(sa.Column("archived_at", webapp.models.base.UTCDateTime(), nullable=True))
                batch_op.add_column(sa.Column("purged_at", webapp.models.base.UTCDateTime(), nullable=True))
            for column, target, _ in keys:
                # replies go in one statement with what they answer, which RESTRICT would refuse
                _replace(batch_op, table, column, target, None if target == table else "RESTRICT")
    op.create_table(
        "purges",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("created_at", webapp.models.base.UTCDateTime(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purges")),
        sa.UniqueConstraint("sequence", name=op.f("uq_purges_sequence")),
    )
    op.create_index(op.f("ix_purges_user_id"), "purges", ["user_id"])


def downgrade():
    op.drop_table("purges")
    for table, keys in BEFORE.items():
        with op.batch_alter_table(table) as batch_op:
            for column, target, did in keys:
                _replace(batch_op, table, column, target, did)
            if table == "jobs":
                batch_op.drop_column("purged_at")
                batch_op.drop_column("archived_at")


def _replace(batch_op, table, column, target, ondelete):
    name = f"fk_{table}_{column}_{target}"
    batch_op.drop_constraint(name, type_="foreignkey")
    batch_op.create_foreign_key(name, target, [column], ["id"], ondelete=ondelete)
