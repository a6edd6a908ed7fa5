"""Opening media that nobody vouches for: what may be opened is settled before the first byte is read.

FFmpeg knows hundreds of formats. Some of them name other files and addresses (play lists), read text as moving pictures
(``tty``) or are devices. So the opener is given a list of formats that are recordings or pictures in one piece, and no
protocol at all: a local recording is handed over as an open file, and FFmpeg can open nothing beside it.
"""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from posturecam.errors import SourceError
from posturecam.files import shown
from posturecam.sources.waiting import wait_for

if TYPE_CHECKING:
    from av.container import InputContainer

OPEN_S = 9.0
"""A healthy recording opens in milliseconds; one that takes longer than this is damaged, hostile, or on a disk that has gone."""
MAX_PIXELS = 110_000_000
"""Larger photographs are an attack or rubbish: the largest phones' have 108 million, of at most three bytes."""
MAX_DEEP_PIXELS = 64_000_000
"""The same for other pictures, whose pixels may take eight bytes."""
MAX_VIDEO_PIXELS = 36_000_000
"""The same for moving pictures, of which a decoder keeps many: 8K is 33 million."""

TRY_INSTEAD = "try mp4, mov, mkv, webm, jpg or png"

RECORDINGS = (
    "mov", "matroska", "avi", "mpegts", "mpeg", "mpegvideo", "m4v", "flv", "asf", "ogg", "nut", "ivf", "dv", "mxf", "rm",
    "h264", "hevc", "obu", "av1", "mjpeg", "wtv", "yuv4mpegpipe",
)  # fmt: skip
PICTURES = ("jpeg_pipe", "png_pipe", "webp_pipe", "bmp_pipe", "tiff_pipe", "gif", "apng")
SOUND = ("wav", "mp3", "flac")
"""Opened only to be told apart: a song is refused with a better sentence than rubbish."""

_PLAY_LISTS = (b"#EXTM3U", b"ffconcat", b"<MPD", b"[playlist]", b"<SmoothStreaming", b"<ASX", b"<asx", b"<smil")
_SNIFF_BYTES = 2048


class _OneFile:
    """An open file without its name, which would tell FFmpeg to guess by it and where to look for others."""

    def __init__(self, file: io.BufferedReader) -> None:
        self.read, self.seek, self.tell, self.close = file.read, file.seek, file.tell, file.close


def open_recording(path: Path) -> tuple[InputContainer, io.BufferedReader]:
    """A recording's or picture's opened container and the file under it; it can open no other. Both are the caller's to close.

    Raises :class:`SourceError`, at once for what is not a plain file, and within ``OPEN_S`` for what never opens.
    """
    import av

    where = shown(path)
    file = _plain_file(path)
    try:
        container = wait_for(lambda: _opened(file), OPEN_S, f"open {path.name}", lambda late: late.close())
    except TimeoutError as error:
        raise SourceError(
            f"{where} did not open within {OPEN_S:.0f} s; it may be damaged, so copy it again."
        ) from error
    except Exception as error:  # whatever PyAV stumbles over in a file that nobody vouches for
        file.close()
        why = "its format is another" if isinstance(error, av.error.ArgumentError) else reason(error)
        raise SourceError(f"{where} is not a recording or picture that can be read ({why}); {TRY_INSTEAD}.") from error
    return container, file


def refuse_at_once(path: Path) -> None:
    """Raise the :class:`SourceError` of what is there but not a plain file, or of a playlist: before anything heavy is loaded."""
    if os.path.exists(path):  # noqa: PTH110 - asks also of impossible names
        _plain_file(path).close()


def _plain_file(path: Path) -> io.BufferedReader:
    """The file opened for reading, if it is a plain one with something in it and no play list; never waits."""
    where = shown(path)
    try:
        # a FIFO that nobody writes to would be waited for; O_NONBLOCK changes nothing for plain files
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SourceError(f"There is no file {where}; check the name.") from error
    except (OSError, ValueError) as error:
        if os.path.isdir(path):  # noqa: PTH112 - asks also of impossible names; which Windows does not open at all
            raise SourceError(f"{where} is a folder; name the recordings in it.") from error
        raise SourceError(f"{where} cannot be opened ({reason(error)}).") from error
    file = None
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise SourceError(f"{where} is a folder; name the recordings in it.")
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"{where} is a device or pipe, not a recording; name a file.")
        if status.st_size == 0:
            raise SourceError(f"{where} is empty (0 bytes); copy or record it again.")
        file = os.fdopen(descriptor, "rb")
        head = file.read(_SNIFF_BYTES)
        if any(word in head for word in _PLAY_LISTS) and b"\0" not in head:
            raise SourceError(f"{where} is a play list, which names other files; name the recording itself.")
        file.seek(0)
        return file
    except BaseException as error:
        os.close(descriptor) if file is None else file.close()
        if isinstance(error, OSError):
            raise SourceError(f"{where} cannot be read ({reason(error)}).") from error
        raise


def _opened(file: io.BufferedReader) -> InputContainer:
    import av

    options = {
        "format_whitelist": ",".join(RECORDINGS + PICTURES + SOUND),
        "protocol_whitelist": "none",
        "max_pixels": str(MAX_PIXELS),
    }
    return av.open(_OneFile(file), "r", options=options, metadata_errors="replace", timeout=(OPEN_S, OPEN_S))


def most_pixels(container: InputContainer) -> int:
    """How many pixels a picture of this container may have, so that decoding one stays far under a gigabyte."""
    name = container.format.name
    if name == "jpeg_pipe":
        return MAX_PIXELS
    return MAX_DEEP_PIXELS if name in PICTURES else MAX_VIDEO_PIXELS


def reason(error: BaseException) -> str:
    """FFmpeg's own words for the error, without number and path."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return text[:1].lower() + text[1:]
