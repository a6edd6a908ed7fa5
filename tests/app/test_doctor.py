"""The doctor never falls ill itself."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator

import pytest

from posturecam.app import doctor
from posturecam.app.doctor import Finding, examine
from posturecam.errors import ModelError
from posturecam.pose import models, native


def found(subject: str) -> Finding:
    return next(finding for finding in examine() if finding.subject == subject)


def test_whatever_does_not_work_comes_with_advice() -> None:
    for finding in examine():
        assert finding.state == "ok" or finding.advice


def test_a_model_not_yet_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "ready_model", lambda: None)
    finding = found("Pose model")
    assert finding.state == "missing"
    assert finding.advice is not None
    assert finding.advice.startswith("posturecam model fetch")


def test_a_wrong_choice_of_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(models.ENVIRONMENT_VARIABLE, "/nowhere/a.task")
    finding = found("Pose model")
    assert finding.state == "missing"
    assert "/nowhere/a.task" in finding.detail


def test_a_missing_system_library_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_name: str) -> None:
        raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(doctor.importlib, "import_module", fail)
    finding = found("opencv loads")
    assert finding.state == "missing"
    assert "libGL.so.1" in finding.detail
    assert finding.advice is not None
    assert "libgl1" in finding.advice


def test_a_second_opencv_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.metadata.version
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: "4.0" if name == "opencv-contrib-python" else real(name)
    )
    finding = found("opencv-contrib-python")
    assert finding.state == "missing"
    assert finding.advice is not None
    assert "pip uninstall opencv-contrib-python" in finding.advice


def test_plain_opencv_is_the_right_one() -> None:
    assert found("opencv-python").state == "ok"


def test_it_says_which_mediapipe_is_loaded_and_that_it_cannot_talk() -> None:
    import mediapipe

    finding = found("Network")
    assert finding.state == "ok"
    assert f"mediapipe {mediapipe.__version__} holds no" in finding.detail


def test_a_mediapipe_that_could_talk_to_the_network_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "network_traces", lambda _library: ["curl_easy_perform", "getaddrinfo"])
    finding = found("Network")
    assert finding.state == "missing"
    assert "could talk to the network (curl_easy_perform, getaddrinfo)" in finding.detail
    assert finding.advice is not None
    assert "pip install 'mediapipe>=0.10.30,<0.10.32'" in finding.advice


@pytest.mark.parametrize("error", [ModelError("It is gone."), RuntimeError("odd"), KeyError("x")])
def test_an_examination_that_fails_becomes_a_finding(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def check() -> Iterator[Finding]:
        raise error
        yield

    monkeypatch.setattr(doctor, "CHECKS", (("Trial", check), ("Python", doctor._python)))
    first, second = examine()
    assert first.subject == "Trial"
    assert first.state != "ok"
    assert second.state == "ok"
