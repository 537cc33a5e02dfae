"""The switches that the browser engine starts with. That they work is seen in `test_exam_browser.py`."""

import pytest

from candidate_agent.ui import engine


def test_everything_goes_through_the_outlet_and_no_name_is_looked_up() -> None:
    switches = engine.switches(4711)
    assert "--proxy-server=http://127.0.0.1:4711" in switches
    assert "--proxy-bypass-list=<-loopback>" in switches
    assert any("MAP * ~NOTFOUND" in switch for switch in switches)


def test_inherited_switches_count_in_a_demo_only() -> None:
    inherited = {engine.FLAGS: "--no-sandbox"}
    assert engine.flags(1, {**inherited, "CANDIDATE_AGENT_DEMO": "1"}).startswith("--no-sandbox --proxy-server=")
    assert engine.flags(1, inherited).startswith("--proxy-server=")


@pytest.mark.parametrize(
    "switch", ["sandbox", "remote-debugging", "fake-ui", "ignore-certificate", "disable-web-security"]
)
def test_no_switch_weakens_the_engine(switch: str) -> None:
    assert switch not in engine.flags(1, {})
