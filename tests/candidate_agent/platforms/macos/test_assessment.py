"""The system's own mode: held only when the system says so, told when it takes it back, ended once."""

import pytest

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.macos import assessment
from candidate_agent.platforms.macos.assessment import MacAssessment, Progress, State
from candidate_agent.platforms.ports import Unsupported


class Session:
    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.ends = 0

    def end(self) -> None:
        self.ends += 1
        self.progress.ended()

    def active(self) -> bool:
        return self.progress.state is State.ACTIVE


class System:
    """Answers a beginning as it was told to."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.sessions: list[Session] = []

    def begin(self, progress: Progress) -> Session:
        session = Session(progress)
        self.sessions.append(session)
        if self.answer:
            getattr(progress, self.answer)()
        return session


def test_it_is_held_from_the_system_s_word_until_it_is_closed() -> None:
    system = System("began")
    mode = MacAssessment(system.begin)
    assert not mode.held()
    close = mode.hold(lambda reason: None)
    assert mode.held()
    close()
    close()
    assert not mode.held() and system.sessions[0].ends == 1


@pytest.mark.parametrize("answer", ["failed", ""])
def test_a_system_that_will_not_is_an_error_and_nothing_is_left(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessment, "BEGIN_S", 0.01)
    system = System(answer)
    mode = MacAssessment(system.begin)
    with pytest.raises(PlatformError):
        mode.hold(lambda reason: None)
    assert not mode.held() and system.sessions[0].ends == 1


def test_an_interruption_is_told_and_it_is_held_no_more() -> None:
    system = System("began")
    mode = MacAssessment(system.begin)
    reasons: list[str] = []
    close = mode.hold(reasons.append)
    system.sessions[0].progress.was_interrupted("the system ended it")
    assert reasons == ["the system ended it"] and not mode.held()
    close()
    assert system.sessions[0].ends == 0  # nothing was left to end


def test_without_the_entitlement_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessment, "entitled", lambda: False)
    assert assessment.assessment() == Unsupported(assessment.WITHOUT_ENTITLEMENT)
