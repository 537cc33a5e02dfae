"""The program's first step: one thread for numpy, before anything imports it."""

import os

import pytest

from candidate_agent import __main__, cli


def test_numpy_is_told_to_keep_to_one_thread_and_the_program_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str | None] = []
    for name in __main__.ONE_THREAD:
        monkeypatch.delenv(name, raising=False)

    def run(arguments: list[str]) -> int:
        seen.extend(os.environ.get(name) for name in __main__.ONE_THREAD)
        return 7

    monkeypatch.setattr(cli, "run", run)
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    assert ended.value.code == 7 and seen == ["1", "1"]
