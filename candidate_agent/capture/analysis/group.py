"""A group of findings with the model behind it: read when it is first needed, and given up when it fails. Once only."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from candidate_agent.base.errors import AgentError
from candidate_agent.capture.events import FindingsStopped
from candidate_agent.capture.workers import Emit

Model = TypeVar("Model")
Result = TypeVar("Result")


class ReadLater(Protocol):
    @property
    def reads_next(self) -> bool: ...

    def close(self) -> None: ...


class Group(Generic[Model]):
    def __init__(self, name: str, read: Callable[[], Model], emit: Emit) -> None:
        self._name, self._read, self._emit = name, read, emit
        self._model: Model | None = None
        self._stopped = False

    @property
    def reads_next(self) -> bool:
        """Whether the next use reads the model first."""
        return self._model is None and not self._stopped

    def use(self, work: Callable[[Model], Result]) -> Result | None:
        """None from the first failure on, of whatever kind: a library of models may raise anything."""
        if self._stopped:
            return None
        try:
            self._model = self._read() if self._model is None else self._model
            return work(self._model)
        except AgentError as error:
            self._stop(error.text)
        except Exception as error:
            self._stop(f"Its model failed: {type(error).__name__}.")
        return None

    def close(self) -> None:
        """The model's memory is free now, and not when Python next looks for circles. Not to be used afterwards."""
        self._stopped, self._model = True, None

    def _stop(self, why: str) -> None:
        self.close()
        self._emit(FindingsStopped(self._name, f"Nothing is looked for in the group {self._name}. {why}"))
