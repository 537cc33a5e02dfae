"""There is no place for what is never looked for: no name in what is observed, counted or flagged can say it.

Feelings, states of mind, intentions and what kind of person somebody is: neither fields nor labels nor numbers.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from candidate_agent.capture.analysis import observations
from exam_protocol.catalogue import FLAGS
from exam_protocol.records import FlagEntry

ROOT = Path(__file__).parents[4]
NOTIONS = frozenset((
    "emotion", "emotional", "emotions", "mood", "sentiment", "feeling", "stress", "stressed", "strain", "arousal",
    "anxiety", "anxious", "nervous", "nervousness", "fear", "anger", "angry", "happy", "happiness", "sad", "sadness",
    "disgust", "surprise", "smile", "smiling", "boredom", "bored", "confusion", "confused", "frustration",
    "attention", "attentive", "attentiveness", "inattentive", "distraction", "distracted", "engagement", "engaged",
    "concentration", "focus", "drowsy", "drowsiness", "fatigue", "tired", "alertness", "deception", "deceptive",
    "deceit", "lying", "honesty", "honest", "dishonest", "sincerity", "credibility", "trustworthiness", "truthful",
    "cheat", "cheating", "cheater", "suspicion", "suspicious", "guilt", "guilty", "intent", "intention", "integrity",
    "risk", "gender", "sex", "male", "female", "man", "woman", "ethnic", "ethnicity", "race", "racial", "skin",
    "complexion", "nationality", "religion", "age", "ages", "aged", "child", "elderly", "attractive", "beauty",
    "disability", "health", "personality",
))  # fmt: skip
FIELDS = {
    "FacesSeen": {"at_us", "faces"},
    "HeadPose": {"at_us", "yaw_deg", "pitch_deg", "roll_deg"},
    "EyesSeen": {"at_us", "yaw_deg", "pitch_deg", "open_share"},
    "FaceCover": {"at_us", "seen", "lower"},
    "ObjectsSeen": {"at_us", "objects"},
    "Luma": {"at_us", "mean", "spread"},
    "FrozenFor": {"at_us", "for_us"},
    "SpeechSpan": {"from_us", "to_us"},
    "SoundLevel": {"at_us", "dbfs"},
    "FaceLikeness": {"at_us", "likeness"},
    "VoiceLikeness": {"from_us", "to_us", "likeness"},
}


def words(name: str) -> set[str]:
    """`GAZE_AWAY_PATTERN`, `at_us` and `FaceCover` in their parts."""
    return set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()))


def test_an_observation_has_these_fields_and_no_other() -> None:
    kinds = {kind.__name__: {field.name for field in fields(kind)} for kind in get_args(observations.Observation)}
    assert kinds == FIELDS
    assert {field.name for field in fields(observations.FaceBox)} == {"left", "top", "width", "height", "score"}
    assert {field.name for field in fields(observations.ObjectSeen)} == {
        "label", "score", "left", "top", "width", "height",
    }  # fmt: skip


def test_a_flag_has_these_fields_and_its_numbers_are_numbers() -> None:
    assert {field.name: field.type for field in msgspec.structs.fields(FlagEntry)}["numbers"] == dict[str, float]
    assert set(FlagEntry.__struct_fields__) == {
        "code", "severity", "reason", "count", "from_us", "to_us", "numbers", "evidence",
    }  # fmt: skip


def test_no_code_group_or_title_of_the_catalogue_speaks_of_it() -> None:
    said = {word for kind in FLAGS.values() for text in (kind.code, kind.title) for word in words(text)}
    assert said & NOTIONS <= {"focus"}  # FOCUS_LOST: of a window


def named(path: Path) -> Iterator[tuple[int, str]]:
    """Every name of a module, and every string in it that is not read by people."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield getattr(node, "lineno", 0), name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.Constant(value=str(text)) if id(node) not in prose:
                yield node.lineno, text


MODULES = sorted((ROOT / "candidate_agent" / "capture" / "analysis").rglob("*.py"))
PROSE = {"flag_table.py"}  # says to people what is not looked for


@pytest.mark.parametrize("path", [path for path in MODULES if path.name not in PROSE], ids=lambda path: path.stem)
def test_no_name_in_models_and_rules_speaks_of_it(path: Path) -> None:
    found = {(line, name) for line, name in named(path) if words(name) & NOTIONS}
    assert found == set()


def test_the_walk_would_find_such_a_name(tmp_path: Path) -> None:
    module = tmp_path / "rules.py"
    module.write_text('"""No stress is measured."""\ndef of(face):\n    return {"stress_level": face.estimatedAge}\n')
    assert {name for _, name in named(module) if words(name) & NOTIONS} == {"stress_level", "estimatedAge"}
