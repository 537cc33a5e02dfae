"""ALSA loads less only where it is known what would be missing."""

from pathlib import Path

import pytest

from candidate_agent.platforms.linux.alsa import CONFIG_PATH, VARIABLE, load_less

USUAL = "usr/share/alsa/alsa.conf"
TO_PULSE = "etc/alsa/conf.d/99-pulse.conf"


def computer(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    return root


def test_with_a_sound_server_the_short_list_is_read_last(tmp_path: Path) -> None:
    environ: dict[str, str] = {}
    root = computer(tmp_path, USUAL, TO_PULSE)
    assert load_less(environ, root, tmp_path / "home")
    assert environ[VARIABLE] == f"{root / USUAL}:{CONFIG_PATH}"
    assert load_less(environ, root, tmp_path / "home") and environ[VARIABLE].count(str(CONFIG_PATH)) == 1


@pytest.mark.parametrize("own", ["etc/asound.conf", "home/.asoundrc", "home/.config/alsa/asoundrc"])
def test_who_wrote_a_configuration_keeps_all_of_it(tmp_path: Path, own: str) -> None:
    environ: dict[str, str] = {}
    assert not load_less(environ, computer(tmp_path, USUAL, TO_PULSE, own), tmp_path / "home")
    assert environ == {}


@pytest.mark.parametrize("there", [(USUAL,), (TO_PULSE,), (USUAL, "etc/alsa/conf.d/60-upmix.conf")])
def test_without_a_sound_server_nothing_is_left_out(tmp_path: Path, there: tuple[str, ...]) -> None:
    assert not load_less({}, computer(tmp_path, *there), tmp_path / "home")


def test_another_configuration_altogether_stays(tmp_path: Path) -> None:
    environ = {VARIABLE: "/somewhere/else.conf"}
    assert not load_less(environ, computer(tmp_path, USUAL, TO_PULSE), tmp_path / "home")
    assert environ == {VARIABLE: "/somewhere/else.conf"}


def test_what_is_left_is_known_to_the_file() -> None:
    assert TO_PULSE in CONFIG_PATH.read_text()
