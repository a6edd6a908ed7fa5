"""Standard output and error that never cost a result: for any encoding, closed, or on a disk that is full."""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import json
import os
import sys
from typing import TextIO


class LastingStream(io.RawIOBase):
    """Writes to a descriptor; what cannot be written is dropped and the first reason kept in ``lost``.

    A reader that has gone (a broken pipe) is still told by BrokenPipeError, so that work for nobody ends.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self.lost: OSError | None = None

    def write(self, data: object) -> int:
        """Take all of ``data`` (bytes-like), written or not."""
        view = memoryview(data).cast("B")  # type: ignore[arg-type]
        done = 0
        while done < len(view) and self.lost is None:
            try:
                done += os.write(self._descriptor, view[done:])
            except OSError as error:
                if error.errno in (errno.EPIPE, errno.ESHUTDOWN):
                    raise
                self.lost = error
        return len(view)

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """The descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Whether a person looks at a terminal."""
        return os.isatty(self._descriptor)


def guard_standard_streams() -> LastingStream | None:
    """Make standard output and error safe for the whole process; returns the one that tells whether output was lost.

    None when standard output is a terminal or was closed by the caller, who then asked for none.
    """
    _fill_closed_descriptors()
    sys.stderr, _ = _nowhere() if sys.stderr is None else _lasting(sys.stderr)
    sys.stdout, raw = _nowhere() if sys.stdout is None else _lasting(sys.stdout)
    return raw


def _nowhere() -> tuple[TextIO, None]:
    """What stands in for a stream that the caller closed: nobody asked for its output, so nothing is lost."""
    return open(os.devnull, "w", encoding="utf-8"), None  # noqa: PTH123 - for the whole process


def _fill_closed_descriptors() -> None:
    """Point closed standard descriptors to nowhere: else the next opened file takes their number and native code writes to it."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            with contextlib.suppress(OSError):
                opened = os.open(os.devnull, os.O_RDWR)
                if opened != descriptor:
                    os.dup2(opened, descriptor)
                    os.close(opened)


def _lasting(stream: TextIO) -> tuple[TextIO, LastingStream | None]:
    """The stream with unshowable characters replaced and, unless it is a terminal, write errors kept for later."""
    encoding = stream.encoding or "utf-8"
    if not isinstance(stream, io.TextIOWrapper):
        return stream, None
    if stream.isatty():
        stream.reconfigure(errors="replace")
        return stream, None
    raw = LastingStream(stream.fileno())
    buffered = io.BufferedWriter(raw)
    return io.TextIOWrapper(buffered, encoding=encoding, errors="replace", line_buffering=stream.line_buffering), raw


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error("posturecam.json", _escape)


def json_for(text: str, encoding: str | None) -> str:
    """JSON text with what ``encoding`` cannot show escaped, so that it stays the same JSON on any console."""
    name = encoding or "utf-8"
    return text.encode(name, "posturecam.json").decode(name)


def print_json(text: str) -> None:
    """Print JSON text on standard output, whatever that can show."""
    print(json_for(text.rstrip("\n"), sys.stdout.encoding))
