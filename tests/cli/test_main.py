"""The command line's frame: exit codes, one sentence for an error, quick help."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from posturecam import __version__
from posturecam.cli import main as cli
from posturecam.errors import CallError, NothingJudgedError, PosturecamError, SourceError, SpecError


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Makes ``posturecam trial`` the only command, which raises the given error."""

    def arrange(error: BaseException) -> None:
        def build() -> typer.Typer:
            app = typer.Typer(rich_markup_mode=None)
            app.callback()(cli._root)

            @app.command()
            def trial(number: int = 0) -> None:
                raise error

            return app

        monkeypatch.setattr(cli, "build", build)

    return arrange


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SourceError("There is no file a.mp4; check the name."), 1, "There is no file a.mp4; check the name.\n"),
        (CallError("No such exercise."), 2, "No such exercise.\n"),
        (SpecError(["a.yaml:3: a number", "a.yaml:9: a name"]), 2, "a.yaml:3: a number\na.yaml:9: a name\n"),
        (NothingJudgedError("Nobody was seen."), 3, "Nobody was seen.\n"),
        (KeyboardInterrupt(), 130, "Stopped.\n"),
        (typer.Abort(), 130, "Stopped.\n"),
        (typer.Exit(3), 3, ""),
    ],
)
def test_an_error_is_one_sentence_and_an_exit_code(
    raising: Callable[[BaseException], None],
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    raising(error)
    assert cli.main(["trial"]) == code
    assert capsys.readouterr() == ("", said)


def test_an_unforeseen_error_names_itself_and_the_way_to_see_more(
    raising: Callable[[BaseException], None], capsys: pytest.CaptureFixture[str]
) -> None:
    raising(ZeroDivisionError("division by zero"))
    assert cli.main(["trial"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "ZeroDivisionError: division by zero" in said
    assert "--debug" in said


@pytest.mark.parametrize("arguments", [["--debug", "trial"], ["trial", "--debug"]])
def test_debug_shows_the_traceback_wherever_it_stands(
    raising: Callable[[BaseException], None], capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    raising(PosturecamError("It failed."))
    assert cli.main(arguments) == 1
    said = capsys.readouterr().err
    assert said.startswith("Traceback")
    assert said.endswith("It failed.\n")


@pytest.mark.parametrize("arguments", [["nonsense"], ["model", "path", "--nonsense"], ["model", "path", "extra"]])
def test_a_wrong_call_is_one_sentence_that_names_the_help(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert cli.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "--help" in err


def test_a_call_without_a_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    assert "Commands:" in capsys.readouterr().err


def test_the_help_lists_every_command_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    out = capsys.readouterr().out
    for name in cli.COMMANDS:
        assert f"  {name} " in out


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"posturecam {__version__}\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.stdout.close(); from posturecam.cli.main import main"], check=False
    )
    assert done.returncode == 0
    piped = subprocess.run(
        f"{sys.executable} -m posturecam doctor | true", shell=True, capture_output=True, text=True, check=False
    )
    assert piped.stderr == ""


@pytest.mark.parametrize("arguments", [["--help"], ["model", "--help"], ["--version"]])
def test_help_loads_no_heavy_library(arguments: list[str]) -> None:
    script = (
        "import sys\n"
        "from posturecam.cli.main import main\n"
        "main(sys.argv[1:])\n"
        "heavy = {'cv2', 'mediapipe', 'av', 'matplotlib', 'numpy', 'rich.progress'} & set(sys.modules)\n"
        "sys.exit(f'help loads {sorted(heavy)}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_module_is_the_program() -> None:
    done = subprocess.run([sys.executable, "-m", "posturecam", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"posturecam {__version__}\n"


def test_model_path_tells_how_to_fetch_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from posturecam.pose import models

    monkeypatch.setattr(models, "cache_folder", lambda: tmp_path)
    monkeypatch.delenv(models.ENVIRONMENT_VARIABLE, raising=False)
    assert cli.main(["model", "path"]) == 1
    assert capsys.readouterr() == ("", "The pose model has not been fetched yet; run: posturecam model fetch\n")

    (tmp_path / "own.task").write_bytes(b"PK")
    for action in ("path", "fetch"):
        assert cli.main(["model", action, "--model", str(tmp_path / "own.task")]) == 0
        assert capsys.readouterr() == (f"{tmp_path / 'own.task'}\n", "")
