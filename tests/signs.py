"""A language of signs: every text of the catalogue stands between them, so that what stands outside has gone past it."""

from __future__ import annotations

import importlib.util
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import cast
from unittest.mock import patch

from babel.messages.mofile import write_mo

from posturecam import language

OPEN, CLOSE, SIGNS = "⟦", "⟧", "xx"


@cache
def texts() -> ModuleType:
    """``tools/texts.py``."""
    spec = importlib.util.spec_from_file_location("texts", Path(__file__).parents[1] / "tools" / "texts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _compiled() -> bytes:
    """The catalogue of signs, gathered once: that takes a second."""
    catalog = texts().gathered()
    for message in catalog:
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            words = tuple(f"{OPEN}{text}{CLOSE}" if message.context != texts().GRAMMAR else text for text in ids)
            message.string = words if message.pluralizable else words[0]
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    return compiled.getvalue()


@contextmanager
def signs_known(folder: Path) -> Iterator[None]:
    """There is one more language, :data:`SIGNS`; its catalogue is written into the folder."""
    place = folder / SIGNS / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "posturecam.mo").write_bytes(_compiled())
    with patch.object(language, "LOCALE", folder):
        _forget()
        try:
            yield
        finally:
            _forget()


def _forget() -> None:
    language.languages.cache_clear()
    language._translations.cache_clear()


def past_the_catalogue(text: str, names: str) -> str:
    """The words of a text that stand between no signs and are none of the ``names`` (a pattern)."""
    before = None
    while before != text:
        before, text = text, re.sub(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", "", text)
    return " ".join(cast("list[str]", re.findall(r"[^\W\d_]{2,}", re.sub(names, "", text, flags=re.IGNORECASE))))
