"""Read many files in one process with the child's own readers: the sandbox without a start for each file."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from webapp.services import media, typefaces
from webapp.services.media import MediaLimits

CHILD = Path(media.__file__).with_name("media_child")
_PROGRAM = """
import base64, importlib.util, json, os, sys
sys.path.insert(0, sys.argv[1])
spec = importlib.util.spec_from_file_location("child", sys.argv[1] + "/__main__.py")
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)
from answer import Refused
out = os.fdopen(os.dup(1), "w")
child._silence()
for line in sys.stdin.read().splitlines():
    request = json.loads(line)
    file = os.open(request["path"], os.O_RDONLY)
    os.dup2(file, 0)
    os.close(file)
    try:
        answer = child._read(request)
    except Refused as refused:
        said = {"refused": refused.sentence}
    except Exception as error:
        said = {"refused": "it is damaged or cut off.", "cause": f"{type(error).__name__}: {error}"}
    else:
        picture = answer.pictures.get("picture") or answer.pictures.get("thumbnail") or b""
        said = answer.facts | {"picture": base64.b64encode(picture).decode()}
    out.write(json.dumps(said) + "\\n")
out.flush()
"""


@dataclass(frozen=True)
class Outcome:
    """Say what became of one file."""

    facts: dict[str, Any]

    @property
    def refused(self) -> str:
        return self.facts.get("refused", "") + self.facts.get("cause", "")

    @property
    def size(self) -> tuple[int, int]:
        return self.facts["width"], self.facts["height"]

    @property
    def excerpt(self) -> str:
        return self.facts.get("excerpt", "")

    @property
    def picture(self) -> Image.Image:
        return Image.open(io.BytesIO(base64.b64decode(self.facts["picture"])), formats=["WEBP"])


def read_all(files: dict[str, tuple[str, str, bytes]], limits: MediaLimits | None = None) -> dict[str, Outcome]:
    """Read name → (kind, format, bytes); texts are taken for UTF-8."""
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for number, (kind, form, content) in enumerate(files.values()):
            path = Path(folder) / str(number)
            path.write_bytes(content)
            request = {
                "path": str(path),
                "kind": kind,
                "format": form,
                "encoding": "utf-8",
                "fonts": [str(typefaces.OWN)],
            }
            lines.append(json.dumps(request | {"limits": asdict(limits or MediaLimits())}))
        command = [sys.executable, "-I", "-B", "-c", _PROGRAM, str(CHILD)]
        done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)
    answers = [Outcome(json.loads(line)) for line in done.stdout.splitlines()]
    return dict(zip(files, answers, strict=True))
