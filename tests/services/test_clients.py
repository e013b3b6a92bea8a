"""Clients: kept, changed in part, found by words, counted, taken away with what is theirs."""

from __future__ import annotations

import pytest

from tests import factories
from webapp.errors import Invalid, NotFound
from webapp.extensions import db, transaction
from webapp.models import Approval, Asset, AssetStatus, Blob, Campaign, Client, Event, Job, JobStatus, Scene, Take
from webapp.schemas.clients import ClientChange, ClientDraft
from webapp.services import blobs, clients, jobs, matching
from webapp.views.forms import parse


def names(page):
    return [each.name for each in page.rows]


def picture(of, **facts):
    """A ready image with a thumbnail, as the intake leaves it."""
    thumbnail = blobs.put(f"thumbnail of {facts}".encode(), "image/webp")
    return factories.asset(of, thumbnail_blob_id=thumbnail.id, **facts)


def test_what_was_drafted_is_kept(ada):
    made = clients.create(ada, ClientDraft(name="  Fjell\tCoffee ", homepage="fjell.coffee", colors=["#1F7A63", "abc"]))
    found = clients.find(ada, made.id)
    assert (found.name, found.homepage, found.colors) == (
        "Fjell Coffee",
        "https://fjell.coffee",
        ["#1f7a63", "#aabbcc"],
    )


def test_a_change_leaves_the_fields_that_are_not_given(ada):
    fjell = factories.client(tone="Dry", restrictions=["healthy"])
    clients.change(fjell, ClientChange(tone="Warm"))
    db.session.expire_all()
    assert (fjell.name, fjell.tone, fjell.restrictions) == ("Fjell Coffee", "Warm", ["healthy"])


def test_a_change_to_nothing_empties_the_field(ada):
    fjell = factories.client(tone="Dry", colors=["#000000"])
    clients.change(fjell, ClientChange(tone="", colors=[]))
    assert (fjell.tone, fjell.colors) == ("", [])


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "Please fill this in."),
        ("name", " \n ", "Please fill this in."),
        ("name", "x" * 10_000, "At most 120 characters."),
        ("homepage", "javascript:alert(1)", "https://"),
        ("homepage", "data:text/html,hi", "https://"),
        ("homepage", "https://", "https://"),
        ("homepage", "https://a b.com", "https://"),
        ("homepage", "https://fjell.coffee:99999", "https://"),
        ("homepage", "https://[::1", "https://"),
        ("colors", ["blue"], "“blue” is not a hex colour"),
        ("colors", ["#12345"], "not a hex colour"),
        ("colors", ["#1f7a63;background:url(x)"], "not a hex colour"),
        ("colors", [f"#00000{n}" for n in range(9)], "At most 8 colours"),
        ("colors", ["x" * 10_000], "not a hex colour"),
        ("restrictions", ["x" * 201], "at most 200 characters"),
        ("restrictions", "\n".join(str(n) for n in range(101)), "At most 100 restrictions"),
        ("examples", [1, 2], "one a line"),
        ("tone", "x" * 2001, "At most 2000 characters."),
    ],
)
def test_a_wrong_field_is_named_with_a_sentence(field, value, says):
    with pytest.raises(Invalid) as refusal:
        parse(ClientDraft, {"name": "Fjell", field: value})
    assert list(refusal.value.fields) == [field]
    assert says in refusal.value.fields[field]
    assert len(refusal.value.fields[field]) < 200


def test_lines_become_a_list_without_blanks_and_repetitions():
    draft = ClientDraft(name="Fjell", restrictions=["healthy\r\n\r\n  best in the world \r\nhealthy"])
    assert draft.restrictions == ["healthy", "best in the world"]


def test_control_characters_are_dropped_but_lines_stay():
    assert ClientDraft(name="Fj\x00ell", description="one\x07\r\ntwo").model_dump(include={"name", "description"}) == {
        "name": "Fjell",
        "description": "one\ntwo",
    }


def test_the_logo_is_one_of_the_clients_own_ready_pictures(ada):
    fjell, nord = factories.client(), factories.client("Nordlys")
    logo = picture(fjell)
    clients.change(fjell, ClientChange(logo_asset_id=logo.id))
    assert fjell.logo_asset_id == logo.id
    unusable = (
        picture(nord),
        picture(fjell, kind="video"),
        picture(fjell, status=AssetStatus.REFUSED),
        factories.asset(fjell),
    )
    for other in unusable:
        with pytest.raises(Invalid):
            clients.change(fjell, ClientChange(logo_asset_id=other.id))
    with pytest.raises(Invalid):
        clients.change(fjell, ClientChange(logo_asset_id="nobody"))
    assert fjell.logo_asset_id == logo.id
    clients.change(fjell, ClientChange(logo_asset_id=""))
    assert fjell.logo_asset_id is None


def test_what_does_not_exist_is_not_found(ada):
    for client_id in ("nobody", "", "x" * 10_000, "' OR 1=1 --"):
        with pytest.raises(NotFound):
            clients.find(ada, client_id)


def test_every_word_must_match_whatever_its_case(ada):
    factories.client("Fjell Coffee", description="Cold brew from Oslo")
    factories.client("Nordlys", homepage="https://nordlys.example")
    assert names(clients.page(ada, "oslo FJELL")) == ["Fjell Coffee"]
    assert names(clients.page(ada, "nordlys.example")) == ["Nordlys"]
    assert names(clients.page(ada, "fjell nordlys")) == []


def test_letters_beyond_ascii_match_in_both_cases(ada):
    factories.client("Ökotopia")
    assert names(clients.page(ada, "ökotopia")) == names(clients.page(ada, "ÖKOTOPIA")) == ["Ökotopia"]


@pytest.mark.parametrize("query", ["%", "_", "\\", "/", "'", "100%"])
def test_signs_of_the_query_language_are_only_signs(ada, query):
    factories.client("Fjell")
    factories.client(f"Odd {query} name")
    assert names(clients.page(ada, query)) == [f"Odd {query} name"]


def test_a_hostile_query_is_cut_to_what_people_type():
    assert len(matching.words("a b " * 10_000)) <= matching.MOST_WORDS
    assert sum(map(len, matching.words("x" * 1_000_000))) <= matching.LONGEST_QUERY


def test_pages_hold_24_and_the_last_one_answers_for_those_beyond(ada):
    for number in range(25):
        factories.client(f"Client {number:02}")
    first, last = clients.page(ada), clients.page(ada, page=10**30)
    assert (len(first.rows), first.total, first.pages, first.has_next) == (24, 25, 2, True)
    assert (names(last), last.page, last.has_next) == (["Client 24"], 2, False)
    assert clients.page(ada, page=-5).page == 1


def test_an_archived_client_leaves_the_list_and_comes_back(ada):
    fjell = factories.client()
    clients.archive(fjell)
    assert names(clients.page(ada)) == []
    assert names(clients.page(ada, archived=True)) == ["Fjell Coffee"]
    clients.restore(fjell)
    assert names(clients.page(ada)) == ["Fjell Coffee"]


def test_numbers_count_only_what_is_the_clients_own(ada):
    fjell, nord = factories.client(), factories.client("Nordlys")
    factories.campaign(fjell)
    factories.asset(fjell)
    factories.job(fjell, approval=Approval.APPROVED, actual_cost_micros=1200)
    newest = factories.job(fjell, actual_cost_micros=34)
    factories.job(nord, actual_cost_micros=999)
    stats = clients.stats([fjell.id, nord.id])
    assert (stats[fjell.id].campaigns, stats[fjell.id].storyboards, stats[fjell.id].approved) == (1, 2, 1)
    assert (stats[fjell.id].assets, stats[fjell.id].spend_micros) == (1, 1234)
    assert stats[fjell.id].active_at == newest.updated_at
    assert (stats[nord.id].campaigns, stats[nord.id].approved, stats[nord.id].spend_micros) == (0, 0, 999)


def test_a_client_made_twice_is_noticed(ada):
    fjell, again = factories.client("Fjell"), factories.client("FJELL")
    assert list(clients.namesakes(fjell)) == [again]
    clients.archive(again)
    assert not clients.namesakes(fjell)


def test_deleting_takes_everything_of_the_client_and_nothing_of_others(ada):
    kept = {}
    for name in ("Fjell", "Nordlys"):
        client = factories.client(name)
        logo = picture(client)
        clients.change(client, ClientChange(logo_asset_id=logo.id))
        job = factories.job(client, campaign_id=factories.campaign(client).id)
        factories.scene(job)
        with transaction():
            db.session.add(Event(job_id=job.id, client_id=client.id, kind="created", text="asked"))
        kept[name] = client
    clients.delete(kept["Fjell"])
    for model in (Client, Campaign, Job, Scene, Take, Asset, Event):
        assert db.session.query(model).count() == 1, model
    assert clients.find(ada, kept["Nordlys"].id).logo_asset_id


def test_deleting_purges_bytes_that_nobody_else_uses(ada):
    fjell, nord = factories.client(), factories.client("Nordlys")
    own, shared = blobs.put(b"own", "image/png"), blobs.put(b"shared", "image/png")
    for client, blob in ((fjell, own), (fjell, shared), (nord, shared)):
        factories.asset(client, blob_id=blob.id)
    clients.delete(fjell)
    assert [each.sha256 for each in db.session.query(Blob)] == [shared.sha256]
    assert blobs.read(shared) == b"shared"


def test_the_demo_goes_as_a_whole_and_alone(ada):
    factories.client("Demo one", is_demo=True)
    factories.client("Demo two", is_demo=True)
    factories.client("Fjell")
    assert [each.name for each in clients.demo(ada)] == ["Demo one", "Demo two"]
    assert clients.delete_demo(ada) == 2
    assert names(clients.page(ada)) == ["Fjell"]


@pytest.mark.parametrize("decision", [Approval.APPROVED, Approval.REJECTED])
def test_new_colours_ask_for_new_frames_except_of_what_was_decided_on(app, ada, decision):
    fjell = factories.client(colors=["#000000"])
    drawn, approved = factories.job(fjell), factories.job(fjell, approval=decision)
    for job in (drawn, approved):
        factories.scene(job)
    clients.change(fjell, ClientChange(tone="Warm"))
    assert not any(scene.frame_key for job in (drawn, approved) for scene in jobs.scenes(job))
    clients.change(fjell, ClientChange(colors=["#1f7a63"]))
    (wanted,), (left,) = jobs.scenes(drawn), jobs.scenes(approved)
    assert wanted.frame_key
    assert left.frame_key == ""
    assert drawn.status == JobStatus.STORYBOARD_READY
