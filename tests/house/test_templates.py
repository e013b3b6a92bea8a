"""Partials are used, alone and whole; nothing is imported for nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

WEBAPP = Path(__file__).parents[2] / "webapp"
TEMPLATES = WEBAPP / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
PARTIALS = [path for path in PAGES if path.name.startswith("_")]
PARSER = Environment(extensions=["jinja2.ext.do"], autoescape=True)


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def parsed(path: Path) -> nodes.Template:
    return PARSER.parse(path.read_text())


def strings_of_code() -> set[str]:
    code = "\n".join(path.read_text() for path in WEBAPP.rglob("*.py"))
    return set(re.findall(r"[\w/.-]+\.html", code))


def referred() -> set[str]:
    """Name every template that code renders or another template includes, imports or extends."""
    found = strings_of_code()
    for path in PAGES:
        found |= set(re.findall(r"[\w/.-]+\.html", path.read_text()))
    return found


@pytest.mark.parametrize("path", PARTIALS, ids=name_of)
def test_a_partial_never_extends_the_layout(path):
    assert not list(parsed(path).find_all(nodes.Extends))


def test_every_template_is_used():
    known = referred()
    assert [name_of(path) for path in PAGES if name_of(path) not in known] == []


def test_every_template_named_exists():
    there = {name_of(path) for path in PAGES}
    named = {name for path in PAGES for name in re.findall(r"[\"']([\w/-]+/[\w-]+\.html)[\"']", path.read_text())}
    assert named
    assert named <= there


def unused_imports(template: nodes.Template) -> set[str]:
    """Name the macros that a template imports and never uses."""
    imported = set()
    for each in template.find_all(nodes.FromImport):
        imported |= {name if isinstance(name, str) else name[1] for name in each.names}
    for each in template.find_all(nodes.Import):
        imported.add(each.target)
    return imported - {each.name for each in template.find_all(nodes.Name)}


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_imported_macro_is_used(path):
    assert unused_imports(parsed(path)) == set()


def test_an_unused_import_would_show():
    """The control."""
    assert unused_imports(PARSER.parse('{% from "m.html" import a, b as c %}{{ a() }}')) == {"c"}


WORDLESS = ("seconds", "speaking_rates", "{{ each.path }}")
"""Controls for numbers and addresses, by name; so are those that only show an address or a key."""


def without_direction(html):
    """Return the controls for people's words that do not take the direction of what is typed."""
    controls = re.findall(r"<(?:textarea|input)\b(?:[^<>{]|\{\{.*?\}\}|\{%.*?%\})*>", html)
    typed = [each for each in controls if "type=" not in each or re.search(r'type="(text|search)"', each)]
    return [
        each
        for each in typed
        if 'dir="auto"' not in each
        and "readonly" not in each
        and 'class="mono"' not in each
        and "pattern=" not in each
        and not any(f'name="{name}"' in each for name in WORDLESS)
    ]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_what_is_typed_runs_in_its_own_direction(path):
    if path.parent.name != "docs":
        assert without_direction(path.read_text()) == []


def test_a_control_without_a_direction_would_be_found():
    scene = (TEMPLATES / "scenes" / "_scene.html").read_text()
    assert without_direction(scene.replace('<textarea dir="auto"', "<textarea", 1))
    assert without_direction(scene.replace('<input dir="auto"', "<input", 1))
    assert without_direction('<input name="q" value="{{ a > b }}">')
    assert not without_direction('<input type="hidden" name="q"><input type="checkbox" name="q">')
