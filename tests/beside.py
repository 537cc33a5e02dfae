"""In which order the files of tests begin, so that with `--dist loadfile` no worker is alone at the end. For conftest.

Each file has screen, sound server and ports of its own, so that files may run beside each other; a file stays with one
worker, because its tests share what it set up.
"""

from pathlib import PurePath

import pytest

LONG = (
    "tests/sitting/test_bad_input.py",
    "tests/sitting/test_devices.py",
    "tests/demo/test_kills.py",
    "tests/sitting/test_coming_back.py",
    "tests/test_architecture.py",
    "tests/escape/test_escape.py",
    "tests/demo/test_programs.py",
    "tests/sitting/test_letting_go.py",
    "tests/console/test_app.py",
    "tests/candidate_agent/ui/test_exam_browser.py",
    "tests/sitting/test_practice.py",
    "tests/sitting/test_check_screen.py",
    "tests/sitting/test_after.py",
    "tests/candidate_agent/ui/test_exam_view.py",
    "tests/server_stub/test_durability.py",
    "tests/candidate_agent/lockdown/test_crash_matrix.py",
    "tests/candidate_agent/lockdown/test_real_sittings.py",
    "tests/candidate_agent/platforms/linux/test_keys.py",
)


def long_ones_first(items: list[pytest.Item], root: PurePath) -> None:
    """Files that are not named keep their order, after those that are."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.relative_to(root).as_posix(), len(places)))
