"""Two people, eight weeks: a store as a clinic would have it, made of sample clips, and what the commands make of it.

``python -m benchmarks.eight_weeks OUT --looks FOLDER`` looks at four sample clips once (landmarks are kept in FOLDER), makes
the sessions of Ana and Ben out of them, and writes into OUT what ``history`` gives in every format, a person's export, and
a line for each thing that must be so. Ana's push-ups get deeper and her pain less, Ben's stay as they are; Ana leaves days out.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from posturecam.app.evaluate import default_clips, see_clip
from posturecam.app.host import Host
from posturecam.app.people import person_part
from posturecam.judging.judge import judge
from posturecam.model import SourceInfo
from posturecam.poses import PoseSequence
from posturecam.report.build import build_report, make_provenance
from posturecam.report.html import render_html
from posturecam.report.types import Dose, Pain, Recorded
from posturecam.spec.catalogue import load_exercise, load_spec
from posturecam.spec.digest import exercise_digest
from posturecam.store import LANDMARKS, PeopleStore, PersonRecord, Session, SessionStore, changed

CLIPS = {
    "shallow": ("push_up_floor_not_low_enough.mp4", "push_up", "floor"),
    "deep": ("push_up_floor_good.mp4", "push_up", "floor"),
    "deep again": ("push_up_floor_good_30fps.mp4", "push_up", "floor"),
    "plank": ("plank_forearm_good.mp4", "plank", "forearm"),
}
MONDAY = datetime.fromisoformat("2026-09-28T18:00:00+02:00")
ANAS_DAYS = (3, 3, 2, 3, 0, 3, 2, 3)
"""On how many of the three days that were asked she did them, week by week."""
ANAS_PAIN = (6, 6, 5, 5, 5, 4, 3, 3)
WEEKS = len(ANAS_DAYS)


@dataclass(frozen=True)
class Film:
    """What was seen of a recording."""

    poses: PoseSequence
    info: SourceInfo


@dataclass(frozen=True)
class Sitting:
    """One recording of one person: which film, when, the dose and the pain they told."""

    person: str
    film: str
    at: datetime
    dose: Dose
    pain: Pain | None = None
    name: str = ""


def sittings(reps: int, seconds: float) -> Iterator[Sitting]:
    """All of the eight weeks; ``reps`` is a set of push-ups, ``seconds`` a plank."""
    push_ups = Dose(sets=1, reps=reps, seconds=None, days_a_week=3)
    for week, (days, hurts) in enumerate(zip(ANAS_DAYS, ANAS_PAIN, strict=True)):
        for day in (4, 2, 0)[:days]:
            at = MONDAY + timedelta(weeks=week, days=day)
            pain = Pain(before=hurts, after=hurts - 1, sitting=at.isoformat())
            yield Sitting("ana", "shallow" if week < 3 else "deep", at, push_ups, pain)
        if days:
            plank = Dose(sets=1, reps=None, seconds=seconds, days_a_week=1)
            yield Sitting("ana", "plank", MONDAY + timedelta(weeks=week, minutes=10), plank)
        for number, day in enumerate((1, 3)):
            film = "deep" if number else "deep again"
            at = MONDAY + timedelta(weeks=week, days=day, hours=1)
            yield Sitting("ben", film, at, push_ups.model_copy(update={"days_a_week": 2}))


def make_store(data: Path, films: Mapping[str, Film], reps: int, seconds: float) -> tuple[SessionStore, Sitting]:
    """The store with all sessions; the sitting that is returned is in it twice, since its recording was analysed again."""
    store, people = SessionStore(data / "sessions"), PeopleStore(data / "people")
    for one, name, height in (("ana", "Ana Zabala", 168.0), ("ben", "Ben Ortuño", None)):
        people.add(changed(people.named(one), name=name, height_cm=height))
    known = {record.id: record for record in people.people().everybody}
    everything = sorted(sittings(reps, seconds), key=lambda sitting: sitting.at)
    for sitting in everything:
        _keep(store, sitting, films[sitting.film], known[sitting.person], sitting.at + timedelta(days=1))
    last = next(sitting for sitting in reversed(everything) if sitting.person == "ana")
    _keep(store, last, films[last.film], known[last.person], last.at + timedelta(days=30))
    return store, last


def _keep(store: SessionStore, sitting: Sitting, film: Film, person: PersonRecord, analysed: datetime) -> Session:
    spec, variant = next((spec, variant) for key, (_, spec, variant) in CLIPS.items() if key == sitting.film)
    exercise = load_exercise(spec, variant)
    digest = exercise_digest(exercise)
    report = build_report(
        exercise,
        judge(exercise, film.poses).result(),
        film.info,
        make_provenance(model="pose_landmarker_full", command="analyse", spec_digest=digest),
        created=analysed,
        person=person_part(person),
        recorded=Recorded(at=sitting.at.isoformat(), known_from="given"),
        dose=sitting.dose,
        pain=sitting.pain,
    )
    own = {"path": f"{sitting.at:%Y-%m-%d}.mp4", "fingerprint": f"{sitting.person} {sitting.at.isoformat()}"}
    report = report.model_copy(update={"source": report.source.model_copy(update=own)})
    with store.draft() as draft:
        film.poses.save(draft.folder / LANDMARKS, film.info, {"exercise": exercise.id, "variant": exercise.variant})
        draft.add("report.html", render_html(report))
        return draft.commit(report.to_json())


def main(argv: Sequence[str] | None = None) -> int:
    """Make the store, run the commands, and say what is so and what is not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.eight_weeks", description=main.__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--looks", type=Path, required=True)
    args = parser.parse_args(argv)
    films = {key: _seen(*clip, args.looks) for key, clip in CLIPS.items()}
    make_store(args.out / "data", films, reps=3, seconds=10.0)
    os.environ["POSTURECAM_DATA"] = str(args.out / "data")
    from posturecam.cli.main import main as posturecam

    for person in ("ana", "ben"):
        for format_, suffix in (("html", "html"), ("csv", "csv"), ("xlsx", "xlsx"), ("fhir", "fhir.json")):
            name = str(args.out / f"{person}.{suffix}")
            posturecam(["history", "--person", person, "--format", format_, "--out", name])
        posturecam(["history", "--person", person])
        posturecam(["people", "export", person, "--out", str(args.out / f"{person}.zip")])
    posturecam(["history", "--format", "html", "--out", str(args.out / "everybody.html")])
    return posturecam(["people", "list"])


def _seen(clip: str, spec: str, variant: str, looks: Path) -> Film:
    seen = see_clip(load_spec(spec), variant, default_clips() / clip, None, Host(), looks)
    return Film(seen.looked.poses, seen.info)


if __name__ == "__main__":
    sys.exit(main())
