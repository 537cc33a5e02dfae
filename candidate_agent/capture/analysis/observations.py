"""What the models saw and heard, as plain data: made by `analyst`, turned into flags by `rules`. Pure.

Shares of the picture, 0..1, from its upper left; degrees; session microseconds. Nothing here says who somebody is, or
what they feel or mean, and there is no place for it: a test holds the fields.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FaceBox:
    left: float
    top: float
    width: float
    height: float
    score: float


@dataclass(frozen=True, slots=True)
class FacesSeen:
    """All faces of one picture; none is an observation as well."""

    at_us: int
    faces: tuple[FaceBox, ...]


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Of the largest face. Yaw to the candidate's left, pitch upwards, roll to their left shoulder: all positive."""

    at_us: int
    yaw_deg: float
    pitch_deg: float
    roll_deg: float


@dataclass(frozen=True, slots=True)
class EyesSeen:
    """Where the eyes of the largest face turn within the head, as HeadPose. `open_share`: 0 closed, 1 open."""

    at_us: int
    yaw_deg: float
    pitch_deg: float
    open_share: float


@dataclass(frozen=True, slots=True)
class FaceCover:
    """`seen`: how sure the landmark model is that it looks at a whole face, 0..1. `lower`: how much redder, bluer and
    lighter the lower half of the face is than the upper, natural logarithms; None: too dark, too bright, or turned."""

    at_us: int
    seen: float
    lower: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class ObjectSeen:
    """`label`: person, phone, book or laptop."""

    label: str
    score: float
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ObjectsSeen:
    """All objects of one picture; none is an observation as well."""

    at_us: int
    objects: tuple[ObjectSeen, ...]


@dataclass(frozen=True, slots=True)
class Luma:
    """Mean and spread (standard deviation) of the picture's brightness, 0..255."""

    at_us: int
    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class FrozenFor:
    """How long the camera has given the same picture to the last byte; 0: it moves."""

    at_us: int
    for_us: int


@dataclass(frozen=True, slots=True)
class SpeechSpan:
    """Somebody spoke from `from_us` to `to_us`. No words are kept, none are recognised."""

    from_us: int
    to_us: int


@dataclass(frozen=True, slots=True)
class SoundLevel:
    """Mean level of a second."""

    at_us: int
    dbfs: float


@dataclass(frozen=True, slots=True)
class FaceLikeness:
    """How like that of the start the largest face is; 1: the same. Opt-in only. The numbers behind it go nowhere."""

    at_us: int
    likeness: float


@dataclass(frozen=True, slots=True)
class VoiceLikeness:
    """How like the first voice of the exam a stretch of speech is; 1: the same. Opt-in only, as FaceLikeness."""

    from_us: int
    to_us: int
    likeness: float


Observation = (
    FacesSeen | HeadPose | EyesSeen | FaceCover | ObjectsSeen | Luma | FrozenFor | SpeechSpan | SoundLevel
    | FaceLikeness | VoiceLikeness
)  # fmt: skip
