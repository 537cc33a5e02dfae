"""What passes between threads on the way to Cocoa, and what ends together."""

import threading

import pytest

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.macos.door import Answer, closing, on_main_thread, pool


def test_an_answer_of_another_thread_arrives() -> None:
    answer = Answer(lambda: 42)
    thread = threading.Thread(target=answer.run)
    thread.start()
    assert answer.wait(5.0) == 42
    thread.join()


def test_an_error_of_another_thread_arrives() -> None:
    def fail() -> int:
        raise KeyError("window")

    answer = Answer(fail)
    answer.run()
    with pytest.raises(KeyError):
        answer.wait(0)


def test_a_thread_that_does_not_answer_is_an_error_with_a_sentence() -> None:
    with pytest.raises(PlatformError, match="does not answer"):
        Answer(lambda: 42).wait(0)


def test_the_main_thread_asks_itself_at_once() -> None:
    assert on_main_thread(threading.get_ident) == threading.get_ident()


def test_all_is_closed_in_order_even_where_one_fails() -> None:
    closed: list[str] = []

    def fail() -> None:
        closed.append("second")
        raise OSError

    close = closing(lambda: closed.append("first"), fail, lambda: closed.append("third"))
    with pytest.raises(OSError):
        close()
    assert closed == ["first", "second", "third"]


def test_elsewhere_a_pool_is_nothing() -> None:
    with pool():
        pass
