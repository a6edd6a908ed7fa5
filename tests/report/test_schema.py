"""report.json keeps its contract."""

from __future__ import annotations

import json

import jsonschema
import pytest

from posturecam.report.json_schema import SCHEMA_FILE, schema_text
from posturecam.report.types import Report
from tests import builders_report as make

CONTRACT = {
    "": "schema exercise variant created version source tracking score verdict reps holds faults unknown measures",
    "source": "path duration_s frames width height model",
    "tracking": "person judged view view_ok problems",
    "reps": "count good left right items attempts",
    "reps.items.0": "index side start_s end_position_s end_s range out_s hold_s return_s score faults",
    "reps.items.0.range": "measure from to",
    "reps.items.3.faults.0": "id value limit margin at_s",
    "reps.attempts.0": "start_s end_s reason",
    "holds": "total_s longest_s items",
    "faults.0": "id name severity cue advice reps seconds share",
    "unknown.0": "id reason share",
    "measures.elbow": "min median max",
}


def test_the_committed_schema_is_that_of_the_types() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), "run: python -m posturecam.report.json_schema"


@pytest.mark.parametrize(("place", "keys"), CONTRACT.items())
def test_every_key_of_the_contract_is_there(place: str, keys: str) -> None:
    data = json.loads(make.make_report().to_json())
    for step in filter(None, place.split(".")):
        data = data[int(step)] if step.isdigit() else data[step]
    assert set(keys.split()) <= set(data)


@pytest.mark.parametrize(
    "report",
    [
        make.make_report(),
        make.make_report(make.make_session()),
        make.make_report(make.make_session(holds=[make.make_hold(0, 9, make.fault())]), make.plank()),
    ],
    ids=["reps", "nothing", "hold"],
)
def test_reports_validate_against_the_schema(report: Report) -> None:
    jsonschema.validate(json.loads(report.to_json()), json.loads(SCHEMA_FILE.read_text("utf-8")))


def test_the_schema_refuses_a_wrong_report() -> None:
    data = json.loads(make.make_report().to_json())
    data["tracking"]["person"] = 1.5
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json.loads(SCHEMA_FILE.read_text("utf-8")))


def test_a_report_read_back_is_the_same_and_keeps_keys_of_later_versions() -> None:
    text = make.make_report().to_json()
    assert Report.model_validate_json(text).to_json() == text
    data = json.loads(text)
    data["from_the_future"] = {"x": 1}
    assert json.loads(Report.model_validate(data).to_json())["from_the_future"] == {"x": 1}
