"""Pages of clients, as editors and reviewers see them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests import factories
from tests.views.reading import words
from webapp.extensions import db
from webapp.models import Approval, Client
from webapp.services import blobs, clients

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


def error_of(page, field):
    return words(page.find(id=f"f-{field}-error"))


@pytest.fixture
def editor(browse, eve):
    return browse(eve)


@pytest.fixture
def reviewer(browse, ben):
    return browse(ben)


def test_a_stranger_has_to_sign_in(browse):
    for path in ("/clients", "/clients/nobody", "/clients/new"):
        assert browse(None).get(path).location.startswith("/sign-in")


def test_the_empty_list_teaches_editors_what_to_do(editor, reviewer):
    page = soup(editor.get("/clients"))
    assert "brand you make ads for" in words(page.main)
    assert page.select_one(".empty a[href='/clients/new']")
    assert not soup(reviewer.get("/clients")).select("a[href='/clients/new']")


def test_a_client_is_made_and_its_page_opens(editor):
    form = {
        "name": "Fjell Coffee",
        "homepage": "https://www.fjell.coffee/en",
        "colors": ["#1f7a63", "#eba23b", ""],
        "restrictions": "healthy\r\nbest in the world",
        "disclaimer": "Contains caffeine.",
    }
    response = editor.post("/clients/new", data=form)
    assert response.status_code == 303
    page = soup(editor.get(response.location))
    assert words(page.h1) == "Fjell Coffee"
    assert page.find("a", href="https://www.fjell.coffee/en").text == "fjell.coffee"
    guidelines = page.find(id="guidelines")
    assert [each["fill"] for each in guidelines.select("rect")] == ["#1f7a63", "#eba23b"]
    assert [words(each) for each in guidelines.select(".chip")] == ["healthy", "best in the world"]
    assert "Contains caffeine." in words(guidelines)


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(editor):
    form = {
        "name": "",
        "homepage": "javascript:alert(1)",
        "description": HOSTILE,
        "colors": ["#1f7a63", "blue", ""],
        "restrictions": "one\r\ntwo",
        "tone": "Dry",
    }
    response = editor.post("/clients/new", data=form)
    page = soup(response)
    assert response.status_code == 422
    assert error_of(page, "name") == "Please fill this in."
    assert "https://" in error_of(page, "homepage")
    assert "“blue” is not a hex colour" in error_of(page, "colors")
    assert page.find(attrs={"name": "homepage"})["value"] == "javascript:alert(1)"
    assert page.select_one("textarea[name=description]").text.strip() == HOSTILE
    assert [each["value"] for each in page.select("ul [name=colors]")] == ["#1f7a63", "blue", ""]
    assert page.find(attrs={"name": "restrictions"}).text.split() == ["one", "two"]
    assert page.find(attrs={"name": "tone"}).text.strip() == "Dry"
    assert db.session.query(Client).count() == 0


def test_a_very_long_name_is_refused_and_kept(editor):
    response = editor.post("/clients/new", data={"name": "x" * 10_000})
    page = soup(response)
    assert response.status_code == 422
    assert error_of(page, "name") == "At most 120 characters."
    assert page.find(attrs={"name": "name"})["value"] == "x" * 10_000


def test_a_field_sent_twice_is_refused_in_words(editor):
    response = editor.post("/clients/new", data={"name": ["one", "two"]})
    assert response.status_code == 422
    assert error_of(soup(response), "name")


def test_markup_in_names_is_only_text(editor):
    fjell = factories.client(
        HOSTILE[:100], description=HOSTILE, tone=HOSTILE, restrictions=[HOSTILE], disclaimer=HOSTILE
    )
    factories.campaign(fjell, HOSTILE[:100])
    factories.job(fjell, HOSTILE[:100])
    pages = [
        "/",
        "/clients",
        "/clients?q=script",
        f"/clients/{fjell.id}",
        f"/clients/{fjell.id}/edit",
        "/search?q=alert",
    ]
    for path in pages:
        page = soup(editor.get(path))
        assert not page.find("img", src="x"), path
        assert not [each for each in page.find_all("script") if "alert" in each.text], path
        assert "<script>alert(1)" in page.text or "alert(1)" in page.text, path


def test_the_form_of_a_known_client_holds_what_is_known(editor):
    fjell = factories.client(tone="Dry", examples=["One.", "Two."], homepage="https://fjell.coffee")
    page = soup(editor.get(f"/clients/{fjell.id}/edit"))
    assert page.find(attrs={"name": "name"})["value"] == "Fjell Coffee"
    assert page.find(attrs={"name": "tone"}).text.strip() == "Dry"
    assert page.find(attrs={"name": "examples"}).text.strip() == "One.\nTwo."
    assert [each["value"] for each in page.select("ul [name=colors]")] == ["#1f7a63", "#eba23b", ""]
    assert page.select_one(f"fieldset a[href='/clients/{fjell.id}/assets']"), "where a logo comes from"


def test_a_change_is_kept_and_a_logo_chosen(editor):
    fjell = factories.client()
    logo = factories.asset(fjell, "logo.png", thumbnail_blob_id=blobs.put(b"webp", "image/webp").id)
    page = soup(editor.get(f"/clients/{fjell.id}/edit"))
    assert page.find("input", {"name": "logo_asset_id", "value": logo.id})
    form = {"name": "Fjell", "colors": ["#000000"], "logo_asset_id": logo.id}
    response = editor.post(f"/clients/{fjell.id}/edit", data=form)
    assert response.status_code == 303
    page = soup(editor.get(response.location))
    assert words(page.h1) == "Fjell"
    assert logo.id in page.select_one(".head .mark img")["src"]


def test_a_logo_of_somebody_else_is_refused(editor):
    fjell, nord = factories.client(), factories.client("Nordlys")
    foreign = factories.asset(nord, thumbnail_blob_id=blobs.put(b"webp", "image/webp").id)
    response = editor.post(f"/clients/{fjell.id}/edit", data={"name": "Fjell", "logo_asset_id": foreign.id})
    assert response.status_code == 422
    assert "Pick one of this client's images" in words(soup(response).find(id="f-logo-error"))


def test_the_list_is_searched_and_what_was_typed_stays(editor):
    factories.client("Fjell Coffee")
    factories.client("Nordlys Bikes")
    page = soup(editor.get("/clients?q=fjell"))
    assert [words(each) for each in page.select(".card h2")] == ["Fjell Coffee"]
    assert page.select_one(".card mark").text == "Fjell"
    assert page.select_one(".filters input[name=q]")["value"] == "fjell"
    assert "No client matches" in words(soup(editor.get("/clients?q=zzz")).main)


@pytest.mark.parametrize(
    "query", ["page=abc", "page=-1", f"page={10**40}", "q=%00", f"q={'x ' * 2000}", "archived=2", "q=%25"]
)
def test_odd_addresses_show_a_list_all_the_same(editor, query):
    factories.client()
    assert editor.get(f"/clients?{query}").status_code == 200


def test_pages_keep_the_words_searched_for(editor):
    for number in range(25):
        factories.client(f"Client {number:02}")
    page = soup(editor.get("/clients?q=client&page=2"))
    assert [words(each) for each in page.select(".card h2")] == ["Client 24"]
    assert "q=client" in page.select_one(".pagination a[rel=prev]")["href"]


def test_archived_and_back(editor):
    fjell = factories.client()
    assert editor.post(f"/clients/{fjell.id}/archive").status_code == 303
    after = soup(editor.get("/clients"))
    assert after.select_one(f"#toasts form[action='/clients/{fjell.id}/restore']")
    assert not after.select(".card")
    undone = editor.post(f"/clients/{fjell.id}/restore", headers={"HX-Request": "true"})
    assert undone.headers["HX-Redirect"] == f"/clients/{fjell.id}"
    editor.post(f"/clients/{fjell.id}/archive")
    page = soup(editor.get("/clients?archived=1"))
    assert words(page.select_one(".card h2")) == "Fjell Coffee"
    assert "This client is archived" in words(soup(editor.get(f"/clients/{fjell.id}")).main)
    editor.post(f"/clients/{fjell.id}/restore")
    assert soup(editor.get("/clients")).select(".card")


def test_deleting_is_asked_for_first_and_names_what_goes(editor):
    fjell = factories.client()
    factories.campaign(fjell)
    factories.asset(fjell)
    factories.job(fjell, approval=Approval.APPROVED)
    factories.job(fjell)
    its_page = f"/clients/{fjell.id}"
    question = words(soup(editor.get(f"{its_page}/delete")).main)
    assert "Delete Fjell Coffee?" in question
    assert "campaign 1" in question
    assert "storyboards, 1 approved 2" in question
    assert "asset 1" in question
    assert db.session.query(Client).count() == 1
    assert editor.post(f"{its_page}/delete").location == "/clients"
    assert db.session.query(Client).count() == 0
    assert editor.get(its_page).status_code == 404


def test_a_reviewer_reads_and_has_no_buttons_to_change(reviewer):
    fjell = factories.client()
    factories.campaign(fjell)
    factories.job(fjell)
    page = soup(reviewer.get(f"/clients/{fjell.id}"))
    targets = [each.get("href") or each.get("action") for each in page.main.select("a, form")]
    assert not [each for each in targets if each and each.endswith(("/edit", "/new", "/delete", "/archive"))]
    assert not [each for each in targets if each and each.startswith("/jobs/new")]


@pytest.mark.parametrize("what", ["edit", "archive", "restore", "delete"])
def test_a_reviewer_may_not_change(reviewer, what):
    fjell = factories.client()
    assert reviewer.post(f"/clients/{fjell.id}/{what}", data={"name": "Mine"}).status_code == 403
    assert reviewer.post("/clients/new", data={"name": "Mine"}).status_code == 403
    db.session.expire_all()
    assert [(each.name, each.archived_at) for each in db.session.query(Client)] == [("Fjell Coffee", None)]


@pytest.mark.parametrize("what", ["", "/edit", "/delete", "/campaigns/new"])
def test_what_does_not_exist_is_not_found(editor, what):
    assert editor.get(f"/clients/nobody{what}").status_code == 404


def test_the_page_shows_numbers_campaigns_and_storyboards_newest_first(editor):
    fjell = factories.client()
    spring = factories.campaign(fjell, "Spring launch")
    factories.job(fjell, "Older", campaign_id=spring.id, actual_cost_micros=12_300, approval=Approval.APPROVED)
    factories.scene(factories.job(fjell, "Newer"))
    factories.job(factories.client("Nordlys"), "Not ours")
    page = soup(editor.get(f"/clients/{fjell.id}"))
    numbers = {words(each.dt): words(each.dd) for each in page.select(".stats > div")}
    assert numbers == {"Campaign": "1", "Storyboards": "2", "Approved": "1", "Spent on writers": "$0.0123"}
    cards = page.select(".job-card")
    assert [words(each.h3) for each in cards] == ["Newer", "Older"]
    assert "Ready for review" in words(cards[0])
    assert "1 scene, 3.0 s" in words(cards[0])
    assert "Approved" in words(cards[1])
    assert "1 storyboard, 1 approved, $0.0123" in words(page.select_one(f"#campaign-{spring.id}"))
    assert page.find("a", href=f"/jobs/new?client={fjell.id}")


def test_a_client_made_twice_is_noticed(editor):
    first, second = factories.client("Fjell"), factories.client("fjell")
    page = soup(editor.get(f"/clients/{first.id}"))
    assert page.select_one(f".notice a[href='/clients/{second.id}']")
    clients.archive(second)
    assert not soup(editor.get(f"/clients/{first.id}")).select(".notice")
