#!/bin/sh
# Sets up a fresh Debian or Ubuntu: system packages (packaging/apt.txt), .venv from the hashed lock, and the
# models (packaging/models.py). Called by `make setup`.
# Quiet; the whole story is in build/setup.log. A second run checks and does nothing.
set -eu
cd "$(dirname "$0")/.."
log=build/setup.log
mkdir -p build

say() { printf 'setup: %s\n' "$*"; }
stop() { printf 'setup: %s\n' "$*" >&2; exit 1; }
logged() { "$@" >>"$log" 2>&1 || stop "this failed: $* (see $log; its end: $(tail -n 3 "$log" | tr '\n' ' '))"; }

wanted() { sed 's/#.*//' packaging/apt.txt | tr -d ' \t' | grep -v '^$'; }
offered() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_install() { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }

missing_packages() { # entries of the list of which no alternative is installed
    all=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' | sed -n 's/ installed$//p' | tr '\n' '|')
    wanted | while read -r entry; do
        found=
        for name in $(echo "$entry" | tr '|' ' '); do
            case "|$all" in *"|$name|"*) found=1 ;; esac
        done
        [ -n "$found" ] || echo "$entry"
    done
}

chosen() { # of each entry the first alternative that this release offers
    for entry in "$@"; do
        name=$(for each in $(echo "$entry" | tr '|' ' '); do offered "$each" && echo "$each" && break; done)
        echo "${name:-${entry%%|*}}"
    done
}

system_packages() {
    command -v dpkg-query >/dev/null || { say "not a Debian or Ubuntu system: install the kin of packaging/apt.txt yourself"; return; }
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086
    may_install || stop "these system packages are missing: $(echo $missing)
       Install them as root (apt-get install ...), or run this once as root or with sudo; then call make again."
    say "installing $(echo "$missing" | wc -l) system packages"
    logged as_root apt-get update -q
    # shellcheck disable=SC2046,SC2086
    logged as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $(chosen $missing)
}

newest_python() { # the newest released Python >= 3.11 that can make a venv
    for name in python3.15 python3.14 python3.13 python3.12 python3.11 python3; do
        command -v "$name" >/dev/null || continue
        "$name" -c 'import sys, venv, ensurepip
sys.exit(sys.version_info < (3, 11) or sys.version_info.releaselevel != "final")' 2>/dev/null && { echo "$name"; return; }
    done
}

python_packages() {
    lock=$(cat requirements/all.txt pyproject.toml packaging/setup.sh | sha256sum)
    [ "$(cat .venv/lock.sha256 2>/dev/null)" = "$lock" ] && return
    python=$(newest_python)
    [ -n "$python" ] || stop "no Python 3.11 or newer with venv was found. Install python3 and python3-venv, then call make again."
    say "making .venv with $("$python" -V)"
    logged "$python" -m venv --clear .venv
    say "installing $(grep -c '==' requirements/all.txt) locked Python packages (a minute or two)"
    logged .venv/bin/python -m pip install --disable-pip-version-check --no-input -q --no-deps --require-hashes -r requirements/all.txt
    logged .venv/bin/python -m pip install --disable-pip-version-check --no-input -q --no-deps --no-build-isolation -e .
    echo "$lock" >.venv/lock.sha256
}

models() { # what looks for a face or a phone; the agent works without
    PYTHONPATH=. .venv/bin/python packaging/models.py 2>>"$log" | while read -r line; do say "$line"; done
}

: >"$log"
system_packages
python_packages
models
say "ready ($(.venv/bin/python -V), .venv)"
