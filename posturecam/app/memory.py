"""What was done last, so that it need not be named again: one small file beside the stored sessions."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from posturecam.errors import OutputError
from posturecam.files import write_whole
from posturecam.store import SessionStore

FILE = "last.json"


@dataclass(frozen=True)
class Last:
    """The exercise or programme that was done last; of a programme, step ``at`` (from 0) ``of`` so many is due."""

    programme: str | None = None
    exercise: str | None = None
    variant: str | None = None
    minutes: float | None = None
    without: tuple[str, ...] = ()
    at: int = 0
    of: int = 0

    @property
    def unfinished(self) -> bool:
        """Whether it is a programme that was left in its midst."""
        return self.programme is not None and 0 < self.at < self.of


def _path(store: SessionStore) -> Path:
    return store.root.parent / FILE


def remember(store: SessionStore, last: Last) -> None:
    """Keep it for the next call; a full disk costs no more than that."""
    with suppress(OSError, OutputError):
        write_whole(_path(store), json.dumps(asdict(last)) + "\n")


def forget(store: SessionStore) -> None:
    """Forget what was done last."""
    _path(store).unlink(missing_ok=True)


def recall(store: SessionStore) -> Last | None:
    """What was done last; None when that is not known."""
    try:
        data = json.loads(_path(store).read_text(encoding="utf-8"))
        last = Last(**{**data, "without": tuple(data.get("without", ()))})
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    texts = (last.programme, last.exercise, last.variant)
    sound = all(isinstance(text, (str, type(None))) for text in texts)
    sound &= isinstance(last.at, int) and isinstance(last.of, int) and last.at >= 0
    sound &= isinstance(last.minutes, (int, float, type(None))) and all(isinstance(one, str) for one in last.without)
    return last if sound else None
