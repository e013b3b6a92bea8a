"""Campaigns: kept, changed in part, counted; their storyboards outlive them."""

from __future__ import annotations

import pytest

from tests import factories
from webapp.errors import Invalid, NotFound
from webapp.extensions import db
from webapp.models import Approval, Campaign, CampaignStatus
from webapp.schemas.campaigns import CampaignChange, CampaignDraft
from webapp.services import campaigns, jobs
from webapp.views.forms import parse


def test_what_was_drafted_is_kept(ada):
    fjell = factories.client()
    draft = CampaignDraft(name="Spring", goal="Trial orders", product_url="fjell.coffee/cold", brief="Oslo\nBergen")
    found = campaigns.find(ada, campaigns.create(fjell, draft).id)
    assert (found.name, found.goal, found.status, found.client.name) == (
        "Spring",
        "Trial orders",
        "draft",
        "Fjell Coffee",
    )
    assert (found.product_url, found.brief) == ("https://fjell.coffee/cold", {"text": "Oslo\nBergen"})


def test_a_change_of_the_text_keeps_the_other_fields_of_the_brief(ada):
    spring = factories.campaign(factories.client(), brief={"text": "old", "channels": ["tv"]}, goal="Trial")
    campaigns.change(spring, CampaignChange(brief="new"))
    assert (spring.brief, spring.goal) == ({"text": "new", "channels": ["tv"]}, "Trial")
    campaigns.change(spring, CampaignChange(brief_fields={"budget": 5}))
    assert spring.brief == {"text": "new", "budget": 5}
    campaigns.change(spring, CampaignChange(brief="third", brief_fields={}))
    assert spring.brief == {"text": "third"}


def test_a_brief_without_a_text_reads_as_empty(ada):
    assert campaigns.brief_text(factories.campaign(factories.client(), brief={"channels": ["tv"]})) == ""


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "Please fill this in."),
        ("status", "paused", "Pick one of the choices."),
        ("product_url", "javascript:alert(1)", "https://"),
        ("brief", "x" * 10_001, "At most 10000 characters."),
    ],
)
def test_a_wrong_field_is_named_with_a_sentence(field, value, says):
    with pytest.raises(Invalid) as refusal:
        parse(CampaignDraft, {"name": "Spring", field: value})
    assert says in refusal.value.fields[field]


def test_active_ones_come_first_and_archived_ones_last(ada):
    fjell = factories.client()
    for name, status in (("Gone", "archived"), ("Idea", "draft"), ("Running", "active")):
        factories.campaign(fjell, name, status=status)
    factories.campaign(factories.client("Nordlys"), "Other", status="active")
    assert [each.name for each in campaigns.of_client(ada, fjell)] == ["Running", "Idea", "Gone"]


def test_the_list_can_be_kept_to_a_status(ada):
    fjell = factories.client()
    factories.campaign(fjell, "Idea", status="draft")
    factories.campaign(fjell, "Running", status="active")
    found = db.session.scalars(campaigns.listed(ada, client_id=fjell.id, status=CampaignStatus.ACTIVE))
    assert [each.name for each in found] == ["Running"]


def test_numbers_count_only_the_campaigns_own(ada):
    fjell = factories.client()
    spring, empty = factories.campaign(fjell), factories.campaign(fjell, "Empty")
    factories.job(fjell, campaign_id=spring.id, approval=Approval.APPROVED, actual_cost_micros=300)
    factories.job(fjell, campaign_id=spring.id, actual_cost_micros=100)
    factories.job(fjell, actual_cost_micros=9999)
    stats = campaigns.stats([spring.id, empty.id])
    assert (stats[spring.id].storyboards, stats[spring.id].approved) == (2, 1)
    assert (stats[spring.id].spend_micros, stats[spring.id].average_cost_micros) == (400, 200)
    assert (stats[empty.id].storyboards, stats[empty.id].spend_micros, stats[empty.id].average_cost_micros) == (0, 0, 0)


def test_put_away_and_brought_back(ada):
    spring = factories.campaign(factories.client(), status="active")
    campaigns.archive(spring)
    assert campaigns.find(ada, spring.id).status == CampaignStatus.ARCHIVED
    campaigns.activate(spring)
    assert campaigns.find(ada, spring.id).status == CampaignStatus.ACTIVE


def test_storyboards_and_assets_stay_when_the_campaign_goes(ada):
    fjell = factories.client()
    spring = factories.campaign(fjell)
    job = factories.job(fjell, campaign_id=spring.id)
    asset = factories.asset(fjell, campaign_id=spring.id)
    campaigns.delete(spring)
    assert db.session.query(Campaign).count() == 0
    assert jobs.find(ada, job.id).campaign is None
    assert asset.campaign_id is None


def test_what_does_not_exist_is_not_found(ada):
    with pytest.raises(NotFound):
        campaigns.find(ada, "nobody")
