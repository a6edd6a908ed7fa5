"""What could not be judged, in words for the person: what was not seen, and what to do about it.

The one place for these sentences, in the language spoken here: the overlay says them while something is wrong, the report at
the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from posturecam.judging.verdicts import CUT_OFF, FROM_ELSEWHERE, NOT_FROM_ONE_CAMERA, NOT_SEEN, TIMES_DOUBTED, TOO_CLOSE
from posturecam.kinematics.measures import CHEST_TURNED, NO_OUTLINE, NOBODY, RESTING_UNKNOWN
from posturecam.kinematics.track import Unseen
from posturecam.language import gettext, inside, msgid
from posturecam.model import LANDMARK_NAMES, FrameResult, Verdict
from posturecam.spec.schema import Check, Exercise

REMEDIES: Mapping[str, str] = {
    FROM_ELSEWHERE[("side",)]: msgid("Film from the side."),
    FROM_ELSEWHERE[("front",)]: msgid("Film from the front."),
    FROM_ELSEWHERE[("side", "front")]: msgid("Film from the side or the front."),
    FROM_ELSEWHERE[("front", "side")]: msgid("Film from the side or the front."),
    NOT_FROM_ONE_CAMERA: msgid("One camera cannot tell; ask somebody to look, or feel for it."),
    NOBODY: msgid("Stay in the picture."),
    NOT_SEEN: msgid("Keep your whole body in sight of the camera."),
    NO_OUTLINE: msgid("Wear something close-fitting that stands out from what is behind you."),
    CHEST_TURNED: msgid("Keep your chest side-on to the camera."),
    RESTING_UNKNOWN: msgid("Begin with a second of stillness in the starting position."),
    CUT_OFF: msgid("Start filming a second before you begin, and stop a second after the end."),
    TIMES_DOUBTED: msgid("More light, and closing other programs, give the camera enough pictures per second."),
}
"""What to do about a reason."""
SEEN_FROM = "can only be judged from"
OTHER_VIEW = msgid("Film from where the exercise asks for.")
IN_SIGHT = msgid("Keep your {part} in sight of the camera.")
IN_PICTURE = msgid("Step back a little, so that your {part} is in the picture.")
PARTS: Mapping[str, str] = {
    "foot index": "foot",
    "heel": "foot",
    "index": "hand",
    "pinky": "hand",
    "thumb": "hand",
    "wrist": "hand",
    "eye inner": "eye",
    "eye outer": "eye",
}
"""Landmarks that a person calls by another name."""
PASSING = (RESTING_UNKNOWN, TOO_CLOSE, NOT_FROM_ONE_CAMERA, TIMES_DOUBTED, CUT_OFF)
"""Reasons that nothing can be done about while exercising."""


def could_not_see(whether: str, name: str) -> str:
    """What was not seen of a check: "Could not see whether your hips sag"; its ``name`` serves where it has no such words."""
    if whether:
        return gettext("Could not see whether {whether}", whether=gettext(whether))
    return gettext("Could not check: {name}", name=inside(gettext(name)))


def remedy(reason: str) -> str:
    """What to do about a reason, a sentence; empty where nothing is known to help."""
    if reason in REMEDIES:
        return gettext(REMEDIES[reason])
    if reason.startswith(SEEN_FROM):
        return gettext(OTHER_VIEW)
    for landmark in sorted(LANDMARK_NAMES, key=len, reverse=True):  # "left eye inner" begins with "left eye"
        words = landmark.replace("_", " ")
        if reason.startswith(f"{words} "):
            return _joint_remedy(words, reason.removeprefix(f"{words} "))
    return ""


def _joint_remedy(joint: str, why: str) -> str:
    side, _, part = joint.partition(" ")
    if part:
        joint = f"{side} {PARTS.get(part, part)}"
    return gettext(IN_PICTURE if why == Unseen.OUTSIDE.words else IN_SIGHT, part=gettext(joint))


def doubt_now(checks: Mapping[str, Check], verdicts: Sequence[Verdict]) -> str:
    """What to say at this moment about what cannot be judged; empty where there is nothing that the person could do about it.

    A value too close to the limit is no such case, nor is what one camera never tells.
    """
    found = [
        (verdict, advice)
        for verdict in verdicts
        if verdict.state == "unknown" and verdict.value is None and verdict.check in checks
        for advice in [_advice_now(verdict.reason or "")]
        if advice
    ]
    if not found:
        return ""
    first, advice = found[0]
    check = checks[first.check]
    return f"{could_not_see(check.whether, check.name)}. {advice}"


def _advice_now(reason: str) -> str:
    passing = reason in PASSING or reason.endswith(Unseen.LOST.words)
    return "" if passing else remedy(reason)


class DoubtLine:
    """:func:`doubt_now` from frame to frame.

    It appears once it has held for a moment, and stays a little longer: what flickers is not read.
    """

    APPEAR_S, STAY_S = 0.6, 1.5

    def __init__(self, exercise: Exercise) -> None:
        self._checks = exercise.checks
        self._shown, self._coming = "", ""
        self._since_s, self._last_s = 0.0, 0.0

    def update(self, result: FrameResult) -> str:
        """Take the next frame, and return what to show; nothing while nothing is judged."""
        words = doubt_now(self._checks, result.verdicts) if result.stage == "active" else ""
        if words != self._coming:
            self._coming, self._since_s = words, result.t_s
        if words and words == self._shown:
            self._last_s = result.t_s
        elif words and result.t_s - self._since_s >= self.APPEAR_S:
            self._shown, self._last_s = words, result.t_s
        elif result.t_s - self._last_s >= self.STAY_S:
            self._shown = ""
        return self._shown
