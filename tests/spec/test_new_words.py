"""Points of each side, the reach of a limb, and absolute: what may be written, and what is said of what may not."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from posturecam.errors import SpecError
from posturecam.spec.json_schema import file_schema
from posturecam.spec.load import load_file
from tests.spec.files import COUNTED, changed

ELBOW = "elbow: {angle: [near.shoulder, near.elbow, near.wrist]}"


def text_with(measure: str) -> str:
    return changed(COUNTED, (ELBOW, f"{ELBOW}\n  it: {measure}"))


def problems_of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "squeeze.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load_file(path)
    except SpecError as error:
        return [problem.removeprefix(f"{path}:") for problem in error.problems]
    return []


RIGHT = [
    "{angle: [each.shoulder, each.elbow, each.wrist], reduce: min}",
    "{offset: each.wrist, from: mid.hip, along: up, reduce: weighted}",
    "{line_offset: each.ear, of: [nose, mid.hip], towards: up, reduce: mean, absolute: true}",
    "{reach: [near.shoulder, near.wrist], via: near.elbow}",
    "{reach: [left.ankle, left.hip], via: left.knee, space: world}",
    "{reach: [each.shoulder, each.wrist], via: each.elbow, reduce: max}",
    "{tilt: [mid.hip, mid.shoulder], space: world}",
    "{head: yaw, absolute: true}",
    "{spine: flexion, absolute: true}",
    "{combine: mean, over: [elbow, elbow], absolute: true}",
]


def test_a_check_may_be_judged_from_anywhere(tmp_path: Path) -> None:
    assert problems_of(tmp_path, changed(COUNTED, ("at: end", "at: end\n    view: any"))) == []


@pytest.mark.parametrize("measure", RIGHT)
def test_what_may_be_written(tmp_path: Path, measure: str) -> None:
    text = text_with(measure)
    assert problems_of(tmp_path, text) == []
    jsonschema.validate(yaml.safe_load(text), file_schema())


@pytest.mark.parametrize(
    ("measure", "problem"),
    [
        (
            "{angle: [each.shoulder, each.elbow, each.wrist]}",
            "12: measures.it.angle[0]: 'each.shoulder' is measured on both sides: say how they become one value, "
            "with 'reduce: min', 'max', 'mean' or 'weighted'",
        ),
        (
            "{angle: [near.shoulder, near.elbow, near.wrist], reduce: min}",
            "12: measures.it.reduce: 'reduce' makes one value of both sides, so it needs points of each side, such as each.elbow",
        ),
        (
            "{angle: [each.shoulder, near.elbow, each.wrist], reduce: min}",
            "12: measures.it.angle[1]: 'near.elbow': beside points of each side stand each, mid and nose only",
        ),
        (
            "{offset: each.wrist, from: left.hip, along: up, reduce: min}",
            "12: measures.it.from: 'left.hip': beside points of each side stand each, mid and nose only",
        ),
        ("{head: pitch, reduce: min}", "12: measures.it.reduce: 'reduce' makes one value of both sides"),
        (
            "{combine: max, over: [elbow], reduce: max}",
            "12: measures.it.reduce: 'reduce' makes one value of both sides",
        ),
        (
            "{angle: [each.shoulder, each.elbow, each.wrist], reduce: best}",
            "12: measures.it.reduce: expected 'min', 'max', 'mean' or 'weighted', found 'best'",
        ),
        ("{angle: [each.sholder, each.elbow, each.wrist], reduce: min}", "(did you mean 'each.shoulder'?)"),
        ("{reach: [near.shoulder, near.wrist]}", "12: measures.it.via: missing"),
        (
            "{reach: [near.shoulder, near.hip], via: near.elbow}",
            "12: measures.it.reach: expected the two ends of one arm or leg and the joint between",
        ),
        (
            "{reach: [left.shoulder, right.wrist], via: left.elbow}",
            "12: measures.it.reach: expected the two ends of one arm or leg and the joint between",
        ),
        (
            "{reach: [mid.hip, mid.ankle], via: mid.knee}",
            "12: measures.it.reach: expected the two ends of one arm or leg and the joint between",
        ),
        (
            "{angle: [near.ear, near.shoulder, near.hip], by_reach: true}",
            "12: measures.it.by_reach: expected the two ends of one arm or leg and the joint between",
        ),
        (
            "{angle: [near.hip, near.knee, near.ankle], by_reach: true, space: world}",
            "12: measures.it.by_reach: 'by_reach' reads the picture; leave out 'space: world'",
        ),
        (
            "{angle: [near.hip, near.knee, near.ankle], absolute: yes please}",
            "12: measures.it.absolute: expected true or false",
        ),
        ("{difference: [elbow, hand], absolute: true}", "12: measures.it: expected measures of one unit"),
    ],
)
def test_what_may_not_is_said_with_its_place(tmp_path: Path, measure: str, problem: str) -> None:
    found = problems_of(tmp_path, text_with(measure))
    assert any(problem in line for line in found), found
