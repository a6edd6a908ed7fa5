"""What the program does for a user, without a command line."""

from __future__ import annotations

from typing import Any

__all__ = ["analyse_many", "order"]


def __getattr__(name: str) -> Any:
    """The two functions with which another program judges recordings, loaded when they are asked for."""
    if name == "analyse_many":
        from posturecam.app.many import analyse_many

        return analyse_many
    if name == "order":
        from posturecam.app.orders import order

        return order
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
