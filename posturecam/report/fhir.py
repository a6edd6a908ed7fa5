"""The history as HL7 FHIR R4: a Bundle of Observations, without names unless they are asked for.

Codes are LOINC where one exists that means the same, else this program's own (:data:`CODES`); units are UCUM. Each resource is
checked by ``fhir.resources`` (its R4B models; R4B leaves Observation, Patient, Device and Bundle as R4 has them).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from posturecam.errors import CallError
from posturecam.report.adherence import DAYS, Week, adherence
from posturecam.report.build import DISCLAIMER
from posturecam.report.change import error_of, least_change
from posturecam.report.history import Course, Entry, courses
from posturecam.spec.units import sem_of

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
CODES, EXERCISES, PEOPLE = "urn:posturecam:codes", "urn:posturecam:exercises", "urn:posturecam:people"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
PAIN = ("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
DURATION = ("55411-3", "Exercise duration")
HEIGHT = ("8302-2", "Body height")
LOCAL: Mapping[str, str] = {
    "exercise-session": "Exercise session",
    "exercise": "Exercise",
    "pain-before": "Pain before the exercise",
    "pain-after": "Pain after the exercise",
    "range-of-motion": "Range of motion, from rest to the end position, mean of the session's repetitions",
    "longest-hold": "Longest hold",
    "held-time": "Held time, all holds",
    "repetitions": "Repetitions",
    "good-repetitions": "Repetitions without a major fault",
    "form-score": "Form score, 0 to 100",
    "dose": "Dose done of the dose asked",
    "dose-done": "Dose done, all sets and both sides",
    "dose-asked": "Dose asked, all sets and both sides",
    "adherence": "Doses done of the doses asked in a week",
    "days-done": "Days on which it was done",
    "days-asked": "Days on which it was asked",
    "measuring-error-95": "Measuring error of one value: 95 of 100 lie within it",
    "smallest-detectable-change-95": "Smallest detectable change between two sessions (MDC95)",
}
"""Our own codes. Its range of motion is not a goniometer's: LOINC's joint codes mean the angle that a joint reaches."""
UNITS: Mapping[str, tuple[str, str]] = {
    "degrees": ("degrees", "deg"),
    "torso": ("torso lengths", "1"),
    "ratio": ("ratio", "1"),
    "seconds": ("s", "s"),
    "minutes": ("min", "min"),
    "percent": ("%", "%"),
    "score": ("score", "{score}"),
    "reps": ("repetitions", "{repetitions}"),
    "days": ("days", "d"),
    "cm": ("cm", "cm"),
}
"""Ours -> as people write it, and the UCUM code."""

Resource = dict[str, Any]


def history_fhir(
    entries: Iterable[Entry], made: datetime, pseudonyms: Mapping[str, str], *, with_names: bool = False
) -> str:
    """The sessions as the JSON text of a Bundle (type collection), ``made`` at that time.

    ``pseudonyms``: what to call people instead of their names, by :attr:`Entry.whose`. ``with_names`` adds Patients with names.
    Raises CallError when fhir.resources (the extra ``fhir``) is not installed.
    """
    try:
        from fhir.resources.R4B.bundle import Bundle
    except ImportError:
        raise CallError("FHIR needs fhir.resources: pip install 'posturecam[fhir]'.") from None
    groups = courses(entries)
    everybody = {entry.whose: entry for course in groups for entry in course.entries if entry.whose is not None}
    programs = sorted({entry.program for course in groups for entry in course.entries})
    resources = [_device(program) for program in programs]
    if with_names:
        resources += [_patient(entry, pseudonyms[whose]) for whose, entry in everybody.items()]

    def subject(entry: Entry) -> Resource:
        return _subject(entry, pseudonyms, with_names=with_names)

    resources += [_height(entry) | subject(entry) for entry in everybody.values() if entry.height_cm is not None]
    resources += [one for course in groups for entry in course.entries for one in _session(entry, subject(entry))]
    resources += [one for course in groups for one in _pain(course, subject)]
    resources += [one for course in groups for one in _weeks(course, subject(course.entries[-1]))]
    unique = {_url(resource): resource for resource in resources}
    bundle: Resource = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _moment(made),
    }
    if unique:  # FHIR knows no empty lists
        bundle["entry"] = [{"fullUrl": url, "resource": resource} for url, resource in unique.items()]
    return str(Bundle.model_validate(bundle).model_dump_json(indent=2)) + "\n"


# resources --------------------------------------------------------------------------------------------------------------


def _device(program: str) -> Resource:
    name, _, version = program.partition(" ")
    return {
        "resourceType": "Device",
        "id": _id("device", program),
        "deviceName": [{"name": name or "posturecam", "type": "model-name"}],
        "type": {"text": "Software that judges exercises in a camera's picture"},
        "version": [{"value": version or "unknown"}],
        "note": [{"text": DISCLAIMER}],
    }


def _patient(entry: Entry, pseudonym: str) -> Resource:
    return {
        "resourceType": "Patient",
        "id": _id("patient", pseudonym),
        "identifier": [{"system": PEOPLE, "value": pseudonym}],
        "name": [{"text": entry.person}],
    }


def _subject(entry: Entry, pseudonyms: Mapping[str, str], *, with_names: bool) -> Resource:
    if entry.whose is None:
        return {}
    known: Resource = {"identifier": {"system": PEOPLE, "value": pseudonyms[entry.whose]}}
    if with_names:
        known |= {"reference": f"urn:uuid:{_id('patient', pseudonyms[entry.whose])}"}
    return {"subject": known}


def _height(entry: Entry) -> Resource:
    """When it was measured nobody knows: it has no time."""
    said = _observation(entry, "height", "vital-signs", "Body height", HEIGHT)
    del said["effectiveDateTime"], said["device"]
    return {**said, "id": _id("height", str(entry.whose)), "valueQuantity": _quantity(entry.height_cm or 0.0, "cm")}


def _session(entry: Entry, subject: Resource) -> list[Resource]:
    """One session: an Observation for each of its figures, and one that holds them together."""
    found = [{**one, **subject} for one in _figures(entry)]
    whole = _observation(entry, "exercise-session", "activity") | subject
    if found:
        whole["hasMember"] = [{"reference": _url(one)} for one in found]
    return [whole, *found]


def _figures(entry: Entry) -> Iterable[Resource]:
    if entry.duration_s:
        said = _observation(entry, "duration", "activity", f"Exercise duration, {entry.title}", DURATION)
        yield said | {"valueQuantity": _quantity(entry.duration_s / 60, "minutes")}
    if entry.range_of_motion is not None:
        yield _measured(entry, "range-of-motion", entry.range_of_motion, entry.unit, entry.range_error)
    if entry.longest_s is not None:
        yield _measured(entry, "longest-hold", entry.longest_s, "seconds", sem_of("seconds"))
    if entry.held_s is not None:
        yield _observation(entry, "held-time", "activity") | {"valueQuantity": _quantity(entry.held_s, "seconds")}
    if entry.reps is not None:
        counted = _observation(entry, "repetitions", "activity") | {"valueQuantity": _quantity(entry.reps, "reps")}
        counted["component"] += [_component("good-repetitions", _quantity(entry.good or 0, "reps"))]
        yield counted
    if entry.score is not None:
        yield _measured(entry, "form-score", entry.score, "score", sem_of("score"))
    if entry.dose is not None:
        said = _observation(entry, "dose", "activity")
        said["valueQuantity"] = _quantity(100 * entry.dose.share, "percent")
        said["component"] += [
            _component("dose-done", _quantity(entry.dose.done, entry.dose.unit)),
            _component("dose-asked", _quantity(entry.dose.asked, entry.dose.unit)),
        ]
        yield said


def _measured(entry: Entry, code: str, value: float, unit: str, sem: float) -> Resource:
    """A measured value with its error and the smallest change that it could tell."""
    said = _observation(entry, code, "activity") | {"valueQuantity": _quantity(value, unit)}
    said["component"] += [
        _component("measuring-error-95", _quantity(error_of(sem), unit)),
        _component("smallest-detectable-change-95", _quantity(least_change(sem, sem), unit)),
    ]
    return said


def _pain(course: Course, subject: Any) -> Iterable[Resource]:
    """Pain as it was told: once for each sitting, however many exercises it had."""
    for entry in course.entries:
        for code, score in (("pain-before", entry.pain_before), ("pain-after", entry.pain_after)):
            if score is None:
                continue
            said = _observation(entry, code, "survey", LOCAL[code], PAIN) | subject(entry)
            del said["component"], said["device"]
            sitting = entry.sitting or entry.session
            if code == "pain-before" and entry.sitting is not None:
                said["effectiveDateTime"] = _told_at(entry)
            yield said | {
                "id": _id(code, f"{entry.whose} {sitting}"),
                "valueQuantity": _quantity(score, "score"),
            }


def _weeks(course: Course, subject: Resource) -> Iterable[Resource]:
    kept = adherence(course.entries)
    for week in kept.weeks if kept is not None else ():
        if week.share is not None:
            yield _week(course, week, week.share) | subject


def _week(course: Course, week: Week, share: float) -> Resource:
    last = course.entries[-1]
    said = _observation(last, "adherence", "activity")
    del said["effectiveDateTime"]
    said["id"] = _id("adherence", f"{last.whose} {course.exercise} {course.variant} {week.monday}")
    sunday = week.monday + min(timedelta(DAYS - 1), date.max - week.monday)
    said["effectivePeriod"] = {"start": week.monday.isoformat(), "end": sunday.isoformat()}
    said["valueQuantity"] = _quantity(100 * share, "percent")
    said["component"] += [
        _component("days-done", _quantity(week.days, "days")),
        _component("days-asked", _quantity(week.asked or 0, "days")),
    ]
    return said


# parts ------------------------------------------------------------------------------------------------------------------


def _observation(
    entry: Entry, code: str, category: str, text: str | None = None, loinc: tuple[str, str] | None = None
) -> Resource:
    """What all have in common; ``component`` names the exercise."""
    coding = [{"system": LOINC, "code": loinc[0], "display": loinc[1]}] if loinc else []
    if code in LOCAL:
        coding.append({"system": CODES, "code": code, "display": LOCAL[code]})
    exercise = {
        "system": EXERCISES,
        "code": "/".join(filter(None, (entry.exercise, entry.variant))),
        "display": entry.title,
    }
    return {
        "resourceType": "Observation",
        "id": _id(code, entry.session),
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
        "code": {"coding": coding, "text": text or f"{LOCAL[code]}: {entry.title}"},
        "effectiveDateTime": _moment(entry.created),
        "note": [{"text": DISCLAIMER}],
        "device": {"reference": f"urn:uuid:{_id('device', entry.program)}"},
        "component": [
            {"code": _local("exercise"), "valueCodeableConcept": {"coding": [exercise], "text": entry.title}},
        ],
    }


def _component(code: str, quantity: Resource) -> Resource:
    return {"code": _local(code), "valueQuantity": quantity}


def _local(code: str) -> Resource:
    return {"coding": [{"system": CODES, "code": code, "display": LOCAL[code]}], "text": LOCAL[code]}


def _quantity(value: float, unit: str) -> Resource:
    name, code = UNITS[unit]
    rounded = round(float(value), 3)
    whole = int(rounded) if rounded == int(rounded) else rounded
    return {"value": whole, "unit": name, "system": UCUM, "code": code}


def _moment(moment: datetime) -> str:
    """A FHIR dateTime: to the second, and always with a time zone."""
    return (moment if moment.tzinfo else moment.astimezone()).isoformat(timespec="seconds")


def _told_at(entry: Entry) -> str:
    """When the pain before was told: when the sitting began."""
    try:
        return _moment(datetime.fromisoformat(entry.sitting or ""))
    except ValueError:
        return _moment(entry.created)


def _id(kind: str, of: str) -> str:
    """The same id for the same thing in every export, which tells nothing of it."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:posturecam:{kind}:{of}"))


def _url(resource: Resource) -> str:
    return f"urn:uuid:{resource['id']}"


def people_in(entries: Sequence[Entry]) -> list[str]:
    """Everybody who needs a pseudonym, by :attr:`Entry.whose`."""
    return list(dict.fromkeys(entry.whose for entry in entries if entry.whose is not None))
