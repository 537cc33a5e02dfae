"""The order that makes a kill and a power cut harmless."""

from candidate_agent.lockdown.plan import Act, Step, plan


def test_keeper_then_login_unit_then_settings_then_clipboard() -> None:
    assert plan(("keys", "unit", "saver"), "unit", grips=("staying awake",), clipboard=True) == (
        Step(Act.START_KEEPER),
        Step(Act.HOLD_SETTING, "unit"),
        Step(Act.HOLD_SETTING, "keys"),
        Step(Act.HOLD_SETTING, "saver"),
        Step(Act.TAKE_GRIP, "staying awake"),
        Step(Act.ISOLATE_CLIPBOARD),
    )


def test_the_keeper_starts_even_where_nothing_can_be_changed() -> None:
    assert plan((), "unit", grips=(), clipboard=False) == (Step(Act.START_KEEPER),)
