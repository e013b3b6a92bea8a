"""The face keeps its own rules: vendored files pinned, nothing the policy would block, no dead links."""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path

import pytest

from webapp.views.sheets import SHEETS

WEBAPP = Path(__file__).parents[2] / "webapp"
STATIC = WEBAPP / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = sorted((WEBAPP / "templates").rglob("*.html"))
OWN_SCRIPTS = sorted((STATIC / "js").glob("*.js"))
OWN_SHEETS = sorted((STATIC / "css").glob("*.css"))
ROW = re.compile(
    r"^\| (\S+) \| .* \[(?P<licence>[^\]]+)\]\((?P<text>\S+)\) \| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE
)

# What the policy `script-src 'self'; style-src 'self'` would block in the browser, found before a browser runs.
BANNED_IN_TEMPLATES = {
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "event attribute": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "hx-on": re.compile(r"\bhx-on[:-]", re.IGNORECASE),
    "script URL": re.compile(r"javascript:|[\"']js:", re.IGNORECASE),
    "trigger filter": re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\w\[", re.IGNORECASE),
    "another host": re.compile(
        r"(?:src|href|action|hx-(?:get|post|put|patch|delete))\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
    ),
}
JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def source(path: Path) -> str:
    """Read a template without its Jinja comments, which never reach a browser."""
    return JINJA_COMMENT.sub("", path.read_text())


def relative(path: Path) -> str:
    """Name a test case by the file it looks at."""
    return str(path.relative_to(WEBAPP))


def test_every_vendored_file_is_the_pinned_one_and_has_its_licence() -> None:
    rows = {match[1]: match for match in ROW.finditer((VENDOR / "README.md").read_text())}
    vendored = {
        str(path.relative_to(VENDOR))
        for path in VENDOR.rglob("*")
        if path.is_file() and path.suffix not in {".md", ".txt"}
    }
    assert vendored == set(rows)
    for name, row in rows.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == row["sha256"], name
        assert len((VENDOR / row["text"]).read_text()) > 300, name


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_template_holds_nothing_the_policy_would_block(path: Path) -> None:
    found = {name: match[0] for name, rule in BANNED_IN_TEMPLATES.items() if (match := rule.search(source(path)))}
    assert not found


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        ('<p style="color: red">', "inline style"),
        ("<script>alert(1)</script>", "inline script"),
        ('<a onclick="x()">', "event attribute"),
        ('<a hx-on:click="x()">', "hx-on"),
        ('<a href="javascript:x()">', "script URL"),
        ('<a hx-trigger="click[ctrlKey]">', "trigger filter"),
        ('<link href="https://fonts.example/a.css">', "another host"),
    ],
)
def test_the_rules_above_find_what_they_are_for(markup: str, name: str) -> None:
    assert BANNED_IN_TEMPLATES[name].search(markup)


@pytest.mark.parametrize("path", OWN_SCRIPTS, ids=relative)
def test_script_needs_no_eval_and_no_other_host(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\beval\(|new Function|setTimeout\(\s*[\"']|innerHTML|https?://|\bimport\b\s*[({\"']", text)
    assert text.startswith("/*"), "the first lines say what the island does"


@pytest.mark.parametrize("path", OWN_SHEETS, ids=relative)
def test_sheet_is_in_a_layer_and_stays_on_this_host(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"https?://|@import|url\(\s*[\"']?//", text)
    assert "@layer" in text or path.name == "fonts.css"
    rules = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    assert rules.count("{") == rules.count("}"), "a brace too many ends the layer early, and silently"
    for target in re.findall(r"url\(\"([^\"]+)\"\)", text):
        assert (path.parent / target).resolve().is_file(), target


def test_colours_come_from_the_tokens() -> None:
    """Both themes hold only if no component names a colour itself; pictures' veils and avatars are the exceptions."""
    allowed = {"tokens.css", "print.css", "avatar.css"}
    loose = {
        path.name: hits
        for path in OWN_SHEETS
        if path.name not in allowed and (hits := re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text()))
    }
    assert not loose


def test_every_sheet_is_linked_once() -> None:
    """The common ones as one, in cascade order; those of one area by its pages."""
    of_an_area = {name for path in TEMPLATES for name in re.findall(r"css/([a-z-]+)\.css", source(path))}
    assert SHEETS[0] == "layers"
    assert len(SHEETS) == len(set(SHEETS))
    assert not set(SHEETS) & of_an_area
    assert {*SHEETS, *of_an_area} == {path.stem for path in OWN_SHEETS}


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text()))
    used = {
        (relative(path), name)
        for path in TEMPLATES
        for pattern in (r"\bicon\(\s*\"([a-z0-9-]+)\"", r"icon_name=\"([a-z0-9-]+)\"")
        for name in re.findall(pattern, source(path))
    }
    symbols = re.search(r"set symbols = (\{.*?\})", source(WEBAPP / "templates" / "jobs" / "activity.html"), re.DOTALL)
    assert symbols
    used |= {("jobs/activity.html", name) for name in ast.literal_eval(symbols[1]).values()}
    assert used
    assert not {(path, name) for path, name in used if name not in sprite}


def test_every_static_file_named_in_a_template_exists() -> None:
    named = {
        (relative(path), name)
        for path in TEMPLATES
        for name in re.findall(r"static_url\(['\"]([^'\"]+\.[a-z0-9]+)['\"]\)", source(path))
        + [f"js/{island}.js" for island in re.findall(r"island\(['\"]([a-z-]+)['\"]\)", source(path))]
    }
    assert named
    assert not {(path, name) for path, name in named if not (STATIC / name).is_file()}
