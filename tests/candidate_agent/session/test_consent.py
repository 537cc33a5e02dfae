"""Consent in stages: each is read on its own, can be gone back to and refused, and what was agreed to is recorded."""

from typing import Any

import msgspec
import pytest

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.consent import REREADABLE, captured, compared, is_reread, stage, stages
from candidate_agent.session.resuming import kept
from candidate_agent.session.states import Kept, Phase, StepStatus
from exam_protocol import messages as m
from exam_protocol.policy import Accommodations, Policy
from exam_protocol.records import ConsentEntry
from tests.candidate_agent.session.test_machine import OK_ROW, PACKAGE, Play, command, waiting

ALL = ("screen", "webcam", "audio", "id_card", "room", "events", "chat")


def asked() -> Play:
    return Play()(ev.PackageOpened(PACKAGE, "en"), ev.Enrolled("Kim", Accommodations()))


def read(play: Play, *names: str) -> Play:
    return play(*(ev.ConsentRead(name) for name in names))


def entry(play: Play) -> ConsentEntry:
    (found,) = (e.entry for e in play.effects if isinstance(e, fx.Record) and isinstance(e.entry, ConsentEntry))
    return found


def test_every_sensor_has_a_stage_then_comes_what_is_never_captured_then_the_statement() -> None:
    assert stages(asked().session) == (*ALL, "never", "statement")


def test_what_the_policy_does_not_ask_for_is_not_asked_consent_for() -> None:
    assert captured(Policy(id_card=False, room_scan=False)) == ("screen", "webcam", "audio", "events", "chat")


def test_reading_on_leads_through_all_stages_to_the_statement_and_no_further() -> None:
    play = asked()
    for name in (*ALL, "never"):
        assert stage(play.session) == name
        read(play, name)
    assert stage(read(play, "statement").session) == "statement"


def test_a_click_that_came_twice_skips_nothing() -> None:
    assert stage(read(asked(), "screen", "screen").session) == "webcam"


def test_what_was_read_can_be_turned_back_to_and_what_was_not_cannot_be_skipped_to() -> None:
    play = read(asked(), "screen", "webcam")
    assert stage(play(ev.ConsentTurned("screen")).session) == "screen"
    assert stage(play(ev.ConsentTurned("chat")).session) == "screen"
    assert stage(play(ev.ConsentTurned("audio")).session) == "audio", "the first that was not read"


def test_agreeing_records_text_version_language_and_every_stage() -> None:
    play = read(asked(), *ALL, "never")(ev.LanguageChosen("es"), ev.ConsentGiven())
    assert play.session.phase is Phase.CHECKING
    found = entry(play)
    assert (found.accepted, found.text_version, found.language, found.items) == (True, "1", "es", (*ALL, "statement"))


def test_a_stage_that_was_not_shown_is_not_recorded_as_agreed_to() -> None:
    assert entry(read(asked(), "screen")(ev.ConsentGiven())).items == ("screen", "statement")


@pytest.mark.parametrize("name", [*ALL, "never", "statement"])
def test_refusing_any_stage_leads_to_the_alternative_and_back_to_that_stage(name: str) -> None:
    before = (*ALL, "never", "statement")
    play = read(asked(), *before[: before.index(name)])(ev.ConsentRefused())
    assert play.session.phase is Phase.REFUSED
    assert (entry(play).accepted, entry(play).items) == (False, (name,))
    assert stage(play(ev.ContinueAsked()).session) == name


@pytest.mark.parametrize("phase", [Phase.CONSENTING, Phase.REFUSED])
def test_a_restart_in_the_middle_goes_on_at_the_stage_where_it_was(phase: Phase) -> None:
    play = read(asked(), "screen", "webcam")
    if phase is Phase.REFUSED:
        play(ev.ConsentRefused())
    now = msgspec.json.decode(msgspec.json.encode(kept(play.session)), type=Kept)
    again = Play()(ev.PackageOpened(PACKAGE, "en"), ev.Resumed(now, "Kim", Accommodations()))
    assert (again.session.phase, stage(again.session)) == (Phase.CONSENTING, "audio")
    assert entry(read(again, *ALL[2:], "never")(ev.ConsentGiven())).items == (*ALL, "statement")


def test_a_stage_of_another_policy_or_program_is_begun_with_the_first() -> None:
    again = Play()(
        ev.PackageOpened(PACKAGE, "en"),
        ev.Resumed(Kept(Phase.CONSENTING, consent_at="fingerprints", consent_read=("smell",)), "Kim", Accommodations()),
    )
    assert stage(again.session) == "screen"


def test_a_session_file_from_before_the_stages_still_opens() -> None:
    old = b'{"phase":"consenting","reason":"","warnings":0,"began_ms":0}'
    assert msgspec.json.decode(old, type=Kept).consent_read == ()


# --- comparing face and voice -----------------------------------------------------------------------------------------

NAMED = ("FACE_CHANGED", "VOICE_SECOND")
COMPARING = msgspec.structs.replace(PACKAGE, policy=Policy(opt_in_findings=NAMED))
BEFORE = ("screen", "webcam", "audio")


def asked_to_compare(muted: tuple[str, ...] = ()) -> Play:
    play = Play()(ev.PackageOpened(COMPARING, "en"), ev.Enrolled("Kim", Accommodations(muted_flags=muted)))
    return read(play, *BEFORE)


def test_whoever_is_not_to_be_compared_is_not_asked() -> None:
    assert "compare" not in captured(Policy())
    assert "compare" not in captured(Policy(findings=False, opt_in_findings=NAMED))
    assert compared(read(asked(), *ALL, "never").session) == frozenset()


def test_face_and_voice_are_compared_only_after_a_yes_on_a_stage_of_its_own() -> None:
    play = asked_to_compare()
    assert stage(play.session) == "compare" and compared(play.session) == frozenset()
    assert compared(read(play, "compare").session) == frozenset(NAMED)
    assert entry(play(ev.ConsentGiven())).items == (*BEFORE, "compare", "statement")


def test_an_agreement_that_passed_the_stage_over_is_no_yes() -> None:
    play = asked_to_compare()(ev.ConsentGiven())
    assert entry(play).items == (*BEFORE, "statement") and compared(play.session) == frozenset()


def test_a_no_goes_on_with_the_exam_and_is_in_the_record() -> None:
    play = asked_to_compare()(ev.ConsentDeclined("compare"))
    assert stage(play.session) == ALL[3] and compared(play.session) == frozenset()
    assert entry(read(play, *ALL[3:], "never")(ev.ConsentGiven())).items == (*ALL, "statement")
    assert play.session.phase is Phase.CHECKING


def test_a_no_can_be_made_a_yes_and_a_yes_a_no_until_the_agreement() -> None:
    no = asked_to_compare()(ev.ConsentDeclined("compare"), ev.ConsentTurned("compare"))
    yes = read(no, "compare")
    assert compared(yes.session) == frozenset(NAMED)
    assert compared(yes(ev.ConsentTurned("compare"), ev.ConsentDeclined("compare")).session) == frozenset()


@pytest.mark.parametrize("name", ["screen", "statement", "compare"])
def test_nothing_else_can_be_said_no_to_alone(name: str) -> None:
    before = asked().session
    assert asked()(ev.ConsentDeclined(name)).session == before


@pytest.mark.parametrize("answer", [ev.ConsentDeclined("compare"), ev.ConsentRead("compare")])
def test_the_answer_outlives_a_restart(answer: ev.Event) -> None:
    play = read(asked_to_compare()(answer), *ALL[3:], "never")(ev.ConsentGiven())
    now = msgspec.json.decode(msgspec.json.encode(kept(play.session)), type=Kept)
    again = Play()(ev.PackageOpened(COMPARING, "en"), ev.Resumed(now, "Kim", Accommodations()))
    assert compared(again.session) == compared(play.session)


def test_what_an_accommodation_mutes_is_not_even_compared() -> None:
    assert compared(read(asked_to_compare(("FACE_CHANGED",)), "compare").session) == {"VOICE_SECOND"}


def in_phase(phase: Phase) -> Play:
    play = read(asked(), *ALL, "never")(ev.ConsentGiven())
    if phase is Phase.WAITING:
        return waiting()
    checked: tuple[Any, ...] = (ev.CheckMeasured(OK_ROW), ev.ChecksFinished(), ev.ContinueAsked())
    return play(*checked) if phase is Phase.IDENTIFYING else play


@pytest.mark.parametrize("phase", sorted(REREADABLE, key=str))
def test_the_texts_can_be_read_again_and_nothing_is_lost_by_it(phase: Phase) -> None:
    play = in_phase(phase)
    before = play.session
    assert before.phase is phase
    assert is_reread(play(ev.TextsAsked(True)).session) and not play.effects
    assert play(ev.TextsAsked(False)).session == before


def test_what_is_asked_again_comes_before_texts_that_are_read_again() -> None:
    play = waiting()(ev.TextsAsked(True), command(m.AskAgainBody("id_card", "In shadow.")))
    assert play.session.id_card.status is StepStatus.ASKED_AGAIN and not is_reread(play.session)
