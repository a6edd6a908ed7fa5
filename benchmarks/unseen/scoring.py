"""Runs the program on rendered casts and prints how often it is right, by exercise and by mechanism."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.unseen.judging import judge
from posturecam.errors import PosturecamError

HOLD_S, HOLD_SHARE = 0.5, 0.05
COLUMNS = ("clips", "exact", "off by 1", "holds", "hold err s", "recall", "precision", "good+major", "unknown", "neg 0")


@dataclass(frozen=True)
class Evidence:
    """One clip judged as one exercise; None = does not apply.

    `rep_error` counted minus true (the worst of total, left and right); `hold_error_s` summed held seconds minus true ones,
    `hold_right` within 0.5 s or 5 % a hold; `found`, `missed`, `invented` faults, open ones left out; `good_major`: nothing is
    wrong and a major fault is reported; `unknown` = share of the checks' verdicts that are unknown.
    """

    clip: str
    exercise: str
    mechanisms: tuple[str, ...]
    negative: bool
    counted: int
    rep_error: int | None = None
    hold_error_s: float | None = None
    hold_right: bool | None = None
    found: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    invented: tuple[str, ...] = ()
    good: bool = False
    good_major: bool = False
    unknown: float | None = None


def score(folders: Sequence[Path], tuned: Sequence[Path], *, jobs: int, details: bool, json_file: Path | None) -> int:
    """Prints the tables of some casts, and beside them those of the casts that limits were chosen with."""
    try:
        fresh = [e for folder in folders for e in evidence_of(folder, jobs)]
        old = [e for folder in tuned for e in evidence_of(folder, jobs)]
    except FileNotFoundError as error:
        print(f"No {error.filename}; render the cast first: python -m benchmarks.unseen render.", file=sys.stderr)
        return 1
    except PosturecamError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(tables(fresh, old)))
    if details:
        print("\n".join(line for e in fresh if (line := _detail(e))))
    if json_file:
        json_file.write_text(json.dumps([asdict(e) for e in fresh], indent=1), encoding="utf-8")
    return 0


def evidence_of(folder: Path, jobs: int) -> list[Evidence]:
    """Every clip of a cast against its truth; clips without an exercise are judged as every exercise and variant."""
    rows = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    with ProcessPoolExecutor(jobs) as pool:
        return [e for some in pool.map(partial(_evidence, folder), rows) for e in some]


def _evidence(folder: Path, row: dict[str, Any]) -> list[Evidence]:
    clip = folder / row["clip"]
    if row["exercise"] is None:
        return [_negative(row, name, variant, clip) for name, variant in _everything()]
    return [compare(row, judge(row["exercise"], row["variant"], clip).model_dump(mode="json"))]


def _everything() -> list[tuple[str, str | None]]:
    from benchmarks.unseen.scripts import PARTS

    return [(part.exercise, part.variant or None) for part in PARTS]


def _mechanisms(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(said.split("=")[0] for said in row["conditions"]) or ("none",)


def _negative(row: dict[str, Any], exercise: str, variant: str | None, clip: Path) -> Evidence:
    report = judge(exercise, variant, clip).model_dump(mode="json")
    name = f"{exercise}/{variant}" if variant else exercise
    counted = report["reps"]["count"] if report["kind"] == "reps" else len(report["holds"]["items"])
    return Evidence(row["clip"], name, _mechanisms(row), True, counted)


def compare(row: dict[str, Any], report: dict[str, Any]) -> Evidence:
    """One row of `truth.json` against a report (`report.json`'s content)."""
    reps = report["kind"] == "reps"
    counted = report["reps"]["count"] if reps else len(report["holds"]["items"])
    hold_error, hold_right = (None, None) if reps else _hold(row, report)
    severity = {fault["id"]: fault["severity"] for fault in report["faults"]}
    told = set(severity) - set(row.get("open_faults", ()))
    true = set(row["faults"] or ())
    known = row["faults"] is not None
    invented = tuple(sorted(told - true)) if known else ()
    good = known and not true
    return Evidence(
        clip=row["clip"],
        exercise=f"{row['exercise']}/{row['variant']}" if row["variant"] else row["exercise"],
        mechanisms=_mechanisms(row),
        negative=False,
        counted=counted,
        rep_error=_rep_error(row, report) if reps and row["reps"] is not None else None,
        hold_error_s=hold_error,
        hold_right=hold_right,
        found=tuple(sorted(true & told)),
        missed=tuple(sorted(true - told)),
        invented=invented,
        good=good,
        good_major=good and any(severity[f] == "major" for f in invented),
        unknown=_unknown(report),
    )


def _rep_error(row: dict[str, Any], report: dict[str, Any]) -> int:
    pairs = [(report["reps"]["count"], row["reps"])]
    pairs += [(report["reps"][side], row[f"{side}_reps"]) for side in ("left", "right")]
    return max((int(got - true) for got, true in pairs if got is not None and true is not None), key=abs)


def _hold(row: dict[str, Any], report: dict[str, Any]) -> tuple[float, bool]:
    true = sum(end - start for start, end in row["hold_intervals_s"])
    error = report["holds"]["total_s"] - true
    allowed = max(HOLD_S * max(1, len(row["hold_intervals_s"])), HOLD_SHARE * true)
    return round(error, 2), abs(error) <= allowed


def _unknown(report: dict[str, Any]) -> float:
    """Share of unknown verdicts: those named, over all checks; 1 where nothing was judged."""
    if not report["tracking"]["judged"]:
        return 1.0
    checks = report.get("checks") or {}
    total = len(checks) or _checks(report["exercise"], report["variant"])
    return min(1.0, sum(float(u["share"]) for u in report["unknown"]) / max(total, 1))


def _checks(exercise: str, variant: str | None) -> int:
    from posturecam.spec.catalogue import choose_variant, load_spec

    return len(choose_variant(load_spec(exercise), variant).checks)


def _mean(values: Iterable[float | bool | None]) -> float | None:
    known = [float(v) for v in values if v is not None]
    return sum(known) / len(known) if known else None


def figures(some: Sequence[Evidence]) -> dict[str, float | None]:
    """The figures of some evidence by column; None where nothing can be said."""
    real, none = [e for e in some if not e.negative], [e for e in some if e.negative]
    found, missed, invented = (sum(len(getattr(e, name)) for e in real) for name in ("found", "missed", "invented"))
    errors = [abs(e.rep_error) for e in real if e.rep_error is not None]
    holds = [abs(e.hold_error_s) for e in real if e.hold_error_s is not None]
    return {
        "clips": float(len({e.clip for e in some})),
        "exact": _mean(n == 0 for n in errors),
        "off by 1": _mean(n <= 1 for n in errors),
        "holds": _mean(e.hold_right for e in real),
        "hold err s": _mean(holds),
        "recall": found / (found + missed) if found + missed else None,
        "precision": found / (found + invented) if found + invented else None,
        "good+major": float(sum(e.good_major for e in real)) if real else None,
        "unknown": _mean(e.unknown for e in real),
        "neg 0": _mean(e.counted == 0 for e in none),
    }


def tables(fresh: Sequence[Evidence], tuned: Sequence[Evidence]) -> list[str]:
    """All, by exercise, by mechanism; with tuned casts each figure as `fresh (tuned, difference)`."""
    out = ["## All", *_table([("all", _any)], fresh, tuned)]
    exercises = sorted({e.exercise for e in fresh if not e.negative})
    out += ["", "## By exercise", *_table([(n, partial(_is, n)) for n in exercises], fresh, tuned)]
    mechanisms = sorted({m for e in fresh for m in e.mechanisms})
    out += ["", "## By mechanism", *_table([(n, partial(_under, n)) for n in mechanisms], fresh, tuned)]
    return out


def _any(_: Evidence) -> bool:
    return True


def _is(name: str, e: Evidence) -> bool:
    return e.exercise == name


def _under(name: str, e: Evidence) -> bool:
    return name in e.mechanisms


Pick = Callable[[Evidence], bool]


def _table(rows: Sequence[tuple[str, Pick]], fresh: Sequence[Evidence], tuned: Sequence[Evidence]) -> list[str]:
    out = [f"| | {' | '.join(COLUMNS)} |", "|---" * (len(COLUMNS) + 1) + "|"]
    for name, pick in rows:
        new = figures([e for e in fresh if pick(e)])
        old = figures([e for e in tuned if pick(e)]) if tuned else {}
        out.append(
            f"| {name} | {' | '.join(_cell(column, new[column], old.get(column), bool(tuned)) for column in COLUMNS)} |"
        )
    return out


def _cell(column: str, new: float | None, old: float | None, beside: bool) -> str:
    pattern = ".0f" if column in ("clips", "good+major") else ".2f"
    text = "-" if new is None else format(new, pattern)
    if not beside or column == "clips":
        return text
    if old is None or new is None:
        return f"{text} ({'-' if old is None else format(old, pattern)})"
    return f"{text} ({format(old, pattern)}, {format(new - old, '+' + pattern)})"


def _detail(e: Evidence) -> str | None:
    said = []
    if e.negative:
        said += [f"counted {e.counted}"] if e.counted else []
    elif e.rep_error:
        said.append(f"{e.rep_error:+d} reps")
    if e.hold_right is False:
        said.append(f"hold {e.hold_error_s:+.1f} s")
    said += [f"missed {f}" for f in e.missed] + [f"invented {f}" for f in e.invented]
    return f"  {e.clip} as {e.exercise} [{' '.join(e.mechanisms)}]: {', '.join(said)}" if said else None
