"""Files dropped into a library: what is too large is said before a byte of it is sent."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.running import Slate


def test_a_file_over_the_limit_is_refused_in_the_page_and_the_others_go_up(migrated, tmp_path, opened):
    with Slate(migrated, tmp_path / "instance", with_worker=False, MAX_ASSET_DOWNLOAD_SIZE_MB="1") as slate:
        page = opened(slate, slate.person("Eve Holt"), f"/clients/{slate.client().id}/assets")
        posts = []
        page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
        page.locator("input[type=file]").set_input_files(
            [
                {"name": "huge.txt", "mimeType": "text/plain", "buffer": b"x" * (1024 * 1024 + 1)},
                {"name": "small.txt", "mimeType": "text/plain", "buffer": b"words"},
            ]
        )
        expect(page.get_by_role("alert")).to_have_text("The file is too large: 2 MB, at most 1 MB.")
        expect(page.locator("#tiles .tile")).to_have_count(1)
        assert len(posts) == 1
