"""What capture tells the application about itself: facts, in the past tense. `emit` is called on a capture thread."""

from dataclasses import dataclass

from candidate_agent.platforms.ports import Display


@dataclass(frozen=True, slots=True)
class ScreenLost:
    """The display cannot be read. It is tried again every second. `display` counts from the exam's own, 0."""

    display: int = 0


@dataclass(frozen=True, slots=True)
class ScreenBack:
    display: int = 0


@dataclass(frozen=True, slots=True)
class DisplayChanged:
    """A display that is recorded came (`before` None), went (`now` None), or has another size or place. `number` counts
    from the exam's own, 0."""

    number: int
    before: Display | None
    now: Display | None


@dataclass(frozen=True, slots=True)
class ScreenBlack:
    """All of the display has been black for ten seconds."""


@dataclass(frozen=True, slots=True)
class CameraLost:
    """The camera gives nothing any more. It is tried again every second."""


@dataclass(frozen=True, slots=True)
class CameraBack:
    pass


@dataclass(frozen=True, slots=True)
class CameraSwitched:
    """Pictures come from another camera than before."""


@dataclass(frozen=True, slots=True)
class CameraVirtual:
    """The camera that is recorded from now on is a program, by what the system says of it."""


@dataclass(frozen=True, slots=True)
class SoundLost:
    """The microphone gives nothing; silence is recorded in its place. It is tried again every second."""


@dataclass(frozen=True, slots=True)
class SoundBack:
    pass


@dataclass(frozen=True, slots=True)
class MicrophoneSwitched:
    """Another microphone is recorded from now on: the system's usual one changed, or the one before is gone."""


@dataclass(frozen=True, slots=True)
class SoundSilent:
    """The microphone has given nothing but exact zeros for `seconds`: it is muted somewhere."""

    seconds: float


@dataclass(frozen=True, slots=True)
class SoundHeard:
    """The first sound after SoundSilent."""


@dataclass(frozen=True, slots=True)
class EncoderBehind:
    """The encoder of `track` cannot keep up and works with the quicker `preset` from now on."""

    track: int
    preset: str


@dataclass(frozen=True, slots=True)
class EncoderOverloaded:
    """The encoder of `track` has not kept up for `seconds`, with the quickest preset that there is."""

    track: int
    seconds: int


@dataclass(frozen=True, slots=True)
class EncoderRecovered:
    track: int


@dataclass(frozen=True, slots=True)
class CaptureFailed:
    """A capture thread met something it was not made for. `worker` is the thread's name."""

    worker: str
    text: str


@dataclass(frozen=True, slots=True)
class FindingsStopped:
    """Nothing of `group` (faces, landmarks, objects, speech, picture, sound, all) is looked for any more. Recording and
    the other groups go on. `reason`: an English sentence for proctors."""

    group: str
    reason: str


CaptureEvent = (
    ScreenLost | ScreenBack | ScreenBlack | DisplayChanged | CameraLost | CameraBack | CameraSwitched | CameraVirtual
    | SoundLost | SoundBack | SoundSilent | SoundHeard | MicrophoneSwitched
    | EncoderBehind | EncoderOverloaded | EncoderRecovered | CaptureFailed | FindingsStopped
)  # fmt: skip
