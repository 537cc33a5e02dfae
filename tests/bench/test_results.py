"""What a figure says in the file and to a person."""

import json
from pathlib import Path

import pytest

from bench.results import Figure, line, write

CPU = Figure("media.cpu", 12.0, "% of one", "a peer", 16.0, has_bar=True)


def test_the_file_is_a_list_of_figures_with_peer_and_ratio_by_name(tmp_path: Path) -> None:
    write([Figure("media.memory", 190.0, "MB"), CPU], tmp_path / "new" / "latest.json")
    assert json.loads((tmp_path / "new" / "latest.json").read_text()) == [
        {
            "name": "media.cpu",
            "value": 12.0,
            "unit": "% of one",
            "peer": "a peer",
            "peer_value": 16.0,
            "ratio": 0.75,
        },
        {"name": "media.memory", "value": 190.0, "unit": "MB", "peer": None, "peer_value": None, "ratio": None},
    ]


def test_figures_of_the_same_name_are_replaced_and_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "latest.json"
    write([CPU, Figure("live.memory", 500.0, "MB")], path)
    write([Figure("media.cpu", 8.0, "% of one")], path)
    assert {row["name"]: row["value"] for row in json.loads(path.read_text())} == {
        "live.memory": 500.0,
        "media.cpu": 8.0,
    }


@pytest.mark.parametrize(("value", "verdict"), [(16.0, "bar met"), (16.1, "bar NOT MET")])
def test_a_bar_is_met_up_to_the_value_of_the_peer(value: float, verdict: str) -> None:
    figure = Figure("x", value, "ms", "the bar", 16.0, has_bar=True)
    assert figure.meets_bar is (verdict == "bar met")
    assert line(figure).endswith(verdict)


def test_a_peer_without_a_bar_is_shown_and_judges_nothing() -> None:
    figure = Figure("media.memory", 190.0, "MB", "ffmpeg", 95.0)
    assert figure.meets_bar and line(figure).endswith("ffmpeg: 95   ratio 2.00")
