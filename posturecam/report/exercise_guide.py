"""The exercises as a document, made from their specs: how to stand, where to put the camera, what is checked and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from posturecam.report.build import unit_of_check
from posturecam.report.wording import limit_text
from posturecam.spec.catalogue import demonstration
from posturecam.spec.load import SpecFile
from posturecam.spec.schema import Check, Exercise
from posturecam.spec.words import dose_text

CATEGORIES: Mapping[str, str] = {"mobilise": "Mobilise", "strengthen": "Strengthen", "stretch": "Stretch"}
AT = {"end": "at the end position", "start": "at the start", "return": "on the way back", "middle": "half way"}
DURING = {
    "rep": "throughout the rep",
    "out": "on the way to the end position",
    "end": "in the end position",
    "return": "on the way back",
    "hold": "while holding",
    "always": "all the time",
}
PARTS = {
    "out": "the way there",
    "return": "the way back",
    "end": "the end position",
    "rep": "the rep",
    "cycle": "the cycle",
}


def exercise_guide(specs: Iterable[SpecFile]) -> str:
    """Markdown that describes every exercise with its variants; the same specs give the same text."""
    listed = list(specs)
    lines = [
        "# The exercises",
        "",
        "Made from the files in `exercise_specs/` by `posturecam specs docs --out docs/exercises.md`; edit those, not this.",
        "Limits are as measured from the camera's picture, lengths in per cent of the torso (from the middle of the",
        "shoulders to the middle of the hips); `posturecam specs show ID` also says where each limit comes from.",
        "",
    ]
    for category, title in CATEGORIES.items():
        members = [spec for spec in listed if spec.default.category == category]
        if not members:
            continue
        links = ", ".join(f"[{spec.default.name}](#{_anchor(spec.default)})" for spec in members)
        lines += [f"## {title}", "", links, ""]
        for spec in members:
            lines += _exercise(spec)
    return "\n".join(lines).rstrip("\n") + "\n"


def _anchor(exercise: Exercise) -> str:
    words = "".join(char for char in exercise.name.lower() if char.isalnum() or char in " -")
    return words.replace(" ", "-")


def _exercise(spec: SpecFile) -> list[str]:
    shown = spec.default
    lines = [f"### {shown.name}", "", f"`{shown.id}`; {', '.join(shown.muscles)}.", "", *_film(shown)]
    lines += _how(shown) + _checks(shown)
    for name, exercise in spec.exercises.items():
        if spec.variants and name != shown.variant:
            lines += _variant(shown, exercise)
    return [*lines, f"Source: {shown.source}{_evidence(shown)}", ""]


def _film(exercise: Exercise) -> list[str]:
    path = demonstration(exercise.id, exercise.variant)
    return [f"[▶ How it is done, as a film](../posturecam/demonstrations/{path.name})", ""] if path is not None else []


def _evidence(exercise: Exercise) -> str:
    cited = dict.fromkeys(check.source.see for check in exercise.checks.values() if check.source.see)
    links = ", ".join(f"[{see.partition('#')[0]}]({see.removeprefix('docs/')})" for see in cited)
    return f" What the limits rest on: {links}." if links else ""


def _how(exercise: Exercise) -> list[str]:
    origin = "the article" if exercise.dose.origin == "article" else "ours"
    lines = [f"{number}. {step}" for number, step in enumerate(exercise.steps, 1)]
    lines += [
        "",
        f"- **Camera:** {' or '.join(exercise.camera.view)} view. {exercise.camera.advice}",
        f"- **Dose:** {dose_text(exercise)} ({origin}).",
    ]
    if exercise.equipment:
        lines.append(f"- **Needed:** {', '.join(exercise.equipment)}.")
    if exercise.variant:
        lines.append(f"- **Variant shown:** {exercise.variant_name or exercise.variant} (`{exercise.variant}`).")
    return [*lines, ""]


def _checks(exercise: Exercise) -> list[str]:
    lines = ["| what can be wrong | weight | judged by | right | wrong | cue |", "|---|---|---|---|---|---|"]
    lines += [_row(exercise, name, check) for name, check in exercise.checks.items()]
    return [*lines, ""]


def _variant(shown: Exercise, exercise: Exercise) -> list[str]:
    lines = [
        f"#### {exercise.name}: {exercise.variant_name or exercise.variant}",
        "",
        f"`--variant {exercise.variant}`",
        "",
        *_film(exercise),
    ]
    if exercise.steps != shown.steps or exercise.camera != shown.camera or exercise.dose != shown.dose:
        lines += _how(exercise.model_copy(update={"variant": None}))
    other = {
        name: check
        for name, check in exercise.checks.items()
        if check != shown.checks.get(name) or _measured(exercise, check) != _measured(shown, shown.checks[name])
    }
    gone = [shown.checks[name].name for name in shown.checks if name not in exercise.checks]
    if other:
        lines += _checks(exercise.model_copy(update={"checks": other}))
    if gone:
        lines += [f"Not checked here: {', '.join(gone).lower()}.", ""]
    if len(other) < len(exercise.checks):
        lines += ["The other checks are as above." if other else "The checks are as above.", ""]
    return lines


def _measured(exercise: Exercise, check: Check) -> object:
    return exercise.measures.get(check.measure) if check.measure else check.tempo


def _row(exercise: Exercise, name: str, check: Check) -> str:
    cells = [f"{check.name}<br>`{name}`", check.severity]
    if check.judged:
        unit = unit_of_check(exercise, check)
        cells += [_asked(exercise, check), limit_text(str(check.ok), unit), limit_text(str(check.fault), unit)]
    else:
        cells += ["not measurable from one camera: always reported as unknown", "", ""]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in [*cells, check.cue]) + " |"


def _asked(exercise: Exercise, check: Check) -> str:
    if check.measure is None:
        return f"seconds that {PARTS[check.tempo or 'rep']} takes"
    label = exercise.measures[check.measure].label or check.measure.replace("_", " ")
    when = AT[check.at] if check.at is not None else DURING[check.during or "always"]
    end = f" ({check.end})" if check.end else ""
    seen = f", seen from the {check.view}" if check.view else ""
    return f"{label} {when}{end}{seen}"
