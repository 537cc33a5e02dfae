#!/bin/sh
# Renews the hashed lock from pyproject.toml. Needs uv. The files name no registry.
# evdev is left out: pynput asks for it, but only its uinput backend uses it, and it would need a compiler on the candidate's machine.
# So is what ai-edge-litert asks for and does not load to run a model: its tools need it (15 MB).
set -eu
cd "$(dirname "$0")/.."
left_out=
for name in evdev tqdm ml-dtypes protobuf flatbuffers backports-strenum; do left_out="$left_out --no-emit-package $name"; done
uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header $left_out -q \
  --all-extras --group dev pyproject.toml -o requirements/all.txt
uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header $left_out --no-emit-package colorama -q \
  --extra agent pyproject.toml -o requirements/agent.txt
uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header $left_out -q \
  --extra server pyproject.toml -o requirements/server.txt
