"""Errors say the same on the other side of a process boundary: work is shared out to processes, which tell what went wrong."""

from __future__ import annotations

import pickle

import pytest

from posturecam import errors
from posturecam.errors import PosturecamError, SessionError, SpecError


def kinds() -> list[type[PosturecamError]]:
    return [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, PosturecamError) and kind not in (SpecError, SessionError)
    ]


@pytest.mark.parametrize("kind", kinds())
def test_an_error_survives_pickling(kind: type[PosturecamError]) -> None:
    error = pickle.loads(pickle.dumps(kind("what, where and what to do")))
    assert type(error) is kind
    assert str(error) == "what, where and what to do"


def test_an_error_made_from_several_things_keeps_them() -> None:
    made = SessionError("report.json", "reps", "negative")
    error = pickle.loads(pickle.dumps(made))
    assert str(error) == str(made)
    assert (error.path, error.field) == ("report.json", "reps")


def test_a_spec_error_keeps_its_problems() -> None:
    error = pickle.loads(pickle.dumps(SpecError(["a.yaml:3: one", "a.yaml:5: other"])))
    assert str(error) == "a.yaml:3: one\na.yaml:5: other"
    assert error.problems == ["a.yaml:3: one", "a.yaml:5: other"]
