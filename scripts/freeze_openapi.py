"""Write the API's examples and its frozen document anew: python -m scripts.freeze_openapi.

It builds the demo in a folder of its own, asks every example of the document, keeps what was answered in
webapp/views/api/document/examples.json, and writes tests/api/openapi.json. Review the diff of both: two runs of
the same code write the same bytes, so whatever differs was changed.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
import tempfile
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from tests.api import asking, world
from webapp import create_app
from webapp.config import load
from webapp.services import upkeep
from webapp.views.api import openapi
from webapp.views.api.document import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

SNAPSHOT = Path("tests/api/openapi.json")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
CHAINED = re.compile(r'(?<="previousHash": ")[0-9a-f]{64}')
"""Hashes of the history, which have times and ids in them."""
KNOWN = "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a"
SHOWN = 2
"""Rows an example shows of each list."""


def main() -> None:
    """Catch the answers and write both files; says which examples were refused, and ends with 1 then."""
    with tempfile.TemporaryDirectory() as folder:
        refused = _write(Path(folder))
    sys.stderr.writelines(f"{each}\n" for each in refused)
    sys.exit(1 if refused else 0)


def _write(folder: Path) -> list[str]:
    settings = load({"SLATE_DATA": str(folder / "i"), "WRITING_PACE": "0", "API_REQUESTS_PER_MINUTE": "100000"})
    app = create_app(settings)
    upkeep.migrate(app)
    with app.app_context():
        caught, refused = catch(world.make(app, folder / "kept.db"))
    examples.CAUGHT.write_text(_text(caught))
    examples.caught.cache_clear()
    SNAPSHOT.write_text(_text(openapi.write(app)))
    return refused


def catch(made: world.World) -> tuple[dict[str, Any], list[str]]:
    """Ask every example and return what was answered, and what was refused."""
    found = asking.cases(openapi.write(made.app))
    named = asking.by_name(found)
    caught: dict[str, dict[str, Any]] = {}
    refused = []
    for case in found:
        with same_chances(case.name):
            response = asking.ask(made, named, case)
        if response.status_code >= 300 and case.name not in asking.NOT_YET:
            refused.append(f"{case.method} {case.path}: {response.get_data(as_text=True)[:400]}")
        elif response.is_json and response.json.get("success"):
            caught.setdefault(case.name, {}).setdefault(str(response.status_code), _plain(response.json))
    return caught, refused


@contextmanager
def same_chances(name: str) -> Iterator[None]:
    """Let secrets and the seed that words are chosen by be the same each time, for each operation its own."""
    chance = Random(name)
    with (
        patch.object(secrets, "token_bytes", lambda length=32: chance.randbytes(length)),
        patch.object(secrets, "randbelow", chance.randrange),
    ):
        yield


def _plain(answer: Any) -> Any:
    """Give what differs from time to time a value that does not: times, fresh ids, hashes of both."""
    text = json.dumps(_short(answer), ensure_ascii=False)
    text = TIME.sub(examples.META["timestamp"], text).replace(answer["meta"]["requestId"], examples.META["requestId"])
    fresh = dict.fromkeys(each for each in UUID.findall(text) if not each.startswith(KNOWN))
    for number, each in enumerate(fresh, 1):
        text = text.replace(each, f"{KNOWN}f{number:03x}")
    return json.loads(_rechained(text))


def _rechained(text: str) -> str:
    """Number the hashes of a history's rows; each still names the one before it."""
    rows = json.loads(text)["data"]
    if not CHAINED.search(text) or not isinstance(rows, list):
        return text
    names = ("hash", "previousHash", "actorCommitment", "actorSalt")
    found = dict.fromkeys(row[name] for row in rows for name in names if row[name])
    for number, each in enumerate(found, 1):
        text = text.replace(each, sha256(f"event {number}".encode()).hexdigest())
    return text


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _short(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_short(each) for each in (value[:SHOWN] if value and isinstance(value[0], dict) else value)]
    return value


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    main()
