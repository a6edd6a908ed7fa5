"""A recording's poses as arrays, one row a frame, and their file: the one definition of the landmark format.

The file (``landmarks.npz``, ``schema`` 1) holds the arrays of :class:`PoseSequence` under their own names, and ``info``, a JSON
text with the source's :class:`posturecam.model.SourceInfo` under "source" and what else the caller wants kept under "extra".
"""

from __future__ import annotations

import dataclasses
import json
import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast, get_args

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from posturecam.errors import OutputError, SourceError
from posturecam.files import whole_file
from posturecam.model import CONTOUR_SAMPLES, LANDMARK_COUNT, FloatArray, Pose, SourceInfo, Times

SCHEMA = "posturecam.landmarks/1"
MAX_FRAMES = 2_000_000
"""Eighteen hours at 30 frames per second: a file that declares more is damaged or hostile."""
MAX_INFO_BYTES = 4_000_000
_FIRST_CAPACITY = 256

LAYOUT: Mapping[str, tuple[str, tuple[int, ...]]] = MappingProxyType(
    {
        "t_s": ("<f8", ()),
        "size": ("<i4", (2,)),
        "seen": ("|b1", ()),
        "outlined": ("|b1", ()),
        "points": ("<f4", (LANDMARK_COUNT, 2)),
        "world": ("<f4", (LANDMARK_COUNT, 3)),
        "visibility": ("<f4", (LANDMARK_COUNT,)),
        "contour": ("<f4", (2, CONTOUR_SAMPLES)),
    }
)
"""The arrays of a sequence: name -> type and shape of one row."""


class PoseSequence:
    """The poses of n frames as arrays of n rows, in the order of time; grows by :meth:`append`.

    ``t_s`` (n,) float64 seconds, strictly increasing; ``size`` (n, 2) int32 width and height of the picture in pixels; ``seen``
    (n,) whether somebody was seen; ``points`` (n, 33, 2), ``world`` (n, 33, 3) and ``visibility`` (n, 33) float32 as in
    :class:`posturecam.model.Pose`, NaN where nobody was seen; ``outlined`` (n,) whether the frame has a contour, ``contour``
    (n, 2, 15) float32, NaN where it has none. The arrays are views of what is kept: they do not grow, and are not to be written
    to.
    """

    __slots__ = ("_arrays", "_count")

    def __init__(self, arrays: Mapping[str, NDArray[Any]] | None = None) -> None:
        """Start empty, or with ``arrays`` of the :data:`LAYOUT` (not copied); raises ValueError when one does not fit."""
        if arrays is None:
            arrays = {name: np.empty((0, *tail), dtype) for name, (dtype, tail) in LAYOUT.items()}
        self._count = len(arrays["t_s"])
        self._arrays = {}
        for name, (dtype, tail) in LAYOUT.items():
            array = arrays[name]
            if array.shape != (self._count, *tail) or array.dtype != np.dtype(dtype):
                raise ValueError(
                    f"{name} is {array.dtype} of shape {array.shape}, not {dtype} of {(self._count, *tail)}"
                )
            self._arrays[name] = array

    def __len__(self) -> int:
        """Frames."""
        return self._count

    @property
    def t_s(self) -> FloatArray:
        """Times in seconds, (n,)."""
        return self._arrays["t_s"][: self._count]

    @property
    def size(self) -> NDArray[np.int32]:
        """Width and height of the pictures in pixels, (n, 2)."""
        return self._arrays["size"][: self._count]

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Whether somebody was seen, (n,)."""
        return self._arrays["seen"][: self._count]

    @property
    def outlined(self) -> NDArray[np.bool_]:
        """Whether there is a contour, (n,)."""
        return self._arrays["outlined"][: self._count]

    @property
    def points(self) -> NDArray[np.float32]:
        """Landmarks in the image frame in pixels, (n, 33, 2)."""
        return self._arrays["points"][: self._count]

    @property
    def world(self) -> NDArray[np.float32]:
        """Landmarks in the world frame in metres, (n, 33, 3)."""
        return self._arrays["world"][: self._count]

    @property
    def visibility(self) -> NDArray[np.float32]:
        """Visibility 0..1, (n, 33)."""
        return self._arrays["visibility"][: self._count]

    @property
    def contour(self) -> NDArray[np.float32]:
        """Contours, (n, 2, 15)."""
        return self._arrays["contour"][: self._count]

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays by the names of the :data:`LAYOUT`."""
        return {name: array[: self._count] for name, array in self._arrays.items()}

    def append(self, t_s: float, pose: Pose | None, width: int, height: int) -> None:
        """Add the frame at ``t_s`` (later than the last): its pose, None when nobody was seen, and the picture's size."""
        if self._count == len(self._arrays["t_s"]):
            self._grow()
        row = self._count
        kept = self._arrays
        kept["t_s"][row] = t_s
        kept["size"][row] = width, height
        kept["seen"][row] = pose is not None
        kept["outlined"][row] = pose is not None and pose.contour is not None
        if pose is None:
            for name in ("points", "world", "visibility", "contour"):
                kept[name][row] = np.nan
        else:
            kept["points"][row], kept["world"][row], kept["visibility"][row] = pose.points, pose.world, pose.visibility
            kept["contour"][row] = np.nan if pose.contour is None else pose.contour
        self._count += 1

    def _grow(self) -> None:
        """Make room for twice as many rows, in new arrays: slices that were handed out keep theirs."""
        capacity = max(_FIRST_CAPACITY, 2 * self._count)
        for name, old in self._arrays.items():
            new = np.empty((capacity, *old.shape[1:]), old.dtype)
            new[: self._count] = old[: self._count]
            self._arrays[name] = new

    def __getitem__(self, rows: slice) -> PoseSequence:
        """Some of the rows in order, as a view: nothing is copied, and appending to it leaves this sequence alone."""
        part = PoseSequence.__new__(PoseSequence)
        rows = slice(*rows.indices(self._count))
        part._arrays = {name: array[rows] for name, array in self._arrays.items()}
        part._count = len(part._arrays["t_s"])
        return part

    def pose(self, index: int) -> Pose | None:
        """One frame's pose in 64 bits, None where nobody was seen; raises IndexError."""
        if not self.seen[index]:
            return None
        width, height = self.size[index].tolist()
        return Pose(
            points=self.points[index].astype(np.float64),
            world=self.world[index].astype(np.float64),
            visibility=self.visibility[index].astype(np.float64),
            width=width,
            height=height,
            contour=self.contour[index].astype(np.float64) if self.outlined[index] else None,
        )

    def __iter__(self) -> Iterator[tuple[float, Pose | None]]:
        """Each frame's time and pose, in order."""
        for index, t_s in enumerate(self.t_s.tolist()):
            yield t_s, self.pose(index)

    def save(self, path: str | Path, info: SourceInfo, extra: Mapping[str, object] | None = None) -> None:
        """Write the file, whole or not at all; ``extra`` must be plain JSON. Raises OutputError when it cannot be written."""
        text = json.dumps({"source": dataclasses.asdict(info), "extra": dict(extra or {})})
        try:
            with whole_file(Path(path)) as file:
                np.savez_compressed(file, **self.arrays, schema=np.array(SCHEMA), info=np.array(text))  # type: ignore[arg-type]
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error


def concatenate(parts: Sequence[PoseSequence]) -> PoseSequence:
    """The rows of all parts one after the other, copied."""
    if not parts:
        return PoseSequence()
    arrays = [part.arrays for part in parts]
    return PoseSequence({name: np.concatenate([part[name] for part in arrays]) for name in LAYOUT})


@dataclasses.dataclass(frozen=True, eq=False)
class StoredPoses:
    """What a file holds: the poses, what their source said of itself at its end, and what the caller kept with them."""

    poses: PoseSequence
    info: SourceInfo
    extra: Mapping[str, object]


def load(path: str | Path) -> StoredPoses:
    """Read a file that :meth:`PoseSequence.save` wrote.

    Raises :class:`SourceError` when it is missing, damaged, or newer than this program; nothing in it is ever executed, and
    sizes are checked before anything is unpacked.
    """
    path = Path(path)
    arrays, text = _read(path)
    info, extra = _parse_info(path, text)
    _check_values(path, arrays)
    return StoredPoses(PoseSequence(arrays), info, extra)


class _UnfitError(Exception):
    """The file is readable, but not what it should be."""


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
            for name, (dtype, tail) in LAYOUT.items():
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
            f"{path} cannot be replayed, as it is damaged or of another program ({error}); analyse the video again."
        ) from error
    except Exception as error:  # zlib.error and what else a hostile archive makes a decompressor raise
        raise SourceError(f"{path} cannot be replayed, as it is damaged ({error}); analyse the video again.") from error


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
            times=_times(source.get("times", "known")),
        )
        return info, dict(extra)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise SourceError(
            f"{path} cannot be replayed, as its description is damaged; analyse the video again."
        ) from error


def _times(value: object) -> Times:
    if value not in get_args(Times):
        raise ValueError(f"times are {str(value)[:60]!r}")
    return cast(Times, value)


def _number(value: object) -> float | None:
    if value is None:
        return None
    number = float(str(value))
    if not math.isfinite(number):
        raise ValueError(f"{number} is not a number that can be written into a report")
    return number


def _check_values(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    t_s, size = arrays["t_s"].astype(np.float64), arrays["size"].astype(np.int64)
    if len(t_s) == 0:
        problem = "it holds no frames"
    elif not np.isfinite(t_s).all() or (np.diff(t_s) <= 0).any():
        problem = "its times are missing or do not increase"
    elif (size < 1).any() or (size > 100_000).any():
        problem = "its picture sizes make no sense"
    elif any(np.isinf(arrays[name]).any() for name in ("points", "world", "visibility", "contour")):
        problem = "it holds numbers that are not finite"
    else:
        return
    raise SourceError(f"{path} cannot be replayed, as {problem}; analyse the video again.")
