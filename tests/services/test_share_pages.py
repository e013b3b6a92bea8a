"""Share links: fetched from where the service keeps the file, or refused with what to copy instead."""

from __future__ import annotations

import pytest

from tests.services.fetching import PNG, answering, fetched, refused, trusting_all
from tests.services.harbour import answer
from webapp.services.fetching.share_pages import direct

FILE = "1AbCdEfGhIjKlMnOpQrStUvWxYz012345"
DRIVE = f"https://drive.google.com/uc?export=download&id={FILE}"
DOCS = "https://docs.google.com"
POINT = "https://acme.sharepoint.com"
GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
DIRECT = [
    (f"https://drive.google.com/file/d/{FILE}/view?usp=sharing", DRIVE),
    (f"https://drive.google.com/file/d/{FILE}/view?usp=drive_link", DRIVE),
    (f"https://drive.google.com/file/d/{FILE}/preview", DRIVE),
    (f"https://drive.google.com/file/d/{FILE}/edit", DRIVE),
    (f"https://drive.google.com/file/d/{FILE}", DRIVE),
    (f"https://drive.google.com/file/u/0/d/{FILE}/view", DRIVE),
    (f"https://drive.google.com/a/acme.example/file/d/{FILE}/view", DRIVE),
    (f"https://drive.google.com/open?id={FILE}", DRIVE),
    (f"https://drive.google.com/u/1/open?usp=sharing&id={FILE}", DRIVE),
    (f"https://drive.google.com/uc?id={FILE}", DRIVE),
    (f"https://drive.google.com/uc?export=view&id={FILE}", DRIVE),
    (f"https://drive.google.com/file/d/{FILE}/view?resourcekey=0-aB_c", f"{DRIVE}&resourcekey=0-aB_c"),
    (DRIVE, DRIVE),
    (
        f"https://drive.usercontent.google.com/download?id={FILE}&export=download",
        f"https://drive.usercontent.google.com/download?id={FILE}&export=download&confirm=t",
    ),
    (f"{DOCS}/document/d/{FILE}/edit?tab=t.0", f"{DOCS}/document/d/{FILE}/export?format=pdf"),
    (f"{DOCS}/document/u/0/d/{FILE}/edit", f"{DOCS}/document/d/{FILE}/export?format=pdf"),
    (f"{DOCS}/spreadsheets/d/{FILE}/edit?gid=0", f"{DOCS}/spreadsheets/d/{FILE}/export?format=pdf"),
    (f"{DOCS}/presentation/d/{FILE}/edit", f"{DOCS}/presentation/d/{FILE}/export/pdf"),
    (f"{DOCS}/drawings/d/{FILE}/edit", f"{DOCS}/drawings/d/{FILE}/export/png"),
    *(
        (same, same)
        for same in (
            f"{DOCS}/document/d/{FILE}/export?format=docx",
            f"{DOCS}/spreadsheets/d/{FILE}/pub?output=pdf",
            f"{DOCS}/document/d/e/2PACX-{FILE}/pub",
            "https://lh3.googleusercontent.com/pw/abc=w800",
        )
    ),
    ("https://www.dropbox.com/s/abc123/logo.png?dl=0", "https://www.dropbox.com/s/abc123/logo.png?dl=1"),
    ("https://www.dropbox.com/s/abc123/logo.png", "https://www.dropbox.com/s/abc123/logo.png?dl=1"),
    (
        "https://www.dropbox.com/scl/fi/k3y/logo.png?rlkey=a1b2&st=x%2Fy&dl=0",
        "https://www.dropbox.com/scl/fi/k3y/logo.png?rlkey=a1b2&st=x%2Fy&dl=1",
    ),
    (
        "https://www.dropbox.com/scl/fo/k3y/AbC/logo.png?rlkey=a1&dl=0",
        "https://www.dropbox.com/scl/fo/k3y/AbC/logo.png?rlkey=a1&dl=1",
    ),
    *(
        (same, same)
        for same in (
            "https://www.dropbox.com/s/abc/logo.png?dl=1",
            "https://www.dropbox.com/s/abc/logo.png?raw=1",
            "https://dl.dropboxusercontent.com/s/abc/logo.png",
        )
    ),
    (f"{POINT}/:i:/s/Brand/EaBc123?e=x1Y2", f"{POINT}/:i:/s/Brand/EaBc123?e=x1Y2&download=1"),
    (f"{POINT}/:b:/g/personal/ada/EaBc?e=x&web=1", f"{POINT}/:b:/g/personal/ada/EaBc?e=x&download=1"),
    ("https://acme-my.sharepoint.com/:v:/p/ada/EaBc", "https://acme-my.sharepoint.com/:v:/p/ada/EaBc?download=1"),
    (
        f"{POINT}/sites/Brand/_layouts/15/Doc.aspx?sourcedoc=%7B{GUID}%7D&file=a.docx",
        f"{POINT}/sites/Brand/_layouts/15/download.aspx?UniqueId={GUID}",
    ),
    (f"{POINT}/_layouts/15/guestaccess.aspx?share=Ea", f"{POINT}/_layouts/15/guestaccess.aspx?share=Ea&download=1"),
    ("https://1drv.ms/i/s!AbC?e=xY", "https://1drv.ms/i/s!AbC?e=xY&download=1"),
    ("https://1drv.ms/i/c/77/EaBc", "https://1drv.ms/i/c/77/EaBc?download=1"),
    (
        "https://onedrive.live.com/embed?cid=AB&resid=AB%21105&authkey=AKx",
        "https://onedrive.live.com/download?cid=AB&resid=AB%21105&authkey=AKx",
    ),
    ("https://app.box.com/s/abcdef123456", "https://app.box.com/shared/static/abcdef123456"),
    (
        "https://acme.box.com/s/abcdef123456/file/99",
        "https://acme.box.com/index.php?rm=box_download_shared_file&shared_name=abcdef123456&file_id=f_99",
    ),
    ("https://github.com/o/r/blob/main/a/logo.png?raw=true", "https://github.com/o/r/raw/main/a/logo.png"),
    *(
        (same, same)
        for same in (
            "https://files.example/file/d/abc/view",
            "https://dropbox.com.evil.example/s/a/b.png?dl=0",
            "https://notdropbox.com/s/a/b.png?dl=0",
            "https://img.youtube.com/vi/abc/maxresdefault.jpg",
        )
    ),
]
PAGES = [
    f"https://drive.google.com/drive/folders/{FILE}",
    "https://docs.google.com/forms/d/e/abc/viewform",
    "https://photos.app.goo.gl/AbC",
    "https://photos.google.com/share/AbC",
    "https://www.dropbox.com/scl/fo/k3y/AbC?rlkey=a1&dl=0",
    "https://www.dropbox.com/sh/abc/AbC?dl=0",
    "https://www.dropbox.com/t/AbC",
    f"{POINT}/:f:/s/Brand/EaBc?e=x",
    "https://1drv.ms/f/s!AbC",
    "https://we.tl/t-AbC123",
    "https://wetransfer.com/downloads/abc/def",
    "https://acme.wetransfer.com/downloads/abc/def",
    "https://www.figma.com/file/AbC/Brand",
    "https://www.figma.com/design/AbC/Brand?node-id=1-2",
    "https://www.figma.com/proto/AbC",
    "https://www.icloud.com/iclouddrive/0abc#logo",
    "https://share.icloud.com/photos/0abc",
    "https://www.canva.com/design/DAF/view",
    "https://www.youtube.com/watch?v=abc",
    "https://youtu.be/abc",
    "https://m.youtube.com/shorts/abc",
    "https://vimeo.com/12345678",
    "https://player.vimeo.com/video/123",
    "https://www.instagram.com/p/AbC/",
    "https://www.tiktok.com/@fjell/video/1",
    "https://mega.nz/file/abc#key",
    "https://www.loom.com/share/abc",
]


@pytest.mark.parametrize(("link", "file"), DIRECT)
def test_a_share_link_is_fetched_from_where_the_file_is(link, file):
    assert direct(link) == file
    assert direct(file) == file, "what was found once is not looked for again"


@pytest.mark.parametrize("link", PAGES)
def test_pages_that_never_are_files_are_refused_before_anybody_is_asked(tmp_path, link):
    with answering(answer(PNG)) as server:
        refusal = refused(server, tmp_path, url=link)
        assert server.served == 0
    assert "opens a page of" in refusal.message
    assert refusal.hint
    assert refusal.permanent


@pytest.mark.parametrize(
    ("link", "hint"),
    [
        ("https://drive.google.com/open?id=" + FILE, "Anyone with the link"),
        ("https://www.dropbox.com/s/abc/logo.png?dl=1", "Copy link"),
        ("https://acme.sharepoint.com/sites/Brand/Forms/AllItems.aspx", "Anyone with the link"),
        ("https://onedrive.live.com/?id=1", "Anyone with the link"),
        ("https://www.figma.com/api/x", "Export"),
        ("https://www.icloud.com/", "upload it here"),
        ("https://www.canva.com/x", "Download"),
        ("https://www.facebook.com/photo?fbid=1", "upload it here"),
        ("https://www.pinterest.com/pin/1/", "upload it here"),
        ("https://imgur.com/abc", "Copy image address"),
        ("https://cdn.example.com/page", "link of the picture or video itself"),
    ],
)
@pytest.mark.parametrize("body", [b"<!doctype html><title>Sign in</title>", b'{"error": "Sign in"}'])
def test_a_page_in_place_of_the_file_says_what_to_copy(tmp_path, link, hint, body):
    with answering(answer(body), tls=True) as server:
        refusal = refused(server, tmp_path, url=link, tls=trusting_all())
    assert "not a file: “Sign in”." in refusal.message
    assert hint in refusal.hint


def test_the_rule_holds_behind_a_short_link_and_a_sign_in_is_explained(tmp_path):
    def answers(url: str, _: str) -> bytes:
        if url.startswith("http://s.example/"):
            return answer(b"", "302 Found", Location="http://www.dropbox.com/scl/fi/k/logo.png?rlkey=a&dl=0")
        if url == "http://www.dropbox.com/scl/fi/k/logo.png?rlkey=a&dl=1":
            return answer(b"", "302 Found", Location="http://files.example.com/logo")
        return answer(PNG) if url == "http://files.example.com/logo" else answer(b"", "404 Not Found")

    with answering(answers) as server:
        got = fetched(server, tmp_path, url="http://s.example/abc")
    assert got.final_url == "http://files.example.com/logo"
    got.path.unlink()

    def to_sign_in(url: str, _: str) -> bytes:
        if "sharepoint" in url:
            return answer(b"", "302 Found", Location="http://login.example/")
        return answer(b"<html><title>Sign in to your account</title>")

    with answering(to_sign_in) as server:
        refusal = refused(server, tmp_path, url="http://acme.sharepoint.com/:i:/s/a/b")
    assert "Sign in to your account" in refusal.message
    assert "SharePoint" in refusal.hint


@pytest.mark.parametrize("status", ["401 No", "403 No", "404 No", "410 Gone"])
def test_a_closed_share_says_how_to_open_it(tmp_path, status):
    with answering(answer(b"", status)) as server:
        assert "Copy link" in refused(server, tmp_path, url="http://www.dropbox.com/s/abc/a.png").hint


def test_a_service_that_leads_back_to_its_page_is_no_circle(tmp_path):
    def answers(url: str, _: str) -> bytes:
        if "/shared/static/" in url:
            return answer(b"", "302 Found", Location="/s/abcdef123456")
        return answer(b"<html><title>Downloads are off</title>")

    with answering(answers, tls=True) as server:
        refusal = refused(server, tmp_path, url="https://acme.box.com/s/abcdef123456", tls=trusting_all())
        assert server.served == 2
    assert "Downloads are off" in refusal.message
    assert "Box" in refusal.hint
