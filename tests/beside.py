"""Which tests stay with one worker when `--dist loadgroup` runs them beside each other, and in which order.

Each file has screen, sound server and ports of its own, so that files may run beside each other; a file stays with one
worker, because its tests share what it set up. What takes long begins first, so that no worker is alone at the end.
"""

from pathlib import PurePath

import pytest

TOGETHER = {
    "tests/escape": "escapes",
    "tests/demo/test_programs.py": "escapes",
}  # both run programs of the published list
LONG = (
    "tests/sitting/test_bad_input.py",
    "tests/demo/test_kills.py",
    "tests/test_architecture.py",
    "escapes",
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


def group_of(path: str) -> str:
    """`path`: of a test file from the root of the tree, with slashes."""
    return next((name for start, name in TOGETHER.items() if path.startswith(start)), path)


def arrange(items: list[pytest.Item], root: PurePath) -> None:
    places = {name: place for place, name in enumerate(LONG)}
    groups = {item: group_of(item.path.relative_to(root).as_posix()) for item in items}
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: places.get(groups[item], len(places)))
