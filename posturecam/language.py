"""The language that people read and hear: one catalogue of texts (gettext) for every room, and how its numbers are written.

English texts stand in the code, in the templates and in the exercises' specs, and are the keys of the catalogue; what a
catalogue lacks stays English. What is kept on the disk stays English as well: it is put into the reader's language where it is
shown. The language is chosen for the process (:func:`use`), and for a thread or a request on its own (:func:`spoken`).
"""

from __future__ import annotations

import gettext as gnu
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeAlias, TypeVar

SOURCE = "en"
"""The language of the texts in the code and in the specs."""
DOMAIN = "posturecam"
LOCALE = Path(__file__).with_name("locale")
STORED = "stored"
"""The context of sentences that are kept on the disk in English, and are found again by what is fixed in them."""
GRAMMAR = "grammar"
LONGEST_STORED, LONGEST_PART = 400, 120
"""Letters of a kept sentence, and of what fills a place in it; what is longer comes from nobody of ours and is shown as it is."""
_ENVIRONMENT = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_PLACE = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"[-−+±]?\d+(\.\d+)?( ?%|°| s)?")
Text = TypeVar("Text", bound=str)
Speech: TypeAlias = tuple[str, dict[tuple[str, str], str]]


class _Translations(gnu.GNUTranslations):
    """A compiled catalogue that can also tell which sentences are kept in English."""

    @cached_property
    def stored(self) -> list[tuple[re.Pattern[str], str]]:
        """Their patterns, the one with the most fixed letters first, and their texts."""
        known: Mapping[object, object] = vars(self).get("_catalog", {})
        start = f"{STORED}\x04"
        texts = [key.removeprefix(start) for key in known if isinstance(key, str) and key.startswith(start)]
        texts.sort(key=lambda text: -len(_PLACE.sub("", text)))
        return [(_pattern(text), text) for text in texts]


def _pattern(text: str) -> re.Pattern[str]:
    parts = _PLACE.split(text)
    places = (
        f"(?P<{part}>.{{1,{LONGEST_PART}}}?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)
    )
    return re.compile("".join(places), re.DOTALL)


_process = SOURCE
_here: ContextVar[str | None] = ContextVar("language", default=None)
_own: dict[tuple[str, str], str] = {}
"""(language, text) -> the words that a user's own spec brings along."""


# choosing ---------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The codes of the languages there are, English first."""
    found = (path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (SOURCE, *sorted(found))


def current() -> str:
    """The language that is spoken here and now."""
    return _here.get() or _process


def use(language: str) -> None:
    """Speak a language of :func:`languages` in this process from now on, where no other one was chosen by :func:`spoken`."""
    global _process
    _process = _checked(language)


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Speak a language in this block only, in this thread or task; those it starts do so with a copy of its context."""
    token = _here.set(_checked(language))
    try:
        yield
    finally:
        _here.reset(token)


def from_environment() -> str:
    """The first language there is of those that the environment asks for, as gettext reads it; else English."""
    for variable in _ENVIRONMENT:
        wanted = os.environ.get(variable, "")
        for locale in wanted.split(":"):
            code = re.split(r"[_.@-]", locale)[0].lower()
            if code in languages():
                return code
        if wanted and variable != "LANGUAGE":
            break
    return SOURCE


def _checked(language: str) -> str:
    if language not in languages():
        raise ValueError(f"there is no language {language!r}; there are {', '.join(languages())}")
    return language


def add_own(language: str, texts: Mapping[str, str]) -> None:
    """Take the words of a user's own spec in a language, by their texts in the spec; the catalogue's go before them."""
    _own.update({(language, text): words for text, words in texts.items()})


def learn(own: Mapping[tuple[str, str], str]) -> None:
    """Take the words of users' own specs that another process knew, as :func:`speech` hands them on."""
    _own.update(own)


def speech() -> Speech:
    """What is spoken here, as it can be handed to another process."""
    return current(), dict(_own)


def adopt(speech: Speech) -> None:
    """Speak in this process what is spoken where it was started."""
    use(speech[0])
    learn(speech[1])


@lru_cache(maxsize=16)
def _translations(language: str) -> gnu.NullTranslations:
    path = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if language == SOURCE or not path.is_file():
        return gnu.NullTranslations()
    with path.open("rb") as file:
        return _Translations(file)


# texts ------------------------------------------------------------------------------------------------------------------


def msgid(text: Text) -> Text:
    """Mark a text that is put into another language where it is shown; returned as it is."""
    return text


def gettext(text: str, /, **values: object) -> str:
    """The text in the language spoken here, its ``{places}`` filled with the values; English where it is not known."""
    if not text:
        return ""
    language = current()
    words = _translations(language).gettext(text)
    if words == text:
        words = _own.get((language, text), text)
    return words.format(**values) if values else words


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """As :func:`gettext`, in the form that goes with the number, which fills ``{number}``."""
    return plural_form(one, many, number).format(number=number, **values)


def plural_form(one: str, many: str, number: int) -> str:
    """The form that goes with the number, its places not filled yet."""
    return _translations(current()).ngettext(one, many, number)


def pgettext(context: str, text: str, /, **values: object) -> str:
    """As :func:`gettext`, for a word that means several things: the context tells translators which."""
    words = _translations(current()).pgettext(context, text)
    return words.format(**values) if values else words


# sentences that are kept in English -------------------------------------------------------------------------------------


def stored(text: str, /, **values: object) -> str:
    """An English sentence that is kept on the disk, its places filled; :func:`retold` puts it into the reader's language."""
    return text.format(**values) if values else text


def retold(text: str) -> str:
    """A kept English sentence in the language spoken here; what is not one of ours stays as it is.

    Its figures and the words in it are those that were kept.
    """
    words = gettext(text)
    translations = _translations(current())
    if words != text or not isinstance(translations, _Translations) or len(text) > LONGEST_STORED:
        return words
    if _NUMBER.fullmatch(text):
        return decimals(text)
    for pattern, english in translations.stored:
        if found := pattern.fullmatch(text):
            values = {name: retold(value) for name, value in found.groupdict().items()}
            return translations.pgettext(STORED, english).format(**values)
    return text


# numbers and grammar ----------------------------------------------------------------------------------------------------


def decimals(number: str) -> str:
    """A number as Python writes it, with the decimal sign of the language spoken here."""
    return number.replace(".", pgettext(GRAMMAR, "."))


def inside(name: str) -> str:
    """A translated name within a sentence: its first letter small where the language does so, unless it is a word in capitals."""
    # Translators: keep "small" if names begin with a small letter inside a sentence; "as it is" if nouns are capitals (German).
    if pgettext(GRAMMAR, "small") != "small" or name[:2].isupper():
        return name
    return name[:1].lower() + name[1:]


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
