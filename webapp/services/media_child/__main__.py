"""Read one media file from standard input inside a sandbox and answer on standard output.

Run as `python -I -B <this folder> <request as JSON>`. Nothing of Slate is imported here: the standard library, the
parsers and the modules beside this one are all that this process knows. A parser is imported only after the limits
and the sandbox are in place.
"""

# ruff: noqa: PLC0415  parsers are imported late on purpose

from __future__ import annotations

import json
import os
import sys

import sandbox
from answer import Answer, Refused, write


def main() -> None:
    """Lock this process up, read the file, answer, and leave without ceremony."""
    request = json.loads(sys.argv[1])
    out = os.dup(1)
    _silence()
    sandbox.set_limits(request["address_space_bytes"], request["cpu_seconds"])
    landlock = sandbox.lock_up(request["fonts"])
    try:
        answer = _read(request)
    except Refused as refused:
        answer = Answer({"refused": refused.sentence, "too_large": refused.too_large})
    except MemoryError:
        answer = Answer({"refused": "it needs more memory than one file may take."})
    except Exception as error:  # noqa: BLE001  a parser may raise anything; the reason goes to the log, not to a person
        answer = Answer({"refused": "it is damaged or cut off.", "cause": f"{type(error).__name__}: {error}"[:300]})
    answer.facts["landlock"] = landlock
    write(out, answer)
    os._exit(0)  # parsers' clean-up has crashed processes before; there is nothing left to save


def _silence() -> None:
    """Send what C libraries print to nowhere, so that it cannot mix with the answer."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _read(request: dict) -> Answer:
    """Hand the file to the one reader for its format."""
    limits, form = request["limits"], request["format"]
    if request["kind"] == "film":
        import film

        return film.render()
    if form == "svg":
        import vector

        return vector.read(request["fonts"], limits)
    if request["kind"] == "image":
        import images

        return images.read(form, limits)
    if request["kind"] in ("video", "audio"):
        import footage

        return footage.read(form, limits)
    if form == "pdf":
        import pdf

        return pdf.read(limits)
    import texts

    return texts.read(form, request["encoding"], request["fonts"], limits)


if __name__ == "__main__":
    main()
