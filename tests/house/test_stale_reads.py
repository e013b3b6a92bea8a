"""Nothing that is written is computed from rows that were read before `transaction()`."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.house.stale_reads import Program

WEBAPP = Path(__file__).parents[2] / "webapp"
COMPARED = "what it computes is written only while the rows still are what it was computed from"
ROWS = "these are rows in a tuple of their own, read again inside"
IDS = "only ids are handed on, and looked up again inside"
ALLOWED = {
    "extensions.delete_rows": "the condition is asked again in each transaction",
    "services.api_keys.find": IDS,
    "services.deliveries.put_due_on_queue": IDS,
    "services.erasure.by_email": IDS,
    "services.frame_store._frame": "pictures are named by all that they show, so the same name is the same picture",
    "services.frame_store.draw_candidate": "drawing under the name of what it shows changes no scene",
    "services.frame_store.draw_missing": COMPARED,
    "services.people.change_password": "the address is only what tries are counted under",
    "services.review_board.note_look": "the same is asked again inside, the other way round",
    "services.reviewers.choose": COMPARED,
    "services.reviewers.enter": COMPARED,
    "services.scene_generator.draw.work": "the words a page shows while it is drawn",
    "services.scene_generator.settle_assets.work": "the words a page shows while it waits",
    "services.scene_generator.write.work": COMPARED,
    "services.scene_rewriter._rewrite": COMPARED,
    "services.sweep.sweep": IDS,
    "views.api.spec._once": "the role is part of what was asked, which is only compared",
    "views.api.v3.assets._linked": ROWS,
    "views.api.v3.assets._uploaded": ROWS,
    "views.api.v3.assets.create_from_urls": ROWS,
    "views.api.v3.assets.retry": "only ids and a word for the answer are handed on",
}
"""Functions that may, each with its reason."""


@pytest.fixture(scope="module")
def program():
    found = Program()
    for path in (*WEBAPP.glob("services/**/*.py"), *WEBAPP.glob("views/**/*.py"), *WEBAPP.glob("*.py")):
        name = ".".join(path.relative_to(WEBAPP).with_suffix("").parts).removesuffix(".__init__")
        found.add(name, path.read_text())
    return found


@pytest.fixture(scope="module")
def found(program):
    return program.findings()


def test_nothing_is_written_from_what_was_read_before(found):
    assert [str(each) for each in found if each.where not in ALLOWED] == []
    assert sorted(ALLOWED.keys() - {each.where for each in found}) == []  # what needs no excuse has none


@pytest.mark.usefixtures("found")
def test_most_of_what_writes_is_looked_at(program):
    assert len(program.writers) > 200


HEAD = """
    from webapp.extensions import db, transaction
    from webapp.models import Asset, Job, Scene, User
    from webapp.services import jobs

    def find(job: Job, number: int) -> Scene:
        return db.session.scalar(select(Scene))

    def board(job: Job) -> list[Scene]:
        return db.session.scalars(select(Scene)).all()

    def reorder(job: Job, ids: list[str]) -> None:
        with transaction():
            job.order = ids

    def need_admin(person: User) -> None:
        if not person.may_manage:
            raise NotFound
"""
NAIVE = {
    "the old move": """
        def move(job: Job, scene: Scene, position: int) -> None:
            ids = [each.id for each in board(job) if each.id != scene.id]
            ids.insert(max(0, min(position - 1, len(ids))), scene.id)
            reorder(job, ids)
    """,
    "a name that was there": """
        def change(asset: Asset, name: str, tags: list[str]) -> None:
            with transaction():
                asset.name, asset.tags = name, tags

        def tag(asset: Asset, tags: list[str]) -> None:
            change(asset, asset.name, tags)
    """,
    "a count": """
        def add(job: Job) -> None:
            position = job.scene_count + 1
            with transaction():
                db.session.add(Scene(position=position))
    """,
    "a lookup": """
        def add(job: Job) -> None:
            last = db.session.scalar(select(func.max(Scene.position)))
            with transaction():
                db.session.add(Scene(position=(last or 0) + 1))
    """,
    "a check": """
        def remove(person: User, job: Job) -> None:
            need_admin(person)
            with transaction():
                db.session.delete(job)
    """,
    "a rule of the row": """
        def remove(person: User, job: Job) -> None:
            job.must_be_open()
            with transaction():
                db.session.delete(job)
    """,
    "an early return": """
        def begin(job: Job) -> None:
            if job.is_running:
                return
            with transaction():
                job.status = "pending"
    """,
    "a value inside a loop": """
        def shift(job: Job) -> None:
            for each in board(job):
                length = each.take.duration_ms
                with transaction():
                    each.take.duration_ms = length * 2
    """,
    "a row of a finder": """
        def copy(job: Job, number: int) -> None:
            scene = find(job, number)
            words = {"script": scene.take.script}
            with transaction():
                db.session.add(Scene(**words))
    """,
    "a lambda": """
        def move(form: Form, job: Job) -> None:
            form.submit(lambda typed: reorder(job, [each.id for each in board(job)]))
    """,
    "a method": """
        class Keeper:
            def keep(self, job: Job) -> None:
                before = job.revision
                with transaction():
                    job.revision = before + 1
    """,
    "a walrus": """
        def go_on(job: Job) -> None:
            if stage := job.stage:
                with transaction():
                    job.detail = stage
    """,
}
FINE = {
    "the same inside": """
        def move(job: Job, scene: Scene, position: int) -> None:
            with transaction():
                ids = [each.id for each in board(job) if each.id != scene.id]
                ids.insert(position, scene.id)
                reorder(job, ids)
    """,
    "ids and what was typed": """
        def change(job: Job, name: str) -> None:
            job_id, title = job.id, name.strip()
            with transaction():
                db.session.get_one(Job, job_id).title = title
    """,
    "compared with the present": """
        def renew(person: User, password: str) -> None:
            old, kept = person.password_hash, hashed(password)
            with transaction():
                if person.password_hash == old:
                    person.password_hash = kept
    """,
    "a check that is made again": """
        def remove(person: User, job: Job) -> None:
            need_admin(person)
            with transaction():
                need_admin(person)
                db.session.delete(job)
    """,
    "only said": """
        def say(job: Job) -> str:
            before = job.revision
            reorder(job, [])
            return f"{before}"
    """,
    "a helper of one transaction": """
        def _last(job: Job) -> int:
            return db.session.scalar(select(func.max(Scene.position)))

        def _put(job: Job) -> None:
            place = _last(job)
            reorder(job, [place])

        def add(job: Job) -> None:
            with transaction():
                _put(job)
    """,
}


def findings(source):
    program = Program()
    program.add("services.naive", dedent(HEAD) + dedent(source))
    return program.findings()


@pytest.mark.parametrize("form", NAIVE)
def test_the_naive_forms_are_found(form):
    assert findings(NAIVE[form])


@pytest.mark.parametrize("form", FINE)
def test_the_right_forms_are_not(form):
    assert [str(each) for each in findings(FINE[form])] == []
