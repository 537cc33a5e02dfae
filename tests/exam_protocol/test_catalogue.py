"""The catalogue is data that agrees with itself."""

from exam_protocol import catalogue
from exam_protocol.catalogue import CHECKS, FLAGS, INTERVENTIONS, WEIGHT, Severity


def test_every_severity_has_a_weight_and_technical_has_none() -> None:
    assert set(WEIGHT) == set(Severity) and WEIGHT[Severity.TECHNICAL] == 0
    assert sorted(WEIGHT.values()) == [WEIGHT[severity] for severity in Severity]


def test_a_lost_line_is_nobodys_misconduct() -> None:
    assert all(kind.severity is Severity.TECHNICAL for kind in FLAGS.values() if kind.group == "network")


def test_codes_are_unique_and_in_their_style() -> None:
    assert all(code == kind.code and code.isupper() for code, kind in FLAGS.items())
    assert all(code == kind.code and code.islower() for code, kind in CHECKS.items())
    assert all(code == kind.code and code.isupper() for code, kind in INTERVENTIONS.items())


def test_there_are_six_interventions_with_a_purpose_each() -> None:
    assert len(INTERVENTIONS) == 6
    assert {kind.purpose for kind in INTERVENTIONS.values()} == {"correct", "clarify", "stop"}


def test_words_for_candidates_accuse_nobody() -> None:
    words = " ".join([k.title for k in FLAGS.values()] + [k.template for k in INTERVENTIONS.values()]).lower()
    assert not any(word in words for word in ("cheat", "fraud", "suspicious", "violation"))
    assert catalogue.LEVELS == ("reminder", "warning", "final")
