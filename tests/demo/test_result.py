import json
from pathlib import Path

from demo import result
from demo.failure import StepFailed
from demo.player import Step, play_all


def fail() -> str:
    raise StepFailed("the flag did not come")


def crash() -> str:
    return str(1 // 0)


def test_a_step_that_fails_ends_the_play_and_the_rest_counts_as_not_run(tmp_path: Path) -> None:
    failed: list[int] = []
    steps = [Step("a", lambda: "fine"), Step("b", fail), Step("c", lambda: "never")]
    results = play_all(steps, output_dir=tmp_path, on_failure=failed.append, say=lambda line: None)
    assert [(step.name, step.ok, step.detail) for step in results] == [
        ("a", True, "fine"),
        ("b", False, "the flag did not come"),
        ("c", False, "not run"),
    ]
    assert failed == [2]
    assert "the flag did not come" in (tmp_path / "02-failure.txt").read_text()


def test_a_surprise_is_named_by_its_kind(tmp_path: Path) -> None:
    (only,) = play_all([Step("a", crash)], output_dir=tmp_path, on_failure=lambda n: None, say=lambda line: None)
    assert only.detail.startswith("ZeroDivisionError")


def test_the_summary_has_exactly_the_agreed_shape(tmp_path: Path) -> None:
    steps = [result.StepResult("a", True, 1.5, "fine")]
    result.write(result.summarise(steps, {"link_cut_s": 20.0}), tmp_path)
    assert json.loads((tmp_path / "summary.json").read_text()) == {
        "passed": True,
        "steps": [{"name": "a", "ok": True, "seconds": 1.5, "detail": "fine"}],
        "figures": {"link_cut_s": 20.0},
    }


def test_no_steps_is_not_a_pass() -> None:
    assert not result.summarise([], {}).passed


def test_the_report_shows_each_picture_and_escapes_what_was_seen(tmp_path: Path) -> None:
    (tmp_path / "01-agent.png").write_bytes(b"")
    steps = [result.StepResult("a", False, 1.5, "saw <b>")]
    page = result.page(result.summarise(steps, {}), tmp_path)
    assert 'src="01-agent.png"' in page
    assert "saw &lt;b&gt;" in page
