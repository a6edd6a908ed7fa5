"""Names of the thumbnails beside a report: ``rep-3-hips_sagging.jpg`` is rep 3's worst moment of that fault."""

from __future__ import annotations

import re
from pathlib import Path

from posturecam.report.gallery import ThumbnailKey

MAX_PICTURE_BYTES = 5_000_000
_NAME = re.compile(r"(rep|hold)-([0-9]{1,6})-([a-z][a-z0-9_]{0,63})\.jpg")
_JPEG = b"\xff\xd8\xff"


def picture_name(key: ThumbnailKey) -> str:
    """The file name of one thumbnail."""
    return f"{key[0]}-{key[1]}-{key[2]}.jpg"


def read_pictures(folder: Path) -> dict[ThumbnailKey, bytes]:
    """The thumbnails in a folder, none when there is no such folder; what is not a JPEG of a sensible size is skipped."""
    found: dict[ThumbnailKey, bytes] = {}
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return found
    for path in paths:
        name = _NAME.fullmatch(path.name)
        if name is None:
            continue
        try:
            if path.stat().st_size > MAX_PICTURE_BYTES:
                continue
            content = path.read_bytes()
        except OSError:
            continue
        if content.startswith(_JPEG):
            kind, number, check = name.groups()
            found[("rep" if kind == "rep" else "hold", int(number), check)] = content
    return found
