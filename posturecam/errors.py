"""The errors a user can meet.

Each message is one sentence that says what happened, where, and what to do next. The command line prints it to
standard error and exits with :attr:`PosturecamError.exit_code`; nothing else in the program prints an error.
"""

from __future__ import annotations

from typing import Any


class PosturecamError(Exception):
    """Base of every error whose message is meant for the user; ``exit_code`` is the process's exit code."""

    exit_code = 1

    def __reduce__(self) -> tuple[Any, ...]:
        """As it is made anew in another process: by its message and fields, whatever its kind was made from."""
        return _again, (type(self), str(self), dict(vars(self)))


def _again(kind: type[PosturecamError], message: str, fields: dict[str, Any]) -> PosturecamError:
    error = kind.__new__(kind)
    error.args = (message,)
    vars(error).update(fields)
    return error


class SourceError(PosturecamError):
    """A recording, picture or camera that cannot be read."""


class ModelError(PosturecamError):
    """The pose model is missing, damaged or could not be fetched."""


class OutputError(PosturecamError):
    """A folder or file that cannot be written."""


class StoreError(PosturecamError):
    """A stored session that is missing, damaged or newer than this program."""


class SessionError(StoreError):
    """A stored session that contradicts itself or is damaged: ``path`` is the file, ``field`` where in it (empty: as a whole)."""

    def __init__(self, path: object, field: str, problem: str) -> None:
        """``problem``: what is wrong there, in a few words."""
        where = f"{field}: " if field else ""
        super().__init__(f"{path} is damaged ({where}{problem}); delete it, or analyse the recording again.")
        self.path = path
        self.field = field


class DisplayError(PosturecamError):
    """No window can be opened."""


class CallError(PosturecamError):
    """The command was called in a way that cannot work: unknown exercise, variant, option value."""

    exit_code = 2


class SpecError(PosturecamError):
    """An exercise spec with errors: ``problems`` holds one ``path:line: what was expected`` line each."""

    exit_code = 2

    def __init__(self, problems: list[str]) -> None:
        """Join the ``problems`` (at least one) into the message, a line each."""
        super().__init__("\n".join(problems))
        self.problems = problems


class NothingJudgedError(PosturecamError):
    """The work was done but nothing could be judged: nobody seen, or the wrong view throughout."""

    exit_code = 3
