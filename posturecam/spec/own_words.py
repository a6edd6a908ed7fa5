"""The translations that a user's own exercise brings along: for ``curl.yaml`` in German the file ``curl.de.yaml`` beside it.

Each is a plain mapping of texts, as the exercise has them, to words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from posturecam.errors import SpecError
from posturecam.language import SOURCE, add_own, languages
from posturecam.spec.tree import Problem, read_tree

LONGEST = 2000


def learn_words(spec: Path) -> None:
    """Take the translations that lie beside an exercise's file; SpecError lists what is wrong with them."""
    for code in languages():
        beside = spec.with_name(f"{spec.stem}.{code}{spec.suffix}")
        if code != SOURCE and beside.is_file():
            add_own(code, _words(beside, beside.stat().st_mtime_ns))


# a history opens many sessions of one exercise
@lru_cache(maxsize=32)
def _words(path: Path, changed_ns: int) -> Mapping[str, str]:  # noqa: ARG001 - a file that has changed is read again
    root, problems = read_tree(path)
    problems = list(problems)
    words: dict[str, str] = {}
    for text, node in root.value.items():
        if isinstance(node.value, str) and 0 < len(node.value) <= LONGEST:
            words[text] = node.value
        else:
            problems.append(Problem(node.line, f"{text!r} needs its words in this language, as text"))
    if problems:
        raise SpecError([problem.at(path) for problem in problems])
    return words
