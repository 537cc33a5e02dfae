"""Newest-only delivery: bounded whatever the page does."""

from collections.abc import Callable

from candidate_agent.ui.courier import Courier


class Page:
    """Runs what is scheduled at once; answers a script only when told to."""

    def __init__(self) -> None:
        self.scripts: list[str] = []
        self.answers: list[Callable[[object], None]] = []
        self.courier = Courier(lambda act: act(), self._run)

    def _run(self, script: str, done: Callable[[object], None]) -> None:
        self.scripts.append(script)
        self.answers.append(done)

    def answer(self) -> None:
        self.answers.pop(0)(None)


def test_nothing_is_sent_before_the_page_is_there() -> None:
    page = Page()
    page.courier.put("view", {"screen": "consent"})
    assert page.scripts == []
    page.courier.page_ready()
    assert page.scripts == ['examClient.receive("view",{"screen": "consent"});']


def test_while_one_is_under_way_only_the_newest_waits() -> None:
    page = Page()
    page.courier.page_ready()
    for number in range(100):
        page.courier.put("view", number)
    assert page.scripts == ['examClient.receive("view",0);']
    page.answer()
    assert page.scripts[1:] == ['examClient.receive("view",99);']
    assert page.courier.superseded == 98
    page.answer()
    assert len(page.scripts) == 2


def test_keys_do_not_supersede_each_other() -> None:
    page = Page()
    page.courier.page_ready()
    page.courier.put("view", 1)
    page.courier.put("preview:camera", "a")
    page.courier.put("view", 2)
    page.answer()
    assert page.scripts[1] == 'examClient.receive("preview:camera","a");examClient.receive("view",2);'


def test_a_page_that_came_back_gets_the_newest_of_everything() -> None:
    page = Page()
    page.courier.page_ready()
    page.courier.put("view", 1)
    page.courier.page_gone()
    page.courier.put("view", 2)
    page.courier.put("preview:camera", "x")
    page.courier.forget("preview:camera")
    page.courier.page_ready()
    assert page.scripts[-1] == 'examClient.receive("view",2);'


def test_text_that_could_end_a_script_stays_inside_its_string() -> None:
    page = Page()
    page.courier.page_ready()
    page.courier.put("view", 'a"\u2028</script>')
    assert page.scripts == ['examClient.receive("view","a\\"\\u2028</script>");']
