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
    """Variants of the exercise that the line names already, as an option or anywhere as a word of its own."""
    from posturecam.errors import PosturecamError
    from posturecam.spec.catalogue import exercise_ids, load_spec

    # a line that ends with an option is not parsed to its end: its words have not been given their places then
    words = [ctx.params.get("exercise"), ctx.params.get("spec"), *ctx.args]
    name = next((word for word in words if word in exercise_ids() or str(word).endswith((".yaml", ".yml"))), None)
    try:
        known = load_spec(name).variants if name else ()
    except PosturecamError:
        return []
    return [variant for variant in known if variant.startswith(incomplete)]
