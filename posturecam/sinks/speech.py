"""Speech engines, each in a process of its own: one that hangs or dies never takes the session with it.

Run as a program (``python -m posturecam.sinks.speech de``) this is the child that holds pyttsx3: it reads a line, speaks it with
a voice of that language, answers ``done``, and ends with its standard input.
"""

from __future__ import annotations

import importlib.util
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from posturecam.language import SOURCE, current

WORDS_PER_MINUTE = 165
SECONDS_A_LETTER = 0.12
PATIENCE_S = 5.0
START_PATIENCE_S = 10.0
QUIET = subprocess.DEVNULL


class Engine(Protocol):
    """Speaks one text at a time."""

    name: str

    def speak(self, text: str, timeout_s: float) -> bool:
        """Say it and wait until it has been said; False when the engine failed or took too long and was ended."""
        ...

    def close(self) -> None:
        """End the engine; also while it speaks, from another thread."""
        ...


class ProgramEngine:
    """A program that speaks its last argument and ends: espeak-ng, espeak, say."""

    def __init__(self, command: Sequence[str]) -> None:
        self.name = os.path.basename(command[0])  # noqa: PTH119 - only the last part of a name
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def speak(self, text: str, timeout_s: float) -> bool:
        """Run the program on the text."""
        if self._closed:
            return False
        try:
            self._process = subprocess.Popen([*self._command, text], stdin=QUIET, stdout=QUIET, stderr=QUIET)
            return self._process.wait(timeout_s) == 0
        except subprocess.TimeoutExpired:
            self._end()
            return False
        except OSError:
            return False

    def _end(self) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()

    def close(self) -> None:
        """End what is being said."""
        self._closed = True
        self._end()


class ChildEngine:
    """A child process that speaks line after line: pyttsx3, whose start takes long and whose event loop may hang."""

    def __init__(self, command: Sequence[str], name: str) -> None:
        self.name = name
        self._command = list(command)
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str] = queue.Queue()
        self._closed = False

    def speak(self, text: str, timeout_s: float) -> bool:
        """Hand the line to the child, which is started when there is none."""
        if self._closed:
            return False
        try:
            if self._process is None or self._process.poll() is not None:
                timeout_s += START_PATIENCE_S
                self._start()
            process = self._process
            assert process is not None
            assert process.stdin is not None
            process.stdin.write(text.replace("\n", " ") + "\n")
            process.stdin.flush()
            done = self._answers.get(timeout=timeout_s) == "done"
        except (OSError, ValueError, queue.Empty):
            done = False
        if not done:
            self._end()
        return done

    def _start(self) -> None:
        answers: queue.Queue[str] = queue.Queue()
        self._answers = answers
        self._process = process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=QUIET, text=True, encoding="utf-8"
        )
        threading.Thread(target=_listen, args=(process, answers), name="voice answers", daemon=True).start()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()

    def close(self) -> None:
        """End the child."""
        self._closed = True
        self._end()


def _listen(process: subprocess.Popen[str], answers: queue.Queue[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        answers.put(line.strip())
    answers.put("ended")


def find_engine() -> Engine | None:
    """The best engine of this machine, for the language spoken here; None when none is there.

    On Linux that is espeak itself, elsewhere pyttsx3 (the extra ``voice``), which is a wrapper around the same espeak there that
    needs a program to play sound besides.
    """
    language = current()
    program = _program(language)
    if program and sys.platform.startswith("linux"):
        return ProgramEngine(program)
    if importlib.util.find_spec("pyttsx3") is not None:
        return ChildEngine([sys.executable, "-m", "posturecam.sinks.speech", language], "pyttsx3")
    return ProgramEngine(program) if program else None


def second_engine() -> Engine | None:
    """Another engine than :func:`find_engine`'s, for when that one fails; None when there is no other."""
    program = _program(current())
    return ProgramEngine(program) if program and not sys.platform.startswith("linux") else None


def _program(language: str) -> list[str] | None:
    if sys.platform == "darwin" and shutil.which("say"):
        return ["say", *_voice_of_say(language), "-r", str(WORDS_PER_MINUTE), "--"]
    for name in ("espeak-ng", "espeak"):
        path = shutil.which(name)
        if path:
            return [path, "-v", language, "-s", str(WORDS_PER_MINUTE), "-a", "180", "--"]
    return None


def _voice_of_say(language: str) -> list[str]:
    """The option for the first of the system's voices that speaks the language; nothing for its own voice."""
    try:
        listed = subprocess.run(
            ["say", "-v", "?"], capture_output=True, text=True, timeout=PATIENCE_S, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    found = re.search(rf"^(.+?)\s+{language}[_-]\w+\s+#", listed, re.MULTILINE)
    return ["-v", found[1]] if found else []


def voice_for(language: str, voices: Iterable[Any]) -> str | None:
    """The id of the first of pyttsx3's voices that speaks a language; None when none says so.

    Each system names languages in its own way: ``de``, ``de_DE``, ``de-de``, as bytes with a number before them.
    """
    for voice in voices:
        named = [said.decode(errors="ignore") if isinstance(said, bytes) else said for said in voice.languages or ()]
        if any(re.match(rf"\W*{language}([_-]|$)", name, re.IGNORECASE) for name in named if isinstance(name, str)):
            return str(voice.id)
    return None


def patience_s(text: str) -> float:
    """How long saying a text may take before the engine counts as hanging."""
    return PATIENCE_S + SECONDS_A_LETTER * len(text)


def _serve(language: str) -> None:
    """The child: speak every line of standard input with pyttsx3, by a voice of the language if there is one."""
    import pyttsx3

    engine = pyttsx3.init()
    engine.setProperty("rate", WORDS_PER_MINUTE)
    voice = voice_for(language, engine.getProperty("voices") or ())
    if voice is not None:
        engine.setProperty("voice", voice)
    for line in sys.stdin:
        engine.say(line.strip())
        engine.runAndWait()
        print("done", flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1] if len(sys.argv) > 1 else SOURCE)
