"""The program's entry: ``posturecam`` and ``python -m posturecam``."""

from posturecam.cli import signals


def run() -> None:
    """Take the signals before anything else is loaded, then run the command line."""
    signals.starting()
    signals.install()
    from posturecam.cli.main import run as run_command_line

    run_command_line()


if __name__ == "__main__":
    run()
