"""``python -m posturecam``."""

from posturecam.cli.main import run

if __name__ == "__main__":
    run()
