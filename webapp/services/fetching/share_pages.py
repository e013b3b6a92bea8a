"""Links that show a page around a file: where the file itself is, or what to copy instead.

A rule is written here only where the service publishes it or has kept to it for years; the address that was pasted
stays the asset's source, and what is fetched is still judged from its bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Service:
    """Describe a service that shares files by pages: its hosts and below, and what to do where no rule helps.

    `direct` returns the address of the file itself, or the URL as it is. `pages` are paths that never lead to a file.
    """

    name: str
    hosts: tuple[str, ...]
    hint: str
    direct: Callable[[_Parts], str] | None = None
    pages: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class _Parts:
    """Hold a URL with its query as a dictionary; the first of several values counts."""

    url: str
    host: str
    path: str
    query: dict[str, str]

    def with_query(self, **changes: str | None) -> str:
        """Write the URL with some values set or, with None, left out; the others keep their spelling."""
        bare, _, query = self.url.partition("?")
        kept = [pair for pair in query.split("&") if pair and pair.partition("=")[0].lower() not in changes]
        new = [f"{name}={value}" for name, value in changes.items() if value is not None]
        return f"{bare}?{'&'.join([*kept, *new])}"


def service_of(url: str) -> Service | None:
    """Return the service a URL belongs to."""
    host = _parts(url).host
    for service in _SERVICES:
        if any(host == known or host.endswith("." + known) for known in service.hosts):
            return service
    return None


def direct(url: str) -> str:
    """Return the address of the file that a share link shows; any other URL as it is."""
    service = service_of(url)
    return service.direct(_parts(url)) if service and service.direct else url


def is_page(url: str) -> bool:
    """Tell whether a URL can only lead to a page of its service, whatever is asked of it."""
    service, parts = service_of(url), _parts(url)
    return bool(service and service.pages and service.pages.search(parts.path))


def first_service(urls: Iterable[str]) -> Service | None:
    """Return the service that the first of several URLs belongs to that belongs to any."""
    return next(filter(None, map(service_of, urls)), None)


def _parts(url: str) -> _Parts:
    split = urlsplit(url)
    query: dict[str, str] = {}
    for name, value in parse_qsl(split.query, keep_blank_values=True):
        query.setdefault(name.lower(), value)
    return _Parts(url, (split.hostname or "").removeprefix("www."), split.path, query)


_ID = re.compile(r"[\w-]{10,}")
_DRIVE_FILE = re.compile(r"/(?:file|present)/(?:u/\d+/)?d/([\w-]{10,})")
_EDITOR = re.compile(
    r"/(document|spreadsheets|presentation|drawings)/(?:u/\d+/)?d/([\w-]{10,})(?![\w-]|/(?:export|pub|gviz))"
)
_EXPORTS = {
    "document": "export?format=pdf",
    "spreadsheets": "export?format=pdf",
    "presentation": "export/pdf",
    "drawings": "export/png",
}


def _google(parts: _Parts) -> str:
    """Files by /uc?export=download, documents by their export; a resource key that older shares need stays."""
    key = {"resourcekey": parts.query["resourcekey"]} if parts.query.get("resourcekey") else {}
    if parts.host == "drive.usercontent.google.com":  # where the above leads; it asks again before large files
        return parts.url if "confirm" in parts.query or parts.path != "/download" else parts.with_query(confirm="t")
    if editor := _EDITOR.search(parts.path):
        address = f"https://docs.google.com/{editor[1]}/d/{editor[2]}/{_EXPORTS[editor[1]]}"
        return f"{address}{'&' if '?' in address else '?'}{urlencode(key)}" if key else address
    found = _DRIVE_FILE.search(parts.path)
    file_id = found[1] if found else parts.query.get("id", "")
    if not _ID.fullmatch(file_id) or not (found or re.fullmatch(r"(?:/u/\d+)?/(?:open|uc)", parts.path)):
        return parts.url
    return "https://drive.google.com/uc?" + urlencode({"export": "download", "id": file_id, **key})


def _dropbox(parts: _Parts) -> str:
    """Answer dl=1 with the file itself; rlkey and what else the link carries stays."""
    is_file = re.match(r"/(?:s|scl/fi)/|/(?:sh|scl/fo)/[^/]+/[^/]+/[^/]+\.\w+\Z", parts.path)
    if not is_file or parts.host != "dropbox.com":
        return parts.url
    if parts.query.get("dl") == "1" or parts.query.get("raw") == "1":
        return parts.url
    return parts.with_query(dl="1", raw=None)


def _sharepoint(parts: _Parts) -> str:
    """Answer download=1 on a share link (/:i:/, /:b:/ …) with the file; the document viewers have a path for it."""
    if document := re.search(r"^(.*)/_layouts/15/(?:Doc|WopiFrame)\.aspx\Z", parts.path, re.IGNORECASE):
        unique = parts.query.get("sourcedoc", "").strip("{}")
        if re.fullmatch(r"[0-9a-fA-F-]{36}", unique):
            return f"https://{urlsplit(parts.url).netloc}{document[1]}/_layouts/15/download.aspx?UniqueId={unique}"
    if re.match(r"/:[a-eg-z]:/", parts.path) or parts.path.lower().endswith("/guestaccess.aspx"):
        return parts.with_query(download="1", web=None)
    return parts.url


def _onedrive(parts: _Parts) -> str:
    """Short links take download=1 as SharePoint's do; the older address of a file has a sister called /download."""
    if parts.host == "1drv.ms":
        return parts.url if parts.path.startswith("/f/") else parts.with_query(download="1")
    wanted = {name: parts.query[name] for name in ("cid", "resid", "authkey") if parts.query.get(name)}
    if parts.path.rstrip("/").lower() in ("", "/embed", "/redir", "/view.aspx", "/redir.aspx") and "resid" in wanted:
        return "https://onedrive.live.com/download?" + urlencode(wanted)
    return parts.url


def _box(parts: _Parts) -> str:
    """Give an open share's file by its shared name; one file of a shared folder by its number."""
    found = re.fullmatch(r"/s/(\w{8,})(?:/file/(\d+))?/?", parts.path)
    if found is None:
        return parts.url
    origin = f"https://{urlsplit(parts.url).netloc}"
    if found[2]:
        return f"{origin}/index.php?rm=box_download_shared_file&shared_name={found[1]}&file_id=f_{found[2]}"
    return f"{origin}/shared/static/{found[1]}"


def _github(parts: _Parts) -> str:
    """Give a file by /raw/ where its page has /blob/."""
    if parts.host == "github.com" and re.match(r"/[^/]+/[^/]+/blob/[^/]+/.", parts.path):
        return f"https://github.com{parts.path.replace('/blob/', '/raw/', 1)}"
    return parts.url


_FOLDER = "If it is a folder, open the file in it and copy that file’s link."
_ANYWHERE = re.compile("")
_SERVICES = (
    Service(
        "Google Photos",
        ("photos.google.com", "photos.app.goo.gl"),
        "Open the picture there, download it, and upload it here.",
        pages=_ANYWHERE,
    ),
    Service(
        "Google Drive",
        ("drive.google.com", "docs.google.com", "drive.usercontent.google.com"),
        f"In Drive, set the file’s sharing to “Anyone with the link” and copy its link again. {_FOLDER}",
        direct=_google,
        pages=re.compile(r"^/(?:drive|folderview|forms)(?:/|\Z)"),
    ),
    Service(
        "Dropbox",
        ("dropbox.com", "db.tt"),
        f"In Dropbox, choose Share → Copy link on the file itself, for anyone with the link. {_FOLDER}",
        direct=_dropbox,
        pages=re.compile(r"^/(?:home|work|preview|request|transfer|t|login|paper)(?:/|\Z)|^/(?:sh|scl/fo)/[^/]+/[^/.]+/?\Z"),
    ),
    Service(
        "SharePoint",
        ("sharepoint.com", "sharepoint.us", "sharepoint.cn"),
        f"In SharePoint, choose Share → “Anyone with the link”, and copy that link. {_FOLDER}",
        direct=_sharepoint,
        pages=re.compile(r"^/:f:/"),
    ),
    Service(
        "OneDrive",
        ("onedrive.live.com", "1drv.ms"),
        f"In OneDrive, choose Share → “Anyone with the link”, and copy that link. {_FOLDER}",
        direct=_onedrive,
        pages=re.compile(r"^/f/"),
    ),
    Service(
        "WeTransfer",
        ("wetransfer.com", "we.tl"),
        "Download the files there and upload them here.",
        pages=re.compile(r"^/(?:downloads/|t-)"),
    ),
    Service(
        "Figma",
        ("figma.com",),
        "In Figma, select the frame, choose Export (PNG, JPG, SVG or PDF), and upload that file here.",
        pages=re.compile(r"^/(?:file|design|proto|board|slides|deck|community)/"),
    ),
    Service(
        "Box",
        ("box.com",),
        "In Box, open the shared link to “People with the link” with downloads, or upload the file here.",
        direct=_box,
        pages=re.compile(r"^/(?:folder|file)/"),
    ),
    Service(
        "iCloud",
        ("icloud.com",),
        "Download the file there and upload it here.",
        pages=re.compile(r"^/(?:iclouddrive|photos|sharedalbum|attachment|share|keynote|pages|numbers)(?:/|\Z)"),
    ),
    Service(
        "Canva",
        ("canva.com", "canva.link"),
        "In Canva, choose Share → Download, and upload that file here.",
        pages=re.compile(r"^/design/"),
    ),
    *(
        Service("YouTube", hosts, "Upload the video file; its owner can download it in YouTube Studio.", pages=pages)
        for hosts, pages in (
            (("youtu.be",), _ANYWHERE),
            (
                ("youtube.com", "youtube-nocookie.com"),
                re.compile(r"^/(?:watch|shorts|embed|live|playlist|channel|c|user)(?:/|\Z)|^/@"),
            ),
        )
    ),
    Service(
        "Vimeo",
        ("vimeo.com",),
        "Upload the video file itself, or paste the direct file link that Vimeo gives its owner.",
        pages=re.compile(r"^/(?:\d+|channels|groups|showcase|album|manage|video|event)(?:/|\Z)"),
    ),
    *(
        Service(name, hosts, "Save the picture or video there and upload it here.", pages=pages)
        for name, hosts, pages in (
            ("Instagram", ("instagram.com", "instagr.am"), re.compile(r"^/(?:p|reels?|tv|stories)/")),
            ("TikTok", ("tiktok.com",), re.compile(r"^/(?:@|t/|v/)")),
            ("Facebook", ("facebook.com", "fb.watch", "fb.com"), None),
            ("Pinterest", ("pinterest.com", "pin.it"), None),
            ("LinkedIn", ("linkedin.com",), None),
            ("X", ("x.com", "twitter.com"), None),
        )
    ),
    Service("Loom", ("loom.com",), "Download the video there and upload it here.", pages=re.compile(r"^/share/")),
    Service("Frame.io", ("frame.io", "f.io"), "Download the file there and upload it here."),
    Service("Adobe", ("adobe.com", "adobe.ly"), "Download the file there and upload it here."),
    Service("Notion", ("notion.so", "notion.site"), "Download the file there and upload it here."),
    Service("Miro", ("miro.com",), "In Miro, choose Export, and upload that file here."),
    Service("Mega", ("mega.nz", "mega.io"), "Download the file there and upload it here.", pages=_ANYWHERE),
    Service("GitHub", ("github.com",), "Open the file there, choose Raw, and copy that address.", direct=_github),
    Service(
        "Imgur", ("imgur.com",), "Open the picture there, choose “Copy image address”, and paste that here."
    ),
)  # fmt: skip
