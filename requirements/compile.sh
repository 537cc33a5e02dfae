#!/bin/sh
# Renews the hashed lock from pyproject.toml. Needs uv. The files name no registry.
# evdev is left out: pynput asks for it, but only its uinput backend uses it, and it would need a compiler on the candidate's machine.
set -eu
cd "$(dirname "$0")/.."
uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --no-emit-package evdev -q \
  --all-extras --group dev pyproject.toml -o requirements/all.txt
uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --no-emit-package evdev -q \
  --extra agent pyproject.toml -o requirements/agent.txt
uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --no-emit-package evdev -q \
  --extra server pyproject.toml -o requirements/server.txt
