"""The history as FHIR R4: valid by the library, coded, in UCUM, at the time it was done, and without a name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from posturecam.report.adherence import DoseDone
from posturecam.report.change import error_of, least_change
from posturecam.report.fhir import CODES, HEIGHT, LOCAL, LOINC, PAIN, UCUM, UNITS, history_fhir
from posturecam.report.history import Entry

FHIRValidationError = pytest.importorskip("fhirclient.models.fhirabstractbase").FHIRValidationError
bundles = pytest.importorskip("fhir.resources.R4B.bundle")
r4_bundles = pytest.importorskip("fhirclient.models.bundle")
"""Another library's models, made from the definitions of FHIR 4.0.1: what the writing one has are those of R4B."""

FILMED = datetime(2026, 2, 2, 18, 30, tzinfo=timezone(timedelta(hours=1)))
MADE = datetime(2026, 4, 1, tzinfo=timezone.utc)
ANA = "5a2c0c5e-6d1f-4a53-9d5c-0a1f4d9b7e10"


def push_ups(day: int = 0, **values: Any) -> Entry:
    entry = Entry(
        session=f"2026-push-{day}",
        created=FILMED + timedelta(days=day),
        exercise="push_up",
        variant="floor",
        title="Push-up (on the toes)",
        person="Ana Zabala",
        person_id="ana",
        score=80.0,
        reps=8,
        good=6,
        range_of_motion=71.23456,
        range_sem=3.0,
        dose=DoseDone(8, 10, 0.8, "reps"),
        days_a_week=2,
        duration_s=90.0,
        program="posturecam 0.1.0",
    )
    return replace(entry, **values)


PLANK = Entry(
    "2026-plank", FILMED, "plank", None, "Plank", "Ana Zabala", 75.0, held_s=50.0, longest_s=31.5, person_id="ana"
)


def exported(*entries: Entry, **options: Any) -> dict[str, Any]:
    text = history_fhir(entries, MADE, {"ana": ANA, "ben": "b", "ben ruiz": "c"}, **options)
    assert bundles.Bundle.model_validate_json(text)
    written: dict[str, Any] = json.loads(text)
    assert r4_bundles.Bundle(written).as_json() == written
    return written


def resources(bundle: dict[str, Any], kind: str = "Observation") -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def coded(bundle: dict[str, Any], code: str) -> list[dict[str, Any]]:
    return [one for one in resources(bundle) if code in {coding["code"] for coding in one["code"]["coding"]}]


def component(resource: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = [part for part in resource["component"] if part["code"]["coding"][0]["code"] == code]
    return found["valueQuantity"]


def test_the_range_of_motion_has_its_unit_its_error_and_the_time_it_was_filmed() -> None:
    (said,) = coded(exported(push_ups()), "range-of-motion")
    assert said["effectiveDateTime"] == "2026-02-02T18:30:00+01:00"
    assert said["valueQuantity"] == {"value": 71.235, "unit": "degrees", "system": UCUM, "code": "deg"}
    assert component(said, "measuring-error-95")["value"] == pytest.approx(error_of(3.0))
    assert component(said, "smallest-detectable-change-95")["value"] == pytest.approx(least_change(3.0, 3.0), abs=0.001)
    exercise = said["component"][0]["valueCodeableConcept"]
    assert exercise["coding"][0]["code"] == "push_up/floor"


def test_a_hold_has_its_longest_and_all_of_its_time() -> None:
    bundle = exported(PLANK)
    assert coded(bundle, "longest-hold")[0]["valueQuantity"]["value"] == 31.5
    assert coded(bundle, "held-time")[0]["valueQuantity"] == {"value": 50, "unit": "s", "system": UCUM, "code": "s"}
    assert not coded(bundle, "range-of-motion")


def test_pain_is_loincs_and_told_once_for_a_sitting() -> None:
    sitting = "2026-02-02T18:20:00+01:00"
    told = {"pain_before": 6, "pain_after": 10, "sitting": sitting}
    bundle = exported(push_ups(**told), replace(PLANK, **told))
    both = coded(bundle, PAIN[0])
    assert [one["valueQuantity"]["value"] for one in both] == [6, 10]
    assert both[0]["code"]["coding"][0] == {"system": LOINC, "code": "72514-3", "display": PAIN[1]}
    assert both[0]["code"]["coding"][1]["code"] == "pain-before"
    assert both[0]["effectiveDateTime"] == sitting
    assert both[0]["category"][0]["coding"][0]["code"] == "survey"
    assert "device" not in both[0], "the person told it, no program"


def test_dose_and_adherence_by_week() -> None:
    bundle = exported(push_ups(0), push_ups(2), push_ups(7))
    assert [one["valueQuantity"]["value"] for one in coded(bundle, "dose")] == [80, 80, 80]
    weeks = coded(bundle, "adherence")
    assert [one["effectivePeriod"]["start"] for one in weeks] == ["2026-02-02", "2026-02-09"]
    assert [one["valueQuantity"]["value"] for one in weeks] == [80, 80]
    assert component(weeks[0], "days-asked")["value"] == 2


def test_a_session_holds_its_figures_together_and_every_reference_is_there() -> None:
    bundle = exported(push_ups(), PLANK)
    urls = {entry["fullUrl"] for entry in bundle["entry"]}
    assert len(urls) == len(bundle["entry"])
    for whole in coded(bundle, "exercise-session"):
        assert len(whole["hasMember"]) >= 3
        assert {member["reference"] for member in whole["hasMember"]} <= urls
    assert {one["device"]["reference"] for one in resources(bundle) if "device" in one} <= urls
    assert {device["version"][0]["value"] for device in resources(bundle, "Device")} == {"0.1.0", "unknown"}
    assert all("not a medical device" in one["note"][0]["text"] for one in resources(bundle))


def test_nobody_is_named_unless_asked_for() -> None:
    bundle = exported(push_ups(), push_ups(1, person="Ben Ruiz", person_id=None))
    text = json.dumps(bundle).lower()
    assert not any(word in text for word in ("ana", "zabala", "ben", "ruiz"))
    assert not resources(bundle, "Patient")
    subjects = {one["subject"]["identifier"]["value"] for one in resources(bundle)}
    assert subjects == {ANA, "c"}


def test_with_names_there_are_patients_that_the_observations_are_about() -> None:
    bundle = exported(push_ups(height_cm=168.0), with_names=True)
    (patient,) = resources(bundle, "Patient")
    assert patient["name"] == [{"text": "Ana Zabala"}]
    assert {one["subject"]["reference"] for one in resources(bundle)} == {f"urn:uuid:{patient['id']}"}
    (height,) = coded(bundle, HEIGHT[0])
    assert height["valueQuantity"]["value"] == 168
    assert "effectiveDateTime" not in height


def test_nobodys_session_is_about_nobody() -> None:
    assert all("subject" not in one for one in resources(exported(push_ups(person=None, person_id=None))))


def test_the_same_session_has_the_same_ids_in_every_export() -> None:
    ids = [[one["id"] for one in resources(exported(push_ups()))] for _ in range(2)]
    assert ids[0] == ids[1]


def test_every_code_is_loincs_or_explained_and_every_unit_is_ucum() -> None:
    told = {"pain_before": 6, "pain_after": 3}
    for one in resources(exported(push_ups(**told), replace(PLANK, **told))):
        codings = [*one["code"]["coding"], *(c["code"]["coding"][0] for c in one.get("component", ()))]
        ours = [coding for coding in codings if coding["system"] == CODES]
        assert all(LOCAL[coding["code"]] == coding["display"] for coding in ours)
        assert {coding["code"] for coding in codings if coding["system"] == LOINC} <= {"72514-3", "55411-3", "8302-2"}
        quantities = [one.get("valueQuantity"), *(part.get("valueQuantity") for part in one.get("component", ()))]
        for quantity in filter(None, quantities):
            assert quantity["system"] == UCUM
            assert quantity["code"] in {code for _, code in UNITS.values()}


def test_a_wrong_resource_would_be_refused() -> None:
    bundle = exported(push_ups())
    del bundle["entry"][-1]["resource"]["code"]
    with pytest.raises(ValueError, match="code"):
        bundles.Bundle.model_validate(bundle)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        # what another release has
        ("Observation", {"bodyStructure": {"reference": "urn:uuid:1"}}),
        ("Device", {"displayName": "posturecam"}),
        ("Observation", {"effectiveDateTime": "yesterday"}),
        ("Observation", {"status": None}),
        ("Patient", {"birthDate": 1980}),
    ],
)
def test_what_is_not_r4_would_be_refused(kind: str, wrong: dict[str, Any]) -> None:
    bundle = exported(push_ups(), with_names=True)
    assert r4_bundles.Bundle(bundle)
    resources(bundle, kind)[0].update(wrong)
    with pytest.raises(FHIRValidationError, match="|".join(wrong)):
        r4_bundles.Bundle(bundle).as_json()


def test_no_session_is_an_empty_bundle() -> None:
    assert "entry" not in json.loads(history_fhir([], MADE, {}))
