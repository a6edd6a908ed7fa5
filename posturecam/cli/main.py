"""The command line's entry: gathers the commands and turns errors into one sentence and an exit code."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from posturecam import __version__, language
from posturecam.cli import signals
from posturecam.cli.console import show_tracebacks, told
from posturecam.cli.streams import guard_standard_streams
from posturecam.errors import CallError, PosturecamError

COMMANDS: tuple[str, ...] = (
    "app",
    "live",
    "analyse",
    "report",
    "rescore",
    "history",
    "compare",
    "sessions",
    "people",
    "specs",
    "evaluate",
    "model",
    "doctor",
)
"""In the order of ``--help``. Each is a module of this package with either ``app`` (a Typer with sub-commands) or a function of
its own name. They are imported for every call, so they import heavy libraries only inside their functions."""

ENGLISH: tuple[str, ...] = ("rescore", "compare", "sessions", "people", "specs", "model", "doctor")
"""Commands that only speak English: no patient reads what they print."""

INTERRUPTED = 130
BROKEN_PIPE = 141
LANGUAGE = "--language"


def run() -> None:
    """The ``posturecam`` program."""
    written = guard_standard_streams()
    code = main(sys.argv[1:])
    signals.over()
    if written is not None and written.lost is not None:
        print(
            f"Standard output cannot be written to ({written.lost.strerror or written.lost}), so part of what was to be shown "
            "is missing; files are written as told, send the output to another place.",
            file=sys.stderr,
        )
        code = code or 1
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    sys.exit(code)


def main(arguments: Sequence[str]) -> int:
    """Run the command line ``arguments`` and return the exit code; errors go to standard error in one sentence.

    0 done, 1 could not, 2 wrong call or wrong spec, 3 done but nothing could be judged; ended by a signal: 130 Ctrl-C, 143 kill,
    129 closed terminal.
    """
    arguments, debug = _without_debug(arguments)
    try:
        arguments, wanted = _without_language(arguments)
    except CallError as error:
        return _fail(error, str(error), error.exit_code, debug)
    command = next((argument for argument in arguments if not argument.startswith("-")), None)
    language.use(language.SOURCE if command in ENGLISH else wanted or language.from_environment())
    if not arguments and sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty():
        arguments = ["live"]  # lets the person choose
    show_tracebacks(debug)
    try:
        call = build()
        signals.started()
        code = call(args=list(arguments), prog_name="posturecam", standalone_mode=False)
        sys.stdout.flush()
        if code == INTERRUPTED:  # Typer's own answer to Ctrl-C
            return _stopped()
        return code if isinstance(code, int) else 0
    except PosturecamError as error:
        code = _fail(error, str(error), error.exit_code, debug)
        return signals.exit_code() if signals.came() else code
    except (KeyboardInterrupt, typer.Abort):
        return _stopped()
    except BrokenPipeError:
        _give_up_stdout()
        return signals.exit_code() if signals.came() else BROKEN_PIPE
    except Exception as error:
        if signals.came():  # a library that was interrupted may say so in its own words
            if debug:
                traceback.print_exception(error)
            return _stopped()
        if _is_help(error):
            print(error, file=sys.stderr)
            return 2
        if _is_usage_error(error):
            return _fail(error, _usage_sentence(error), 2, debug)
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        return _fail(
            error,
            f"Something unforeseen went wrong ({what}); run it again with --debug and report what it prints.",
            1,
            debug,
        )


class _InOrder(TyperGroup):
    """Lists the commands as ``COMMANDS`` does; Typer would put those with sub-commands last."""

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(super().list_commands(ctx), key=COMMANDS.index)


def build() -> typer.Typer:
    """The Typer application with every command."""
    app = typer.Typer(
        cls=_InOrder,
        no_args_is_help=True,
        add_completion=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name in COMMANDS:
        module = importlib.import_module(f"posturecam.cli.{name}")
        if isinstance(getattr(module, "app", None), typer.Typer):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, name))
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"posturecam {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole traceback of an error.")] = False,
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            metavar="de|en|es",
            help="What you read and hear; may stand anywhere.  [default: the system's, or en]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Checks your form in exercises for the upper back, from a webcam or a recording, on your own machine."""


def _without_debug(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """The arguments without ``--debug``, which may stand anywhere before ``--``, and whether it was there."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    kept = [argument for argument in arguments[:end] if argument != "--debug"]
    return [*kept, *arguments[end:]], len(kept) < end


def _without_language(arguments: Sequence[str]) -> tuple[list[str], str | None]:
    """The arguments without ``--language``, which may stand before ``--``, and what it says; CallError for an unknown one."""
    kept: list[str] = []
    wanted: str | None = None
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            return [*kept, argument, *rest], wanted
        name, given, value = argument.partition("=")
        if name != LANGUAGE:
            kept.append(argument)
            continue
        wanted = value if given else next(rest, "")
        if wanted not in language.languages():
            raise CallError(f"--language {wanted!r} is not known; choose from {', '.join(language.languages())}.")
    return kept, wanted


def _stopped() -> int:
    """What a call comes to that the user ended; a command has told before what it saved."""
    print(signals.STOPPED, file=sys.stderr)
    return signals.exit_code()


def _fail(error: BaseException, sentence: str, code: int, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    print(told(sentence), file=sys.stderr)
    return code


def _is_usage_error(error: Exception) -> bool:
    """Whether the command line could not be parsed: Typer's parser has no public name for that, and it changes by version."""
    return hasattr(error, "format_message") and getattr(error, "exit_code", None) == 2


def _is_help(error: Exception) -> bool:
    """Whether the call named no command, so that its help is the answer."""
    return type(error).__name__ == "NoArgsIsHelpError"


def _usage_sentence(error: Any) -> str:
    path = error.ctx.command_path if getattr(error, "ctx", None) is not None else "posturecam"
    return f"{error.format_message().rstrip('.')}; see: {path} --help"


def _give_up_stdout() -> None:
    """Whoever read our output has gone: keep the interpreter from complaining about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
