"""Rows as JSON text: the same as row by row, never what was true a moment ago."""

from __future__ import annotations

import json
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import update

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Client, utcnow
from webapp.schemas.clients import ClientChange, ClientDraft
from webapp.services import clients, json_rows
from webapp.views.api.v3.resources.clients import SHAPE

HOSTILE = 'Quote " back \\ slash / line\n tab\t nul-less ü 日本 😀 </script>'


def listed(who, **options):
    rows, total = clients.rows(who, SHAPE, **({"limit": 100} | options))
    return [json.loads(row) for row in rows], total


def test_a_list_says_what_each_row_says(ada):
    made = [
        clients.create(
            ada, ClientDraft(name=f"{number} {HOSTILE}", description=HOSTILE, tone=HOSTILE, examples=["a", HOSTILE])
        )
        for number in range(3)
    ]
    found, total = listed(ada)
    assert total == 3
    option = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS
    assert found == [json.loads(orjson.dumps(json_rows.say(each, SHAPE), option=option)) for each in made]


def test_every_change_is_seen_at_once(ada):
    first = clients.create(ada, ClientDraft(name="B"))
    assert [each["name"] for each in listed(ada)[0]] == ["B"]
    second = clients.create(ada, ClientDraft(name="A"))
    assert [each["name"] for each in listed(ada)[0]] == ["A", "B"]
    clients.change(first, ClientChange(tone="Dry"))
    assert listed(ada)[0][1]["brandGuidelines"]["tone"] == "Dry"
    clients.archive(second)
    assert [each["name"] for each in listed(ada)[0]] == ["B"]
    clients.delete(first)
    assert listed(ada) == ([], 0)
    clients.restore(second)
    assert listed(ada)[1] == 1


def test_a_clock_that_went_back_hides_nothing(ada):
    first, _ = (clients.create(ada, ClientDraft(name=name)) for name in ("A", "B"))
    assert len(listed(ada)[0]) == 2
    with transaction():
        earlier = utcnow() - timedelta(seconds=5)
        db.session.execute(update(Client).where(Client.id == first.id).values(name="C", updated_at=earlier))
    assert [each["name"] for each in listed(ada)[0]] == ["B", "C"]


@pytest.mark.parametrize(
    ("limit", "offset", "expected"), [(2, 0, 2), (2, 4, 1), (5, 0, 5), (6, 0, 5), (2, 5, 0), (1, 99, 0)]
)
def test_a_page_knows_how_many_there_are_in_all(ada, limit, offset, expected):
    for number in range(5):
        factories.client(f"Client {number}")
    found, total = listed(ada, limit=limit, offset=offset)
    assert (len(found), total) == (expected, 5)


def test_two_apps_in_one_process_do_not_share_what_they_keep(ada, settings, tmp_path):
    factories.client("Ours")
    assert len(listed(ada)[0]) == 1
    assert all(str(name[0]).startswith("sqlite") for name in json_rows._kept)
    assert any(str(settings.data) in str(name[0]) for name in json_rows._kept)


def test_memory_is_bounded(ada):
    for offset in range(json_rows.MOST_KEPT * 2):
        listed(ada, offset=offset)
    assert len(json_rows._kept) <= json_rows.MOST_KEPT
