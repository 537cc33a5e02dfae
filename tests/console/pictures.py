"""Pictures and sound for the console's tests, really encoded by PyAV: H.264 Annex B as the agent makes it, Opus."""

from fractions import Fraction

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from exam_protocol.records import Codec, Media

Picture = NDArray[np.uint8]  # height x width x 3, BGR
BITS = 16


def time_code(number: int, width: int, height: int, colour: tuple[int, int, int]) -> Picture:
    """A plain colour under a row of 16 black or white blocks: the bits of `number`, highest first."""
    picture = np.full((height, width, 3), colour, np.uint8)
    block = width // BITS
    for bit in range(BITS):
        white = number >> (BITS - 1 - bit) & 1
        picture[: height // 8, bit * block : (bit + 1) * block] = 255 if white else 0
    return picture


class H264:
    """One encoder, one track."""

    def __init__(self, width: int, height: int, per_s: int = 5) -> None:
        self._context = av.CodecContext.create("libx264", "w")
        self._context.width, self._context.height, self._context.pix_fmt = width, height, "yuv420p"
        self._context.time_base = Fraction(1, 1_000_000)
        self._context.framerate = Fraction(per_s, 1)
        self._context.options = {
            "preset": "veryfast",
            "tune": "zerolatency",
            "crf": "26",
            "forced-idr": "1",
            "g": "9999",
        }
        self._context.thread_count = 1

    def encode(self, picture: Picture, at_us: int, *, key: bool = False) -> Media:
        frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
        frame.pts, frame.time_base = at_us, Fraction(1, 1_000_000)
        if key:
            frame.pict_type = av.video.frame.PictureType.I
        data = b"".join(bytes(packet) for packet in self._context.encode(frame))
        return Media(Codec.H264, self._context.width, self._context.height, data)


def tone(frequency_hz: float, packets: int) -> list[Media]:
    """So many packets of 60 ms of a sine at -12 dBFS."""
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.layout, context.format = 48_000, "mono", "s16"
    context.bit_rate, context.time_base = 24_000, Fraction(1, 48_000)
    context.options = {"frame_duration": "60", "vbr": "off"}
    media: list[Media] = []
    for start in range(0, packets * 2880, 2880):
        times = (np.arange(2880) + start) / 48_000
        samples = (np.sin(2 * np.pi * frequency_hz * times) * 0.25 * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
        media += [Media(Codec.OPUS, 1, 480, bytes(packet)) for packet in context.encode(frame)]
    return media


def jpeg(picture: Picture) -> bytes:
    return cv2.imencode(".jpg", picture)[1].tobytes()


def id_card(name: str = "SPECIMEN") -> Picture:
    card = np.full((300, 480, 3), (214, 226, 232), np.uint8)
    cv2.rectangle(card, (24, 70), (164, 250), (150, 160, 168), -1)
    cv2.circle(card, (94, 140), 36, (180, 196, 214), -1)
    cv2.ellipse(card, (94, 240), (60, 56), 0, 180, 360, (110, 92, 70), -1)
    cv2.putText(card, "STUDENT CARD", (24, 46), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (96, 70, 30), 2, cv2.LINE_AA)
    for line, text in enumerate((name, "Lindenberg", "valid to 09/2027")):
        cv2.putText(card, text, (188, 110 + 42 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.75, (60, 60, 60), 1, cv2.LINE_AA)
    return card


def face(width: int, height: int, shade: int = 0, shift: int = 0) -> Picture:
    """A drawn person before a wall."""
    picture = np.full((height, width, 3), (190 - shade, 200 - shade // 2, 204), np.uint8)
    x, y, s = width // 2 + shift, height // 2, height / 180
    cv2.rectangle(picture, (0, int(150 * s)), (width, height), (90, 110, 130 + shade), -1)
    cv2.ellipse(
        picture, (x, int(y + 95 * s)), (int(62 * s), int(70 * s)), 0, 180, 360, (120 - shade, 80 + shade, 60), -1
    )
    cv2.ellipse(picture, (x, y), (int(30 * s), int(38 * s)), 0, 0, 360, (150, 180 - shade // 3, 220 - shade // 2), -1)
    cv2.ellipse(picture, (x, int(y - 16 * s)), (int(32 * s), int(28 * s)), 0, 180, 360, (40, 50, 60 + shade), -1)
    for side in (-12, 12):
        cv2.circle(picture, (int(x + side * s), int(y - 2 * s)), max(1, int(3 * s)), (40, 40, 40), -1)
    cv2.ellipse(picture, (x, int(y + 16 * s)), (int(9 * s), int(3 * s)), 0, 0, 180, (70, 70, 140), 2)
    return picture


def exam_page(width: int, height: int, answer: str = "") -> Picture:
    """A drawn exam page with an answer in it."""
    page = np.full((1080, 1920, 3), 250, np.uint8)
    cv2.rectangle(page, (0, 0), (1920, 64), (92, 74, 14), -1)
    lines = [("Linear Algebra, final exam", 46, 1.2, (255, 255, 255)), ("Question 3 of 8", 170, 1.5, (40, 40, 40)),
             ("Let A be a real symmetric 3 x 3 matrix with eigenvalues 1, 2 and 5.", 250, 1.1, (50, 50, 50)),
             ("Give the determinant and the trace of A, with a short reason.", 306, 1.1, (50, 50, 50)),
             (answer, 470, 1.1, (90, 40, 10))]  # fmt: skip
    for text, y, size, colour in lines:
        cv2.putText(page, text, (80, y), cv2.FONT_HERSHEY_SIMPLEX, size, colour, 2, cv2.LINE_AA)
    cv2.rectangle(page, (72, 400), (1848, 900), (160, 160, 160), 2)
    return cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA)
