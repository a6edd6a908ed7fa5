"""Where the pose model's file comes from: the user's own, the cache, the official address, or Google's own packages.

Fetching is the program's only network call. Hashes are pinned: of the official bundles, and of the weights inside the packages.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from posturecam.errors import ModelError
from posturecam.files import whole_file

ModelName = Literal["lite", "full", "heavy"]
MODEL_NAMES: tuple[ModelName, ...] = get_args(ModelName)
DEFAULT_MODEL: ModelName = "full"
ENVIRONMENT_VARIABLE = "POSTURECAM_MODEL"

OFFICIAL_ADDRESS = (
    "https://storage.googleapis.com/mediapipe-models/pose_landmarker/"
    "pose_landmarker_{name}/float16/1/pose_landmarker_{name}.task"
)
OFFICIAL_SHA256: dict[ModelName, str] = {
    "lite": "59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a",
    "full": "4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad",
    "heavy": "64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b",
}
CONNECT_TIMEOUT_S = 6.0
MAX_BUNDLE_BYTES = 64_000_000

Announce = Callable[[str], None]
"""Takes one line about what is fetched from where, before it happens."""
Progress = Callable[[int, "int | None"], None]
"""Takes the bytes fetched so far and the whole, None when that is not known."""


@dataclass(frozen=True)
class FetchedModel:
    """A model in the cache: where it lies, and ``origin`` "cache", "official", "wheel" or "npm"."""

    path: Path
    origin: str


def cache_folder() -> Path:
    """The user's cache for models; not created here."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("posturecam", appauthor=False)) / "models"


def cached_path(name: ModelName) -> Path:
    """Where the model called ``name`` lies once it has been fetched."""
    return cache_folder() / f"pose_landmarker_{name}.task"


def chosen_model(choice: str | None = None) -> ModelName | Path:
    """The model that ``choice`` (the command line's ``--model``) means: lite, full, heavy, or the path of a .task file.

    Without a choice the environment variable POSTURECAM_MODEL counts, and without that ``full``. Raises
    :class:`ModelError` when a path does not exist or is not a bundle.
    """
    origin = "--model"
    if not choice:
        choice, origin = os.environ.get(ENVIRONMENT_VARIABLE), ENVIRONMENT_VARIABLE
    if not choice:
        return DEFAULT_MODEL
    if choice in MODEL_NAMES:
        return choice
    path = Path(choice).expanduser()
    if not path.is_file():
        raise ModelError(f"{origin} names {choice}, which is neither lite, full or heavy nor a file; check it.")
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            raise ModelError(f"{origin} names {choice}, which is not a .task bundle; fetch one: posturecam model fetch")
    return path


def ready_model(choice: str | None = None) -> Path | None:
    """The file to use for ``choice`` when it is there without the network, else None."""
    chosen = chosen_model(choice)
    if isinstance(chosen, Path):
        return chosen
    path = cached_path(chosen)
    return path if _is_sound(path) else None


def obtain_model(
    choice: str | None = None,
    announce: Announce | None = None,
    progress: Progress | None = None,
    *,
    again: bool = False,
) -> FetchedModel:
    """The model's file, fetched into the cache when it is not there yet (or ``again``).

    Raises :class:`ModelError` with what to do when neither the official address nor the package index gives it.
    """
    chosen = chosen_model(choice)
    if isinstance(chosen, Path):
        return FetchedModel(chosen, "file")
    path = cached_path(chosen)
    if not again and _is_sound(path):
        return FetchedModel(path, "cache")
    say = announce or (lambda _line: None)
    tick = progress or (lambda _done, _whole: None)
    say(
        f"Fetching the pose model '{chosen}' once (posturecam needs no network afterwards, and no picture ever leaves it)."
    )
    try:
        bundle, origin = _official_bundle(chosen, tick), "official"
    except (OSError, ValueError, http.client.HTTPException) as first:
        say(f"Its official address cannot be used ({_short(first)}); trying {_OTHER_WAY[chosen == DEFAULT_MODEL]}.")
        bundle, origin = _from_a_package(chosen, tick)
    _store(path, bundle)
    return FetchedModel(path, origin)


_OTHER_WAY = (
    "Google's own npm package (41 MB) from your npm registry",
    "Google's own wheel (36 MB) from your package index",
)


def _from_a_package(name: ModelName, progress: Progress) -> tuple[bytes, str]:
    """The bundle assembled from a package's weights, and which kind of package it was; raises ModelError."""
    from posturecam.pose import npm, wheel

    if name == DEFAULT_MODEL:
        return wheel.bundle_from_wheel(name, progress), "wheel"
    full = cached_path(DEFAULT_MODEL)
    return npm.bundle_from_npm(name, full if _is_sound(full) else None, progress), "npm"


def _official_bundle(name: ModelName, progress: Progress) -> bytes:
    """The bundle from Google's own address; OSError when that cannot be reached, ValueError when it gives something else."""
    request = urllib.request.Request(OFFICIAL_ADDRESS.format(name=name), headers={"User-Agent": "posturecam"})
    chunks: list[bytes] = []
    done = 0
    with urllib.request.urlopen(request, timeout=CONNECT_TIMEOUT_S) as answer:
        length = answer.headers.get("Content-Length")
        whole = int(length) if length and length.isdigit() else None
        while chunk := answer.read(1 << 16):
            done += len(chunk)
            if done > MAX_BUNDLE_BYTES:
                raise ValueError("it sends far more than a model")
            chunks.append(chunk)
            progress(done, whole)
    bundle = b"".join(chunks)
    if _sha256(bundle) != OFFICIAL_SHA256[name]:
        raise ValueError("it gives a file with another hash")
    return bundle


def _store(path: Path, bundle: bytes) -> None:
    """Write the bundle and its hash beside it, each whole or not at all."""
    try:
        for target, content in ((_hash_path(path), _sha256(bundle).encode()), (path, bundle)):
            with whole_file(target) as file:
                file.write(content)
    except OSError as error:
        raise ModelError(
            f"The pose model cannot be kept in {path.parent} ({error.strerror or error}); make that folder writable, "
            "or name a model file with --model."
        ) from error


def _is_sound(path: Path) -> bool:
    """Whether the cached file is the one that was stored; a damaged one is fetched again."""
    try:
        return _hash_path(path).read_text().strip() == _sha256(path.read_bytes())
    except (OSError, ValueError):
        return False


def _hash_path(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _short(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return str(getattr(reason, "strerror", None) or reason)
