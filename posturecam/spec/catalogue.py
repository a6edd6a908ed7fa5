"""The exercises and programmes that ship with the program, and how a user's words name one."""

from __future__ import annotations

import functools
from pathlib import Path

from posturecam.errors import CallError, SpecError
from posturecam.spec.load import SpecFile, load_file, load_programme
from posturecam.spec.own_words import learn_words
from posturecam.spec.references import suggestion
from posturecam.spec.schema import Exercise, Programme

SUFFIXES = (".yaml", ".yml")
_PACKAGE = Path(__file__).resolve().parent.parent


@functools.cache
def specs_folder() -> Path:
    """The folder of shipped specs: inside the package when installed from a wheel, beside it in a checkout."""
    for folder in (_PACKAGE / "exercise_specs", _PACKAGE.parent / "exercise_specs"):
        if folder.is_dir():
            return folder
    raise SpecError([f"{_PACKAGE / 'exercise_specs'}: the shipped exercises are missing; install posturecam again"])


def demonstration(exercise: str, variant: str | None) -> Path | None:
    """The film (mp4) that shows a shipped exercise done well; None where there is none."""
    name = f"{exercise}.{variant}" if variant else exercise
    path = _PACKAGE / "demonstrations" / f"{name}.mp4"
    # ids come from stored reports as well, which are not ours to trust as names of files
    plain = name.replace(".", "_").isidentifier()
    return path if plain and path.is_file() else None


def exercise_ids() -> tuple[str, ...]:
    """Ids of the shipped exercises, sorted."""
    return tuple(sorted(path.stem for path in specs_folder().glob("*.yaml")))


def programme_ids() -> tuple[str, ...]:
    """Ids of the shipped programmes, sorted."""
    return tuple(sorted(path.stem for path in (specs_folder() / "programmes").glob("*.yaml")))


def load_spec(id_or_path: str | Path) -> SpecFile:
    """The exercise file of a shipped id or at a path; CallError for an id that is not known."""
    text = str(id_or_path)
    if isinstance(id_or_path, Path) or text.endswith(SUFFIXES) or "/" in text or "\\" in text:
        path = Path(id_or_path)
        if not path.exists():
            raise CallError(
                f"No spec at {text}; give the path of a YAML file or one of the ids of 'posturecam specs list'."
            )
        learn_words(path)
        return load_file(path)
    known = exercise_ids()
    if text not in known:
        plain = text.strip().lower().replace("-", "_").replace(" ", "_")
        hint = f" (did you mean {plain!r}?)" if plain in known else suggestion(plain, known)
        raise CallError(f"No exercise called {text!r}{hint}; 'posturecam specs list' shows all {len(known)}.")
    return _shipped(specs_folder() / f"{text}.yaml")


@functools.cache
def _shipped(path: Path) -> SpecFile:
    """A shipped exercise file, which does not change while the program runs; reading one takes a twentieth of a second."""
    return load_file(path)


def shipped_specs() -> dict[str, SpecFile]:
    """Every shipped exercise file by id."""
    return {name: load_spec(name) for name in exercise_ids()}


def load_exercise(id_or_path: str | Path, variant: str | None = None) -> Exercise:
    """One exercise in one variant (the default one when None); CallError for an id or variant that is not known."""
    return choose_variant(load_spec(id_or_path), variant)


def choose_variant(spec: SpecFile, variant: str | None = None) -> Exercise:
    """The exercise of a file in a variant (the default one when None); CallError for a variant that is not known."""
    if variant is None:
        return spec.default
    if variant in spec.exercises:
        return spec.exercises[variant]
    name = spec.default.id
    if not spec.variants:
        raise CallError(f"{name} has no variants; leave out --variant {variant}.")
    hint = suggestion(variant, spec.variants)
    raise CallError(f"{name} has no variant {variant!r}{hint}; it has {', '.join(spec.variants)}.")


def load_programme_by_id(id_or_path: str | Path) -> Programme:
    """A shipped programme by id, or one at a path; CallError for an id that is not known."""
    text = str(id_or_path)
    if isinstance(id_or_path, Path) or text.endswith(SUFFIXES):
        if not Path(id_or_path).exists():
            raise CallError(
                f"No programme at {text}; give the path of a YAML file or one of {', '.join(programme_ids())}."
            )
        return load_programme(id_or_path, shipped_specs())
    known = programme_ids()
    if text not in known:
        raise CallError(
            f"No programme called {text!r}{suggestion(text, known)}; there are {', '.join(known) or 'none'}."
        )
    return load_programme(specs_folder() / "programmes" / f"{text}.yaml", shipped_specs())
