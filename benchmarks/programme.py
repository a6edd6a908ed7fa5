"""A programme of four exercises as a patient does it: real window, window manager and keys, clips in place of the camera.

    python -m benchmarks.programme OUT_FOLDER [LANGUAGE]

Starts Xvfb and openbox, presses real keys (xdotool): skips the second exercise, goes back to it, pauses, ends the third one in
its midst, and takes the programme up again with ``--resume``. OUT_FOLDER gets a picture of every screen, what was said, the
sessions, and the history as a page. Exits with 1 where something that had to happen did not. Needs Xvfb, openbox and xdotool.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO

from PIL import ImageGrab

from posturecam.model import ImageArray
from posturecam.sources import camera
from posturecam.sources.file import FileSource
from tests.xvfb import screen

ROOT = Path(__file__).resolve().parent.parent
CLIPS = ROOT / "sample_videos"
PROGRAMME = """id: four
name: Four exercises
red_flags: [Stop at once if a movement hurts or feels wrong.]
steps:
  - {exercise: push_up, variant: floor, dose: {sets: 1, reps: 3}, rest_s: 8}
  - {exercise: plank, variant: high, dose: {sets: 1, seconds: 5}, rest_s: 8}
  - {exercise: neck_flexion, dose: {sets: 1, reps: 3}, rest_s: 8}
  - {exercise: cat_cow, dose: {sets: 1, reps: 2}}
"""
PLAYED = PUSH_UPS, PLANK, NECK, CAT_COW = (
    "push_up_floor_good.mp4",
    "plank_high_good.mp4",
    "neck_flexion_good.mp4",
    "cat_cow_good.mp4",
)
CAMERA = "POSTURECAM_BENCHMARK_CLIP"
"""Names the file that names the clip that is before the camera now."""
FIRST_REP = ("One", "Eins", "Uno", " one", " eins", " uno")
NEXT = ("Next: ", "Als Nächstes: ", "Siguiente: ")
TWO_DONE = ("2 exercises done", "2 Übungen", "2 ejercicios")
"""What is said, in each language."""
STILL = 150
"""So many pictures, at 15 a second, somebody keeps still for."""
PATIENCE_S = 90.0
SETTLED_S = 0.7
"""After a key or a word, until the screen shows it."""


class Clips:
    """A camera before which a clip plays over and over; another one as soon as the file of :data:`CAMERA` names it."""

    width, height, fps, is_file = 640, 480, 15.0, False

    def __init__(self, _address: str) -> None:
        self._named = Path(os.environ[CAMERA])
        self._told = ""
        self._frames: Iterator[ImageArray] = iter(())
        self._clips = {name: _pictures(CLIPS / name) for name in PLAYED}

    def read(self) -> tuple[ImageArray, float] | None:
        """The next picture, when it is due."""
        time.sleep(1 / self.fps)
        told = self._named.read_text(encoding="utf-8") if self._named.exists() else f"0 {PUSH_UPS}"
        if told != self._told:
            self._told = told
            self._frames = cycle(self._clips[told.partition(" ")[2]])
        return next(self._frames), time.monotonic()

    def close(self) -> None:
        """Nothing to do."""


def _pictures(clip: Path) -> list[ImageArray]:
    """The clip as somebody does it who is told what to do: still until the word go; a position is held for longer."""
    with FileSource(clip) as source:
        frames = [frame.image for frame in source]
    begin, middle = (frames[:1], frames[:0]) if clip.name != PLANK else (frames[:0], frames[len(frames) // 2 :][:1])
    first, second = frames[: len(frames) // 2], frames[len(frames) // 2 :]
    return [*begin * STILL, *first, *middle * STILL, *second]


def coached(arguments: list[str]) -> int:
    """``posturecam`` with the clips as its camera; prints each text that is said and each screen that appears."""
    from posturecam.cli.main import main as posturecam
    from posturecam.sinks import live_view, voice

    say, paint = voice.RecordingSpeaker.say, live_view.LivePainter.paint
    shown = [""]

    def said(self: voice.RecordingSpeaker, words: voice.Say) -> None:
        print(f"said {words.text}", flush=True)
        say(self, words)

    def painted(self: live_view.LivePainter, image: ImageArray, result: object, state: object, *rest: object) -> object:
        name = str(getattr(state, "screen", ""))
        if name != shown[0]:
            shown[0] = name
            print(f"screen {name}", flush=True)
        return paint(self, image, result, state, *rest)  # type: ignore[arg-type]

    voice.RecordingSpeaker.say = said  # type: ignore[method-assign]
    live_view.LivePainter.paint = painted  # type: ignore[assignment,method-assign]
    camera.StreamDevice = Clips  # type: ignore[assignment,misc]
    return posturecam(arguments)


class Patient:
    """Somebody in front of the running program: listens, looks, presses keys."""

    def __init__(self, out: Path, env: dict[str, str], arguments: list[str]) -> None:
        command = [sys.executable, "-m", "benchmarks.programme", "--coached", *arguments]
        self._out, self._env, self._turns = out, env, 0
        self.child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT)
        self._lines: Queue[str | None] = Queue()
        assert self.child.stdout is not None
        Thread(target=self._listen, args=(self.child.stdout,), daemon=True).start()

    def _listen(self, lines: IO[str]) -> None:
        for line in lines:
            self._lines.put(line.strip())
        self._lines.put(None)

    def hears(self, *wanted: str) -> str:
        """Wait for a line with one of these words; raises AssertionError when it does not come."""
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s:
            try:
                line = self._lines.get(timeout=1.0)
            except Empty:
                continue
            print(f"    {line}", flush=True)
            if line is None:
                break
            if any(words in line for words in wanted):
                return line
        raise AssertionError(f"{' or '.join(wanted)} never came")

    def does(self, clip: str) -> None:
        """Move as in this clip from now on, from its beginning."""
        self._turns += 1
        Path(self._env[CAMERA]).write_text(f"{self._turns} {clip}", encoding="utf-8")

    def presses(self, key: str) -> None:
        """Press a key in the window."""
        found = self._xdotool("search", "--sync", "--onlyvisible", "--name", "^posturecam$").split()[-1]
        self._xdotool("windowfocus", "--sync", found)
        self._xdotool("key", "--window", found, key)
        print(f"  pressed {key}", flush=True)

    def _xdotool(self, *words: str) -> str:
        return subprocess.run(["xdotool", *words], env=self._env, check=True, capture_output=True, text=True).stdout

    def looks(self, name: str) -> None:
        """Keep a picture of the screen."""
        time.sleep(SETTLED_S)
        ImageGrab.grab(xdisplay=self._env["DISPLAY"]).save(self._out / f"{name}.png")

    def leaves(self) -> int:
        """Wait until the program has ended, and return its exit code."""
        return self.child.wait(timeout=PATIENCE_S)


@contextmanager
def desktop(out: Path) -> Iterator[dict[str, str]]:
    """The environment of a screen of 1280x720 with a window manager and a data folder of its own."""
    with screen("1280x720") as display:
        env = os.environ | {
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "POSTURECAM_DATA": str(out / "data"),
            CAMERA: str(out / "clip"),
        }
        manager = subprocess.Popen(["openbox"], env=env, stderr=subprocess.DEVNULL)
        try:
            yield env
        finally:
            manager.terminate()
            manager.wait()


def first_time(patient: Patient) -> int:
    """Push-ups with a pause; on past the plank and back to it; neck flexion ended in its midst."""
    patient.hears("said")
    patient.looks("01_red_flags")
    patient.presses("space")
    patient.hears("said")
    patient.looks("02_demonstration")
    patient.does(PUSH_UPS)
    patient.presses("space")
    patient.hears("screen countdown")
    patient.looks("03_countdown")
    patient.hears("screen active")
    patient.hears(*FIRST_REP)
    patient.looks("04_one_rep")
    patient.presses("space")
    patient.hears("screen paused")
    patient.looks("04_paused")
    patient.presses("space")
    patient.hears("screen active")
    patient.looks("05_active")
    patient.hears(*NEXT)
    patient.looks("06_rest")
    patient.presses("space")
    patient.hears("said")
    patient.looks("07_plank_shown")
    patient.presses("n")
    patient.hears("said")
    patient.looks("08_skipped_to_neck")
    patient.presses("b")
    patient.hears("said")
    patient.looks("09_back_to_plank")
    patient.does(PLANK)
    patient.presses("space")
    patient.hears("screen active")
    patient.looks("10_plank_active")
    patient.hears(*NEXT)
    patient.looks("11_rest_before_neck")
    patient.presses("space")
    patient.hears("said")
    patient.does(NECK)
    patient.presses("space")
    patient.hears("screen active")
    patient.hears(*FIRST_REP)
    patient.looks("12_neck_active")
    patient.presses("q")
    patient.looks("13_ended")
    return patient.leaves()


def second_time(patient: Patient) -> int:
    """The rest of it, from where it was left."""
    patient.hears("said")
    patient.looks("20_red_flags_again")
    patient.presses("space")
    patient.hears("said")
    patient.looks("21_resumed")
    patient.does(NECK)
    patient.presses("space")
    patient.hears(*NEXT)
    patient.presses("space")
    patient.hears("said")
    patient.looks("22_cat_cow_shown")
    patient.does(CAT_COW)
    patient.presses("space")
    patient.hears("screen active")
    patient.looks("23_cat_cow")
    patient.hears(*TWO_DONE)
    patient.looks("24_summary")
    patient.presses("q")
    return patient.leaves()


def main(out: Path, language: str) -> int:
    """Both times, then the history; returns 1 where a session is missing or the exit codes are not those of a good end."""
    out.mkdir(parents=True, exist_ok=True)
    programme = out / "four.yaml"
    programme.write_text(PROGRAMME, encoding="utf-8")
    common = ["--camera", "rtsp://clips", "--demo", "--person", "ana", "--language", language]
    ends = []
    with desktop(out) as env:
        for name, options, acts in (
            ("first", ["--programme", str(programme)], first_time),
            ("second", ["--resume"], second_time),
        ):
            arguments = ["live", *options, *common, "--spoken-log", str(out / f"said_{name}.txt")]
            patient = Patient(out, env, arguments)
            try:
                ends.append(acts(patient))
            finally:
                patient.child.kill()
        history = ["history", "--person", "ana", "--language", language]
        call = [sys.executable, "-m", "posturecam", *history]
        subprocess.run(call, env=env, cwd=ROOT, check=True)
        page = ["--format", "html", "--out", str(out / "history.html")]
        subprocess.run([*call, *page], env=env, cwd=ROOT, check=True)
    done = sorted(path.parent.name for path in (out / "data" / "sessions").glob("*/report.json"))
    print(f"exit codes {ends}; sessions: {', '.join(done)}")
    return int(ends != [0, 0] or len(done) != 5)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--coached"]:
        raise SystemExit(coached(sys.argv[2:]))
    raise SystemExit(main(Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else "en"))
