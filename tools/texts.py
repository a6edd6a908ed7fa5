"""Gathers every text that a person reads or hears into the catalogue, and compiles the translations: ``make texts``.

Writes ``posturecam/locale/posturecam.pot``, brings each language's ``posturecam.po`` up to date (new texts stand there without
words, what no text asks for any more is dropped) and compiles it to ``posturecam.mo``, which is committed as well, so that an
installation needs no compiler. ``--check`` writes nothing and tells what is not current or not translated.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from posturecam.language import DOMAIN, GRAMMAR, STORED  # noqa: E402
from posturecam.model import LANDMARK_NAMES  # noqa: E402
from posturecam.web.texts import script_texts  # noqa: E402

PACKAGE, SPECS = ROOT / "posturecam", ROOT / "exercise_specs"
LOCALE = PACKAGE / "locale"
TEMPLATE = LOCALE / f"{DOMAIN}.pot"
MARKS = ("gettext", "msgid", "stored", "ngettext", "pgettext")
TEMPLATE_MARKS: Mapping[str, Any] = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
ONE_TEXT, SEVERAL_TEXTS = (
    ("name", "variant_name", "advice", "cue", "praise", "label", "description", "whether"),
    ("steps", "red_flags"),
)
"""The keys of a spec whose values are read or heard."""
PARTS = tuple(f"{side} {part}" for side in ("left", "right") for part in ("foot", "hand"))
"""Parts that a person calls otherwise than the model does."""
NOT_SHOWN = ("source", "origin")
NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
"""The date in every catalogue's head: the texts alone decide whether a file has changed."""
GRAMMAR_NOTES = {
    ".": "The decimal sign of numbers.",
    "small": "Say “small” if a name inside a sentence begins with a small letter; else say “as it is” (as nouns do in German).",
}


def gathered() -> Catalog:
    """Every text, with where it stands; sentences that are kept in English have a context of their own."""
    catalog = _catalog(None)
    for place, context, text, note in sorted(_texts(), key=lambda found: found[0]):
        known = catalog.get(text if isinstance(text, str) else text[0], context)
        if known is not None and not known.pluralizable and not isinstance(text, str):
            catalog.delete(text[0], context)
        elif known is not None and known.pluralizable and isinstance(text, str):
            text = known.id
        catalog.add(
            text,
            context=context,
            locations=[(place, 0)],
            auto_comments=[note] if note else [],
            flags=["python-brace-format"] if "{" in str(text) else [],
        )
    return catalog


Found = tuple[str, "str | None", "str | tuple[str, str]", str]


def _texts() -> Iterator[Found]:
    for path in sorted(PACKAGE.rglob("*.py")):
        place = str(path.relative_to(ROOT))
        for context, text in code_texts(path.read_text(encoding="utf-8")):
            yield place, context, text, ""
    for path in sorted(PACKAGE.rglob("*.j2")):
        place = str(path.relative_to(ROOT))
        for _, text, _, context in extract(babel_extract, io.BytesIO(path.read_bytes()), TEMPLATE_MARKS):
            yield place, context, text, ""
    for name, text in script_texts():
        yield f"posturecam/web/static/{name}", None, text, ""
    for path in sorted(SPECS.rglob("*.yaml")):
        place = str(path.relative_to(ROOT))
        for key, text in spec_texts(yaml.safe_load(path.read_text(encoding="utf-8"))):
            yield place, None, text, key
    for name in (*(name.replace("_", " ") for name in LANDMARK_NAMES), *PARTS):
        yield "posturecam/model.py", None, name, "A part of the body, as “left elbow” stands alone"
    for text, note in GRAMMAR_NOTES.items():
        yield "posturecam/language.py", GRAMMAR, text, note


def code_texts(source: str) -> Iterator[tuple[str | None, str | tuple[str, str]]]:
    """The context and the text of every call that marks one in a Python file."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        given = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name not in MARKS or not given or not isinstance(node.args[0], ast.Constant):
            continue
        if name == "ngettext":
            yield None, (given[0], given[1])
        elif name == "pgettext":
            yield given[0], given[1]
        else:
            yield (STORED if name == "stored" and "{" in given[0] else None), given[0]


def spec_texts(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """What is read or heard of a spec: which part of it, and the text; the names of a cycle's ends as they are shown."""
    if isinstance(node, list):
        for one in node:
            yield from spec_texts(one, key)
        return
    if not isinstance(node, dict):
        if isinstance(node, str) and key in SEVERAL_TEXTS:
            yield key, node
        return
    for name, value in node.items():
        if name in NOT_SHOWN:
            continue
        if name in ONE_TEXT and isinstance(value, str):
            yield name, value
        elif name == "ends" and isinstance(value, dict):
            yield from (("end", str(end).replace("_", " ").capitalize()) for end in value)
        else:
            yield from spec_texts(value, str(name))


class _Catalog(Catalog):
    """A catalogue whose head does not name the version of the tool, which would change the file."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The head's lines."""
        return [(name, value) for name, value in self._get_mime_headers() if name != "Generated-By"]


def _catalog(locale: str | None) -> Catalog:
    return _Catalog(
        locale=locale,
        domain=DOMAIN,
        header_comment="# Texts of posturecam. See docs/languages.md.",
        project="posturecam",
        version="texts",
        msgid_bugs_address="see README.md",
        creation_date=NOON,
        revision_date=NOON,
        last_translator="The posturecam founders",
        language_team="posturecam",
        fuzzy=False,
    )


def languages() -> list[str]:
    """The languages that there are translations for."""
    return sorted(path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def translations(language: str) -> Catalog:
    """A language's translations as they are written."""
    with _path(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def updated(old: Catalog, texts: Catalog) -> Catalog:
    """The translations of exactly these texts, in their order; no words are guessed."""
    new = _catalog(str(old.locale))
    # as the translators have it: CLDR's rules tell millions apart in Spanish
    new._num_plurals, new._plural_expr = old.num_plurals, old.plural_expr
    for message in texts:
        if not message.id:
            continue
        known = old.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        words = known.string if known is not None and known.pluralizable == message.pluralizable else None
        new.add(
            message.id,
            words,
            message.locations,
            message.flags,
            message.auto_comments,
            known.user_comments if known is not None else (),
            context=message.context,
        )
    return new


def places(text: str) -> set[str]:
    """What has to be filled in."""
    return set(re.findall(r"\{(\w+)\}", text))


def faults(catalog: Catalog) -> list[str]:
    """What is not translated, only guessed, or asks for something else to be filled in than the text does."""
    found = []
    for message in catalog:
        if message.id:
            found += [f"{catalog.locale}: {fault}: {message.id!r}" for fault in _faults_of(message)]
    return found


def _faults_of(message: Message) -> Iterator[str]:
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    words = message.string if isinstance(message.string, tuple) else (message.string,)
    if message.fuzzy:
        yield "only guessed"
    if not all(words):
        yield "not translated"
        return
    asked = set().union(*map(places, ids))
    for one in words:
        if not places(one) <= asked or places(ids[-1]) - places(one) - {"number"}:
            yield f"other places ({one!r})"
        if message.context != GRAMMAR and ids[0].endswith((" ", ".", ":")) and ids[0][-1] != one[-1:]:
            yield f"another ending ({one!r})"


def po_bytes(catalog: Catalog) -> bytes:
    """A catalogue as a .po file."""
    file = io.BytesIO()
    write_po(file, catalog, width=100, include_lineno=False, ignore_obsolete=True)
    return file.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """A catalogue compiled."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def _path(language: str, suffix: str = "po") -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.{suffix}"


def files() -> dict[Path, bytes]:
    """Every file of the catalogue as it should be."""
    texts = gathered()
    made = {TEMPLATE: po_bytes(texts)}
    for language in languages():
        catalog = updated(translations(language), texts)
        made[_path(language)] = po_bytes(catalog)
        made[_path(language, "mo")] = mo_bytes(catalog)
    return made


def main(arguments: list[str]) -> int:
    """Write the catalogue, or with ``--check`` only tell what is wrong with it; returns the exit code."""
    stale = {path: content for path, content in files().items() if not path.is_file() or path.read_bytes() != content}
    for path, content in stale.items():
        if "--check" in arguments:
            print(f"not current: {path.relative_to(ROOT)}; say: make texts")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"written: {path.relative_to(ROOT)}")
    wrong = [fault for language in languages() for fault in faults(translations(language))]
    print(*wrong, sep="\n")
    return 1 if wrong or ("--check" in arguments and stale) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
