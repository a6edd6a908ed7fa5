"""What the shell completes: ids of exercises, variants and programmes. Reads names of files only, as the shell waits for it."""

from __future__ import annotations

from typing import Any


def exercises(incomplete: str) -> list[str]:
    """Ids of exercises that begin so."""
    from posturecam.spec.catalogue import exercise_ids

    return [name for name in exercise_ids() if name.startswith(incomplete)]


def programmes(incomplete: str) -> list[str]:
    """Ids of programmes that begin so."""
    from posturecam.spec.catalogue import programme_ids

    return [name for name in programme_ids() if name.startswith(incomplete)]


def variants(ctx: Any, incomplete: str) -> list[str]:
    """Variants of the exercise that the line names already."""
    from posturecam.errors import PosturecamError
    from posturecam.spec.catalogue import load_spec

    name = ctx.params.get("exercise") or ctx.params.get("spec")
    try:
        known = load_spec(name).variants if name else ()
    except PosturecamError:
        return []
    return [variant for variant in known if variant.startswith(incomplete)]
