"""Names of the thumbnails beside a report: ``rep-3-hips_sagging.jpg`` is rep 3's worst moment of that fault."""

from __future__ import annotations

import io
import re
from pathlib import Path

from posturecam.errors import SessionError
from posturecam.report.gallery import ThumbnailKey

MAX_PICTURE_BYTES = 5_000_000
MAX_PIXELS = 20_000_000
_NAME = re.compile(r"(rep|hold)-([0-9]{1,6})-([a-z][a-z0-9_]{0,63})\.jpg")


def picture_name(key: ThumbnailKey) -> str:
    """The file name of one thumbnail."""
    return f"{key[0]}-{key[1]}-{key[2]}.jpg"


def read_pictures(folder: Path) -> dict[ThumbnailKey, bytes]:
    """The thumbnails in a folder, none when there is no such folder; files of other names are skipped.

    Raises :class:`SessionError` for one that has a thumbnail's name and is not a picture that can be shown.
    """
    found: dict[ThumbnailKey, bytes] = {}
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return found
    for path in paths:
        name = _NAME.fullmatch(path.name)
        if name is not None:
            kind, number, check = name.groups()
            found[("rep" if kind == "rep" else "hold", int(number), check)] = _read_picture(path)
    return found


def _read_picture(path: Path) -> bytes:
    """A picture's bytes, once it has been decoded whole: whatever embeds it would otherwise fail on it."""
    from PIL import Image

    try:
        if path.stat().st_size > MAX_PICTURE_BYTES:
            raise SessionError(path, "", "it is larger than any picture of a session")
        content = path.read_bytes()
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise SessionError(path, "", "it has more pixels than any picture of a session")
            image.load()
    except SessionError:
        raise
    except Exception as error:  # what hostile bytes make a decoder raise is not documented
        raise SessionError(path, "", "it is not a picture that can be shown") from error
    return content
