"""Comments over the API: said, answered, closed, taken back; what only the team may read exists for nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import factories
from tests.house.test_queries import counted
from webapp.extensions import db, transaction
from webapp.models import Comment, Reviewer, ReviewLink, Scene, Take
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.schemas.sending import SendDraft
from webapp.services import comments, sending


@pytest.fixture
def job(app, ada):
    """A storyboard of three scenes, sent for review as v1."""
    made = factories.job(factories.client(), duration_ms=9000, user_id=ada.id)
    for number in (1, 2, 3):
        factories.scene(made, number, title=f"Title {number}")
    sending.send(ada, made, SendDraft())
    return made


@pytest.fixture
def path(job):
    return f"/jobs/{job.id}/comments"


@pytest.fixture
def board(job):
    return db.session.scalars(select(Scene).where(Scene.job_id == job.id).order_by(Scene.position)).all()


@pytest.fixture
def maya(job):
    """A guest, who came through a review link."""
    with transaction():
        link = ReviewLink(job_id=job.id, name="Fjell", token_hash="m" * 64)
        db.session.add(link)
        db.session.flush()
        reviewer = Reviewer(link_id=link.id, name="Maya Lund", email="maya@fjell.example")
        db.session.add(reviewer)
    return reviewer


def data(response, status=200):
    assert response.status_code == status, response.text
    return response.json["data"]


def say(program, path, text="Is she too grumpy?", **body):
    return data(program.post(path, json={"text": text, **body}), 201)


# ---- saying ---------------------------------------------------------------------------------------------------------


def test_a_thread_about_a_point_in_a_picture_says_where_it_is(api, eve, path, board):
    response = api(eve).post(
        path, json={"text": " Closer\r\non the label ", "sceneId": board[1].id, "pin": {"x": 0.5, "y": 1}}
    )
    made = data(response, 201)
    assert (made["text"], made["sceneId"], made["sceneNumber"]) == ("Closer\non the label", board[1].id, 2)
    assert (made["pin"], made["pinName"], made["state"]) == ({"x": 0.5, "y": 1.0}, "1", "open")
    assert made["author"] == {"name": "Eve Holt", "isGuest": False, "email": None}
    assert (made["take"], made["version"], made["replies"], made["isInternal"]) == (1, None, [], False)
    assert data(api(eve).get(response.headers["Location"])) == made
    kept = db.session.get(Comment, made["id"])
    assert (kept.pin_x, kept.pin_y) == (500, 1000)


def test_a_thread_about_the_whole_board_has_no_scene(api, ben, path):
    made = say(api(ben), path)
    assert (made["sceneId"], made["sceneNumber"], made["pin"], made["pinName"], made["take"]) == (None,) * 5


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \u200b\n"}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": None}, "text"),
        ({}, "text"),
        ({"text": "Hm", "sceneId": "nowhere"}, "sceneId"),
        ({"text": "Hm", "sceneId": ""}, "sceneId"),
        ({"text": "Hm", "pin": {"x": 0.5, "y": 0.5}}, "pin"),
        ({"text": "Hm", "sceneId": "S", "pin": {"x": 0.5}}, "pin.y"),
        ({"text": "Hm", "sceneId": "S", "pin": {"x": 1.01, "y": 0}}, "pin.x"),
        ({"text": "Hm", "is_internal": True}, "is_internal"),
    ],
)
def test_what_is_wrong_is_named_by_its_field_and_says_nothing(api, eve, path, board, body, field):
    if body.get("sceneId") == "S":
        body = body | {"sceneId": board[0].id}
    response = api(eve).post(path, json=body)
    assert (response.status_code, set(response.json["meta"]["fields"])) == (422, {field}), response.text
    assert db.session.scalar(select(Comment)) is None


def test_a_scene_of_another_board_is_refused_by_its_field(api, eve, path, job):
    elsewhere = factories.scene(factories.job(job.client))
    response = api(eve).post(path, json={"text": "Hm", "sceneId": elsewhere.id})
    assert (response.status_code, set(response.json["meta"]["fields"])) == (422, {"sceneId"})


# ---- threads --------------------------------------------------------------------------------------------------------


def test_a_thread_is_replied_to_answered_closed_and_opened_again(api, eve, ben, path, board):
    team, reviewer = api(eve), api(ben)
    here = f"{path}/{say(reviewer, path, sceneId=board[0].id)['id']}"
    said = team.post(f"{here}/replies", json={"text": "I will look."})
    assert data(said, 201)["parentId"] == here.rpartition("/")[2]
    assert data(team.get(said.headers["Location"]))["id"] == here.rpartition("/")[2]
    answered = data(team.post(f"{here}/answer", json={"text": "She smiles now."}), 201)
    assert (answered["state"], answered["answeredBy"], answered["answeredTake"]) == ("answered", "Eve Holt", None)
    assert [each["text"] for each in answered["replies"]] == ["I will look.", "She smiles now."]
    data(reviewer.post(f"{here}/replies", json={"text": "Not enough."}), 201)
    assert data(team.get(here))["state"] == "open"
    assert data(team.post(f"{here}/close"))["state"] == "closed"
    assert data(reviewer.post(f"{here}/reopen"))["state"] == "open"  # ben began it
    assert data(reviewer.post(f"{here}/close"))["state"] == "closed"


def test_the_take_that_answers_is_told(api, eve, ben, path, job, board):
    said = say(api(ben), path, sceneId=board[0].id)
    with transaction():
        take = Take(scene_id=board[0].id, number=4, source="redo", duration_ms=3000, comment_ids=[said["id"]])
        db.session.add(take)
        db.session.flush()
        comments.answered_by_take(job, board[0], take, by=eve)
    shown = data(api(ben).get(f"{path}/{said['id']}"))
    assert (shown["state"], shown["answeredTake"], shown["take"]) == ("answered", 4, 1)
    assert shown["answeredAt"].endswith("Z")


def test_one_corrects_and_takes_back_ones_own_words_only(api, eve, ben, path):
    mine, other = api(eve), api(ben)
    here = f"{path}/{say(mine, path)['id']}"
    corrected = data(mine.put(here, json={"text": "Is she too merry?"}))
    assert (corrected["text"], bool(corrected["editedAt"])) == ("Is she too merry?", True)
    assert other.put(here, json={"text": "Mine now"}).status_code == 403
    assert other.delete(here).status_code == 403
    assert data(mine.delete(here)) is None
    assert mine.get(here).status_code == 404


def test_what_others_went_on_from_stays_and_says_that_it_was_deleted(api, eve, ben, path):
    mine, other = api(eve), api(ben)
    here = f"{path}/{say(mine, path, 'Grumpy words')['id']}"
    data(other.post(f"{here}/replies", json={"text": "Yes."}), 201)
    late = mine.put(here, json={"text": "Later"})
    assert (late.status_code, late.json["meta"]["code"]) == (409, "conflict")
    assert data(mine.delete(here)) is None
    left = data(other.get(here))
    assert (left["text"], bool(left["deletedAt"]), [each["text"] for each in left["replies"]]) == (None, True, ["Yes."])
    assert mine.delete(here).status_code == 404


def test_comments_go_on_when_the_board_is_frozen(api, eve, path, job):
    with transaction():
        job.approval = "approved"
    assert say(api(eve), path)["state"] == "open"


# ---- guests and the team --------------------------------------------------------------------------------------------


def test_a_guest_is_told_apart_and_their_address_is_the_teams(api, eve, ben, path, job, board, maya):
    comments.add(maya, job, CommentDraft(text="Closer", scene_id=board[0].id))
    (for_team,), (for_reviewer,) = data(api(eve).get(path)), data(api(ben).get(path))
    assert for_team["author"] == {"name": "Maya Lund", "isGuest": True, "email": "maya@fjell.example"}
    assert for_reviewer["author"] == {"name": "Maya Lund", "isGuest": True, "email": None}
    assert (for_team["version"], for_team["take"]) == (1, 1)


def test_what_is_for_the_team_exists_for_nobody_else(api, eve, ben, path, job):
    secret = comments.add(eve, job, CommentDraft(text="Kill this idea", is_internal=True))
    reply = comments.reply(eve, secret, CommentText(text="Softly"))
    program = api(ben)
    assert program.get(path).json["meta"]["total"] == 0
    answers = [program.get(path), program.get(f"{path}?state=open"), program.get(f"{path}?scene=board")]
    for comment in (secret, reply):
        here = f"{path}/{comment.id}"
        refused = [
            program.get(here),
            program.put(here, json={"text": "Hm"}),
            program.delete(here),
            program.post(f"{here}/replies", json={"text": "Hm"}),
            program.post(f"{here}/close"),
            program.post(f"{here}/reopen"),
        ]
        assert {each.status_code for each in refused} == {404}
        answers += refused
    answers += [program.get(f"/jobs/{job.id}/history"), program.get(f"/jobs/{job.id}/standing")]
    assert [each for each in answers if "Kill" in each.text or "Softly" in each.text or secret.id in each.text] == []
    assert data(api(eve).get(path))[0]["isInternal"] is True


def test_a_reviewer_cannot_mean_something_for_the_team_and_say_it_to_all(api, ben, path):
    response = api(ben).post(path, json={"text": "Between us", "isInternal": True})
    assert (response.status_code, response.json["meta"]["code"]) == (403, "forbidden")
    assert db.session.scalar(select(Comment)) is None


def test_only_the_team_answers_and_closes_what_others_began(api, eve, ben, path):
    here = f"{path}/{say(api(eve), path)['id']}"
    assert api(ben).post(f"{here}/answer", json={"text": "So be it"}).status_code == 403
    assert api(ben).post(f"{here}/close").status_code == 403
    assert data(api(ben).post(f"{here}/replies", json={"text": "Please"}), 201)["author"]["name"] == "Ben Berg"


def test_without_a_key_and_from_another_job_there_is_nothing(api, eve, path, job):
    said = say(api(eve), path)
    other = f"/jobs/{factories.job(job.client).id}/comments/{said['id']}"
    assert api(None).get(path).status_code == 401
    assert api(None).post(path, json={"text": "Hm"}).status_code == 401
    assert api(eve).get(other).status_code == 404
    assert api(eve).post(f"{other}/close").status_code == 404
    assert api(eve).get("/jobs/nowhere/comments").status_code == 404


# ---- lists ----------------------------------------------------------------------------------------------------------


def test_lists_are_narrowed_and_come_by_the_page(api, eve, path, board):
    program = api(eve)
    for number in range(5):
        say(program, path, f"Comment {number}", sceneId=board[number % 2].id)
    about_all = say(program, path, "All of it")
    program.post(f"{path}/{about_all['id']}/close")

    def listed(query):
        answer = program.get(f"{path}?{query}").json
        return [each["text"].removeprefix("Comment ") for each in answer["data"]], answer["meta"]["total"]

    assert listed("") == (["All of it", "4", "3", "2", "1", "0"], 6)
    assert listed("limit=2&offset=1") == (["4", "3"], 6)
    assert listed("state=closed") == (["All of it"], 1)
    assert listed("state=answered") == ([], 0)
    assert listed("scene=board") == (["All of it"], 1)
    assert listed(f"scene={board[0].id}") == (["4", "2", "0"], 3)
    assert listed(f"scene={board[0].id}&state=open&limit=1&offset=2") == (["0"], 3)
    assert listed("scene=nowhere") == ([], 0)


@pytest.mark.parametrize("query", ["state=lost", "limit=0", "offset=-1", f"scene={'x' * 37}", "author=me"])
def test_a_wrong_question_is_refused_by_its_name(api, eve, path, query):
    response = api(eve).get(f"{path}?{query}")
    assert (response.status_code, set(response.json["meta"]["fields"])) == (422, {query.split("=")[0]})


def test_a_list_asks_no_more_questions_when_it_is_longer(api, eve, ben, path, job, board, maya):
    program = api(eve)

    def talk(count):
        for _ in range(count):
            root = comments.add(maya, job, CommentDraft(text="Closer", scene_id=board[0].id, pin_x=1, pin_y=1))
            comments.reply(ben, root, CommentText(text="Yes"))

    talk(1)
    program.get(path)  # the first request of a key notes its use
    talk(1)
    with counted() as one:
        program.get(path)
    talk(5)
    with counted() as many:
        assert len(data(program.get(path))) == 7
    assert len(many) == len(one) <= 10
