"""Spec files to break: a counted and a held exercise, small but complete."""

from __future__ import annotations

from pathlib import Path

from posturecam.errors import SpecError
from posturecam.spec.load import SpecFile, load_file

COUNTED = """\
id: squeeze
name: Squeeze
category: strengthen
position: upright
muscles: [trapezius]
camera: {view: [side], advice: To your side.}
dose: {reps: 8}
source: ours
steps: [Pull, Return]
measures:
  elbow: {angle: [near.shoulder, near.elbow, near.wrist]}
  lean: {tilt: [near.hip, near.shoulder], from: vertical}
  hand: {offset: near.wrist, from: near.shoulder, along: up}
setup:
  position: {lean: "<= 20"}
  for: 0.8
reps: {drive: elbow, from: high, min_range: 25}
checks:
  elbow_wide:
    name: Elbow too wide
    measure: elbow
    at: end
    ok: "<= 90"
    fault: "> 100"
    severity: major
    cue: Bend further
    advice: Bend the elbow further.
    source: ours
  hand_low:
    name: Hand too low
    measure: hand
    during: rep
    ok: ">= 0.0"
    fault: "< -0.1"
    cue: Raise your hand
    advice: Raise the hand.
    source: ours
"""

HELD = """\
id: stand_tall
name: Stand tall
category: stretch
position: upright
camera: {view: [front], advice: In front of you.}
dose: {seconds: 20}
source: ours
steps: [Stand]
measures:
  lean: {tilt: [mid.hip, mid.shoulder], from: vertical}
  hands: {offset: left.wrist, from: right.wrist, along: up}
setup:
  position: {lean: "<= 40"}
hold:
  while: {lean: "<= 30", hands: "-1..1"}
checks:
  leaning:
    name: Leaning
    measure: lean
    during: hold
    ok: "<= 8"
    fault: "> 14"
    severity: major
    cue: Stand tall
    advice: Stand tall.
    source: ours
"""


def changed(text: str, *changes: tuple[str, str]) -> str:
    """The text with each (old, new) exchanged; what is to be exchanged must be there once."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
        text = text.replace(old, new)
    return text


def load_text(folder: Path, text: str | bytes) -> SpecFile:
    """Load a spec from text."""
    path = folder / "spec.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_file(path)


def problems_of(folder: Path, text: str | bytes) -> list[str]:
    """What the loader finds wrong with a text, without the folder's name: ``12: checks.x: ...``."""
    try:
        load_text(folder, text)
    except SpecError as error:
        return [problem.removeprefix(f"{folder}/spec.yaml:") for problem in error.problems]
    return []
