"""The program's entry: ``posturecam`` and ``python -m posturecam``."""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # until the handlers stand, Ctrl-C ends the process without a traceback from some half-loaded library
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run() -> None:
    """Take the signals before anything else is loaded, then run the command line."""
    from posturecam.cli import signals

    signals.starting()
    signals.install()
    from posturecam.cli.main import run as run_command_line

    run_command_line()


if __name__ == "__main__":
    run()
