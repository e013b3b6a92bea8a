"""Pages of campaigns, as editors and reviewers see them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests import factories
from tests.views.reading import words
from webapp.extensions import db
from webapp.models import Campaign, Job


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def editor(browse, eve):
    return browse(eve)


@pytest.fixture
def fjell(app):
    return factories.client()


def test_a_campaign_is_made_for_a_client(editor, fjell):
    form = {
        "name": "Spring",
        "goal": "Trial orders",
        "status": "active",
        "product_url": "fjell.coffee/cold",
        "brief": "Oslo\r\nBergen",
    }
    response = editor.post(f"/clients/{fjell.id}/campaigns/new", data=form)
    assert response.status_code == 303
    page = soup(editor.get(response.location))
    assert words(page.h1) == "Spring"
    assert page.find("a", href="https://fjell.coffee/cold")
    assert "Goal Trial orders Brief Oslo Bergen" in words(page.aside)
    assert page.find("a", href=f"/clients/{fjell.id}")
    assert "Active" in words(page.select_one(".meta"))


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(editor, fjell):
    form = {"name": "x" * 10_000, "product_url": "javascript:alert(1)", "status": "paused", "brief": "<b>Oslo</b>"}
    response = editor.post(f"/clients/{fjell.id}/campaigns/new", data=form)
    page = soup(response)
    assert response.status_code == 422
    assert words(page.find(id="f-name-error")) == "At most 120 characters."
    assert "https://" in words(page.find(id="f-product_url-error"))
    assert words(page.find(id="f-status-error")) == "Pick one of the choices."
    assert page.find(attrs={"name": "name"})["value"] == "x" * 10_000
    assert page.find(attrs={"name": "brief"}).text.strip() == "<b>Oslo</b>"
    assert db.session.query(Campaign).count() == 0


def test_the_form_of_a_known_campaign_holds_what_is_known_and_a_change_is_kept(editor, fjell):
    spring = factories.campaign(fjell, brief={"text": "Oslo", "channels": ["tv"]}, status="archived")
    page = soup(editor.get(f"/campaigns/{spring.id}/edit"))
    assert page.find(attrs={"name": "brief"}).text.strip() == "Oslo"
    assert page.select_one("option[selected]")["value"] == "archived"
    form = {"name": "Spring", "goal": "", "status": "active", "product_url": "", "brief": "Bergen"}
    assert editor.post(f"/campaigns/{spring.id}/edit", data=form).status_code == 303
    db.session.refresh(spring)
    assert (spring.name, spring.status, spring.brief) == ("Spring", "active", {"text": "Bergen", "channels": ["tv"]})


def test_the_page_shows_its_own_storyboards_and_numbers(editor, fjell):
    spring = factories.campaign(fjell)
    factories.job(fjell, "Ours", campaign_id=spring.id, actual_cost_micros=2_500_000)
    factories.job(fjell, "Of the client only")
    page = soup(editor.get(f"/campaigns/{spring.id}"))
    assert [words(each.h3) for each in page.select(".job-card")] == ["Ours"]
    numbers = {words(each.dt): words(each.dd) for each in page.select(".stats > div")}
    assert numbers == {
        "Storyboard": "1",
        "Approved": "0",
        "Spent on writers": "$2.50",
        "A storyboard on average": "$2.50",
    }
    assert page.find("a", href=f"/jobs/new?client={fjell.id}&campaign={spring.id}")


def test_put_away_and_brought_back(editor, fjell):
    spring = factories.campaign(fjell, status="active")
    assert editor.post(f"/campaigns/{spring.id}/archive").location == f"/clients/{fjell.id}"
    page = soup(editor.get(f"/clients/{fjell.id}"))
    assert page.select_one(f"#toasts form[action='/campaigns/{spring.id}/activate']")
    assert "Archived" in words(page.select_one(f"#campaign-{spring.id}"))
    assert editor.post(f"/campaigns/{spring.id}/activate").location == f"/campaigns/{spring.id}"
    assert "Active" in words(soup(editor.get(f"/campaigns/{spring.id}")).select_one(".meta"))


def test_deleting_is_asked_for_and_says_that_storyboards_stay(editor, fjell):
    spring = factories.campaign(fjell)
    factories.job(fjell, campaign_id=spring.id)
    question = words(soup(editor.get(f"/campaigns/{spring.id}/delete")).main)
    assert "1 storyboard of this campaign stays with Fjell Coffee" in question
    assert editor.post(f"/campaigns/{spring.id}/delete").location == f"/clients/{fjell.id}"
    assert db.session.query(Campaign).count() == 0
    assert db.session.query(Job).one().campaign_id is None


@pytest.mark.parametrize("what", ["edit", "archive", "activate", "delete"])
def test_a_reviewer_reads_and_may_not_change(browse, ben, fjell, what):
    spring = factories.campaign(fjell, status="draft")
    reviewer = browse(ben)
    page = soup(reviewer.get(f"/campaigns/{spring.id}"))
    assert not page.main.select("form, details, a.btn")
    assert reviewer.post(f"/campaigns/{spring.id}/{what}", data={"name": "Mine"}).status_code == 403
    assert reviewer.post(f"/clients/{fjell.id}/campaigns/new", data={"name": "Mine"}).status_code == 403
    db.session.expire_all()
    assert [(each.name, each.status) for each in db.session.query(Campaign)] == [("Spring launch", "draft")]


@pytest.mark.parametrize("what", ["", "/edit", "/delete"])
def test_what_does_not_exist_is_not_found(editor, what):
    assert editor.get(f"/campaigns/nobody{what}").status_code == 404
