"""The library in the browser: add, watch, look, change, delete; with htmx and without."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from tests import factories
from tests.services.test_damaged_files import damaged_zips
from webapp.errors import FetchRefused
from webapp.extensions import db, transaction
from webapp.models import Asset, AssetStatus
from webapp.services import asset_intake, assets, blobs, clients

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from webapp.models import Client

HX = {"HX-Request": "true"}
LINK = "https://cdn.example.com/press/bottle-front.png"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture
def fjell(app) -> Client:
    return factories.client("Fjell Coffee")


@pytest.fixture
def eves(browse, eve) -> FlaskClient:
    return browse(eve)


def page(answer: TestResponse) -> BeautifulSoup:
    assert answer.status_code == 200, answer.status
    return BeautifulSoup(answer.text, "html.parser")


def one() -> Asset:
    db.session.rollback()
    return db.session.query(Asset).one()


def refused(client: Client, **facts: object) -> Asset:
    return factories.asset(client, status="refused", error="The host did not answer.", hint="Try again.", **facts)


def test_an_empty_library_says_what_belongs_here(eves: FlaskClient, fjell: Client):
    shown = page(eves.get(f"/clients/{fjell.id}/assets"))
    assert shown.select_one(".empty h2").text == "No assets yet"
    assert [form["method"] for form in shown.select("main form[action]") if form.get("method")] == ["post", "post"]


def test_links_without_javascript(eves: FlaskClient, fjell: Client):
    answer = eves.post(f"/clients/{fjell.id}/assets", data={"links": f"{LINK}\nftp://x.example/a"})
    assert (answer.status_code, answer.location) == (303, f"/clients/{fjell.id}/assets")
    tiles = page(eves.get(answer.location)).select(".tile")
    assert sorted(tile["data-state"] for tile in tiles) == ["failed", "waiting"]
    assert "ftp:" in next(tile for tile in tiles if tile["data-state"] == "failed").select_one(".reason").text


def test_files_without_javascript(eves: FlaskClient, fjell: Client):
    files = [(io.BytesIO(PNG), "bottle.png"), (io.BytesIO(b"MZ\x90\x00 program"), "setup.exe")]
    answer = eves.post(f"/clients/{fjell.id}/assets", data={"file": files}, content_type="multipart/form-data")
    assert answer.status_code == 303
    db.session.rollback()
    states = {asset.name: asset.status for asset in db.session.query(Asset)}
    assert states == {"bottle.png": AssetStatus.READING, "setup.exe": AssetStatus.REFUSED}


def test_nothing_typed_is_lost_when_there_are_too_many_links(eves: FlaskClient, fjell: Client):
    typed = "\n".join(f"https://example.com/{number}.png" for number in range(101))
    answer = eves.post(f"/clients/{fjell.id}/assets", data={"links": typed})
    assert answer.status_code == 422
    shown = BeautifulSoup(answer.text, "html.parser")
    assert shown.select_one("textarea[name=links]").text.strip() == typed
    assert "At most 100 links" in shown.select_one("#f-links-error").text


def test_htmx_gets_a_tile_that_polls_until_it_is_done(eves: FlaskClient, fjell: Client):
    answer = eves.post(f"/clients/{fjell.id}/assets?as=tile", data={"links": LINK}, headers=HX)
    [tile] = page(answer).select(".tile")
    assert tile["hx-trigger"] == "every 700ms"
    assert eves.get(tile["hx-get"], headers=HX).status_code == 204
    with transaction():
        asset = db.session.get(Asset, tile["id"].removeprefix("asset-"))
        asset.status, asset.received_bytes, asset.expected_bytes = AssetStatus.DOWNLOADING, 1024, 4096
    [tile] = page(eves.get(tile["hx-get"], headers=HX)).select(".tile")
    assert (tile.progress["value"], tile.progress["max"]) == ("1024", "4096")
    with transaction():
        asset = db.session.get(Asset, tile["id"].removeprefix("asset-"))
        asset_intake.refuse(asset, FetchRefused("The server answered 404.", permanent=False, hint="Check the link."))
    [tile] = page(eves.get(tile["hx-get"], headers=HX)).select(".tile")
    assert tile.get("hx-get") is None
    assert tile.select_one(".reason").text == "The server answered 404."
    assert [button.text.strip() for button in tile.select("button")] == ["Retry", "Remove"]


def test_a_finished_tile_renews_the_counts_of_the_filter(eves: FlaskClient, fjell: Client):
    asset = factories.asset(fjell)
    parts = BeautifulSoup(eves.get(f"/assets/{asset.id}/tile", headers=HX).text, "html.parser")
    found = {part["hx-target"]: part.get_text(strip=True) for part in parts.select("hx-partial")}
    assert found["#kind-image"] == "Images (1)"
    assert found["#kind-video"] == "Videos (0)"
    shown = page(eves.get(f"/clients/{fjell.id}/assets"))
    assert all(shown.select_one(target) for target in found), "each part has its place on the page"


def test_the_tile_alone_is_the_tile_of_the_page(eves: FlaskClient, fjell: Client):
    asset = factories.asset(fjell, width=1600, height=1200, received_bytes=2_400_000, tags=["product_shot"])
    refused(fjell, name="other.png", can_retry=True)
    shown = page(eves.get(f"/clients/{fjell.id}/assets"))
    alone = page(eves.get(f"/assets/{asset.id}/tile", headers=HX))
    assert str(shown.select_one(f"#asset-{asset.id}")) == str(alone.select_one(".tile"))
    assert "1600 \N{MULTIPLICATION SIGN} 1200, PNG, 2.3 MB" in shown.select_one(f"#asset-{asset.id}").text


def test_a_link_that_is_there_already_is_said_and_not_shown_twice(eves: FlaskClient, fjell: Client):
    eves.post(f"/clients/{fjell.id}/assets?as=tile", data={"links": LINK}, headers=HX)
    again = page(eves.post(f"/clients/{fjell.id}/assets?as=tile", data={"links": LINK}, headers=HX))
    assert again.select(".tile") == []
    assert "Already in the library: bottle-front.png" in again.select_one(".toast").text


def test_rows_for_the_form_of_a_storyboard(eves: FlaskClient, fjell: Client):
    known = factories.asset(fjell, "known.png", tags=["brand_logo"])
    data = {"links": LINK, "choose": known.id}
    rows = page(eves.post(f"/clients/{fjell.id}/assets?as=row", data=data, headers=HX)).select("li")
    assert rows[0].select_one("input[name=asset_ids]")["value"] == known.id
    assert rows[0].select_one("select")["name"] == f"role-{known.id}"
    assert rows[0].select_one("option[selected]")["value"] == "brand_logo"
    state = rows[1].select_one(".row-state")
    assert eves.get(state["hx-get"], headers=HX).status_code == 204
    asset_id = rows[1].select_one("input[name=asset_ids]")["value"]
    data = {"links": LINK, "asset_ids": [asset_id, known.id]}
    again = page(eves.post(f"/clients/{fjell.id}/assets?as=row", data=data, headers=HX))
    assert again.select("li") == [], "it is in the form already"
    assert "Already in the list" in again.text


def test_only_ready_assets_of_this_client_are_offered(eves: FlaskClient, fjell: Client):
    ready = factories.asset(fjell, "ready.png")
    refused(fjell, name="refused.png")
    other = factories.asset(factories.client("Other"), "foreign.png")
    shown = page(eves.get(f"/clients/{fjell.id}/assets/choose?asset_ids={ready.id}", headers=HX))
    assert [box["value"] for box in shown.select("input[name=choose]")] == [ready.id]
    assert shown.select_one("input[name=choose]").has_attr("disabled")
    assert eves.post(f"/clients/{fjell.id}/assets?as=row", data={"choose": other.id}, headers=HX).status_code == 422


def test_filters_and_pages(eves: FlaskClient, fjell: Client):
    for number in range(30):
        factories.asset(fjell, f"picture {number}.png", tags=["background"])
    factories.asset(fjell, "jingle.mp3", kind="audio", format="mp3")
    url = f"/clients/{fjell.id}/assets"
    first = page(eves.get(url))
    assert len(first.select(".tile")) == 24
    assert first.select_one("a[rel=next]")
    assert len(page(eves.get(f"{url}?page=2")).select(".tile")) == 7
    assert [tile.b.text for tile in page(eves.get(f"{url}?kind=audio")).select(".tile")] == ["jingle.mp3"]
    assert len(page(eves.get(f"{url}?tag=background&q=picture 1")).select(".tile")) == 12
    assert page(eves.get(f"{url}?q=nothing")).select_one(".empty h2").text == "Nothing matches"


def test_the_page_of_an_asset_says_where_it_comes_from_and_where_it_is_used(eves: FlaskClient, fjell: Client):
    with transaction():
        blob = blobs.put(PNG, "image/png")
    asset = factories.asset(
        fjell, "bottle.png", blob_id=blob.id, source_url=LINK, received_bytes=108, palette=["#1f7a63"]
    )
    job = factories.job(fjell)
    factories.scene(job, 1, asset_ids=[asset.id])
    shown = page(eves.get(f"/assets/{asset.id}"))
    facts = {each.dt.text: " ".join(each.dd.text.split()) for each in shown.select(".facts > div")}
    assert facts["Link"] == LINK
    assert facts["Size"] == "108 B (108 bytes)"
    assert facts["SHA-256"] == blob.sha256
    assert shown.select_one(".uses a").text == "Scene 1 of “Cold brew in one twist”"
    assert not shown.select("form[action$=delete]"), "a scene uses it"


@pytest.mark.parametrize(
    ("kind", "form", "element"), [("video", "mp4", "video"), ("audio", "mp3", "audio"), ("video", "avi", "figcaption")]
)
def test_players_only_for_what_browsers_play(eves: FlaskClient, fjell: Client, kind: str, form: str, element: str):
    asset = factories.asset(fjell, f"x.{form}", kind=kind, format=form, duration_ms=64_000)
    shown = page(eves.get(f"/assets/{asset.id}"))
    found = shown.select(".preview video, .preview audio, .preview figcaption")
    assert [each.name for each in found] == [element]
    assert "1:04" in shown.select_one(".meta").text


def test_name_and_tags_are_changed(eves: FlaskClient, fjell: Client):
    asset = factories.asset(fjell, tags=["old"])
    data = {"name": "Bottle", "tags": ["product_shot", "subject"], "other_tags": "Hero Image, old"}
    assert eves.post(f"/assets/{asset.id}", data=data).status_code == 303
    assert (one().name, one().tags) == ("Bottle", ["product_shot", "subject", "hero_image", "old"])
    answer = eves.post(f"/assets/{asset.id}", data={"name": " ", "other_tags": "kept"})
    assert answer.status_code == 422
    shown = BeautifulSoup(answer.text, "html.parser")
    assert shown.select_one("#f-name")["aria-invalid"] == "true"
    assert shown.select_one("#f-other_tags")["value"] == "kept"


def test_deleting_from_the_library_and_from_the_page(eves: FlaskClient, fjell: Client):
    first, second = factories.asset(fjell), factories.asset(fjell)
    gone = eves.post(f"/assets/{first.id}/delete", headers=HX)
    assert (gone.status_code, gone.text) == (200, "")
    answer = eves.post(f"/assets/{second.id}/delete")
    assert (answer.status_code, answer.location) == (303, f"/clients/{fjell.id}/assets")
    assert eves.get(f"/assets/{first.id}").status_code == 404
    poll = eves.get(f"/assets/{first.id}/tile?v=1", headers=HX)
    assert (poll.status_code, poll.text) == (200, ""), "the tile of another browser goes as well"


def test_deleting_what_a_scene_shows_is_refused_by_name(eves: FlaskClient, fjell: Client):
    asset = factories.asset(fjell)
    factories.scene(factories.job(fjell), 2, asset_ids=[asset.id])
    for headers in ({}, HX):
        answer = eves.post(f"/assets/{asset.id}/delete", headers=headers)
        assert answer.status_code == 409
        assert "Scene 2 of “Cold brew in one twist” uses it." in answer.text


def test_retry_with_and_without_htmx(eves: FlaskClient, fjell: Client):
    asset = refused(fjell, can_retry=True, source_url=LINK)
    assert page(eves.post(f"/assets/{asset.id}/retry", headers=HX)).select_one(".tile")["data-state"] == "waiting"
    assert (one().status, one().attempt) == ("waiting", 2)
    assert eves.post(f"/assets/{asset.id}/retry").status_code == 409
    row = refused(fjell, can_retry=True, source_url=LINK)
    assert page(eves.post(f"/assets/{row.id}/retry?as=row", headers=HX)).select_one(".row-state")


def test_reviewers_look_and_do_not_touch(browse, ben, fjell: Client):
    asset = factories.asset(fjell)
    bens = browse(ben)
    shown = page(bens.get(f"/clients/{fjell.id}/assets"))
    assert shown.select("main form[method=post]") == []
    assert page(bens.get(f"/assets/{asset.id}")).select("main form[method=post]") == []
    for url in (
        f"/clients/{fjell.id}/assets",
        f"/assets/{asset.id}",
        f"/assets/{asset.id}/delete",
        f"/assets/{asset.id}/retry",
    ):
        assert bens.post(url, data={"links": LINK}).status_code == 403


def test_what_is_not_there_is_not_found(eves: FlaskClient):
    for url in ("/clients/nobody/assets", "/assets/nobody", "/assets/nobody/data", "/assets/nobody/thumbnail"):
        assert eves.get(url).status_code == 404


def test_names_are_shown_as_text(eves: FlaskClient, fjell: Client):
    asset = factories.asset(fjell, "<script>alert(1)</script>.png", source_url='https://x.example/"><script>')
    for url in (f"/clients/{fjell.id}/assets", f"/assets/{asset.id}"):
        shown = page(eves.get(url))
        assert "alert(1)" not in "".join(script.text for script in shown.select("script"))


def test_the_number_of_queries_does_not_grow_with_the_library(eves: FlaskClient, fjell: Client, app):
    from sqlalchemy import event

    counted, url = [], f"/clients/{fjell.id}/assets"
    event.listen(db.engine, "before_cursor_execute", lambda *call: counted.append(call[2]))

    def queries() -> int:
        db.session.remove()
        counted.clear()
        page(eves.get(url))
        return len(counted)

    client_id = fjell.id
    factories.asset(fjell)
    few = queries()
    fjell = clients.find(factories.person("Ida Vik", "ida@example.com"), client_id)  # the other went with its session
    for number in range(15):
        factories.asset(fjell, f"{number}.png", tags=["subject"])
    assert queries() == few


def test_a_sentence_says_what_a_file_is():
    from webapp.views.assets import clock, facts

    film = Asset(name="x", kind="video", format="mp4", width=1920, height=1080, duration_ms=12_400, received_bytes=640)
    paper = Asset(name="x", kind="document", format="pdf", page_count=3, received_bytes=0)
    assert facts(film) == "1920 \N{MULTIPLICATION SIGN} 1080, 0:12, MP4, 640 B"
    assert facts(paper) == "3 pages, PDF"
    assert [clock(ms) for ms in (400, 1000, 59_600, 3_723_000)] == ["0.4 s", "0:01", "1:00", "1:02:03"]
    assert assets.MAX_LINKS == 100


@pytest.mark.parametrize(("form", "words"), [("doc", "old Word files"), ("pdf", "a scan has none")])
def test_a_document_without_words_says_that_the_writer_will_not_know_it(eves, fjell, form, words):
    silent = factories.asset(fjell, f"brief.{form}", kind="document", format=form)
    assert words in eves.get(f"/assets/{silent.id}").text
    read = factories.asset(fjell, f"other.{form}", kind="document", format=form, excerpt="Fresh coffee")
    assert words not in eves.get(f"/assets/{read.id}").text


def test_a_damaged_archive_is_refused_with_a_sentence(eves, fjell):
    """LZMA's own error once was a server error."""
    content = damaged_zips()["LZMA"]
    sent = {"file": [(io.BytesIO(content), "brief.docx")]}
    answer = eves.post(f"/clients/{fjell.id}/assets", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert db.session.scalar(db.select(Asset.error)) == "This file is damaged."
