"""Mutations of bytes, texts and JSON values, by a seeded random generator."""

from __future__ import annotations

import json
import random
import re
import struct
from collections.abc import Callable, Sequence
from typing import Any

MAX_BYTES = 2_000_000
INTERESTING = (0, 1, 2, 7, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 60000)
WORDS = (
    "", " ", "null", "true", "NaN", ".nan", "-.inf", "1e999", "-1", "0", "99999999999999999999", "1e-300", "&a [*a]", "*a",
    "!!python/x",
    "{", "[", "]", "}", "- ", ": ", "#", "\t", "\0", "\x1b[2J", "\u202e", "\ufeff", "é", "💪", "'", '"', "<script>", "%s",
    "{0}", "../../x",
    "/dev/zero", "con", "near.wrist", "left", "mid.hip", ">= 10", "< nan", "[0, -1]", "rep", "hold", "degrees", "-" * 300,
    "a" * 5000,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1e308, -1e308, 1e-320, 2**31, 2**63, 2**80, float("nan"), float("inf"), "", "left",
    "x" * 4000, "\ud800",
    "\x00", "<b>&\"'", "../../x", [], {}, [[]], [None], {"": None}, [0.0, -1.0], "2026-13-45T99:99:99",
    "9999-12-31T23:59:59+00:00",
    "0001-01-01T00:00:00", "ok", "fault", "unknown",
)  # fmt: skip


def mutated_bytes(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds after one to eight mutations."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        _BYTES[rng.randrange(len(_BYTES))](rng, data, seeds)
        del data[MAX_BYTES:]
    return bytes(data)


def _place(rng: random.Random, data: bytearray) -> int:
    # heads and tails hold what is read first: sizes, indices, kinds
    at = rng.choice((rng.randrange(64), rng.randrange(512), len(data) - 1 - rng.randrange(512), rng.randrange(1 << 30)))
    return at % len(data) if data else 0


def _flip(rng: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    for _ in range(rng.choice((1, 2, 16, 200))):
        if data:
            data[_place(rng, data)] ^= 1 << rng.randrange(8)


def _number(rng: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    at = _place(rng, data)
    width = rng.choice("BHIQ")
    value = rng.choice(INTERESTING) & ((1 << 8 * struct.calcsize(width)) - 1)
    packed = struct.pack(rng.choice("<>") + width, value)
    data[at : at + len(packed)] = packed


def _cut(rng: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    del data[_place(rng, data) :]


def _remove(rng: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    at = _place(rng, data)
    del data[at : at + rng.choice((1, 4, 64, 1000))]


def _double(rng: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    at, length = _place(rng, data), rng.choice((4, 64, 1000, 20_000))
    data[at:at] = data[at : at + length] * rng.choice((1, 1, 2, 30))


def _splice(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    other = rng.choice(seeds)
    start = rng.randrange(len(other) + 1)
    data[_place(rng, data) :] = other[start:]


def _fill(rng: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    at, length = _place(rng, data), rng.choice((8, 100, 3000))
    data[at : at + length] = rng.choice((bytes(length), b"\xff" * length, rng.randbytes(length)))


_BYTES: Sequence[Callable[[random.Random, bytearray, Sequence[bytes]], None]] = (
    _flip, _flip, _number, _number, _cut, _remove, _double, _splice, _fill,
)  # fmt: skip


def mutated_text(rng: random.Random, seeds: Sequence[str]) -> bytes:
    """One of the texts after one to six mutations of lines and words; now and then of its bytes as well."""
    lines = rng.choice(seeds).splitlines()
    for _ in range(rng.choice((1, 1, 1, 2, 6))):
        at = rng.randrange(len(lines)) if lines else 0
        what = rng.randrange(10)
        if what == 0:
            del lines[at : at + rng.choice((1, 1, 3, 20))]
        elif what == 1:
            lines[at:at] = [rng.choice(rng.choice(seeds).splitlines() or [""])]
        elif what == 2 and lines:
            lines[at] = " " * rng.randrange(12) + lines[at].lstrip()
        elif what == 3:
            lines.insert(at, rng.choice(WORDS))
        elif lines:
            words = lines[at].split(" ")
            which = rng.randrange(len(words))
            if _number_in(words[which]) is not None and rng.random() < 0.7:
                words[which] = _other_number(rng, words[which])
                lines[at] = " ".join(words)
                continue
            words[which] = rng.choice((rng.choice(WORDS), rng.choice(rng.choice(seeds).split() or [""])))
            lines[at] = " ".join(words)
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    return mutated_bytes(rng, [data]) if rng.random() < 0.15 else data


def _number_in(word: str) -> re.Match[str] | None:
    return re.search(r"-?[0-9]+(\.[0-9]+)?", word)


def _other_number(rng: random.Random, word: str) -> str:
    """The word with its number made another one that may still make sense."""
    found = _number_in(word)
    assert found is not None
    value = float(found[0])
    other = rng.choice((value * 1.5, value / 3, -value, value + 1, 0, value * 100, round(value)))
    return word[: found.start()] + f"{other:g}" + word[found.end() :]


def mutated_json(rng: random.Random, value: Any) -> bytes:
    """A JSON value with one to five of its parts replaced, removed, doubled or exchanged; now and then of its bytes as well."""
    value = json.loads(json.dumps(value))
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        value = _changed(rng, value)
    data = json.dumps(value).encode()
    if rng.random() < 0.1:
        deep = rng.choice((200, 5000, 100_000))
        return rng.choice((b"[" * deep, b'{"a":' * deep, b"[" * deep + b"]" * deep, b"\xff\xfe" + data, b""))
    return mutated_bytes(rng, [data]) if rng.random() < 0.15 else data


def _changed(rng: random.Random, value: Any) -> Any:
    places = list(_places(value))
    if not places or rng.random() < 0.02:
        return rng.choice(VALUES)
    parent, key = rng.choice(places)
    what = rng.random()
    if what < 0.15:
        del parent[key]
    elif what < 0.3:
        other, name = rng.choice(places)
        parent[key] = (
            json.loads(json.dumps(other[name]))
            if name in other or (isinstance(other, list) and name < len(other))
            else None
        )
    elif what < 0.4 and isinstance(parent, list):
        parent[key:key] = [parent[key]] * rng.choice((1, 3, 200))
    elif what < 0.5 and isinstance(parent[key], (int, float)):
        parent[key] = parent[key] * rng.choice((-1, 0.5, 1e6, 1e300, 0))
    else:
        parent[key] = rng.choice(VALUES)
    return value


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        keys = list(item) if isinstance(item, dict) else range(len(item)) if isinstance(item, list) else ()
        found += [(item, key) for key in keys]
        waiting += [item[key] for key in keys]
    return found
