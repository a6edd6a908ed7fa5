"""Reading a stored report of any version: what is older is brought up to date, what is newer or damaged is refused in words.

The store knows a report only as JSON; what its parts mean is the business of :mod:`posturecam.report`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from posturecam.errors import SessionError, StoreError

SCHEMA = "posturecam.report/2"
CURRENT = 2
MAX_BYTES = 64_000_000
"""A day's session stays under a tenth of this: a longer report.json is damaged or hostile."""

MAX_NUMBER = 1e12
MAX_DEPTH = 40

ReportData = dict[str, Any]
Migration = Callable[[ReportData], ReportData]


def _from_1(data: ReportData) -> ReportData:
    """Version 2 calls the ways of a rep ``out_s`` and ``return_s``, since not every movement goes down and up."""
    reps = data.get("reps")
    # what is missing or something else altogether is told by whoever reads the report's parts
    if not isinstance(reps, dict) or not isinstance(reps.get("items"), list):
        return dict(data)
    items = [{RENAMED_IN_2.get(key, key): value for key, value in item.items()} for item in reps["items"]]
    return {**data, "reps": {**reps, "items": items}}


RENAMED_IN_2 = {"down_s": "out_s", "up_s": "return_s"}
MIGRATIONS: dict[int, Migration] = {1: _from_1}
"""From a version to the next: ``MIGRATIONS[1]`` makes a version 2 out of a version 1. They only ever gain entries."""

_SCHEMA = re.compile(r"posturecam\.report/([0-9]{1,6})")
_HALF = re.compile("[\ud800-\udfff]")


def read_report_data(path: Path) -> ReportData:
    """The JSON of a ``report.json``, brought up to this program's version; StoreError says what is wrong with the file."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise StoreError(f"{path} is not a report: it is larger than any report can be.")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise StoreError(f"There is no report at {path}.") from error
    except UnicodeDecodeError as error:
        raise _damaged(path, "it is not text") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, "it is cut off" if text.lstrip().startswith("{") else "it is not JSON") from error
    if not isinstance(data, dict):
        raise _damaged(path, "it is not a JSON object")
    _check_values(data, path)
    return migrated(data, path)


def _check_values(data: ReportData, path: Path) -> None:
    """Refuse, wherever they stand, values that JSON can hold and no report does; SessionError names the first."""
    waiting: list[tuple[tuple[str, ...], ReportData | list[Any]]] = [((), data)]
    while waiting:
        place, holder = waiting.pop()
        for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
            if isinstance(key, str) and _unfit(key):
                raise SessionError(path, ".".join(place[:6]), "a name in it is not text")
            inner = isinstance(value, (dict, list))
            problem = "is nested too deeply" if inner and len(place) >= MAX_DEPTH else _unfit(value)
            if problem:
                raise SessionError(path, ".".join((*place, str(key)[:60])[:6]), problem)
            if inner:
                waiting.append(((*place, str(key)[:60]), value))


def _unfit(value: object) -> str:
    """What is wrong with a single value, in words; empty when nothing is."""
    if isinstance(value, str):
        return "holds half a character" if _HALF.search(value) else ""
    if isinstance(value, float) and not math.isfinite(value):
        return "is not finite"
    if isinstance(value, (int, float)) and abs(value) > MAX_NUMBER:
        return "is larger than anything a session holds"
    return ""


def migrated(data: ReportData, path: Path) -> ReportData:
    """``data`` brought up to this program's version, step by step; ``path`` is for the message of what cannot be."""
    found = _SCHEMA.fullmatch(str(data.get("schema")))
    if found is None:
        raise StoreError(f"{path} is not a posturecam report: its 'schema' is not {SCHEMA!r}.")
    version = int(found.group(1))
    if version > CURRENT:
        raise StoreError(
            f"{path} was made by a newer posturecam (report version {version}, this program knows {CURRENT}); update posturecam."
        )
    while version < CURRENT:
        step = MIGRATIONS.get(version)
        if step is None:
            raise StoreError(f"{path} is of report version {version}, which this program can no longer read.")
        try:
            data = step(data)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(path, f"it could not be brought up from version {version}") from error
        version += 1
        data["schema"] = f"posturecam.report/{version}"
    return data


def text_of(data: Mapping[str, Any], key: str) -> str:
    """A text among the report's keys; empty when it is missing or something else."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _damaged(path: Path, how: str) -> SessionError:
    return SessionError(path, "", how)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
