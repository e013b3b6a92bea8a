"""A migrated database is what the models describe."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from webapp.extensions import db
from webapp.models import Base


def differences(metadata):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)


def test_migrations_equal_the_models(app):
    assert differences(Base.metadata) == []


@pytest.mark.parametrize("what", ["table", "column", "type"])
def test_a_forgotten_migration_would_show(app, what):
    """The control: the comparison notices what a model has and the database has not."""
    changed = sa.MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.tables.values():
        table.to_metadata(changed)
    if what == "table":
        sa.Table("forgotten", changed, sa.Column("id", sa.Integer, primary_key=True))
    elif what == "column":
        changed.tables["users"].append_column(sa.Column("forgotten", sa.String(10)))
    else:
        changed.tables["users"].c.name.type = sa.Integer()
    assert differences(changed)
