"""Replays a stored ``landmarks.npz``: a source of frames without pictures, and the estimator that knows their poses."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from posturecam.errors import SourceError
from posturecam.model import CONTOUR_SAMPLES, LANDMARK_COUNT, Frame, Pose, SourceInfo

SCHEMA = "posturecam.landmarks/1"
MAX_FRAMES = 2_000_000
"""Eighteen hours at 30 frames a second: a file that declares more is damaged or hostile."""
MAX_INFO_BYTES = 4_000_000

_LAYOUT: Mapping[str, tuple[str, tuple[int, ...]]] = {
    "t_s": ("<f8", ()),
    "size": ("<i4", (2,)),
    "seen": ("|b1", ()),
    "outlined": ("|b1", ()),
    "points": ("<f4", (LANDMARK_COUNT, 2)),
    "world": ("<f4", (LANDMARK_COUNT, 3)),
    "visibility": ("<f4", (LANDMARK_COUNT,)),
    "contour": ("<f4", (2, CONTOUR_SAMPLES)),
}


class LandmarkSource:
    """A stored session as both source and estimator: ``run(replay, replay, analyzer, sinks)``.

    The frames carry their original index and time and a black picture of the original size (one shared byte, no memory).
    ``extra`` is what the recorder's caller kept. Raises :class:`SourceError` when the file is missing, damaged, or newer than
    this program; nothing in it is ever executed, and sizes are checked before anything is unpacked.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        arrays, info_text = _read(self._path)
        self._arrays = arrays
        self._info, self.extra = _parse_info(self._path, info_text)
        _check_values(self._path, arrays)

    @property
    def info(self) -> SourceInfo:
        """What the original source said of itself at its end, warnings included."""
        return self._info

    @property
    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The file's arrays by name, one row a frame, as :mod:`posturecam.sinks.landmarks` describes them."""
        return self._arrays

    def __len__(self) -> int:
        return len(self._arrays["t_s"])

    def __enter__(self) -> LandmarkSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing to release."""

    def __iter__(self) -> Iterator[Frame]:
        """The frames in order; may be iterated more than once."""
        black = np.zeros((), dtype=np.uint8)
        for index, (t_s, (width, height)) in enumerate(zip(self._arrays["t_s"], self._arrays["size"], strict=True)):
            yield Frame(index, float(t_s), np.broadcast_to(black, (int(height), int(width), 3)))

    def estimate(self, frame: Frame) -> Pose | None:
        """The pose stored for this frame's index, None where nobody was seen."""
        index, arrays = frame.index, self._arrays
        if not arrays["seen"][index]:
            return None
        contour = arrays["contour"][index].astype(np.float64) if arrays["outlined"][index] else None
        width, height = (int(length) for length in arrays["size"][index])
        return Pose(
            points=arrays["points"][index].astype(np.float64),
            world=arrays["world"][index].astype(np.float64),
            visibility=arrays["visibility"][index].astype(np.float64),
            width=width,
            height=height,
            contour=contour,
        )


def _read(path: Path) -> tuple[dict[str, NDArray[np.generic]], str]:
    """The arrays by name and the info text, each checked against the layout before it is unpacked."""
    if not path.is_file():
        raise SourceError(f"There are no stored landmarks at {path}; analyse the recording first.")
    try:
        with zipfile.ZipFile(path) as bundle:
            schema = str(_member(bundle, "schema", None, 1000))
            if schema != SCHEMA:
                raise _UnfitError(f"its kind is {schema[:60]!r}, this program reads {SCHEMA!r}")
            arrays: dict[str, NDArray[np.generic]] = {}
            frames: int | None = None
            for name, (dtype, tail) in _LAYOUT.items():
                item = int(np.dtype(dtype).itemsize * np.prod(tail, dtype=np.int64))
                array = _member(bundle, name, np.dtype(dtype), MAX_FRAMES * item + 1000)
                frames = len(array) if frames is None and array.ndim else frames
                if array.shape != (frames, *tail):
                    raise _UnfitError(f"the array {name!r} has the shape {array.shape}")
                arrays[name] = array
            return arrays, str(_member(bundle, "info", None, MAX_INFO_BYTES))
    except (
        _UnfitError,
        zipfile.BadZipFile,
        ValueError,
        KeyError,
        EOFError,
        OSError,
        MemoryError,
        NotImplementedError,
    ) as error:
        raise SourceError(
            f"{path} cannot be replayed, as it is damaged or of another program ({error}); analyse the video anew."
        ) from error
    except Exception as error:  # zlib.error and what else a hostile archive makes a decompressor raise
        raise SourceError(f"{path} cannot be replayed, as it is damaged ({error}); analyse the video anew.") from error


class _UnfitError(Exception):
    """The file is readable, but not what it should be."""


def _member(bundle: zipfile.ZipFile, name: str, dtype: np.dtype[np.generic] | None, limit: int) -> NDArray[np.generic]:
    """One array of the archive; ``dtype`` None asks for a single text. Refuses what declares more than ``limit`` bytes."""
    entry = bundle.getinfo(f"{name}.npy")
    if entry.file_size > limit:
        raise _UnfitError(f"the array {name!r} declares {entry.file_size} bytes")
    with bundle.open(entry) as file:
        version = npy_format.read_magic(file)
        read = npy_format.read_array_header_1_0 if version == (1, 0) else npy_format.read_array_header_2_0
        shape, _, found = read(file)
        # The header may promise far more than the archive holds: numpy would reserve that memory at once.
        if int(np.prod(shape, dtype=object)) * found.itemsize > limit:
            raise _UnfitError(f"the array {name!r} declares the shape {shape}")
        if (dtype is None and (found.kind != "U" or shape != ())) or (dtype is not None and found != dtype):
            raise _UnfitError(f"the array {name!r} holds {found}")
    with bundle.open(entry) as file:
        values: NDArray[np.generic] = npy_format.read_array(file, allow_pickle=False)
        return values


def _parse_info(path: Path, text: str) -> tuple[SourceInfo, Mapping[str, object]]:
    try:
        content = json.loads(text)
        source, extra = content["source"], content.get("extra", {})
        info = SourceInfo(
            path=str(source["path"]),
            width=int(source["width"]),
            height=int(source["height"]),
            fps=_number(source["fps"]),
            duration_s=_number(source["duration_s"]),
            frames=None if source["frames"] is None else int(source["frames"]),
            is_still=bool(source["is_still"]),
            warnings=[str(warning) for warning in source["warnings"]],
        )
        return info, dict(extra)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SourceError(
            f"{path} cannot be replayed, as its description is damaged; analyse the video anew."
        ) from error


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def _check_values(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    t_s, size = arrays["t_s"].astype(np.float64), arrays["size"].astype(np.int64)
    if len(t_s) == 0:
        problem = "it holds no frames"
    elif not np.isfinite(t_s).all() or (np.diff(t_s) <= 0).any():
        problem = "its times are missing or do not increase"
    elif (size < 1).any() or (size > 100_000).any():
        problem = "its picture sizes make no sense"
    else:
        return
    raise SourceError(f"{path} cannot be replayed, as {problem}; analyse the video anew.")
