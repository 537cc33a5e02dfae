"""The system's own assessment mode (Automatic Assessment Configuration): it alone shuts out everything but the exam.

Only a program to which Apple gave the entitlement may begin it, and while it holds the screen cannot be recorded, not
even by us: for exams whose policy asks for it all the same. It ends with the process.
"""

import threading
from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Any, Protocol

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.macos.door import on_main_thread
from candidate_agent.platforms.ports import Closer, Unsupported

ENTITLEMENT = "com.apple.developer.automatic-assessment-configuration"
WITHOUT_ENTITLEMENT = "Apple has not given this program the entitlement for the assessment mode of macOS."
BEGIN_S = 30.0
END_S = 10.0


class State(Enum):
    BEGINNING = "beginning"
    ACTIVE = "active"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    ENDED = "ended"


class Progress:
    """What the system's delegate told, as states; waited for by whoever holds."""

    def __init__(self, interrupted: Callable[[str], None]) -> None:
        self._interrupted = interrupted
        self._changed = threading.Condition()
        self._state = State.BEGINNING

    @property
    def state(self) -> State:
        with self._changed:
            return self._state

    def began(self) -> None:
        self._become(State.ACTIVE)

    def failed(self) -> None:
        self._become(State.FAILED)

    def ended(self) -> None:
        self._become(State.ENDED)

    def was_interrupted(self, reason: str) -> None:
        """The system took it back: other programs are there again."""
        self._become(State.INTERRUPTED)
        self._interrupted(reason)

    def wait_begun(self, within_s: float) -> bool:
        return self._wait(lambda: self._state is not State.BEGINNING, within_s) and self._state is State.ACTIVE

    def wait_over(self, within_s: float) -> bool:
        return self._wait(lambda: self._state not in (State.BEGINNING, State.ACTIVE), within_s)

    def _wait(self, wanted: Callable[[], bool], within_s: float) -> bool:
        with self._changed:
            return self._changed.wait_for(wanted, within_s)

    def _become(self, state: State) -> None:
        with self._changed:
            if self._state not in (State.FAILED, State.ENDED):
                self._state = state
            self._changed.notify_all()


class Session(Protocol):
    """What is held: begun when it is made."""

    def end(self) -> None: ...

    def active(self) -> bool: ...


class MacAssessment:
    def __init__(self, begin: Callable[[Progress], Session] | None = None) -> None:
        self._begin = begin or begin_session
        self._session: Session | None = None

    def hold(self, interrupted: Callable[[str], None]) -> Closer:
        """Returns when the mode holds. Raises PlatformError `assessment_mode` where the system will not."""
        progress = Progress(interrupted)
        session = self._begin(progress)
        if not progress.wait_begun(BEGIN_S):
            session.end()
            raise PlatformError("assessment_mode", "The assessment mode of macOS could not be begun.")
        self._session = session

        def end() -> None:
            self._session = None
            if progress.state is State.ACTIVE:
                session.end()
                progress.wait_over(END_S)

        return end

    def held(self) -> bool:
        return self._session is not None and self._session.active()


def assessment() -> MacAssessment | Unsupported:
    return MacAssessment() if entitled() else Unsupported(WITHOUT_ENTITLEMENT)


def entitled() -> bool:
    try:
        import Security
    except ImportError:
        return False  # not a Mac, or without what asks the system for it

    task = Security.SecTaskCreateFromSelf(None)
    value, _error = Security.SecTaskCopyValueForEntitlement(task, ENTITLEMENT, None)
    return bool(value)


class _CocoaSession:
    """Keeps the delegate alive, which Cocoa itself does not."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._delegate: Any = None
        self._session: Any = None

    def begin(self) -> None:
        from AutomaticAssessmentConfiguration import AEAssessmentConfiguration, AEAssessmentSession

        self._delegate = _delegate_class().alloc().init()
        self._delegate.progress = self._progress
        self._session = AEAssessmentSession.alloc().initWithConfiguration_(AEAssessmentConfiguration.alloc().init())
        self._session.setDelegate_(self._delegate)
        self._session.begin()

    def end(self) -> None:
        on_main_thread(self._session.end)

    def active(self) -> bool:
        return bool(self._session.isActive())


def begin_session(progress: Progress) -> Session:
    session = _CocoaSession(progress)
    on_main_thread(session.begin)
    return session


@cache
def _delegate_class() -> Any:
    """Made once: Objective-C knows a class by its name for as long as the process lives."""
    from Foundation import NSObject

    class CandidateAgentAssessmentDelegate(NSObject):  # type: ignore[misc]  # pyobjc has no types
        progress: Progress

        def assessmentSessionDidBegin_(self, session: Any) -> None:
            self.progress.began()

        def assessmentSession_failedToBeginWithError_(self, session: Any, error: Any) -> None:
            self.progress.failed()

        def assessmentSession_wasInterruptedWithError_(self, session: Any, error: Any) -> None:
            self.progress.was_interrupted(str(error.localizedDescription()) if error is not None else "")

        def assessmentSessionDidEnd_(self, session: Any) -> None:
            self.progress.ended()

    return CandidateAgentAssessmentDelegate
