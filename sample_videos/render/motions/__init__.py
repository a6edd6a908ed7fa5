"""One module per family of exercises; importing this package fills `MOTIONS`."""

from . import (  # noqa: F401
    all_fours,
    child,
    doorway,
    front_standing,
    neck,
    negatives,
    prone,
    shoulders,
    side_lying,
    supine,
    upright_side,
)
from .registry import MOTIONS, all_clips

__all__ = ["MOTIONS", "all_clips"]
