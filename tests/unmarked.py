"""Finds words in the code and in templates that a person may read and that no catalogue is asked for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

MARKS = frozenset({"gettext", "msgid", "stored", "ngettext", "pgettext", "plural_form"})
SENTENCE = re.compile(r"[A-Za-z’']{2,}[,;:]? [A-Za-z’']+|^[A-Z][a-z’-]+[.:!?]?$")
"""Two words in a row, or one with a capital letter: ids have neither."""
SCRIPTED = re.compile(r"^[A-Z][a-z’-]+([ ,.:!?]|$)|[a-z]{2,}( [a-z]+){2,}| (of|and|set|side) ?$|^ ?(of|and|set|side) ")
"""In scripts, where several words may be a selector."""
PIECE = re.compile(r"(^|[\s(,:;])[A-Za-z]{2,}([\s),.:;]|$)")
"""In an f-string a single word is enough."""


def unmarked(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each string in Python code that reads like words and is not marked.

    What is raised as an error, a docstring, compared, looked up or typed is no text that a patient reads.
    """
    yield from _within(ast.parse(source), marked=False)


def _within(node: ast.AST, *, marked: bool) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if not marked and SENTENCE.search(node.value):
            yield node.lineno, node.value
        return
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.Constant):
                if not marked and PIECE.search(str(part.value)):
                    yield part.lineno, str(part.value)
            else:
                yield from _within(part, marked=marked)
        return
    if isinstance(node, ast.Raise | ast.Compare | ast.Subscript) or _is_docstring(node):
        return
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from _within(value, marked=marked)
        return
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        for argument in node.args:
            yield from _within(argument, marked=marked or name in MARKS or name.endswith("Error"))
        for keyword in node.keywords:
            yield from _within(keyword.value, marked=marked or name.endswith("Error"))
        yield from _within(node.func, marked=marked)
        return
    for child in ast.iter_child_nodes(node):
        yield from _within(child, marked=marked)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


SCRIPT_WORDS = frozenset({"use strict", "Enter", "Escape"})
"""Words of the language of scripts, and names of keys."""


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped += tag in ("script", "style", "code")
        self.found += [
            value for name, value in attrs if name in ("alt", "title", "aria-label", "placeholder") and value
        ]

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.found.append(data)


def words_of(page: str) -> list[str]:
    """Everything that a page shows or reads out: texts between tags, and the attributes that stand for pictures and fields."""
    parser = _Words()
    parser.feed(page)
    return [text.strip() for text in parser.found if text.strip()]


def unmarked_in_template(source: str) -> list[str]:
    """The words of a template that stand in it as they are."""
    bare = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", " ", source, flags=re.DOTALL)
    return [text for text in words_of(bare) if re.search(r"[A-Za-z]{2,}", text)]


def unmarked_in_script(source: str) -> list[str]:
    """The strings of a script that read like words and do not stand in ``t("...")``."""
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    source = re.sub(r'\bt\(\s*"(?:[^"\\]|\\.)*"', "", source)
    strings = re.findall(r'"((?:[^"\\\n]|\\.)*)"', source)
    return [text for text in strings if SCRIPTED.search(text) and text not in SCRIPT_WORDS]
