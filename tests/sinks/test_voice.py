"""The voice: says what is current, never makes anybody wait, survives engines that fail, and really speaks."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from posturecam import language
from posturecam.coaching.announcer import Announcer, Say, SayKind
from posturecam.coaching.session import LiveState
from posturecam.model import FrameResult, Progress
from posturecam.sinks import speech
from posturecam.sinks.speech import ChildEngine, ProgramEngine, find_engine
from posturecam.sinks.voice import EngineSpeaker, RecordingSpeaker, SilentSpeaker, VoiceSink
from tests.coaching.test_session import MOVE

NOBODY = FrameResult(0.0, None, "nobody", "unknown", "", {}, (), Progress())
WAIT_S = 20.0


def say(text: str, kind: SayKind = "cue") -> Say:
    return Say(0.0, text, kind)


class FakeEngine:
    """Speaks when the test lets it; ``works`` False fails at once."""

    name = "fake"

    def __init__(self, *, works: bool = True, held: bool = False) -> None:
        self.works = works
        self.spoken: list[str] = []
        self.speaking = threading.Event()
        self.go = threading.Event()
        self.closed = False
        if not held:
            self.go.set()

    def speak(self, text: str, timeout_s: float) -> bool:
        self.spoken.append(text)
        self.speaking.set()
        self.go.wait(WAIT_S)
        return self.works

    def close(self) -> None:
        self.closed = True
        self.go.set()


def test_words_are_spoken_in_their_order() -> None:
    engine = FakeEngine()
    speaker = EngineSpeaker(engine)
    for text in ("Paused", "Lift your hips", "Go on"):
        speaker.say(say(text))
    speaker.close()
    assert engine.spoken == ["Paused", "Lift your hips", "Go on"]
    assert engine.closed


def test_a_newer_count_replaces_one_that_still_waits() -> None:
    engine = FakeEngine(held=True)
    speaker = EngineSpeaker(engine)
    speaker.say(say("Lift your hips"))
    assert engine.speaking.wait(WAIT_S)
    for text in ("One", "Two", "Three"):
        speaker.say(say(text, "count"))
    engine.go.set()
    speaker.close()
    assert engine.spoken == ["Lift your hips", "Three"]


def test_too_much_to_say_drops_the_oldest() -> None:
    engine = FakeEngine(held=True)
    speaker = EngineSpeaker(engine)
    speaker.say(say("first"))
    assert engine.speaking.wait(WAIT_S)
    for number in range(100):
        speaker.say(say(str(number)))
    engine.go.set()
    speaker.close()
    assert engine.spoken[0] == "first"
    assert engine.spoken[-1] == "99"
    assert len(engine.spoken) <= 7


def test_an_engine_that_fails_twice_is_replaced_and_then_given_up_with_one_sentence() -> None:
    bad, worse = FakeEngine(works=False), FakeEngine(works=False)
    told: list[str] = []
    speaker = EngineSpeaker(bad, lambda: worse, told.append)
    done = threading.Event()
    for number in range(6):
        speaker.say(say(str(number), "stage"))
    threading.Thread(target=lambda: (speaker.close(), done.set()), daemon=True).start()
    assert done.wait(WAIT_S)
    assert bad.spoken[:2] == ["0", "1"]
    assert len(told) <= 1


def test_silence_is_told_once() -> None:
    told: list[str] = []
    heard = threading.Event()

    def tell(text: str) -> None:
        told.append(text)
        heard.set()

    speaker = EngineSpeaker(FakeEngine(works=False), lambda: None, tell)
    for number in range(4):
        speaker.say(say(str(number), "stage"))
    assert heard.wait(WAIT_S)
    speaker.close()
    assert len(told) == 1
    assert "on the screen" in told[0]


HANGING = [sys.executable, "-c", "import sys, time; sys.stdin.readline(); time.sleep(600)"]
ECHO = [sys.executable, "-u", "-c", "import sys\nfor line in sys.stdin: print('done')"]
DYING = [sys.executable, "-c", "raise SystemExit(3)"]


def test_a_child_that_hangs_is_ended() -> None:
    engine = ChildEngine(HANGING, "hanging")
    engine.speak("wake up", 0.01 - speech.START_PATIENCE_S)
    assert engine.speak("hello", 0.05 - speech.START_PATIENCE_S) is False
    engine.close()
    assert engine.speak("after the end", 1.0) is False


def test_a_child_that_answers_speaks_again_and_again() -> None:
    engine = ChildEngine(ECHO, "echo")
    try:
        assert all(engine.speak(text, WAIT_S) for text in ("one", "two", "three"))
    finally:
        engine.close()


def test_a_child_that_dies_is_a_failure() -> None:
    engine = ChildEngine(DYING, "dying")
    assert engine.speak("hello", WAIT_S) is False
    engine.close()


def test_a_program_that_hangs_is_ended() -> None:
    engine = ProgramEngine([sys.executable, "-c", "import time; time.sleep(600)"])
    assert engine.speak("hello", 0.05) is False
    engine.close()


def test_a_program_that_is_missing_is_a_failure(tmp_path: Path) -> None:
    assert ProgramEngine([str(tmp_path / "nothing")]).speak("hello", 1.0) is False


def test_no_engine_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(speech.importlib.util, "find_spec", lambda _name: None)
    assert find_engine() is None
    assert speech.second_engine() is None


def test_the_engine_speaks_the_reader_s_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name == "espeak-ng" else None)
    monkeypatch.setattr(speech.sys, "platform", "linux")
    with language.spoken("es"):
        engine = find_engine()
    assert isinstance(engine, ProgramEngine)
    assert engine._command[:3] == ["/usr/bin/espeak-ng", "-v", "es"]


def test_the_system_s_voice_of_the_language_is_found_however_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = "Alex   en_US    # Most people recognize me.\nAnna (Premium)   de_DE    # Hallo! Ich heiße Anna.\n"
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/say" if name == "say" else None)
    monkeypatch.setattr(speech.sys, "platform", "darwin")
    answer = subprocess.CompletedProcess([], 0, listed, "")
    monkeypatch.setattr(speech.subprocess, "run", lambda *_args, **_options: answer)
    assert speech._program("de")[:3] == ["say", "-v", "Anna (Premium)"]  # type: ignore[index]
    assert speech._program("es")[:2] == ["say", "-r"]  # type: ignore[index]


@pytest.mark.parametrize("named", [b"\x05de", "de", "de_DE", "de-de"])
def test_pyttsx3_s_voice_of_the_language_is_found_however_it_is_named(named: str | bytes) -> None:
    voices = [SimpleNamespace(id="one", languages=["en-US"]), SimpleNamespace(id="two", languages=[named])]
    assert speech.voice_for("de", [SimpleNamespace(id="zero", languages=None), *voices]) == "two"
    assert speech.voice_for("es", voices) is None


def test_the_sink_passes_on_what_the_announcer_says() -> None:
    speaker = RecordingSpeaker()
    sink = VoiceSink(Announcer(MOVE), speaker, LiveState)
    sink.write(None, NOBODY)  # type: ignore[arg-type]
    sink.close()
    assert speaker.said == [(0.0, "Test movement")]
    SilentSpeaker().say(say("nothing"))


def synthesised(text: str, path: Path, code: str = "en") -> float:
    """Length in seconds of the spoken text."""
    subprocess.run(
        ["espeak-ng", "-v", code, "-s", str(speech.WORDS_PER_MINUTE), "-w", str(path), "--", text],
        check=True,
        capture_output=True,
    )
    with wave.open(str(path)) as sound:
        frames = sound.readframes(sound.getnframes())
        assert any(frames), "silence"
        return sound.getnframes() / sound.getframerate()


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize(("code", "twenty"), [("en", "twenty"), ("de", "zwanzig"), ("es", "veinte")])
def test_espeak_really_speaks_and_every_cue_fits_between_two(code: str, twenty: str, tmp_path: Path) -> None:
    from posturecam.coaching.coach import BETWEEN_CUES_S
    from posturecam.spec.catalogue import exercise_ids, load_exercise

    with language.spoken(code):
        cues = {language.gettext(check.cue) for name in exercise_ids() for check in load_exercise(name).checks.values()}
        assert language.gettext("twenty") == twenty
    lengths = {cue: synthesised(cue, tmp_path / "cue.wav", code) for cue in sorted(cues)}
    assert min(lengths.values()) > 0.3
    assert {cue: length for cue, length in lengths.items() if length > BETWEEN_CUES_S} == {}
    assert synthesised(twenty, tmp_path / "count.wav", code) < 1.2


def test_patience_grows_with_the_text() -> None:
    patience: Callable[[str], float] = speech.patience_s
    assert patience("a" * 100) > patience("a") > 1.0
