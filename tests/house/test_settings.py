"""Every setting is in the README, and the README has no other."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from scripts import settings_table
from webapp.config import Settings

ROOT = Path(__file__).parents[2]
NOT_SETTINGS = {"SLATE_LONG_TESTS", "SLATE_KEY", "PYTHON"}
"""Words in capitals that pages and documents name beside the settings."""


def test_the_readme_lists_exactly_the_settings_there_are():
    readme = (ROOT / "README.md").read_text()
    table = readme.partition(settings_table.BEGIN)[2].partition(settings_table.END)[0]
    assert table.strip() == settings_table.table().strip(), "run: .venv/bin/python -m scripts.settings_table"
    named = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))
    assert named == {each.metadata["name"] for each in fields(Settings)}


def test_every_setting_the_code_or_the_documents_name_exists():
    """A hint that names a setting of yesterday sends people nowhere."""
    known = {each.metadata["name"] for each in fields(Settings)} | NOT_SETTINGS
    prefixes = (
        "AI_",
        "OPENAI_",
        "ANTHROPIC_",
        "MAX_ASSET",
        "SCENES_PER",
        "FETCH_",
        "ALLOWED_",
        "CLIENT_QUOTA",
        "SLATE_",
    )
    pattern = re.compile(rf"(?<!\.)\b(?:{'|'.join(prefixes)})[A-Z_]*[A-Z]\b")
    sources = [*ROOT.glob("*.md"), *(ROOT / "webapp").rglob("*.html"), *(ROOT / "webapp").rglob("*.py")]
    unknown = {(path.name, name) for path in sources for name in pattern.findall(path.read_text()) if name not in known}
    # constants of the code itself are no settings
    assert {
        (file, name) for file, name in unknown if not re.search(rf"^{name}\b.* =", _all_code(), re.MULTILINE)
    } == set()


def _all_code() -> str:
    return "\n".join(path.read_text() for path in (ROOT / "webapp").rglob("*.py"))


def test_every_setting_says_why():
    for each in fields(Settings):
        assert len(each.metadata["why"]) > 10
        assert each.metadata["why"].endswith(".")
