"""``posturecam specs``: list, show, check and schema, with their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posturecam.cli import main as cli
from posturecam.spec.catalogue import exercise_ids, specs_folder
from posturecam.spec.json_schema import file_schema_text
from tests.spec.files import COUNTED, changed

Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _only_this_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "COMMANDS", ("specs",))


def run(capsys: Out, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``posturecam specs ...``."""
    code = cli.main(["specs", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_list_prints_a_line_an_exercise_for_other_programs(capsys: Out) -> None:
    code, out, err = run(capsys, "list")
    lines = [line.split("\t") for line in out.splitlines()]
    assert (code, err, lines[0]) == (0, "", ["id", "name", "category", "variants", "view", "dose"])
    assert [line[0] for line in lines[1:]] == list(exercise_ids())
    assert ["standing_row", "Standing row", "strengthen", "-", "side", "3 x 8 reps"] in lines
    assert [
        "external_rotation",
        "Shoulder external rotation",
        "strengthen",
        "-",
        "front",
        "1 x 10 reps a side",
    ] in lines


def test_list_as_json_names_faults_and_variants(capsys: Out) -> None:
    code, out, _ = run(capsys, "list", "--json")
    plank = next(item for item in json.loads(out) if item["id"] == "plank")
    assert (code, plank["variants"], plank["counts"]) == (0, ["high", "forearm", "rotation"], "holds")
    assert "arm_not_vertical" in plank["faults"]


def test_show_tells_how_it_is_done_and_judged(capsys: Out) -> None:
    code, out, _ = run(capsys, "show", "push_up", "--variant", "wall")
    assert code == 0
    for said in (
        "Push-up: Hands on the wall",
        "1. Stand an arm's length",
        "Camera    side view.",
        "floor (default), knee, incline, wall",
    ):
        assert said in out
    assert "not_low_enough\tmajor\tdepth at end\t<= 112\t> 120\tCloser to the wall" in out
    assert "  not_low_enough: Chest to the surface; ours: an elbow of 110 at the wall." in out


@pytest.mark.parametrize("name", exercise_ids())
def test_show_as_json_is_json_with_ranges_as_text(capsys: Out, name: str) -> None:
    code, out, _ = run(capsys, "show", name, "--json")
    data = json.loads(out, parse_constant=lambda constant: pytest.fail(constant))
    assert (code, data["id"]) == (0, name)
    assert all(isinstance(check["ok"], str) and isinstance(check["fault"], str) for check in data["checks"].values())
    assert all(isinstance(wanted, str) for wanted in data["setup"]["position"].values())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "pushup"], "No exercise called 'pushup' (did you mean 'push_up'?)"),
        (["show", "push_up", "--variant", "flor"], "push_up has no variant 'flor' (did you mean 'floor'?)"),
        (["show"], "Missing argument"),
        (["check"], "Missing argument"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_exit_code_2(capsys: Out, arguments: list[str], said: str) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_check_says_that_a_file_is_right(capsys: Out, tmp_path: Path) -> None:
    path = tmp_path / "squeeze.yaml"
    path.write_text(COUNTED)
    assert run(capsys, "check", str(path)) == (0, "1 file right, 0 warnings\n", "")


def test_check_lists_every_problem_of_every_file(capsys: Out, tmp_path: Path) -> None:
    first, second, gone = (tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml"))
    first.write_text(changed(COUNTED, ("id: squeeze", "id: A"), ("measure: hand", "measure: hnd")))
    second.write_text("id: [")
    code, out, err = run(capsys, "check", str(first), str(second), str(gone))
    assert (code, out) == (2, "")
    assert [line.split(": ")[0] for line in err.splitlines()] == [f"{first}:1", f"{first}:31", f"{second}:1", str(gone)]


def test_check_prints_warnings_and_still_passes(capsys: Out, tmp_path: Path) -> None:
    path = tmp_path / "squeeze.yaml"
    path.write_text(changed(COUNTED, ("severity: major", "severity: minor")))
    code, out, err = run(capsys, "check", str(path))
    assert (code, out) == (0, "1 file right, 1 warning\n")
    assert err.startswith(f"warning: {path}:18: checks: no check is major")


def test_check_as_json(capsys: Out, tmp_path: Path) -> None:
    path = tmp_path / "squeeze.yaml"
    path.write_text(changed(COUNTED, ("id: squeeze", "id: A")))
    code, out, err = run(capsys, "check", "--json", str(path))
    result = json.loads(out)
    assert (code, err, result["ok"], result["warnings"]) == (2, "", False, [])
    assert result["errors"] == [
        f"{path}:1: id: expected a name of 2 to 41 lower-case letters, digits and underscores, a letter first, found 'A'"
    ]


def test_check_knows_a_programme_from_an_exercise(capsys: Out, tmp_path: Path) -> None:
    shipped = specs_folder() / "programmes" / "upper_back_relief.yaml"
    assert run(capsys, "check", str(shipped))[0] == 0
    broken = tmp_path / "routine.yaml"
    broken.write_text(shipped.read_text().replace("{exercise: cat_cow", "{exercise: cat_caw"))
    code, _, err = run(capsys, "check", str(broken))
    assert code == 2
    assert "steps[2].exercise: expected the id of an exercise, found 'cat_caw' (did you mean 'cat_cow'?)" in err


def test_every_shipped_file_passes_its_own_check(capsys: Out) -> None:
    files = sorted(map(str, specs_folder().rglob("*.yaml")))
    assert run(capsys, "check", *files) == (0, f"{len(files)} files right, 0 warnings\n", "")


def test_schema_prints_what_is_committed(capsys: Out) -> None:
    assert run(capsys, "schema") == (0, file_schema_text(), "")


def test_a_terminal_gets_a_table(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert "\t" not in out
    assert "Cat-cow" in out
