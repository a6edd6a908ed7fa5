"""Finding exercises and programmes by what a user types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from posturecam.errors import CallError, SpecError
from posturecam.spec.catalogue import load_exercise, load_programme_by_id, load_spec
from posturecam.spec.load import load_programme
from tests.spec.files import COUNTED


def test_an_id_gives_the_default_variant() -> None:
    assert (load_exercise("push_up").variant, load_exercise("push_up", "wall").variant) == ("floor", "wall")


@pytest.mark.parametrize("as_type", [str, Path])
def test_a_path_gives_a_file_of_ones_own(tmp_path: Path, as_type: type) -> None:
    path = tmp_path / "squeeze.yaml"
    path.write_text(COUNTED)
    assert load_exercise(as_type(path)).id == "squeeze"


@pytest.mark.parametrize(
    ("name", "variant", "said"),
    [
        ("pushup", None, "No exercise called 'pushup' (did you mean 'push_up'?)"),
        ("Push-Up", None, "No exercise called 'Push-Up' (did you mean 'push_up'?)"),
        ("xyz", None, "No exercise called 'xyz'; 'posturecam specs list' shows all"),
        ("", None, "No exercise called ''"),
        ("../push_up", None, "No spec at ../push_up"),
        ("gone.yaml", None, "No spec at gone.yaml; give the path of a YAML file"),
        ("push_up", "nee", "push_up has no variant 'nee' (did you mean 'knee'?); it has floor, knee, incline, wall."),
        ("cat_cow", "cow", "cat_cow has no variants; leave out --variant cow."),
    ],
)
def test_an_unknown_name_suggests_the_nearest(name: str, variant: str | None, said: str) -> None:
    with pytest.raises(CallError) as caught:
        load_exercise(name, variant)
    assert said in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "said"), [("upper_back", "(did you mean 'upper_back_relief'?)"), ("x.yaml", "No programme at x.yaml")]
)
def test_an_unknown_programme_suggests_the_nearest(name: str, said: str) -> None:
    with pytest.raises(CallError) as caught:
        load_programme_by_id(name)
    assert said in str(caught.value)


PROGRAMME = """\
id: mine
name: My routine
red_flags: [Stop when it hurts.]
steps:
  - {exercise: push_up, variant: knee, dose: {reps: 5}}
  - {exercise: plank, dose: {seconds: 10}}
"""


def test_a_programme_of_ones_own_can_be_loaded(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(PROGRAMME)
    assert [step.exercise for step in load_programme_by_id(str(path)).steps] == ["push_up", "plank"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "push_up",
            "pushup",
            "mine.yaml:5: steps[0].exercise: expected the id of an exercise, found 'pushup' (did you",
        ),
        ("knee", "nee", "mine.yaml:5: steps[0].variant: expected one of floor, knee, incline, wall, found 'nee'"),
        ("seconds: 10", "reps: 10", "mine.yaml:6: steps[1].dose: expected a dose in seconds"),
        ("[Stop when it hurts.]", "[]", "mine.yaml:3: red_flags: expected at least 1 entries, found 0"),
        ("reps: 5", "rep: 5", "mine.yaml:5: steps[0].dose.rep: unknown key (did you mean 'reps'?)"),
    ],
)
def test_a_mistake_in_a_programme_is_named_with_its_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(PROGRAMME.replace(old, new))
    with pytest.raises(SpecError) as caught:
        load_programme(path, {name: load_spec(name) for name in ("push_up", "plank")})
    assert any(problem in line for line in caught.value.problems), caught.value.problems


def test_finding_exercises_imports_nothing_heavy() -> None:
    code = "import sys, posturecam.spec.catalogue; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "cv2", "mediapipe", "av", "typer", "rich", "matplotlib"} & set(done.stdout.split())
