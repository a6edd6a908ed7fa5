"""Numbers and lists in plain words: shared by the summary sentence, HTML, PDF and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from posturecam.language import decimals, gettext, inside, ngettext, pgettext, retold
from posturecam.report.types import FaultMark, RepItem, Report
from posturecam.spec import units

DASH = "–"


def value_text(value: float | None, unit: str, *, short: bool = False) -> str:
    """A measured value with its unit; a long dash when there is none.

    Torso lengths are given in per cent of the torso, since nobody pictures 0.14 torso lengths.
    """
    if value is None:
        return DASH
    return units.number_text(value, unit) if short else units.value_text(value, unit)


def limit_text(limit: str, unit: str) -> str:
    """A spec's range ("< -0.12", "75..110") in words with its unit; any other text, as stored reports may hold, as it is."""
    try:
        return _range_text(limit, unit)
    except ValueError:
        return limit


def _range_text(limit: str, unit: str) -> str:
    head, _, rest = limit.partition(" ")
    if head in (">=", "<=", ">", "<"):
        value = value_text(float(rest), unit)
        if head == ">=":
            return gettext("at least {value}", value=value)
        if head == "<=":
            return gettext("at most {value}", value=value)
        return gettext("over {value}", value=value) if head == ">" else gettext("under {value}", value=value)
    low, high = (value_text(float(part), unit, short=True) for part in limit.removeprefix("outside ").split(".."))
    if head == "outside":
        return gettext("outside {low} to {high}", low=low, high=high)
    return span_text(low, high)


def span_text(low: str, high: str) -> str:
    """From one to another: "8° to 12°"."""
    return gettext("{low} to {high}", low=low, high=high)


def tempo_text(item: RepItem) -> str:
    """The three parts of a rep's time, or that they are not known."""
    if item.seconds is None:
        return gettext("times not known")
    return decimals(f"{item.out_s:.1f} · {item.hold_s:.1f} · {item.return_s:.1f} s")


def seconds_text(seconds: float) -> str:
    """A length of time: "8.4 s", "16 s", "2 min 5 s"."""
    if 0 < seconds < 10:
        return decimals(f"{seconds:.1f} s")
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def clock_text(seconds: float) -> str:
    """A moment of the recording: "0:07.4"."""
    tenths = round(max(seconds, 0.0) * 10)
    return decimals(f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}")


def percent_text(share: float) -> str:
    """A share as whole per cent; never 0 or 100 unless it is."""
    percent = round(100 * share)
    if percent == 0 and share > 0:
        return gettext("under {value}", value="1 %")
    if percent == 100 and share < 1:
        return "99 %"
    return f"{percent} %"


def numbers_text(numbers: Sequence[int]) -> str:
    """Indices with runs drawn together: [1, 4, 5, 6] -> "1, 4–6"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}{DASH}{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def reps_counted(number: int) -> str:
    """How many: "1 rep", "6 reps"."""
    return ngettext("{number} rep", "{number} reps", number)


def sessions_counted(number: int) -> str:
    """How many: "1 session", "6 sessions"."""
    return ngettext("{number} session", "{number} sessions", number)


def reps_text(numbers: Sequence[int]) -> str:
    """Name reps by number: "rep 4", "reps 1, 4–6"."""
    return ngettext("rep {numbers}", "reps {numbers}", len(numbers), numbers=numbers_text(numbers))


def holds_text(numbers: Sequence[int]) -> str:
    """Name holds by number: "hold 4", "holds 1, 4–6"."""
    return ngettext("hold {numbers}", "holds {numbers}", len(numbers), numbers=numbers_text(numbers))


def listed(parts: Iterable[str]) -> str:
    """Parts as a sentence lists them: "a", "a and b", "a, b and c"."""
    *head, last = list(parts)
    return gettext("{first} and {last}", first=", ".join(head), last=last) if head else last


def quoted(words: str) -> str:
    """Words to be said, in quotation marks."""
    return gettext("“{words}”", words=words)


def side_word(side: str | None) -> str:
    """A side as it stands beside a number: "left"; empty for none."""
    return {"left": pgettext("side", "left"), "right": pgettext("side", "right")}.get(side or "", "")


def side_letter(side: str | None) -> str:
    """A side on a chart: "L"; empty for none."""
    return {"left": pgettext("side", "L"), "right": pgettext("side", "R")}.get(side or "", "")


class FaultWords(NamedTuple):
    """A fault of one rep or hold as people read it: ``name``, "104° (limit 100°)", and ``plain``: "a little past the limit"."""

    name: str
    measured: str
    plain: str = ""


def fault_words(report: Report, mark: FaultMark) -> FaultWords:
    """Put one fault mark into words."""
    info = next((info for info in report.checks if info.id == mark.id), None)
    unit = info.unit if info else "degrees"
    if mark.value is None or mark.limit is None:
        return FaultWords(report.check_name(mark.id), "")
    value, limit = told_apart(mark.value, mark.limit, unit)
    beyond = excess_text(mark, unit, report.height_cm)
    return FaultWords(report.check_name(mark.id), gettext("{value} (limit {limit})", value=value, limit=limit), beyond)


def told_apart(value: float, limit: float, unit: str) -> tuple[str, str]:
    """Both with the same decimals, as many as it takes that a value past its limit does not read like the limit."""
    texts = units.number_text(value, unit), units.number_text(limit, unit)
    if texts[0] != texts[1] or value == limit:
        return texts
    scale, suffix, usual = {"degrees": (1, "°", 0), "seconds": (1, " s", 1)}.get(unit, (100, " %", 0))
    for places in (usual + 1, usual + 2):
        one, other = (f"{number * scale:.{places}f}" for number in (value, limit))
        if one != other:
            break
    return tuple(decimals(f"{text}{suffix}").replace("-", units.MINUS) for text in (one, other))  # type: ignore[return-value]


TORSO_OF_HEIGHT = 0.288
"""Mid-shoulder to mid-hip over body height: 0.818 less 0.530 (Drillis and Contini's segment lengths)."""
HANDS = (0.025, 0.06, 0.12, 0.23, 0.45)
"""Up to which share of a torso of about 49 cm each stands for: a finger is 2 cm wide, a hand 8 to 9 cm."""


def excess_text(mark: FaultMark, unit: str, height_cm: float | None) -> str:
    """How far past the limit, in words a patient can picture; empty when that is not known.

    Lengths are in centimetres where the person's height is known, else in breadths of fingers and hands.
    """
    if mark.value is None or mark.limit is None:
        return ""
    excess = abs(mark.value - mark.limit)
    if unit == "seconds":
        seconds = decimals(f"{excess:.1f}")
        if mark.value < mark.limit:
            return gettext("{seconds} s too short", seconds=seconds) if excess >= 0.1 else gettext("a little too short")
        return gettext("{seconds} s too long", seconds=seconds) if excess >= 0.1 else gettext("a little too long")
    if unit == "torso":
        return _length_text(excess, height_cm)
    ratio = excess / max(mark.margin or 0.0, 1e-3)
    if ratio < 1:
        return gettext("a little past the limit")
    return gettext("clearly past the limit") if ratio < 3 else gettext("far past the limit")


def _length_text(excess: float, height_cm: float | None) -> str:
    if height_cm:
        centimetres = round(excess * TORSO_OF_HEIGHT * height_cm)
        if not centimetres:
            return gettext("just past the limit")
        return gettext("about {centimetres} cm past the limit", centimetres=centimetres)
    words = (
        gettext("less than a finger’s breadth past the limit"),
        gettext("a finger’s breadth past the limit"),
        gettext("two fingers’ breadth past the limit"),
        gettext("a hand’s breadth past the limit"),
        gettext("two hands’ breadth past the limit"),
        gettext("more than two hands’ breadth past the limit"),
    )
    return words[sum(excess > most for most in HANDS)]


def score_number(score: float | None) -> str:
    """A score as a whole number; 100 is kept for what is without any fault, and a long dash for none."""
    if score is None:
        return DASH
    return "99" if 99 <= score < 100 else f"{score:.0f}"


def problem_lines(report: Report) -> list[str]:
    """What stood in the way of judging: camera, light, recording; and how to place the camera if that was wrong."""
    lines = [retold(problem) for problem in (*report.tracking.problems, *report.source.warnings)]
    if report.tracking.view_ok is False and report.camera_advice:
        lines.append(gettext("Next time: {advice}", advice=inside(gettext(report.camera_advice))))
    return lines
