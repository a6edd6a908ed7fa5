"""The words of the page's scripts: they stand in the scripts as ``t("...")``, and each page brings them along translated."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from posturecam.language import SOURCE, current, gettext

STATIC = Path(__file__).with_name("static")
_CALL = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')


@functools.cache
def script_texts() -> tuple[tuple[str, str], ...]:
    """Each script's name and a text of it, in their order."""
    return tuple(
        (path.name, text)
        for path in sorted(STATIC.glob("*.js"))
        for text in _CALL.findall(path.read_text(encoding="utf-8"))
    )


def told() -> dict[str, str]:
    """The scripts' texts in the language spoken here; nothing in English, which they speak themselves."""
    return {} if current() == SOURCE else {text: gettext(text) for _, text in script_texts()}
