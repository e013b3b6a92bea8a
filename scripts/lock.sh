#!/bin/sh
# Write both lock files anew: every package that runs or tests Slate, with its version and hashes, for every platform.
# `make lock` calls this; uv comes into a folder of its own, so that nothing else in .venv changes.
set -eu
cd "$(dirname "$0")/.."
UV="${UV:-.venv/lock/bin/uv}"
if [ ! -x "$UV" ]; then
    python3 -m venv .venv/lock
    .venv/lock/bin/pip install --quiet uv
fi
lock() {
    # no index address in the file: everybody has their own
    "$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-annotate --custom-compile-command "make lock" "$@"
}
lock pyproject.toml --extra anthropic --group build --output-file requirements.lock
lock pyproject.toml --extra anthropic --group build --group dev --constraints requirements.lock --output-file requirements-dev.lock
# An extra that people ask for has a lock of its own: only its packages, at the versions above where those are there.
python3 -c 'import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["heic"], sep="\n")' |
    lock - --constraints requirements.lock --output-file requirements-heic.lock
