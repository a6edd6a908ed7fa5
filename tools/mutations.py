"""What is changed where no number stands: rules of counting, judging, measuring and coaching, each broken in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutation:
    """One change to the file at ``path``: the text ``before`` becomes ``after``.

    It stands there once, or else ``at`` says where: line from 1, first and after last column. ``name`` is the constant's, or the
    function's that has the rule; ``words`` say what changes.
    """

    path: str
    name: str
    words: str
    before: str
    after: str
    at: tuple[int, int, int] | None = None

    @property
    def room(self) -> str:
        """Name of the folder it lies in."""
        return Path(self.path).parent.name

    @property
    def place(self) -> str:
        """Where it is, short."""
        return f"{self.room}/{Path(self.path).name}: {self.name}"

    def made(self, source: str) -> str:
        """The changed source; raises ValueError where the text to be changed is not there once."""
        if self.at is None:
            if source.count(self.before) != 1:
                raise ValueError(f"{self.place}: {self.before!r} is there {source.count(self.before)} times")
            return source.replace(self.before, self.after)
        line, first, stop = self.at
        lines = source.splitlines(keepends=True)
        lines[line - 1] = lines[line - 1][:first] + self.after + lines[line - 1][stop:]
        return "".join(lines)

    @property
    def tests(self) -> list[str]:
        """The tests that have to notice: those of the file's name, and of the names in TESTED_BY."""
        stem = Path(self.path).stem
        return [f"tests/{self.room}/test_{name}.py" for name in TESTED_BY.get(stem, (stem,))]


TESTED_BY: Mapping[str, tuple[str, ...]] = {
    "turning": ("turning", "reps"),
    "cycles": ("cycles", "reps"),
    "movements": ("movements", "reps"),
    "decide": ("decide", "judge"),
    "position": ("position", "judge"),
    "summary": ("summary", "time_in_doubt"),
    "moments": ("judge",),
    "observed": ("observed", "judge"),
    "outcome": ("judge",),
    "analyzer": ("live_limits",),
    "underway": ("live_limits",),
    "kinds": ("measures",),
    "frames": ("measures", "head"),
    "goals": ("session_limits", "sides"),
    "session": ("session_limits",),
    "announcer": ("announcer_limits",),
}
"""Tests of files that have no tests of their own name, or slow ones."""
NO_VERDICT = {
    *(
        "FASTEST_GRID_S",
        "SLOWEST_GRID_S",
        "DECIDE_EVERY_S",
        "BLOCK",
        "FORGOTTEN_S",
        "_FIRST_WINDOW",
        "_FIRST_ROOM",
        "JUDGEMENTS_KEPT",
        "TRACKS_KEPT",
    ),
    "STEPS_PER_LENGTH",
    *("GIVEN", "UNKNOWN", "CONTRARY", "OK", "NOT_CALLED", "FAULT", "HIDDEN", "LOST", "OUTSIDE"),
}
"""Speed, and codes."""
EQUIVALENT: Mapping[str, str] = {
    "ROUNDS": "nothing: a bound; of 92 clips with holds all close in within two rounds",
    "TICK_S": "nothing: how finely a length is sampled",
}
"""What may change without any verdict that differs -> why."""

_COUNTING, _JUDGING = "posturecam/counting", "posturecam/judging"
_KINEMATICS, _COACHING = "posturecam/kinematics", "posturecam/coaching"

RULES: tuple[Mutation, ...] = (
    # counting
    Mutation(
        f"{_COUNTING}/movements.py", "is_planted", "what carries the body may move", "not bool(", "True or not bool("
    ),
    Mutation(
        f"{_COUNTING}/movements.py",
        "_is_made",
        "need not be seen",
        "return seen >= SEEN_SHARE",
        "return True",
    ),
    Mutation(
        f"{_COUNTING}/movements.py",
        "_carries",
        "either side carries itself",
        "rep.side != other.side",
        "rep.side == other.side",
    ),
    Mutation(f"{_COUNTING}/reps.py", "_level", "never asked", "abs(visit.low_after", "True or abs(visit.low_after"),
    Mutation(
        f"{_COUNTING}/reps.py", "_sorted_out", "the milder of two least sizes", "clear = max(rule", "clear = min(rule"
    ),
    Mutation(
        f"{_COUNTING}/reps.py",
        "_goes_on",
        "alike in time is not asked",
        "max(seconds) <= ALIKE_IN_TIME * min(seconds)",
        "True",
    ),
    Mutation(
        f"{_COUNTING}/reps.py",
        "_one_ways",
        "no rep is too long",
        "if visit.returned_s - visit.left_s > rule.max_seconds:",
        "if False:",
    ),
    Mutation(
        f"{_COUNTING}/turning.py",
        "prominence",
        "the greater of both ways",
        "self.peak - max(self",
        "self.peak - min(self",
    ),
    Mutation(
        f"{_COUNTING}/positions.py",
        "inside",
        "“outside” is not heard",
        "(within != wanted.outside)",
        "within",
    ),
    Mutation(
        f"{_COUNTING}/positions.py",
        "limits_of",
        "“if seen” is not heard",
        "[not wanted.if_seen for",
        "[True for",
    ),
    Mutation(
        f"{_COUNTING}/positions.py",
        "intervals",
        "no least length",
        "[run for run in runs if t_s[run.stop - 1] - t_s[run.first] >= least_s]",
        "[run for run in runs]",
    ),
    Mutation(
        f"{_COUNTING}/stays.py",
        "_joined",
        "the anchor is not asked",
        "stood(before, span)",
        "True",
    ),
    Mutation(
        f"{_COUNTING}/stays.py",
        "_settled",
        "breaks count as held",
        "gaps = _gaps(times[start:stop], broken[start:stop])",
        "gaps = ()",
    ),
    Mutation(
        f"{_COUNTING}/stays.py",
        "_side_of",
        "sides swapped",
        '"left" if np.sum(known) >= 0 else "right"',
        '"right" if np.sum(known) >= 0 else "left"',
    ),
    # judging
    Mutation(
        f"{_JUDGING}/verdicts.py",
        "not_from",
        "a check's view is ignored",
        "if views is None or view in views:",
        "if True:",
    ),
    Mutation(
        f"{_JUDGING}/verdicts.py",
        "reduce_stretch",
        "the milder of two limits is taken",
        "max(candidates)",
        "min(candidates)",
    ),
    Mutation(
        f"{_JUDGING}/verdicts.py",
        "worst_lasting",
        "the best of the held values",
        "int(np.argmax(held))",
        "int(np.argmin(held))",
    ),
    Mutation(
        f"{_JUDGING}/verdicts.py",
        "worst_lasting",
        "a moment is as good as a lasting time",
        "t_s + seconds - 1e-9",
        "t_s + 0 * seconds",
    ),
    Mutation(
        f"{_JUDGING}/verdicts.py",
        "state_of",
        "the band is a fault",
        'else "unknown"\n\n\ndef limit',
        'else "fault"\n\n\ndef limit',
    ),
    Mutation(
        f"{_JUDGING}/verdicts.py",
        "judge_value",
        "what one camera cannot tell is judged",
        "if not check.judged:",
        "if False:",
    ),
    Mutation(
        f"{_JUDGING}/verdicts.py",
        "_only_when",
        "“when” is not asked",
        "keep &= inside(",
        "keep |= inside(",
    ),
    Mutation(f"{_JUDGING}/verdicts.py", "_asked_at", "a tempo's “when” is not asked", "if not check.when:", "if True:"),
    Mutation(
        f"{_JUDGING}/verdicts.py", "_tempo", "the slower of several ways", "(min(known), None)", "(max(known), None)"
    ),
    Mutation(f"{_JUDGING}/verdicts.py", "_tempo", "what is cut off is whole", "if complete", "if True or complete"),
    Mutation(f"{_JUDGING}/verdicts.py", "worst", "the best verdict", "return min(verdicts", "return max(verdicts"),
    Mutation(
        f"{_JUDGING}/verdicts.py",
        "times_known",
        "gaps do not matter",
        "not (span.joined or in_gap(observed.t_s, span.start_s, span.end_s, TEMPO_GAP_S))",
        "not span.joined",
    ),
    Mutation(f"{_JUDGING}/verdicts.py", "judge_rep", "doubted times are believed", "if doubted and", "if False and"),
    Mutation(
        f"{_JUDGING}/verdicts.py",
        "is_good",
        "nothing judged is good",
        "return bool(judged) and not any(",
        "return not any(",
    ),
    Mutation(
        f"{_JUDGING}/verdicts.py", "is_good", "a major fault is good", 'severity == "major"', 'severity == "minor"'
    ),
    Mutation(
        f"{_JUDGING}/verdicts.py",
        "score_of",
        "a doubt costs as much as a fault",
        'if verdict.state == "fault"\n    )\n    return max',
        'if verdict.state != "ok"\n    )\n    return max',
    ),
    Mutation(
        f"{_JUDGING}/position.py",
        "hysteresis",
        "who is in position leaves it at once",
        "by = exercise.measures[name].error or SCALES[unit_of(exercise, name)].hysteresis",
        "by = 0.0",
    ),
    Mutation(
        f"{_JUDGING}/position.py",
        "evidence",
        "from elsewhere nothing speaks against",
        "elsewhere = np.where(from_elsewhere == CONTRARY, CONTRARY, posture)",
        "elsewhere = posture",
    ),
    Mutation(
        f"{_JUDGING}/position.py",
        "posture",
        "upright is enough to be in position",
        "return found if exercise.trunk_level else np.minimum(found, UNKNOWN).astype(np.int8)",
        "return found",
    ),
    Mutation(
        f"{_JUDGING}/baseline.py",
        "resting",
        "resting values while moving",
        "still & (free | at_first))",
        "free | at_first)",
    ),
    Mutation(
        f"{_JUDGING}/baseline.py",
        "resting",
        "resting values within reps and holds",
        "still & (free | at_first))",
        "still)",
    ),
    Mutation(
        f"{_JUDGING}/baseline.py",
        "resting",
        "a cycle's first stillness is no rest",
        "(free | at_first))",
        "free)",
    ),
    Mutation(
        f"{_JUDGING}/baseline.py",
        "resting",
        "a cycle's middle is not taken for neutral",
        "if not kept_still or not np.median(bends) <= FURTHEST_BEND:",
        "if False:",
    ),
    Mutation(
        f"{_JUDGING}/decide.py",
        "rule_for",
        "a signal that is hidden stays",
        "if other is None or not len(observed):",
        "if True:",
    ),
    Mutation(
        f"{_JUDGING}/decide.py",
        "_confirmed",
        "reps do not confirm a position",
        "for rep in counted.reps:",
        "for rep in ():",
    ),
    Mutation(
        f"{_JUDGING}/decide.py",
        "_sided",
        "sides swapped",
        '"left" if told >= 0 else "right"',
        '"right" if told >= 0 else "left"',
    ),
    Mutation(
        f"{_JUDGING}/framing.py",
        "_outside",
        "the hidden far limb is missed",
        "np.where(sideways, near, any_side)",
        "np.where(sideways, any_side, any_side)",
    ),
    Mutation(
        f"{_JUDGING}/outcome.py",
        "short_hold",
        "a hold of any length counts",
        "if span.duration_s >= exercise.hold.min_seconds:",
        "if True:",
    ),
    Mutation(
        f"{_JUDGING}/observed.py",
        "view",
        "a turned chest changes the view at once",
        "held = (since_s >= 0) & (since_s <= camera.turned_s)",
        "held = since_s < 0",
    ),
    Mutation(
        f"{_JUDGING}/analyzer.py",
        "_provisional",
        "a wobble at the end position is told",
        "if not reps",
        "if True or not reps",
    ),
    Mutation(
        f"{_JUDGING}/judge.py",
        "judged",
        "a stand-in's tempo is judged",
        "if rule is not None and exercise",
        "if False and rule",
    ),
    # kinematics
    Mutation(
        f"{_KINEMATICS}/tracker.py",
        "_gated",
        "the jump gate is off",
        "lost = self._gate.follow(t_s, xy) if self._gate is not None else np.zeros_like(hidden)",
        "lost = np.zeros_like(hidden)",
    ),
    Mutation(
        f"{_KINEMATICS}/tracker.py", "_gated", "what is hidden is believed", "xy[lost | hidden] = NAN", "xy[lost] = NAN"
    ),
    Mutation(
        f"{_KINEMATICS}/tracker.py",
        "_gated",
        "what lies outside is believed",
        "xy[outside] = NAN",
        "xy[outside & hidden] = NAN",
    ),
    Mutation(
        f"{_KINEMATICS}/tracker.py",
        "settled",
        "the torso of each frame for itself",
        "torso = centred_quartile(track.t_s, track.torso_now)",
        "torso = track.torso_now",
    ),
    Mutation(
        f"{_KINEMATICS}/tracker.py",
        "settled",
        "near side with the lag of the running one",
        "near = _near_code(_from_the_start(",
        "near = track.near; _near_code(_from_the_start(",
    ),
    Mutation(
        f"{_KINEMATICS}/filters.py",
        "OutlierGate",
        "no patience",
        "jumped & (t_s - self._jumped_since_s < PATIENCE_S)",
        "jumped & (t_s < -1)",
    ),
    Mutation(
        f"{_KINEMATICS}/filters.py",
        "OutlierGate",
        "a cut is held back too",
        "everything = np.count_nonzero(jumped) > np.count_nonzero(~np.isnan(distance)) / 2",
        "everything = False",
    ),
    Mutation(
        f"{_KINEMATICS}/filters.py",
        "_quartile_place",
        "the median for the upper quartile",
        "return (3 * (count - 1)) // 4",
        "return (count - 1) // 2",
    ),
    Mutation(
        f"{_KINEMATICS}/filters.py",
        "with_hysteresis",
        "the sign changes at once",
        "if sign is None or abs(value) > threshold:",
        "if True:",
    ),
    Mutation(
        f"{_KINEMATICS}/kinds.py",
        "_combine",
        "min for max and max for min",
        '(np.minimum if measure.combine == "min" else np.maximum)',
        '(np.maximum if measure.combine == "min" else np.minimum)',
    ),
    Mutation(
        f"{_KINEMATICS}/kinds.py",
        "_change",
        "not from the person's own rest",
        "columns[measure.change] - rest.get(measure.change, NAN)\n",
        "columns[measure.change]\n",
    ),
    # coaching
    Mutation(
        f"{_COACHING}/coach.py",
        "_lasting_faults",
        "a fault is cued without patience",
        "if t_s - since >= self._checks[name].lasting_s:",
        "if True:",
    ),
    Mutation(f"{_COACHING}/coach.py", "_choose", "minor faults first", 'severity != "major"', 'severity == "major"'),
    Mutation(
        f"{_COACHING}/gesture.py",
        "_Held",
        "a flicker ends the gesture",
        "elif not t_s - self._last_s <= FLICKER_S:",
        "elif True:",
    ),
    Mutation(
        f"{_COACHING}/goals.py",
        "progress",
        "one side is enough",
        "min(left, right) >= target",
        "max(left, right) >= target",
    ),
    Mutation(
        f"{_COACHING}/session.py",
        "_wait",
        "a wobble starts the countdown again",
        "if not in_position and t_s - self._wobble_from_s > WOBBLE_S:",
        "if not in_position:",
    ),
    Mutation(
        f"{_COACHING}/session.py",
        "_wait",
        "no coming to rest before the word go",
        "if left_s > 0 or (not at_rest and left_s > -MOVING_S):",
        "if left_s > 0:",
    ),
    Mutation(
        f"{_COACHING}/announcer.py",
        "_guide",
        "guidance is said at once",
        "if words is None or t_s - self._guidance_since_s < STEADY_S:",
        "if words is None:",
    ),
)
