"""The folder that holds one recording's results: a name that is safe, a place of its own, and nothing lost that is not ours.

A recording's name may be anything, so it is not used as a path but turned into one. Every folder holds a manifest of the files
that this program made in it, with their digests: only those are ever deleted or replaced, and only unchanged ones.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from posturecam.errors import OutputError
from posturecam.files import content_digest, shown, write_whole

MANIFEST = "made_by_posturecam.json"
SCHEMA = "posturecam.folder/1"
MAX_NAME_BYTES = 100
"""Room is left for numbers, and for the names of files under way, in the 255 bytes that most disks allow."""
MAX_MANIFEST_BYTES = 1_000_000
MAX_FOLDERS = 9999

FILES = ("report.json", "report.html", "reps.csv", "report.pdf", "report.md", "landmarks.npz", "overlay.mp4")
PICTURES = "thumbnails"
_PICTURE = re.compile(r"[a-z]{1,16}-[0-9]{1,6}-[a-z][a-z0-9_]{0,63}\.jpg")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ALLOWED = " ._-()+,@"
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Names that Windows takes for devices."""


def safe_name(recording: Path) -> str:
    """A folder's name for a recording: letters, digits and a few signs, never a path, hidden, a device's or too long a name."""
    name = recording.name
    stem = name.rpartition(".")[0] if "." in name else name
    text = unicodedata.normalize("NFC", stem)
    text = "".join(char if char.isalnum() or char in _ALLOWED else "_" for char in text)
    text = text.encode("utf-8", "replace")[:MAX_NAME_BYTES].decode("utf-8", "ignore").strip(". ")
    if text.startswith("-"):  # which commands would take for an option
        text = "_" + text[1:]
    if not text.strip("_"):
        return "recording"
    return f"{text}_" if _RESERVED.fullmatch(text) else text


@contextlib.contextmanager
def output_folder(root: Path, recording: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A folder in ``root`` for one recording's results, to be filled in the block with the files of ``FILES`` and ``PICTURES``.

    A new one, numbered where the name is taken; with ``overwrite`` the one that an earlier run over the same recording (the
    same path) made, emptied of what it made there, unless somebody changed or added something that would be lost. When the
    block ends the manifest lists what is there; a folder in which nothing was made is removed again.

    Raises :class:`OutputError` when no folder can be made.
    """
    key = _key(recording)
    folder = _reused(root, recording, key) if overwrite else None
    if folder is None:
        folder = _new(root, safe_name(recording))
    try:
        yield folder
    finally:
        _close(folder, key)


def _key(recording: Path) -> str:
    """Tells recordings apart without telling their names: a digest of the path."""
    return hashlib.sha256(os.fsencode(os.path.realpath(recording))).hexdigest()


def _candidates(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in range(2, MAX_FOLDERS))


def _new(root: Path, name: str) -> Path:
    try:
        root.mkdir(parents=True, exist_ok=True)
        taken = {entry.casefold() for entry in os.listdir(root)}  # noqa: PTH208 - names only
        for candidate in _candidates(name):
            if candidate.casefold() in taken:  # some disks take "A" and "a" for one name
                continue
            try:
                (root / candidate).mkdir()
            except FileExistsError:  # another run was faster
                continue
            return root / candidate
    except OSError as error:
        raise OutputError(
            f"No folder can be made in {shown(root)} ({error.strerror or error}); choose another with --out."
        ) from error
    raise OutputError(f"{shown(root)} holds too many folders called {name}; choose another with --out.")


def _reused(root: Path, recording: Path, key: str) -> Path | None:
    """The folder that an earlier run made for this recording, emptied; None when there is none that may be emptied."""
    for name in _candidates(safe_name(recording)):
        folder = root / name
        if not os.path.lexists(folder):
            return None
        made = _manifest(folder, key)
        if made is None or not _only_ours(folder, made):
            continue
        try:
            for file in made:
                (folder / file).unlink(missing_ok=True)
            return folder
        except OSError as error:
            raise OutputError(
                f"{shown(folder)} cannot be emptied ({error.strerror or error}); leave out --overwrite."
            ) from error
    return None


def mark_done(folder: Path, work: str, told: Mapping[str, object]) -> None:
    """Note in a finished folder's manifest which ``work`` (a digest of all that it depends on) it is the whole result of.

    ``told`` is kept with it. What cannot be noted is done again, which costs time only.
    """
    with contextlib.suppress(OSError, ValueError, OutputError):
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
        write_whole(folder / MANIFEST, json.dumps({**content, "done": {"work": work, **told}}, indent=1) + "\n")


def done_before(root: Path, recording: Path, work: str) -> tuple[Path, Mapping[str, object]] | None:
    """The folder that holds the whole, unchanged result of this ``work``, with what was ``told``; None when there is none."""
    for name in _candidates(safe_name(recording)):
        folder = root / name
        if not os.path.lexists(folder):
            return None
        content = _read(folder)
        if content is None or not isinstance(told := content.get("done"), dict) or told.get("work") != work:
            continue
        made = content["files"]
        if made and all(_digest(folder / file) == digest for file, digest in made.items()):
            return folder, told
    return None


def _manifest(folder: Path, key: str) -> dict[str, str] | None:
    """What the manifest says was made for this recording: digests by name; None without a sound one."""
    content = _read(folder)
    return None if content is None or content.get("recording") != key else content["files"]


def _read(folder: Path) -> dict[str, Any] | None:
    """A sound manifest, None without one. Trusts nothing in it."""
    path = folder / MANIFEST
    try:
        if not (_is_folder(folder) and _is_file(path) and path.stat().st_size <= MAX_MANIFEST_BYTES):
            return None
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        return None
    files = content.get("files")
    if not isinstance(files, dict):
        return None
    sound = all(
        _may_be_ours(name) and isinstance(digest, str) and _DIGEST.fullmatch(digest) for name, digest in files.items()
    )
    return content if sound else None


def _may_be_ours(name: str) -> bool:
    folder, slash, file = name.rpartition("/")
    return name in FILES if not slash else folder == PICTURES and _PICTURE.fullmatch(file) is not None


def _only_ours(folder: Path, made: dict[str, str]) -> bool:
    """Whether nothing in the folder that has one of our names is somebody else's: added, changed, or a link."""
    pictures = folder / PICTURES
    if os.path.lexists(pictures) and not _is_folder(pictures):
        return False
    try:
        return all(name in made and _digest(folder / name) == made[name] for name in _present(folder))
    except OSError:
        return False


def _present(folder: Path) -> list[str]:
    """Everything in the folder that has, or stands in the way of, one of our names."""
    found = [name for name in FILES if os.path.lexists(folder / name)]
    pictures = folder / PICTURES
    if _is_folder(pictures):
        found += [f"{PICTURES}/{name}" for name in sorted(os.listdir(pictures))]  # noqa: PTH208 - names only
    return found


def _close(folder: Path, key: str) -> None:
    """Write the manifest; a folder in which nothing was made goes."""
    try:
        made = {
            name: _digest(folder / name) for name in _present(folder) if _may_be_ours(name) and _is_file(folder / name)
        }
    except OSError:  # the disk has gone: what is there stays, and counts as nobody's
        return
    if not made and set(os.listdir(folder)) <= {MANIFEST, PICTURES}:  # noqa: PTH208 - names only
        with contextlib.suppress(OSError):
            (folder / MANIFEST).unlink(missing_ok=True)
            if _is_folder(folder / PICTURES):
                (folder / PICTURES).rmdir()
            folder.rmdir()
        return
    content = {"schema": SCHEMA, "recording": key, "files": made}
    # on a full disk the results matter more: without a manifest the folder is never emptied, which is safe
    with contextlib.suppress(OutputError):
        write_whole(folder / MANIFEST, json.dumps(content, indent=1) + "\n")


def _is_folder(path: Path) -> bool:
    """Whether it is a folder itself, not a link to one."""
    return os.path.lexists(path) and stat.S_ISDIR(path.lstat().st_mode)


def _is_file(path: Path) -> bool:
    return os.path.lexists(path) and stat.S_ISREG(path.lstat().st_mode)


def _digest(path: Path) -> str:
    """The file's SHA-256, empty for what is not a plain file."""
    return content_digest(path) if _is_file(path) else ""
