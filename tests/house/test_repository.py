"""The repository is for everybody: no private names, every module says what lives there, the lock is whole."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRIVATE = re.compile(
    r"(?<![\w.])/(?:work|root|home)/"  # paths of the machine it was written on
    r"|/tmp/(?!x\b)"
    r"|--(?:extra-)?index-url|--find-links|--trusted-host"  # everybody has their own package index
    r"|files\.pythonhosted|pypi\.org/simple"
)
SKIPPED = ("webapp/static/vendor/", "tests/house/test_repository.py")
TEXT = {".py", ".html", ".css", ".js", ".md", ".toml", ".lock", ".txt", ".yaml", ".yml", ".ini", ".sh", ".mako", ""}
LONG_FILE_LINES = 200


def tracked() -> list[Path]:
    """List the files of the repository; without git (a source archive), everything that looks like one."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.fail("These tests ask git which files belong to the repository: run them in a clone.")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_nothing_names_a_private_place():
    found = [
        f"{relative(path)}: {match[0]}"
        for path in tracked()
        if path.suffix in TEXT and not relative(path).startswith(SKIPPED)
        for match in PRIVATE.finditer(path.read_text(errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize("line", ["x = '/work/main'", "--index-url https://index.example", "see /tmp/notes.txt"])
def test_a_private_place_would_show(line):
    """The control."""
    assert PRIVATE.search(line)


def test_every_module_says_what_lives_there():
    silent = []
    for path in tracked():
        if path.suffix == ".py" and path.stat().st_size and "migrations/versions" not in relative(path):
            docstring = ast.get_docstring(ast.parse(path.read_text()))
            if not docstring or not docstring.splitlines()[0].strip().endswith((".", "?", ":")):
                silent.append(relative(path))
    assert silent == []


def test_the_lock_holds_every_dependency_with_its_hash():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run, dev = ((ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock"))
    wanted = {name_in(each) for each in project["project"]["dependencies"]}
    developers = {name_in(each) for each in project["dependency-groups"]["dev"]}
    assert wanted <= locked(run) <= locked(dev) >= developers
    for text in (run, dev):
        assert "://" not in text
        packages = re.split(r"\n(?=[a-z])", text.partition("\n\n")[2] or text)
        assert not [each.splitlines()[0] for each in packages if "==" in each and "--hash=sha256:" not in each]


def test_the_lock_of_an_extra_has_hashes_and_the_versions_of_the_others():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    pins = set(re.findall(r"^[a-z0-9._-]+==\S+", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    names = {pin.partition("==")[0] for pin in pins}
    for lock in ROOT.glob("requirements-*.lock"):
        extra = lock.stem.removeprefix("requirements-")
        if extra != "dev":
            text = lock.read_text()
            assert {name_in(each) for each in project["project"]["optional-dependencies"][extra]} <= locked(text)
            packages = re.split(r"\n(?=[a-z])", text)
            assert not [each.splitlines()[0] for each in packages if "==" in each and "--hash=sha256:" not in each]
            here = set(re.findall(r"^[a-z0-9._-]+==\S+", text, re.MULTILINE))
            assert {pin for pin in here if pin.partition("==")[0] in names} <= pins


def name_in(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-").replace(".", "-")


def locked(text: str) -> set[str]:
    return {name_in(line) for line in text.splitlines() if re.match(r"[a-z0-9._-]+==", line)}


def test_long_files_are_few(record_property):
    """A compass, not a gate: long files are listed in the report; only a file nobody can read fails."""
    sizes = {
        relative(path): len(path.read_text().splitlines())
        for path in tracked()
        if path.suffix == ".py" and relative(path).startswith("webapp/") and "migrations/versions" not in relative(path)
    }
    long = {name: lines for name, lines in sizes.items() if lines > LONG_FILE_LINES}
    record_property("long_files", long)
    assert max(sizes.values()) < 800
    assert sorted(sizes.values())[len(sizes) // 2] <= LONG_FILE_LINES


def test_only_the_data_folders_gitignore_is_tracked():
    assert [relative(path) for path in tracked() if relative(path).startswith("instance/")] == ["instance/.gitignore"]
