"""What recording costs: the agent's media path and ffmpeg record the same screen, camera and sound at once, and beside
them encoders alone encode the like.

`python -m bench.media` makes a virtual screen that is typed on, a camera and a microphone, and measures CPU, bits per
second and memory; `bench/__main__.py` calls `measure`. CPU is process time. All work in the same windows, so that
whatever else the machine does disturbs all, and the medians of the windows are compared.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import cv2
import mss
import numpy as np
import psutil

from bench import cold_page
from bench.results import Figure, tell
from tests.rig.camera import CameraRig
from tests.rig.microphone import MicrophoneRig

WARM_UP_S, WINDOW_S, WINDOWS = 6.0, 8.0, 7
SCREEN = "1920x1080"
SCREEN_PER_S, CAMERA_PER_S = 5, 10
FFMPEG = "ffmpeg, same sources, unencrypted"
FFMPEG_SHARE, ENCODERS_SHARE, PNG_SHARE = 0.8, 1.2, 1 / 15
"""The bars, as shares of the peers' figures."""
ENCODERS, PLAIN = "the same encoders alone", "x264 veryfast and Opus alone, as ffmpeg sets them"
RATE_BAR_KBPS = 250.0
CORE = "% of a core"
PNG = f"4-bit PNG screenshots, {SCREEN_PER_S} a second"


@contextmanager
def child(command: list[str], environment: dict[str, str], *, pipes: bool = False) -> Iterator[subprocess.Popen[str]]:
    channel = subprocess.PIPE if pipes else subprocess.DEVNULL
    process = subprocess.Popen(
        command, env=environment, stdin=channel, stdout=channel, stderr=None if pipes else subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=20)


@contextmanager
def virtual_screen() -> Iterator[str]:
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{SCREEN}x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL)
    os.close(write_end)
    try:
        with os.fdopen(read_end) as number:
            yield f":{number.readline().strip()}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def ffmpeg(display: str, camera: CameraRig, output_path: Path) -> list[str]:
    """The same sources without encryption: screen, raw camera frames, sound."""
    return [
        "ffmpeg", "-nostdin", "-loglevel", "error", "-y",
        "-f", "x11grab", "-framerate", str(SCREEN_PER_S), "-video_size", SCREEN, "-i", display,
        "-f", "rawvideo", "-pixel_format", "yuyv422", "-video_size", f"{camera.width}x{camera.height}",
        "-framerate", str(CAMERA_PER_S), "-re", "-stream_loop", "-1", "-i", str(camera.frames_path),
        "-f", "pulse", "-i", "default", "-map", "0:v", "-map", "1:v", "-map", "2:a", "-pix_fmt", "yuv420p",
        "-c:v", "libx264", "-preset", "veryfast", "-crf:v:0", "26", "-crf:v:1", "28", "-threads", "1",
        "-c:a", "libopus", "-ac", "1", "-b:a", "24k", str(output_path),
    ]  # fmt: skip


def cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def shares(processes: list[psutil.Process], seconds: float) -> list[float]:
    """Percent of one core that each used during the next `seconds`."""
    before, began = [cpu_s(process) for process in processes], time.monotonic()
    time.sleep(seconds)
    after, took = [cpu_s(process) for process in processes], time.monotonic() - began
    return [100 * (late - early) / took for early, late in zip(before, after, strict=True)]


def resident_bytes(process: psutil.Process, frames_path: Path) -> int:
    """Resident memory without the virtual camera's frames, which a real camera does not keep in the process."""
    return sum(part.rss for part in process.memory_maps() if part.path != str(frames_path))


def shared_bytes(process: psutil.Process, frames_path: Path) -> int:
    """The same with pages that others map as well (libraries, the screen's pictures) by their share."""
    return sum(part.pss for part in process.memory_maps() if part.path != str(frames_path))


def png_4_bit_bytes(display: str) -> int:
    """Size of one screenshot as a PNG of sixteen greys, as some lockdown browsers send it: the rows, compressed."""
    with mss.MSS(display=display) as grabber:
        shot = grabber.grab(grabber.monitors[0])
    pixels = np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)
    levels = cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY).astype(np.uint8) >> 4
    rows = np.zeros((shot.height, shot.width // 2 + 1), np.uint8)  # each row begins with its filter, 0: none
    rows[:, 1:] = levels[:, 0::2] << 4 | levels[:, 1::2]
    return len(zlib.compress(rows.tobytes(), 6)) + 69  # signature, IHDR, IDAT and IEND frames


def measure() -> list[Figure]:
    """About 75 s."""
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        return _measure(Path(directory), stack)


def _measure(directory: Path, stack: ExitStack) -> list[Figure]:
    display = stack.enter_context(virtual_screen())
    camera = CameraRig(directory, width=640, height=480, per_s=CAMERA_PER_S)
    camera.build()
    microphone = MicrophoneRig(directory)
    stack.callback(microphone.stop)
    microphone.start()
    microphone.speak("A candidate reads the question aloud, thinks, and reads it again. " * 12)
    plain = {**os.environ, "DISPLAY": display, **microphone.environment()}
    stack.enter_context(child([sys.executable, "-m", "bench.typist"], plain))
    agent = stack.enter_context(
        child(
            [sys.executable, "-m", "bench.media_agent", "standard"], {**plain, **camera.environment(plain)}, pipes=True
        )
    )
    peer = stack.enter_context(child(ffmpeg(display, camera, directory / "peer.mkv"), plain))
    alone = [
        stack.enter_context(child([sys.executable, "-m", "bench.encoders_agent", mode], plain, pipes=True))
        for mode in ("ours", "plain")
    ]
    began = time.monotonic()
    time.sleep(WARM_UP_S)
    both = [psutil.Process(agent.pid), psutil.Process(peer.pid)]
    windows = [shares(both, WINDOW_S) for _ in range(WINDOWS)]
    memory_bytes = [resident_bytes(process, camera.frames_path) for process in both]
    memory_bytes.append(shared_bytes(both[0], camera.frames_path))
    png_bytes = png_4_bit_bytes(display)
    output, _ = agent.communicate()
    stats = json.loads(output)
    seconds = time.monotonic() - began
    encoders = [json.loads(process.communicate()[0])["cpu"] for process in alone]
    return [
        *_cpu_figures(windows, encoders),
        cold_page.measure("media"),
        *_figures(memory_bytes, png_bytes, stats, seconds),
    ]


def _cpu_figures(windows: list[list[float]], encoders: list[float]) -> list[Figure]:
    ours, theirs = (statistics.median(column) for column in zip(*windows, strict=True))
    alone, plain = encoders
    return [
        Figure("media.cpu", round(ours, 2), CORE, FFMPEG, round(theirs, 2), has_bar=True, share=FFMPEG_SHARE),
        Figure(
            "media.cpu_by_encoders", round(ours, 2), CORE, ENCODERS, round(alone, 2), has_bar=True, share=ENCODERS_SHARE
        ),
        Figure("media.cpu_by_plain", round(ours, 2), CORE, PLAIN, round(plain, 2)),
    ]


def _figures(memory_bytes: list[int], png_bytes: int, stats: dict[str, float], seconds: float) -> list[Figure]:
    screen_kbps = stats["screen_bytes"] * 8 / 1000 / seconds
    all_kbps = sum(value for name, value in stats.items() if name.endswith("_bytes")) * 8 / 1000 / seconds
    png_kbps = round(png_bytes * 8 / 1000 * SCREEN_PER_S, 1)
    dropped = stats["screen_dropped"] + stats["camera_dropped"] + stats["sound_dropped"]
    return [
        Figure(
            "media.screen_rate", round(screen_kbps, 1), "kbit/s", PNG, round(png_kbps, 1), has_bar=True, share=PNG_SHARE
        ),
        Figure("media.rate", round(all_kbps, 1), "kbit/s", "bar", RATE_BAR_KBPS, has_bar=True),
        Figure("media.memory", round(memory_bytes[0] / 1e6, 1), "MB", FFMPEG, round(memory_bytes[1] / 1e6, 1)),
        Figure("media.memory_resident", round(memory_bytes[0] / 1e6, 1), "MB", "bar, no models", 150.0, has_bar=True),
        Figure("media.memory_shared", round(memory_bytes[2] / 1e6, 1), "MB, shared pages by their share"),
        Figure("media.dropped", dropped, "pictures"),
    ]


def main() -> None:
    tell(measure())


if __name__ == "__main__":
    main()
