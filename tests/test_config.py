"""Settings: where they come from, which wins, and what is said about a wrong one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from webapp import config


@pytest.fixture
def load(tmp_path):
    """Load settings from these words alone; nothing of the machine's environment comes in."""
    return lambda **words: config.load({"SLATE_DATA": str(tmp_path), **words})


def test_a_fresh_install_needs_no_setting(load):
    settings = load()
    assert (settings.host, settings.port, settings.provider) == ("127.0.0.1", 8000, "builtin")
    assert (settings.max_asset_download_size_mb, settings.asset_download_timeout_seconds) == (100, 60)
    assert (settings.scenes_per_video_min, settings.scenes_per_video_max) == (3, 7)
    assert not settings.https


def test_everything_lies_in_the_data_folder(load, tmp_path):
    settings = load()
    assert str(tmp_path) in settings.database
    for path in (settings.blobs_path, settings.workflows_path, settings.temporary):
        assert path.parent == tmp_path


def test_empty_words_count_as_not_set(load):
    assert load(PORT="", AI_PROVIDER="").port == 8000


def test_the_environment_wins_over_the_file(load, tmp_path):
    (tmp_path / "settings.toml").write_text('PORT = 9001\nhost = "0.0.0.0"\n')
    assert (load().port, load().host) == (9001, "0.0.0.0")
    assert load(PORT="9002").port == 9002


@pytest.mark.parametrize(
    ("words", "provider"),
    [
        ({}, "builtin"),
        ({"OPENAI_API_KEY": "key"}, "openai"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}, "openai"),
        ({"OPENAI_API_KEY": "key", "AI_PROVIDER": "builtin"}, "builtin"),
        ({"ANTHROPIC_API_KEY": "key", "AI_PROVIDER": "anthropic"}, "anthropic"),
        ({"ANTHROPIC_API_KEY": "key"}, "builtin"),
    ],
)
def test_the_writer_follows_from_what_is_set(load, words, provider):
    assert load(**words).provider == provider


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "0"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"AI_PROVIDER": "gpt"}, "AI_PROVIDER"),
        ({"AI_PROVIDER": "openai"}, "AI_PROVIDER"),
        ({"AI_PROVIDER": "anthropic"}, "AI_PROVIDER"),
        ({"MAX_ASSET_DOWNLOAD_SIZE_MB": "0"}, "MAX_ASSET_DOWNLOAD_SIZE_MB"),
        ({"ASSET_DOWNLOAD_TIMEOUT_SECONDS": "-1"}, "ASSET_DOWNLOAD_TIMEOUT_SECONDS"),
        ({"SCENES_PER_VIDEO_MIN": "9"}, "SCENES_PER_VIDEO_MIN"),
        ({"SCENES_PER_VIDEO_MAX": "40"}, "SCENES_PER_VIDEO_MIN"),
        ({"WRITING_PACE": "-1"}, "WRITING_PACE"),
        ({"FETCH_ALLOW": "10.0.5.0/99"}, "FETCH_ALLOW"),
        ({"FETCH_PORTS": "80,https"}, "FETCH_PORTS"),
        ({"FETCH_PORTS": "80,65536"}, "FETCH_PORTS"),
        ({"FETCH_PORTS": "0"}, "FETCH_PORTS"),
        ({"MIN_FREE_DISK_MB": "-1"}, "MIN_FREE_DISK_MB"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
        ({"WRITING_PACE": "inf"}, "WRITING_PACE"),
        ({"AI_PRICE_INPUT_PER_MTOK": "nan"}, "AI_PRICE_INPUT_PER_MTOK"),
        ({"PUBLIC_URL": "https://"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "http://[slate"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "slate.example.com"}, "PUBLIC_URL"),
        ({"OPENAI_BASE_URL": "127.0.0.1:11434"}, "OPENAI_BASE_URL"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"DATABASE_URL": "postgresql://slate:secret@db/slate"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql+psycopg://slate:secret@db/slate"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgres://db/slate"}, "DATABASE_URL"),
        ({"DATABASE_URL": "POSTGRESQL://db/slate"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://db/slate"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite+aiosqlite:///slate.db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///slate.db?mode=ro"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///file:slate.db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "/srv/slate.db"}, "DATABASE_URL"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(load, words, name):
    with pytest.raises(config.SettingsError, match=rf"^{name} .*\.$") as caught:
        load(**words)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["sqlite:////srv/other.db", "sqlite+pysqlite:////srv/other.db"])
def test_the_main_database_may_be_another_file(load, url):
    settings = load(DATABASE_URL=url)
    assert (settings.database, settings.database_path) == (url, Path("/srv/other.db"))


def test_the_password_of_a_refused_database_is_not_repeated(load):
    with pytest.raises(config.SettingsError) as caught:
        load(DATABASE_URL="postgresql://slate:secret@db/slate")
    assert "postgresql" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [("PORTT = 1", "unknown setting PORTT"), ("PORT = ", "settings.toml cannot be read"), ("\x00", "cannot be read")],
)
def test_a_broken_file_is_named(load, tmp_path, text, said):
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(config.SettingsError, match=re.escape(said)):
        load()


def test_https_follows_from_the_public_address(load):
    assert load(PUBLIC_URL="https://slate.example.com").https
    assert not load(PUBLIC_URL="http://slate.example.com").https


MAIL = {"SMTP_HOST": "mail.example.com", "MAIL_FROM": "Slate <slate@example.com>", "PUBLIC_URL": "https://s.example"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"SMTP_SECURITY": "ssl"}, "SMTP_SECURITY must be starttls, tls or none."),
        ({"SMTP_PORT": "70000"}, "SMTP_PORT must be between"),
        ({"SMTP_HOST": "smtp://mail.example.com"}, "SMTP_HOST must be a name or an address alone"),
        ({"SMTP_HOST": "mail.example.com:25"}, "the port goes to SMTP_PORT"),
        ({"SMTP_USER": "slate"}, "SMTP_USER and SMTP_PASSWORD belong together"),
        ({"MAIL_FROM": "nobody"}, "MAIL_FROM must be an e-mail address"),
        ({"MAIL_FROM": "Slate <a@example.com>\nBcc: b@example.com"}, "MAIL_FROM must be an e-mail address"),
        ({"MAIL_FROM": ""}, "MAIL_FROM is needed with SMTP_HOST"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL is needed with SMTP_HOST"),
    ],
)
def test_a_mail_server_that_cannot_work_is_named_at_the_start(load, given, says):
    with pytest.raises(config.SettingsError, match=re.escape(says)):
        load(**(MAIL | given))


def test_a_mail_server(load):
    assert load(**MAIL).mails
    assert not load().mails
