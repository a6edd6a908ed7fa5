"""Choosing an exercise or a programme: in the terminal by its number or name, or in a window by its film."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Sequence
from typing import get_args

from posturecam.app.choices import Choice, choices, picked
from posturecam.app.memory import Last
from posturecam.errors import CallError
from posturecam.language import gettext
from posturecam.spec.schema import Equipment

NOT_NAMED = "Name one exercise, or --programme; 'posturecam specs list' shows the exercises."
NOTHING_TO_RESUME = "There is no programme that was ended early; start one with --programme."


def in_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def equipment_of(text: str | None) -> tuple[str, ...]:
    """Read ``band,roller``; raises CallError for what no exercise needs."""
    known = get_args(Equipment)
    names = tuple(name.strip().lower().rstrip("s") for name in (text or "").split(",") if name.strip())
    names = tuple("dumbbells" if name == "dumbbell" else name for name in names)
    for name in names:
        if name not in known:
            raise CallError(f"--without {text!r}: {name!r} is not known; choose from {', '.join(known)}.")
    return names


def resumed(last: Last | None, programme: str | None) -> Last:
    """The programme that was ended early, where it was left; raises CallError when there is none."""
    if last is None or not last.unfinished or programme not in (None, last.programme):
        raise CallError(NOTHING_TO_RESUME)
    return last


def chosen(named: Last, last: Last | None, *, window: bool = False) -> Last:
    """What the call names, or what is chosen from the list where it names nothing; raises as :func:`choose` does."""
    if named.exercise is not None or named.programme is not None:
        return named
    return choose(last, named.minutes, named.without, window=window)


def choose(
    last: Last | None, minutes: float | None = None, without: tuple[str, ...] = (), *, window: bool = False
) -> Last:
    """Ask which, in the terminal and with a ``window`` there as well, whichever answers first.

    Raises CallError where nobody can be asked, KeyboardInterrupt for an empty end.
    """
    if not in_terminal():
        raise CallError(NOT_NAMED)
    listed = choices(last, minutes, without)
    width = max(len(one.title) for one in listed)
    print(gettext("What would you like to do?") + "\n")
    for number, one in enumerate(listed, 1):
        print(f"  {number:2}  {one.title:{width}}  {one.remark}")
    print()
    usual = listed[0] if last is not None else None
    if window and _can_be_watched():
        found = _in_window(listed, usual)
        if found is not None:
            return found.last
    return _in_terminal(listed, usual).last


def _in_terminal(listed: Sequence[Choice], usual: Choice | None) -> Choice:
    while True:
        try:
            found = _answered(
                input(gettext("Number or name{usual}, Q to leave: ", usual=" [1]" if usual else "")), listed, usual
            )
        except EOFError:
            raise KeyboardInterrupt from None
        if found is not None:
            return found


def _answered(answer: str, listed: Sequence[Choice], usual: Choice | None) -> Choice | None:
    """What a line that was typed chooses; None, and a sentence, for what is not in the list; KeyboardInterrupt for leaving."""
    answer = answer.strip()
    if answer.lower() in ("q", "quit", "exit"):
        raise KeyboardInterrupt
    found = picked(answer, listed) if answer else usual
    if found is None:
        print(gettext("That is not in the list; give a number of it, or part of a name."))
    return found


def _can_be_watched() -> bool:
    """Whether a line in the terminal can be waited for while a window is open: not on Windows, where files alone can be."""
    return os.name == "posix"


def _in_window(listed: Sequence[Choice], usual: Choice | None) -> Choice | None:
    """Let the person choose in a window or in the terminal; None where no window can be opened."""
    from posturecam.app.window_chooser import choose_in_window
    from posturecam.errors import DisplayError

    prompt = gettext(
        "Choose in the window, or give a number or name{usual} here, Q to leave: ", usual=" [1]" if usual else ""
    )

    def typed() -> Choice | None:
        if not select.select([sys.stdin], [], [], 0)[0]:
            return None
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        found = _answered(line, listed, usual)
        if found is None:
            print(prompt, end="", flush=True)
        return found

    try:
        return choose_in_window(listed, typed, lambda: print(prompt, end="", flush=True))
    except DisplayError:
        return None
    finally:
        print()
