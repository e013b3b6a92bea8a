"""Every setting: its name outside, default, unit and reason. Read once, from settings.toml and the environment."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from ipaddress import ip_network
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

MB = 1024 * 1024

_ABOVE_ZERO = (
    "MAX_ASSET_DOWNLOAD_SIZE_MB",
    "ASSET_DOWNLOAD_TIMEOUT_SECONDS",
    "CLIENT_QUOTA_MB",
    "WEB_THREADS",
    "WRITER_TIMEOUT_SECONDS",
    "SESSION_DAYS",
    "API_REQUESTS_PER_MINUTE",
)
_NOT_NEGATIVE = ("MIN_FREE_DISK_MB", "TRUSTED_PROXIES", "WRITING_PACE")
_SQLITE_URL = re.compile(r"sqlite(\+pysqlite)?:///")
_FLOATS = ("WRITING_PACE", "AI_PRICE_INPUT_PER_MTOK", "AI_PRICE_OUTPUT_PER_MTOK")


class SettingsError(Exception):
    """Say which setting is wrong and what it should look like."""


def setting(name: str, default: Any, why: str, *, secret: bool = False) -> Any:
    """Declare one setting; `why` is what the README prints beside it."""
    return field(default=default, metadata={"name": name, "why": why, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Hold every setting, checked. Attributes are named like the environment's names, in lower case."""

    data: Path = setting("SLATE_DATA", Path("instance"), "The data folder: databases, settings.toml, temporary files.")
    host: str = setting("HOST", "127.0.0.1", "Address the web server listens on.")
    port: int = setting("PORT", 8000, "Port the web server listens on.")
    public_url: str = setting(
        "PUBLIC_URL",
        "",
        "How browsers reach Slate, e.g. https://slate.example.com; https turns on secure cookies and HSTS.",
    )
    trusted_proxies: int = setting(
        "TRUSTED_PROXIES", 0, "How many reverse proxies in front set X-Forwarded-For and -Proto."
    )
    database_url: str = setting(
        "DATABASE_URL",
        "",
        "Another file for the main database, as sqlite:///path; empty: slate.db in the data folder.",
        secret=True,
    )
    web_threads: int = setting("WEB_THREADS", 32, "Threads of the web server.")

    ai_provider: str = setting(
        "AI_PROVIDER",
        "",
        "builtin, openai or anthropic; empty: openai when its key or base URL is there, else builtin.",
    )
    ai_model: str = setting(
        "AI_MODEL", "", "The model's name; empty: gpt-5.4-mini (openai) or claude-sonnet-5 (anthropic)."
    )
    openai_api_key: str = setting(
        "OPENAI_API_KEY", "", "Key for OpenAI or a server that speaks its protocol.", secret=True
    )
    openai_base_url: str = setting(
        "OPENAI_BASE_URL", "", "Any server that speaks the OpenAI protocol, e.g. http://127.0.0.1:11434/v1."
    )
    anthropic_api_key: str = setting("ANTHROPIC_API_KEY", "", "Key for Anthropic.", secret=True)
    anthropic_base_url: str = setting(
        "ANTHROPIC_BASE_URL", "", "Another address for the Anthropic protocol, e.g. a gateway."
    )
    writer_timeout_seconds: int = setting(
        "WRITER_TIMEOUT_SECONDS", 180, "Longest a model may take for one storyboard, wall clock."
    )
    ai_price_input_per_mtok: float = setting(
        "AI_PRICE_INPUT_PER_MTOK", -1.0, "Dollars per million input tokens; negative: our table for known models."
    )
    ai_price_output_per_mtok: float = setting(
        "AI_PRICE_OUTPUT_PER_MTOK", -1.0, "Dollars per million output tokens; negative: our table for known models."
    )

    max_asset_download_size_mb: int = setting(
        "MAX_ASSET_DOWNLOAD_SIZE_MB", 100, "Largest asset, fetched or uploaded, in MB."
    )
    asset_download_timeout_seconds: int = setting(
        "ASSET_DOWNLOAD_TIMEOUT_SECONDS", 60, "Longest one fetch may take, redirects included."
    )
    allowed_asset_domains: str = setting(
        "ALLOWED_ASSET_DOMAINS", "*", "Comma-separated names assets may come from; * is any public host."
    )
    fetch_allow: str = setting(
        "FETCH_ALLOW", "", "Comma-separated CIDRs of private asset servers that may be fetched from."
    )
    fetch_ports: str = setting("FETCH_PORTS", "80,443", "Ports assets may be fetched from.")
    client_quota_mb: int = setting("CLIENT_QUOTA_MB", 2000, "Bytes of assets one client may hold, in MB.")
    min_free_disk_mb: int = setting(
        "MIN_FREE_DISK_MB", 200, "Uploads and fetches are refused when the disk has less free, in MB."
    )

    scenes_per_video_min: int = setting("SCENES_PER_VIDEO_MIN", 3, "Fewest scenes of a storyboard.")
    scenes_per_video_max: int = setting("SCENES_PER_VIDEO_MAX", 7, "Most scenes of a storyboard.")
    writing_pace: float = setting(
        "WRITING_PACE", 1.0, "How fast the built-in writer's words appear: 1 is about 4 s a board, 0 at once."
    )

    smtp_host: str = setting(
        "SMTP_HOST", "", "Mail server that sends what lands in people's inboxes; empty: Slate sends no mail."
    )
    smtp_port: int = setting("SMTP_PORT", 0, "Its port; 0: 587 with starttls, 465 with tls, 25 with none.")
    smtp_user: str = setting("SMTP_USER", "", "Name to sign in to the mail server with, where it asks for one.")
    smtp_password: str = setting("SMTP_PASSWORD", "", "Password to sign in to the mail server with.", secret=True)
    smtp_security: str = setting("SMTP_SECURITY", "starttls", "starttls, tls (from the first byte) or none.")
    mail_from: str = setting("MAIL_FROM", "", "Sender of all mail, such as Slate <slate@example.com>.")

    api_requests_per_minute: int = setting(
        "API_REQUESTS_PER_MINUTE", 600, "Requests to the JSON API one key may make in a minute."
    )

    session_days: int = setting("SESSION_DAYS", 30, "Days a sign-in lasts without use.")
    log_level: str = setting("LOG_LEVEL", "WARNING", "DEBUG, INFO, WARNING or ERROR.")

    @property
    def provider(self) -> str:
        """Name the writer in force: what AI_PROVIDER says, else openai when it is set up, else builtin."""
        return self.ai_provider or ("openai" if self.openai_api_key or self.openai_base_url else "builtin")

    @property
    def database(self) -> str:
        """Return the URL of the main database."""
        return self.database_url or f"sqlite+pysqlite:///{self.database_path}"

    @property
    def database_path(self) -> Path:
        """Return the file of the main database."""
        return Path(_SQLITE_URL.sub("", self.database_url)).resolve() if self.database_url else self.data / "slate.db"

    @property
    def blobs_path(self) -> Path:
        """Return the file that holds the bytes of assets and frames."""
        return self.data / "blobs.db"

    @property
    def workflows_path(self) -> Path:
        """Return the file in which DBOS keeps the background work."""
        return self.data / "workflows.db"

    @property
    def temporary(self) -> Path:
        """Return the folder for half-written files, on the same disk as the data."""
        return self.data / "tmp"

    @property
    def max_asset_bytes(self) -> int:
        """Return MAX_ASSET_DOWNLOAD_SIZE_MB in bytes."""
        return self.max_asset_download_size_mb * MB

    @property
    def mails(self) -> bool:
        """Say whether there is a mail server to send with."""
        return bool(self.smtp_host)

    @property
    def address(self) -> str:
        """Return how browsers reach Slate, without a slash at the end: PUBLIC_URL, else where it listens."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "localhost" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 - compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def https(self) -> bool:
        """Say whether browsers reach Slate over https."""
        return self.public_url.startswith("https://")


def load(environ: dict[str, str] | None = None) -> Settings:
    """Read the settings: defaults, then `settings.toml` in the data folder, then the environment.

    Raises:
        SettingsError: naming the setting that is wrong.
    """
    env = dict(os.environ if environ is None else environ)
    data = Path(env.get("SLATE_DATA") or "instance").resolve()
    raw: dict[str, Any] = {**_from_file(data / "settings.toml"), **env, "SLATE_DATA": str(data)}
    values: dict[str, Any] = {}
    for each in fields(Settings):
        name = each.metadata["name"]
        if raw.get(name) not in (None, ""):
            values[each.name] = _parse(name, raw[name], type(each.default))
    settings = Settings(**values)
    _check(settings)
    return settings


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path.name} cannot be read: {error}") from error
    found = {key.upper(): value for key, value in found.items()}
    known = {each.metadata["name"] for each in fields(Settings)}
    for name in found:
        if name not in known:
            raise SettingsError(f"{path.name} has an unknown setting {name}. The README lists them all.")
    return found


def _parse(name: str, value: Any, kind: type[Any]) -> Any:
    try:
        if issubclass(kind, Path):
            return Path(str(value)).resolve()
        return kind(str(value).strip())
    except ValueError as error:
        raise SettingsError(
            f"{name} must be {'a whole number' if kind is int else 'a number'}, not {value!r}."
        ) from error


def _check(settings: Settings) -> None:
    """Raise SettingsError for the first setting that makes no sense, with what would."""
    found = (*_databases(settings), *_choices(settings), *_numbers(settings), *_addresses(settings), *_mail(settings))
    for is_right, name, sentence in found:
        if not is_right:
            raise SettingsError(f"{name} {sentence}")


def _databases(settings: Settings) -> Iterator[tuple[bool, str, str]]:
    """Refuse every database but a file of SQLite, by its scheme alone: the rest may hold a password."""
    url = settings.database_url
    scheme = url.partition(":")[0].partition("/")[0] or "nothing"
    sentence = (
        f"begins with {scheme[:20]}, but Slate keeps its data in SQLite only: other databases lost changes in our "
        "tests. Leave it empty, or name a file: sqlite:////srv/slate/slate.db."
    )
    yield not url or bool(_SQLITE_URL.match(url)), "DATABASE_URL", sentence
    path = _SQLITE_URL.sub("", url)
    sentence = "must name a file after sqlite:///, without ? and :memory:."
    yield not url or bool(path and not re.search(r"\?|:memory:|^file:", path)), "DATABASE_URL", sentence


def _choices(settings: Settings) -> Iterator[tuple[bool, str, str]]:
    provider, levels = settings.ai_provider, ("DEBUG", "INFO", "WARNING", "ERROR")
    has_openai = bool(settings.openai_api_key or settings.openai_base_url)
    has_anthropic = bool(settings.anthropic_api_key or settings.anthropic_base_url)
    known = provider in ("", "builtin", "openai", "anthropic")
    yield known, "AI_PROVIDER", "must be builtin, openai or anthropic."
    missing = "is openai, but neither OPENAI_API_KEY nor OPENAI_BASE_URL is set."
    yield provider != "openai" or has_openai, "AI_PROVIDER", missing
    missing = "is anthropic, but ANTHROPIC_API_KEY is not set."
    yield provider != "anthropic" or has_anthropic, "AI_PROVIDER", missing
    yield settings.log_level.upper() in levels, "LOG_LEVEL", "must be DEBUG, INFO, WARNING or ERROR."


def _numbers(settings: Settings) -> Iterator[tuple[bool, str, str]]:
    yield _is_port(str(settings.port)), "PORT", "must be between 1 and 65535."
    for name in _ABOVE_ZERO:
        yield getattr(settings, name.lower()) > 0, name, "must be greater than 0."
    for name in _NOT_NEGATIVE:
        yield getattr(settings, name.lower()) >= 0, name, "must not be negative."
    for name in _FLOATS:
        yield isfinite(getattr(settings, name.lower())), name, "must be a number."
    low, high = settings.scenes_per_video_min, settings.scenes_per_video_max
    sentence = "must be at least 1 and not above SCENES_PER_VIDEO_MAX, which is at most 20."
    yield 1 <= low <= high <= 20, "SCENES_PER_VIDEO_MIN", sentence


def _addresses(settings: Settings) -> Iterator[tuple[bool, str, str]]:
    for cidr in filter(None, (part.strip() for part in settings.fetch_allow.split(","))):
        yield _is_network(cidr), "FETCH_ALLOW", f"has {cidr!r}, which is not a network like 10.0.5.0/24."
    for port in settings.fetch_ports.split(","):
        yield _is_port(port.strip()), "FETCH_PORTS", "must be numbers from 1 to 65535 with commas between."
    for name in ("PUBLIC_URL", "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL"):
        url = getattr(settings, name.lower())
        yield not url or _is_web_address(url), name, "must start with http:// or https:// and name a host."


def _mail(settings: Settings) -> Iterator[tuple[bool, str, str]]:
    security, sender = settings.smtp_security, settings.mail_from
    yield security in ("starttls", "tls", "none"), "SMTP_SECURITY", "must be starttls, tls or none."
    yield 0 <= settings.smtp_port <= 65535, "SMTP_PORT", "must be between 1 and 65535, or 0 for the usual one."
    sentence = "must be a name or an address alone, such as mail.example.com; the port goes to SMTP_PORT."
    yield not re.search(r"[\s/@]|:\d+$", settings.smtp_host), "SMTP_HOST", sentence
    both = bool(settings.smtp_user) == bool(settings.smtp_password)
    yield both, "SMTP_USER", "and SMTP_PASSWORD belong together: set both or neither."
    yield not sender or _is_sender(sender), "MAIL_FROM", "must be an e-mail address, such as Slate <slate@example.com>."
    if settings.mails:
        yield bool(sender), "MAIL_FROM", "is needed with SMTP_HOST, such as Slate <slate@example.com>."
        yield bool(settings.public_url), "PUBLIC_URL", "is needed with SMTP_HOST: the links in mails start with it."


def _is_sender(typed: str) -> bool:
    address = parseaddr(typed)[1]
    return typed.isprintable() and bool(re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", address))


def _is_port(typed: str) -> bool:
    return typed.isdecimal() and 1 <= int(typed) <= 65535


def _is_network(typed: str) -> bool:
    try:
        ip_network(typed)
    except ValueError:
        return False
    return True


def _is_web_address(typed: str) -> bool:
    try:
        parts = urlsplit(typed)
    except ValueError:  # such as http://[
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
