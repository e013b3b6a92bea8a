"""Every ready asset goes where it makes sense, and what a scene has it keeps."""

from __future__ import annotations

from dataclasses import replace

from webapp.services.placement import place, role_of
from webapp.services.writers.base import AssetNote, SceneDraft


def scene(number: int, beat: str, shot: str = "medium", assets: tuple[str, ...] = ()) -> SceneDraft:
    return SceneDraft(
        number=number, title="t", beat=beat, description="d", script="s", seconds=3.0, shot_type=shot, asset_ids=assets
    )


def asset(key: str, role: str = "", kind: str = "image", *, name: str = "", tags: tuple[str, ...] = ()) -> AssetNote:
    return AssetNote(id=key, name=name or key, kind=kind, role=role, tags=tags)


SCENES = (
    scene(1, "hook", "wide"), scene(2, "problem", "close-up"), scene(3, "product", "product"),
    scene(4, "proof", "medium"), scene(5, "cta", "end-card"),
)  # fmt: skip


def test_roles_find_their_scenes() -> None:
    roles = ("first_frame", "subject", "brand_logo", "product_shot", "background", "closing_frame")
    places = place([asset(role, role) for role in roles], SCENES)
    assert places[1] == ("first_frame", "background")
    assert "product_shot" in places[3]
    assert places[5] == ("closing_frame", "brand_logo")
    assert next(n for n in places if "subject" in places[n]) in {2, 4}


def test_tags_and_names_speak_when_no_role_does() -> None:
    assert role_of(asset("a", name="fjell-logo.svg")) == "brand_logo"
    assert role_of(asset("b", tags=("packshot",))) == "product_shot"
    assert role_of(asset("c", name="IMG_1234.jpg")) == ""


def test_every_ready_picture_is_used_once_and_spread_out() -> None:
    assets = [asset(f"p{i}") for i in range(4)]
    used = [key for ids in place(assets, SCENES).values() for key in ids]
    assert sorted(used) == ["p0", "p1", "p2", "p3"]
    assert max(len(ids) for ids in place(assets, SCENES).values()) == 1
    assert place(assets, SCENES)[5] == ()


def test_sound_and_documents_are_no_pictures() -> None:
    assets = [
        asset("song", "use_full_audio", "audio"),
        asset("voice", "voice_sample", "audio"),
        asset("pdf", kind="document"),
    ]
    places = place([*assets, asset("opening", "first_frame")], SCENES)
    assert places[1] == ("opening", "song")
    assert not {"voice", "pdf"} & {key for ids in places.values() for key in ids}


def test_what_a_scene_has_it_keeps_and_late_assets_are_added() -> None:
    scenes = [scene(1, "hook"), scene(2, "product", "product", ("mine",)), scene(3, "cta", "end-card")]
    late = replace(asset("late", "product_shot"), ready=False)
    assert place([asset("mine"), late], scenes) == {1: (), 2: ("mine",), 3: ()}
    assert place([asset("mine"), replace(late, ready=True)], scenes)[2] == ("mine", "late")


def test_no_scenes_no_places() -> None:
    assert place([asset("a")], ()) == {}


def test_one_scene_takes_everything() -> None:
    assert set(place([asset("a", "first_frame"), asset("b"), asset("c", "brand_logo")], [scene(1, "cta")])[1]) == {
        "a",
        "b",
        "c",
    }
