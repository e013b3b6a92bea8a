"""Imports point down, and the web process carries nothing that only the worker needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = ("openai", "anthropic", "httpx2", "av", "PIL", "numpy", "pypdfium2", "resvg_py", "dbos")


def test_the_layers_are_kept():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_the_web_process_starts_without_media_libraries_and_model_sdks(settings):
    """They cost seconds and a hundred megabytes; only the worker and the tasks it starts need them."""
    code = f"""
import sys
from webapp import create_app, demo, serving
from webapp.services import access_links, doctor, upkeep
app = create_app()
client = app.test_client()
assert client.get("/healthz").status_code == 200
assert client.get("/sign-in").status_code == 200
print(*[name for name in {HEAVY} if name in sys.modules])
"""
    environment = {"SLATE_DATA": str(settings.data), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
