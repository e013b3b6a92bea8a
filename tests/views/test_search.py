"""Search across clients, campaigns and storyboards."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests import factories
from tests.views.reading import words
from webapp.services import clients


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


def found(page):
    return {
        each["aria-labelledby"]: [words(a) for a in each.select(".card-link")] for each in page.main.select("section")
    }


@pytest.fixture
def reader(browse, ben):
    return browse(ben)


@pytest.fixture
def world(app):
    fjell = factories.client(description="Cold brew from Oslo")
    spring = factories.campaign(fjell, goal="Trial orders", brief={"text": "Tram stops in Bergen"})
    factories.job(fjell, "One twist", campaign_id=spring.id, product="Cold brew", audience="commuters")
    nord = factories.client("Nordlys Bikes")
    factories.job(
        nord,
        "Night ride",
        product="Bike lights",
        audience="students",
        key_message="Be seen",
        call_to_action="Ride tonight",
    )
    return fjell


def test_without_words_the_page_says_what_can_be_found(reader):
    assert "Find a client, a campaign or a storyboard" in words(soup(reader.get("/search")).main)
    assert "Find a client, a campaign or a storyboard" in words(soup(reader.get("/search?q=%20%00")).main)


def test_results_are_grouped_and_the_words_marked(reader, world):
    page = soup(reader.get("/search?q=fjell"))
    assert found(page) == {
        "storyboards-found": ["One twist"],
        "clients-found": ["Fjell Coffee"],
        "campaigns-found": ["Spring launch"],
    }
    assert words(page.select_one(".rows mark")) == "Fjell"
    assert page.select_one(".filters input[name=q]")["value"] == "fjell"


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        ("brew commuters", {"storyboards-found": ["One twist"]}),
        ("BERGEN tram", {"campaigns-found": ["Spring launch"]}),
        ("oslo", {"clients-found": ["Fjell Coffee"]}),
        ("spring twist", {"storyboards-found": ["One twist"]}),
        ("fjell nordlys", {}),
        ("%", {}),
        ("_", {}),
    ],
)
def test_every_word_must_be_there(reader, world, query, groups):
    assert found(soup(reader.get("/search", query_string={"q": query}))) == groups


def test_nothing_found_says_what_to_try(reader, world):
    page = soup(reader.get("/search?q=zzz"))
    assert "Nothing found" in words(page.main)
    assert page.select_one(".filters input[name=q]")["value"] == "zzz"


def test_archived_clients_are_found_too(reader, world):
    clients.archive(world)
    assert "clients-found" in found(soup(reader.get("/search?q=oslo")))


def test_many_results_are_cut_and_shown_on_demand(reader):
    for number in range(30):
        factories.client(f"Client {number:02}")
    page = soup(reader.get("/search?q=client"))
    assert len(found(page)["clients-found"]) == 6
    more = page.find("a", string="Show all 30")
    page = soup(reader.get(more["href"]))
    assert len(found(page)["clients-found"]) == 24
    page = soup(reader.get("/search" + page.select_one("a[rel=next]")["href"]))
    assert len(found(page)["clients-found"]) == 6


@pytest.mark.parametrize(
    "query", ["q=x&kind=nonsense", "q=x&page=abc", f"q=x&page={10**40}&kind=clients", f"q={'y ' * 3000}"]
)
def test_odd_addresses_are_answered_all_the_same(reader, world, query):
    assert reader.get(f"/search?{query}").status_code == 200


def test_a_stranger_has_to_sign_in(browse):
    assert browse(None).get("/search?q=fjell").location.startswith("/sign-in")
